package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/params"

	"cession/deal"
)

const genesisFile = "genesis.json"

// newGenesis is the first block of a chain under Osaka rules, or Amsterdam's.
// It depends on its arguments only.
func newGenesis(chainID uint64, alloc map[deal.Address]*big.Int, amsterdam bool) *core.Genesis {
	rules := *params.AllDevChainProtocolChanges
	rules.ChainID = new(big.Int).SetUint64(chainID)
	// The dev chain's config is on at genesis, and charges gas no network does yet.
	rules.BogotaTime = nil
	rules.AmsterdamTime = nil
	if amsterdam {
		rules.AmsterdamTime = new(uint64)
	}
	accounts := core.SystemContractAllocs()
	maps.Copy(accounts, balances(alloc))
	return &core.Genesis{
		Config:     &rules,
		GasLimit:   ethconfig.Defaults.Miner.GasCeil,
		BaseFee:    big.NewInt(params.InitialBaseFee),
		Difficulty: new(big.Int),
		Alloc:      accounts,
	}
}

func balances(alloc map[deal.Address]*big.Int) types.GenesisAlloc {
	accounts := make(types.GenesisAlloc, len(alloc))
	for addr, wei := range alloc {
		accounts[common.Address(addr)] = types.Account{Balance: wei}
	}
	return accounts
}

// genesisOf reads the genesis of the chain in the folder. For a new chain it
// first writes it, before any block: another alloc given later changes nothing,
// and a crash in between neither.
func genesisOf(cfg EthereumConfig) (*core.Genesis, error) {
	path := filepath.Join(cfg.Dir, genesisFile)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		raw, err := json.Marshal(newGenesis(cfg.ChainID, cfg.Alloc, cfg.Amsterdam))
		if err != nil {
			return nil, fmt.Errorf("encode genesis: %w", err)
		}
		if err := writeDurably(cfg.Dir, genesisFile+".new", genesisFile, raw); err != nil {
			return nil, err
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read genesis: %w", err)
	}
	genesis := new(core.Genesis)
	if err := json.Unmarshal(raw, genesis); err != nil {
		return nil, deal.Errorf(deal.Conflict, "read %s: %w: restore it, or choose an empty folder", genesisFile, err)
	}
	if got := genesis.Config.ChainID; !got.IsUint64() || got.Uint64() != cfg.ChainID {
		return nil, deal.Errorf(deal.Conflict, "the folder holds chain %s, chain %d was asked for: ask for the former, or choose an empty folder", got, cfg.ChainID)
	}
	return genesis, nil
}
