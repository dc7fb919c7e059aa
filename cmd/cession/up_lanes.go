//go:build !slim

package main

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain"
	"cession/deal"
)

// maxLanes is more lanes than one machine has use for.
const maxLanes = 16

// makeWallets opens the wallet of each lane: relayer, relayer-2, …
func (s *stack) makeWallets(context.Context) error {
	if s.lanes < 1 || s.lanes > maxLanes {
		return usageError{deal.Errorf(deal.Invalid, "--lanes %d: want 1 to %d", s.lanes, maxLanes)}
	}
	for n := 1; n <= s.lanes; n++ {
		name := laneFolder(n)
		w, err := ensureWallet(s.dir.Path(name), s.dir.Path(name+".pass"), chain.Light())
		if err != nil {
			return err
		}
		s.relayers = append(s.relayers, w)
	}
	return nil
}

// gasMoney is the ether the embedded chain starts with, per operator's wallet.
var gasMoney = new(big.Int).Mul(big.NewInt(1_000_000), big.NewInt(1e18))

// laneMoney is what a lane gets that was added when the chain existed already.
var laneMoney = new(big.Int).Mul(big.NewInt(1_000), big.NewInt(1e18))

// fundLanes gives ether to the lanes' wallets that have none: those that are
// newer than the chain.
func (s *stack) fundLanes(ctx context.Context) error {
	deployer, err := s.deployer()
	if err != nil {
		return err
	}
	client, err := chain.Dial(ctx, s.rpcURL)
	if err != nil {
		return err
	}
	defer client.Close()
	for _, w := range s.relayers {
		if err := sendEther(ctx, client, deployer, w.Address(), laneMoney); err != nil {
			return fmt.Errorf("fund lane %s: %w", w.Address(), err)
		}
	}
	return nil
}

// sendEther pays an account that has nothing and returns when it has it. The
// payer must be no lane's: its nonce is taken here. Repeating it changes nothing.
func sendEther(ctx context.Context, c *chain.Client, from *chain.Wallet, to deal.Address, amount *big.Int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	have, err := c.Balance(ctx, to)
	if err != nil || have.Sign() > 0 {
		return err
	}
	raw, err := payment(ctx, c, from, to, amount)
	if err != nil {
		return err
	}
	for {
		if err := c.Send(ctx, raw); err != nil && deal.KindOf(err) != deal.Lost {
			if have, seen := c.Balance(ctx, to); seen != nil || have.Sign() == 0 {
				return err
			}
		}
		for range 20 { // a block takes a second; then the same bytes again
			if have, err := c.Balance(ctx, to); err == nil && have.Sign() > 0 {
				return nil
			}
			select {
			case <-ctx.Done():
				return deal.Errorf(deal.Lost, "wait for the payment: %w", ctx.Err())
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
}

// transferGas is what a payment to an account without code costs.
const transferGas = 21_000

// payment signs a transfer of ether.
func payment(ctx context.Context, c *chain.Client, from *chain.Wallet, to deal.Address, amount *big.Int) ([]byte, error) {
	chainID, err := c.ChainID(ctx)
	if err != nil {
		return nil, err
	}
	nonce, err := c.PendingNonce(ctx, from.Address())
	if err != nil {
		return nil, err
	}
	fees, err := c.Fees(ctx)
	if err != nil {
		return nil, err
	}
	payee := common.Address(to)
	tx, err := from.SignTx(ctx, types.NewTx(&types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(chainID), Nonce: nonce, To: &payee, Value: amount, Gas: transferGas,
		GasTipCap: fees.Tip, GasFeeCap: new(big.Int).Add(fees.Tip, new(big.Int).Lsh(fees.Base, 1)),
	}), chainID)
	if err != nil {
		return nil, err
	}
	return tx.MarshalBinary()
}
