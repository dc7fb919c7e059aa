package local

import (
	"encoding/hex"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"cession/chain/lanetest"
	"cession/deal"
)

// TestLaneSuiteOnGeth checks the lane on the embedded node, which makes a block
// a second and does nothing on request.
func TestLaneSuiteOnGeth(t *testing.T) {
	t.Parallel()
	rich := testKey("rich")
	ether := new(big.Int).Mul(big.NewInt(1000), big.NewInt(params.Ether))
	e := startEthereum(t, EthereumConfig{Dir: t.TempDir(),
		Alloc: map[deal.Address]*big.Int{deal.Address(crypto.PubkeyToAddress(rich.PublicKey)): ether}})
	lanetest.Run(t, lanetest.Node{URL: e.URL(), Key: hex.EncodeToString(crypto.FromECDSA(rich)), Seals: true})
}
