package lanetest

import (
	"context"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain"
	"cession/deal"
)

// give raises the balance of an account.
func (w *world) give(to deal.Address, wei *big.Int) error {
	if w.node.Give != nil {
		return w.node.Give(to, wei)
	}
	w.purse.Lock()
	tx, err := w.post(w.rich, common.Address(to), nil, wei, 21_000)
	w.purse.Unlock()
	if err != nil {
		return err
	}
	_, err = w.await(tx)
	return err
}

// send has an account send a call, past any lane, and waits until it is mined.
func (w *world) send(t testing.TB, from account, call deal.Call) deal.Commitment {
	t.Helper()
	to, data, err := chain.Pack(call, w.market)
	if err != nil {
		t.Fatal(err)
	}
	return w.invoke(t, from, to, data)
}

func (w *world) invoke(t testing.TB, from account, to common.Address, data []byte) deal.Commitment {
	t.Helper()
	tx, err := w.post(from, to, data, new(big.Int), 500_000)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := w.await(tx)
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Status != types.ReceiptStatusSuccessful {
		t.Fatalf("transaction %s reverted", receipt.TxHash)
	}
	return deal.Commitment(tx.Hash())
}

// post sends a transaction at the account's next nonce.
func (w *world) post(from account, to common.Address, data []byte, wei *big.Int, gas uint64) (*types.Transaction, error) {
	ctx, cancel := ask()
	defer cancel()
	nonce, err := w.eth.PendingNonceAt(ctx, common.Address(from.Address()))
	if err != nil {
		return nil, fmt.Errorf("read nonce: %w", err)
	}
	tx, err := from.SignTx(ctx, types.NewTx(&types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(w.market.ChainID), Nonce: nonce, To: &to, Value: wei, Data: data, Gas: gas,
		GasTipCap: big.NewInt(2e9), GasFeeCap: big.NewInt(20e9),
	}), w.market.ChainID)
	if err != nil {
		return nil, err
	}
	if err := w.eth.SendTransaction(ctx, tx); err != nil {
		return nil, fmt.Errorf("send: %w", err)
	}
	return tx, nil
}

func (w *world) await(tx *types.Transaction) (*types.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		receipt, err := w.eth.TransactionReceipt(ctx, tx.Hash())
		if err == nil {
			return receipt, nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return nil, fmt.Errorf("transaction %s is not mined: %w", tx.Hash(), err)
		}
	}
}

// stranger returns an account with ether that no lane knows.
func (w *world) stranger(t testing.TB) account {
	t.Helper()
	a := newAccount(string(deal.NewID()))
	w.pay(t, a.Address(), ether(1))
	return a
}
