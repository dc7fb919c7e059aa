package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/chain/bind"
	"cession/deal"
)

// DeployConfig says what market to deploy.
type DeployConfig struct {
	Symbol   string       // ISO 4217 code the test currency stands for
	Arbiter  deal.Address // of the market's escrows; may be zero
	Guardian deal.Address // may pause the opening of escrows, nothing else; may be zero

	// Known is what Save was given in an earlier try, or zero.
	Known deal.Market
	// Save keeps the market before the first transaction is sent, so that the
	// next try finds what this one has deployed.
	Save func(deal.Market) error
}

// Deploy puts a market on a development chain: titles, notary, escrow, and a
// test currency that anybody may mint. The wallet pays; it must not send
// anything else meanwhile.
//
// Addresses follow from the wallet's nonces and are fixed before anything is
// sent, so a try that was interrupted is continued by the next, given Known.
// Kind conflict: Known is not of this chain or wallet.
func Deploy(ctx context.Context, c *Client, w *Wallet, cfg DeployConfig) (deal.Market, error) {
	m, err := planMarket(ctx, c, w, cfg)
	if err != nil {
		return m, fmt.Errorf("deploy market: %w", err)
	}
	if cfg.Save != nil {
		if err := cfg.Save(m); err != nil {
			return m, fmt.Errorf("deploy market: save its addresses: %w", err)
		}
	}
	for _, contract := range marketContracts(m, cfg.Guardian) {
		if err := deployContract(ctx, c, w, contract); err != nil {
			return m, fmt.Errorf("deploy %s: %w", contract.name, err)
		}
	}
	// The code is there, but the node's next answer may be of the block before.
	err = wait(ctx, func(ctx context.Context) (bool, error) {
		err := checkMarket(ctx, c, m)
		if deal.KindOf(err) == deal.Conflict {
			return false, &stop{err}
		}
		return err == nil, err
	})
	if err != nil {
		return m, fmt.Errorf("deploy market: %w", err)
	}
	return m, nil
}

// planMarket returns Known, or a market at the wallet's next addresses.
func planMarket(ctx context.Context, c *Client, w *Wallet, cfg DeployConfig) (deal.Market, error) {
	chainID, err := c.ChainID(ctx)
	if err != nil {
		return deal.Market{}, err
	}
	m := cfg.Known
	if m.ChainID != 0 {
		if m.ChainID != chainID {
			return m, deal.Errorf(deal.Conflict, "the deployment is on chain %d, the node on chain %d", m.ChainID, chainID)
		}
		return m, nil
	}
	next, err := c.PendingNonce(ctx, w.Address())
	if err != nil {
		return m, err
	}
	at := func(i uint64) deal.Address {
		return deal.Address(crypto.CreateAddress(common.Address(w.Address()), next+i))
	}
	return deal.Market{
		ChainID: chainID, Receivable: at(0), Notary: at(1), Currency: at(2), Escrow: at(3),
		Symbol: cfg.Symbol, Decimals: testDollarDecimals, Arbiter: cfg.Arbiter,
	}, nil
}

const testDollarDecimals = 6

// creation is a contract to be: the code that makes it, and where.
type creation struct {
	name string
	at   deal.Address
	code []byte
}

// marketContracts lists the contracts in the order of their nonces.
func marketContracts(m deal.Market, guardian deal.Address) []creation {
	escrow := append(common.FromHex(bind.EscrowMetaData.Bin), contracts().escrow.PackConstructor(
		[]common.Address{common.Address(m.Receivable)}, []common.Address{common.Address(m.Currency)}, common.Address(guardian))...)
	return []creation{
		{"receivable", m.Receivable, common.FromHex(bind.ReceivableMetaData.Bin)},
		{"notary", m.Notary, common.FromHex(bind.NotaryMetaData.Bin)},
		{"test currency", m.Currency, common.FromHex(bind.TestDollarMetaData.Bin)},
		{"escrow", m.Escrow, escrow},
	}
}

// deployContract makes the contract unless it is there or on its way.
func deployContract(ctx context.Context, c *Client, w *Wallet, contract creation) error {
	there := func(ctx context.Context) (bool, error) {
		code, err := c.Code(ctx, contract.at)
		return len(code) > 0, err
	}
	if ok, err := there(ctx); ok || err != nil {
		return err
	}
	mined, err := c.Nonce(ctx, w.Address())
	if err != nil {
		return err
	}
	pending, err := c.PendingNonce(ctx, w.Address())
	if err != nil {
		return err
	}
	nonce, err := nonceOf(w.Address(), contract.at, mined, pending)
	if err != nil {
		return err
	}
	if nonce < pending {
		return wait(ctx, there) // an earlier try has sent it
	}
	raw, err := c.signed(ctx, w, nonce, nil, contract.code)
	if err != nil {
		return err
	}
	return c.push(ctx, raw, there)
}

// nonceOf returns the nonce with which the account makes the contract.
func nonceOf(account, contract deal.Address, mined, pending uint64) (uint64, error) {
	for nonce := mined; nonce <= pending; nonce++ {
		if crypto.CreateAddress(common.Address(account), nonce) == common.Address(contract) {
			return nonce, nil
		}
	}
	return 0, deal.Errorf(deal.Conflict, "%s is no address this wallet can still deploy to: another wallet, or a chain started anew", contract)
}

// checkMarket asks the escrow whether it deals in this title and currency.
func checkMarket(ctx context.Context, c *Client, m deal.Market) error {
	l, e := NewLedger(c, m), contracts().escrow
	title, err1 := view(ctx, l, m.Escrow, nil, e.PackIsReceivable(common.Address(m.Receivable)), e.UnpackIsReceivable)
	money, err2 := view(ctx, l, m.Escrow, nil, e.PackIsCurrency(common.Address(m.Currency)), e.UnpackIsCurrency)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if !title || !money {
		return deal.Errorf(deal.Conflict, "the escrow at %s deals in other titles or money", m.Escrow)
	}
	return nil
}

// FundDev mints test money to an account until it has at least the amount, in
// the currency's smallest unit. It works on a development market only. The
// wallet pays for the transaction and must not be a lane's: its nonces are
// taken here. Repeating it changes nothing.
func FundDev(ctx context.Context, c *Client, w *Wallet, m deal.Market, to deal.Address, atLeast *big.Int) error {
	l := NewLedger(c, m)
	have, err := l.Balance(ctx, to)
	if err != nil {
		return fmt.Errorf("fund %s: %w", to, err)
	}
	missing := new(big.Int).Sub(atLeast, have)
	if missing.Sign() <= 0 {
		return nil
	}
	data, err := contracts().dollar.TryPackMint(common.Address(to), missing)
	if err != nil {
		return fmt.Errorf("fund %s: %w", to, err)
	}
	nonce, err := c.PendingNonce(ctx, w.Address())
	if err != nil {
		return fmt.Errorf("fund %s: %w", to, err)
	}
	currency := common.Address(m.Currency)
	raw, err := c.signed(ctx, w, nonce, &currency, data)
	if err != nil {
		return fmt.Errorf("fund %s: %w", to, err)
	}
	err = c.push(ctx, raw, func(ctx context.Context) (bool, error) {
		have, err := l.Balance(ctx, to)
		return err == nil && have.Cmp(atLeast) >= 0, err
	})
	if err != nil {
		return fmt.Errorf("fund %s: %w", to, err)
	}
	return nil
}
