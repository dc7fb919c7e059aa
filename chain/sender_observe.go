package chain

import (
	"context"
	"errors"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain/lane"
	"cession/deal"
)

// headEvery is how often the head is read while waiting for a new one.
const headEvery = 250 * time.Millisecond

// Observe waits for a new head and looks up the transactions; see [lane.Observe].
func (s *Sender) Observe(ctx context.Context, o lane.Observe) (out lane.Observation, err error) {
	if err := s.check(ctx, s.ledger.market.ChainID, o.From); err != nil {
		return out, err
	}
	head, err := s.awaitHead(ctx, o.After, o.Wait)
	if err != nil {
		return out, err
	}
	out.Head = lane.Block{Number: head.Number, Hash: deal.Commitment(head.Hash)}
	if out.Mined, out.Pending, err = s.counts(ctx); err != nil {
		return out, err
	}
	if out.Fees, err = s.fees(ctx); err != nil {
		return out, err
	}
	for _, f := range o.Follow {
		for _, hash := range f.Hashes {
			x, err := s.sight(ctx, f.Call, hash)
			switch {
			case errors.Is(err, ErrIndexing):
				out.Indexing = true
			case err != nil:
				return out, err
			default:
				out.Sightings = append(out.Sightings, x)
			}
		}
	}
	return out, nil
}

// awaitHead returns the head as soon as it is not the one given, or after the wait.
func (s *Sender) awaitHead(ctx context.Context, after deal.Commitment, wait time.Duration) (Block, error) {
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	tick := time.NewTicker(headEvery)
	defer tick.Stop()
	for {
		head, err := s.client.Block(ctx, nil)
		if err != nil || deal.Commitment(head.Hash) != after {
			return head, err
		}
		select {
		case <-tick.C:
		case <-timeout.C:
			return head, nil
		case <-ctx.Done():
			return head, ctx.Err()
		}
	}
}

// sight looks one transaction up. It counts as mined only if its receipt's
// block is the canonical one of that number.
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
	x.Known = true
	number := receipt.BlockNumber.Uint64()
	block, err := s.client.Block(ctx, &number)
	if deal.KindOf(err) == deal.NotFound || err == nil && block.Hash != receipt.BlockHash {
		return x, nil
	}
	if err != nil {
		return x, err
	}
	in := lane.Inclusion{Tx: hash, Block: number, BlockHash: deal.Commitment(block.Hash)}
	if call.Name() != "" {
		in.Receipt, err = s.outcome(ctx, call, receipt, block)
	}
	x.Mined = &in
	return x, err
}

// outcome decodes the receipt. If the transaction reverted, it finds out why,
// and whether that means that somebody else did it.
func (s *Sender) outcome(ctx context.Context, call deal.Call, r *types.Receipt, b Block) (deal.Receipt, error) {
	out, err := Decode(call, s.ledger.market, r, b)
	if err != nil || out.OK || out.Reason != ReasonReverted {
		return out, err
	}
	why, err := s.replay(ctx, call, b.Number)
	if err != nil {
		return out, err
	}
	if AlreadyDone(call, why) {
		return s.done(ctx, call)
	}
	if b.Number > 0 {
		if why, err = s.replay(ctx, call, b.Number-1); err != nil {
			return out, err
		}
	}
	if why != "" {
		out.Reason = why
	}
	return out, nil
}

// replay returns the error that the call reverts with on the state after a
// block, or "" if it does not or that state is gone.
func (s *Sender) replay(ctx context.Context, call deal.Call, block uint64) (string, error) {
	to, data, err := Pack(call, s.ledger.market)
	if err != nil {
		return "", err
	}
	_, err = s.client.Call(ctx, ethereum.CallMsg{From: common.Address(s.signer.Address()), To: &to, Data: data}, &block)
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
	gas, err := read(ctx, c, "estimate gas", func(ctx context.Context) (gas hexutil.Uint64, err error) {
		err = c.rpc.CallContext(ctx, &gas, "eth_estimateGas", arg, "latest", map[string]any{},
			map[string]any{"time": hexutil.Uint64(unixSeconds(at))})
		return gas, err
	})
	return uint64(gas), err
}
