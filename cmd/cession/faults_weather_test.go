//go:build !slim

package main

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain"
	"cession/chain/bind"
	"cession/chain/lane"
	"cession/deal"
)

// weather are faults of the chain itself: they happen to every lane at once.
// They come one after the other in one deal.
var weather = []fault{
	{
		reason: lane.FeeCeiling, provoked: "the base fee rises over the limit per gas",
		before: "mint.mint", provoke: func(s *ordeal) error { return s.node.BaseFee(150e9) },
		commands: []string{"cession tx fees LANE --max-fee-per-gas 300gwei --reason network_fees"},
	},
	{
		reason: lane.Reorged, provoked: "the block of a transaction is replaced by another one",
		before: "invitations.invite/borealis-fund", provoke: func(s *ordeal) error { return s.reorganize() },
		commands: []string{"cession tx bump TX --reason network_fees"},
	},
	{
		reason: lane.ChainRewound, provoked: "the chain loses its last blocks, and results that were reported with them",
		before: "selection.select", provoke: func(s *ordeal) error { return s.node.Rewind(6) },
	},
}

// TestWeather plays a deal through a fee spike, a reorganization and a chain
// that loses blocks.
func TestWeather(t *testing.T) {
	m := openFaultyMarket(t, 1, time.Second, func(_ []string, c *lane.Config) {
		c.Finality = "2"
		c.Limits.PerGas = 50e9
	})
	m.endure(limit(t, 5*time.Minute), m.lanes[0], weather...)
}

// moveTitle has one party give the deal's title to another, on chain.
func (s *ordeal) moveTitle(from, to deal.PartyID) error {
	c, err := s.desk()
	if err != nil {
		return err
	}
	view, err := c.Deal(s.t.Context(), s.id)
	if err != nil {
		return err
	}
	owner, err := s.wallet(from)
	if err != nil {
		return err
	}
	heir, err := s.wallet(to)
	if err != nil {
		return err
	}
	if err := s.node.Give(owner.Address(), tenEther); err != nil {
		return err
	}
	data := bind.NewReceivable().PackTransferFrom(common.Address(owner.Address()), common.Address(heir.Address()), new(big.Int).SetBytes(view.Title.Token[:]))
	return s.send(owner, s.op.market.Receivable, data, 200_000)
}

// useKey uses the lane's key outside the lane.
func (s *ordeal) useKey() error { return s.send(s.lane.wallet, s.lane.Address, nil, 21_000) }

// send signs and sends a transaction past all lanes, and waits until it is mined.
func (s *ordeal) send(w *chain.Wallet, to deal.Address, data []byte, gas uint64) error {
	ctx := s.t.Context()
	client, err := chain.Dial(ctx, s.url)
	if err != nil {
		return err
	}
	defer client.Close()
	nonce, err := client.PendingNonce(ctx, w.Address())
	if err != nil {
		return err
	}
	target := common.Address(to)
	tx, err := w.SignTx(ctx, types.NewTx(&types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(s.op.market.ChainID), Nonce: nonce, To: &target, Data: data, Gas: gas,
		GasTipCap: big.NewInt(5e9), GasFeeCap: big.NewInt(100e9),
	}), s.op.market.ChainID)
	if err != nil {
		return err
	}
	raw, err := tx.MarshalBinary()
	if err != nil {
		return err
	}
	if err := client.Send(ctx, raw); err != nil {
		return err
	}
	for range 100 {
		if n, err := client.Nonce(ctx, w.Address()); err == nil && n > nonce {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return deal.Errorf(deal.Lost, "transaction of %s was not mined", w.Address())
}

// reorganize replaces the block of a transaction that is not final yet, as soon
// as there is one, and again until the lane saw it.
func (s *ordeal) reorganize() error {
	before, err := s.listing(s.lane)
	if err != nil {
		return err
	}
	go func() {
		mined := func(it lane.Item) bool { return it.Status == lane.Mined }
		for range 2000 {
			l, err := s.listing(s.lane)
			switch {
			case err == nil && l.Totals.Reorgs > before.Totals.Reorgs, s.t.Context().Err() != nil:
				return
			case err == nil && slices.ContainsFunc(l.Items, mined):
				if err := s.node.Reorg(2); err != nil {
					s.t.Errorf("reorganize: %v", err)
					return
				}
				time.Sleep(700 * time.Millisecond) // for the lane to look
			}
			time.Sleep(50 * time.Millisecond)
		}
	}()
	return nil
}
