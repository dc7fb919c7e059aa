package chain

import (
	"context"
	"errors"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum"

	"cession/chain/lane"
)

// Fees are prices of gas in wei per gas (EIP-1559).
type Fees struct {
	Base *big.Int // of the next block; of the latest where the node has no history
	Low  *big.Int // tip at the 10th percentile of the last blocks' gas
	Tip  *big.Int // tip at the 50th percentile
	High *big.Int // tip at the 90th percentile
}

// historyBlocks is how many blocks prices are taken from: two minutes of mainnet.
const historyBlocks = 10

// Fees returns the current prices: of each percentile, the median over the last
// 10 blocks that are not empty. Where there are none, or the node has no
// history, all tips are what the node suggests. No tip is below 1 wei, or a
// fresh chain would mine nothing.
func (c *Client) Fees(ctx context.Context) (Fees, error) {
	return inOneView(ctx, c, func(ctx context.Context) (Fees, error) {
		f, ok, err := c.history(ctx)
		if ok || err != nil {
			return f, err
		}
		tip, err := read(ctx, c, "read suggested tip", func(ctx context.Context, n *conn) (*big.Int, error) {
			return n.eth.SuggestGasTipCap(ctx)
		})
		if err == nil && f.Base == nil {
			f.Base, err = c.latestBase(ctx)
		}
		f.Low, f.Tip, f.High = floor(tip), floor(tip), floor(tip)
		return f, err
	})
}

// history returns the prices by eth_feeHistory; not ok if that tells no tips,
// and without a base fee if it tells nothing.
func (c *Client) history(ctx context.Context) (f Fees, ok bool, err error) {
	h, err := read(ctx, c, "read fee history", func(ctx context.Context, n *conn) (*ethereum.FeeHistory, error) {
		if n.of.oldFees.Load() {
			return nil, nil
		}
		h, err := n.eth.FeeHistory(ctx, historyBlocks, nil, []float64{10, 50, 90})
		if answer := (*NodeError)(nil); errors.As(classify(err), &answer) {
			n.of.oldFees.Store(answer.Code == methodNotFound)
			return nil, nil
		}
		return h, err
	})
	if err != nil || h == nil || len(h.BaseFee) == 0 {
		return f, false, err
	}
	f.Base = h.BaseFee[len(h.BaseFee)-1]
	var tips [3][]*big.Int
	for i, rewards := range h.Reward {
		if len(rewards) != len(tips) || i >= len(h.GasUsedRatio) || h.GasUsedRatio[i] == 0 {
			continue
		}
		for j, tip := range rewards {
			tips[j] = append(tips[j], tip)
		}
	}
	if len(tips[0]) == 0 {
		return f, false, nil
	}
	f.Low, f.Tip, f.High = median(tips[0]), median(tips[1]), median(tips[2])
	return f, true, nil
}

// methodNotFound is the JSON-RPC code of a method that a node does not have.
const methodNotFound = -32601

// median returns the upper median, at least 1.
func median(x []*big.Int) *big.Int {
	slices.SortFunc(x, (*big.Int).Cmp)
	return floor(x[len(x)/2])
}

func floor(tip *big.Int) *big.Int {
	if tip == nil || tip.Sign() <= 0 {
		return big.NewInt(1)
	}
	return tip
}

func (c *Client) latestBase(ctx context.Context) (*big.Int, error) {
	block, err := c.Block(ctx, nil)
	if err != nil || block.BaseFee == nil {
		return new(big.Int), err
	}
	return block.BaseFee, nil
}

// prices returns the fees as a lane reckons with them.
func (c *Client) prices(ctx context.Context) (lane.Fees, error) {
	f, err := c.Fees(ctx)
	if err != nil {
		return lane.Fees{}, err
	}
	return lane.Fees{Base: clip(f.Base), Low: clip(f.Low), Tip: clip(f.Tip), High: clip(f.High)}, nil
}

// clip returns 2^64-1 for what is larger: 18 ether per gas.
func clip(x *big.Int) uint64 {
	if !x.IsUint64() {
		return ^uint64(0)
	}
	return x.Uint64()
}
