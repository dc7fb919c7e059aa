package chain

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/deal"
)

// Waiting for a development chain; deals wait in their lanes instead.
const (
	pollEvery   = 200 * time.Millisecond
	resendEvery = 5 // polls
	waitAtMost  = time.Minute
)

// signed returns the bytes of a transaction at current prices, with a fifth
// more gas than estimated.
func (c *Client) signed(ctx context.Context, w *Wallet, nonce uint64, to *common.Address, data []byte) ([]byte, error) {
	chainID, err := c.ChainID(ctx)
	if err != nil {
		return nil, err
	}
	fees, err := c.Fees(ctx)
	if err != nil {
		return nil, err
	}
	gas, err := c.Estimate(ctx, ethereum.CallMsg{From: common.Address(w.Address()), To: to, Data: data})
	if err != nil {
		return nil, err
	}
	tx, err := w.SignTx(ctx, types.NewTx(&types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(chainID), Nonce: nonce, To: to, Data: data, Gas: gas + gas/5,
		GasTipCap: fees.Tip, GasFeeCap: new(big.Int).Add(fees.Tip, new(big.Int).Lsh(fees.Base, 1)),
	}), chainID)
	if err != nil {
		return nil, err
	}
	return tx.MarshalBinary()
}

// push sends a transaction until it is acknowledged, always the same bytes, and
// waits until it has had its effect. The node's refusal ends it, unless an
// earlier sending was lost and may be what the node holds against this one.
func (c *Client) push(ctx context.Context, raw []byte, done func(context.Context) (bool, error)) error {
	acknowledged, polls := false, 0
	var sent error
	err := wait(ctx, func(ctx context.Context) (bool, error) {
		if !acknowledged && polls%resendEvery == 0 {
			err := c.Send(ctx, raw)
			if err != nil && deal.KindOf(err) != deal.Lost && polls == 0 {
				return false, &stop{err}
			}
			acknowledged = deal.KindOf(err) != deal.Lost
			sent = err
		}
		polls++
		return done(ctx)
	})
	if err != nil && sent != nil {
		return sent
	}
	return err
}

// stop ends a wait at once.
type stop struct{ err error }

func (s *stop) Error() string { return s.err.Error() }

// wait polls until done, for a minute at most. Errors of a poll are passing,
// except a [stop].
func wait(ctx context.Context, done func(context.Context) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		ok, err := done(ctx)
		if s, final := err.(*stop); final {
			return s.err
		}
		if ok && err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			if err == nil {
				err = ctx.Err()
			}
			return fmt.Errorf("wait for the transaction: %w", err)
		}
	}
}
