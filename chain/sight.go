package chain

import (
	"context"
	"errors"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain/lane"
	"cession/deal"
)

// sight looks one transaction up at one endpoint. It counts as mined only if
// its receipt's block is the canonical one of that number.
func (s *Sender) sight(ctx context.Context, call deal.Call, hash deal.Commitment) (lane.Sighting, error) {
	x := lane.Sighting{Hash: hash}
	receipt, err := s.client.Receipt(ctx, hash)
	if deal.KindOf(err) == deal.NotFound {
		x.Known, err = s.client.Known(ctx, hash)
		return x, err
	}
	if err != nil {
		return x, err
	}
	if receipt.TxHash != common.Hash(hash) || receipt.BlockNumber == nil || !receipt.BlockNumber.IsUint64() {
		return x, &transportError{cause: errors.New("the receipt is not that of the transaction")}
	}
	x.Known = true
	number := receipt.BlockNumber.Uint64()
	block, err := s.client.Block(ctx, &number)
	if deal.KindOf(err) == deal.NotFound || err == nil && block.Hash != receipt.BlockHash {
		return x, nil
	}
	if err != nil {
		return x, err
	}
	in := lane.Inclusion{Tx: hash, Block: number, BlockHash: deal.Commitment(block.Hash), Paid: paid(receipt)}
	if call.Name() != "" {
		in.Receipt, err = s.outcome(ctx, call, receipt, block)
	}
	x.Mined = &in
	return x, err
}

// paid returns what a transaction cost its sender, in wei.
func paid(r *types.Receipt) uint64 {
	if r.EffectiveGasPrice == nil {
		return 0
	}
	return clip(new(big.Int).Mul(r.EffectiveGasPrice, new(big.Int).SetUint64(r.GasUsed)))
}

// outcome decodes the receipt. If the transaction is the call's own and
// reverted, it finds out why, and whether that means that somebody else did it.
// Of another one, such as an operator adopts, only the effect counts.
func (s *Sender) outcome(ctx context.Context, call deal.Call, r *types.Receipt, b Block) (deal.Receipt, error) {
	out, err := Decode(call, s.ledger.market, r, b)
	if err != nil || out.OK || out.Reason != ReasonReverted {
		return out, err
	}
	to, data, err := Pack(call, s.ledger.market)
	if err != nil {
		return out, err
	}
	msg := ethereum.CallMsg{From: common.Address(s.signer.Address()), To: &to, Data: data}
	if own, err := s.client.carries(ctx, out.Tx, msg); err != nil || !own {
		return out, err
	}
	why, err := s.client.replay(ctx, msg, b.Number)
	if err != nil {
		return out, err
	}
	if AlreadyDone(call, why) {
		return s.done(ctx, call)
	}
	if b.Number > 0 {
		if why, err = s.client.replay(ctx, msg, b.Number-1); err != nil {
			return out, err
		}
	}
	if why != "" {
		out.Reason = why
	}
	return out, nil
}

// carries reports whether the transaction is from the message's sender, to its
// contract, with its data.
func (c *Client) carries(ctx context.Context, tx deal.Commitment, msg ethereum.CallMsg) (bool, error) {
	type transaction struct {
		From  common.Address  `json:"from"`
		To    *common.Address `json:"to"`
		Input hexutil.Bytes   `json:"input"`
	}
	t, err := read(ctx, c, "read transaction", func(ctx context.Context, n *conn) (t *transaction, err error) {
		return t, n.rpc.CallContext(ctx, &t, "eth_getTransactionByHash", common.Hash(tx))
	})
	if err != nil || t == nil || t.To == nil {
		return false, err
	}
	return t.From == msg.From && *t.To == *msg.To && string(t.Input) == string(msg.Data), nil
}

// replay returns the error that the message reverts with on the state after a
// block, or "" if it does not or that state is gone.
func (c *Client) replay(ctx context.Context, msg ethereum.CallMsg, block uint64) (string, error) {
	_, err := c.Call(ctx, msg, &block)
	var revert *Revert
	var answer *NodeError
	switch {
	case errors.As(err, &revert):
		return revert.Name, nil
	case err == nil, errors.As(err, &answer):
		return "", nil
	}
	return "", err
}

// estimateAt returns the gas a message needs in a block of the given time. A
// revert is a [*Revert]. A node without block overrides answers with a [*NodeError].
func (c *Client) estimateAt(ctx context.Context, msg ethereum.CallMsg, at time.Time) (uint64, error) {
	arg := map[string]any{"from": msg.From, "to": msg.To, "input": hexutil.Bytes(msg.Data)}
	gas, err := read(ctx, c, "estimate gas", func(ctx context.Context, n *conn) (gas hexutil.Uint64, err error) {
		err = n.rpc.CallContext(ctx, &gas, "eth_estimateGas", arg, "latest", map[string]any{},
			map[string]any{"time": hexutil.Uint64(unixSeconds(at))})
		return gas, err
	})
	return uint64(gas), err
}
