package lanetest

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain/lane"
	"cession/deal"
)

// weather is what happens to the chain, for one seed. No block is made but by it.
type weather struct {
	w        *world
	accounts []deal.Address
	base     uint64 // height before the seed
	height   uint64
	full     uint64 // the newest block with transactions; 0: none since base
	view     int    // rises with every change of the chain
	sent     []*types.Transaction
}

// newWeather starts with a block: anvil takes the state of an old one from its
// disk, without the contracts' code, when the chain is rewound to it.
func newWeather(w *world, accounts ...deal.Address) (*weather, error) {
	if err := w.node.Mine(1); err != nil {
		return nil, err
	}
	ctx, cancel := ask()
	defer cancel()
	base, err := w.eth.BlockNumber(ctx)
	return &weather{w: w, accounts: accounts, base: base, height: base, view: 1}, err
}

func ether(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)) }

// heard keeps the transactions that a node got, for when a block is replaced.
func (w *weather) heard(b lane.Broadcast) {
	for _, raw := range b.Raw {
		tx := new(types.Transaction)
		if err := tx.UnmarshalBinary(raw); err != nil {
			panic(err) // a lane's own bytes
		}
		if !slices.ContainsFunc(w.sent, func(x *types.Transaction) bool { return x.Hash() == tx.Hash() }) {
			w.sent = append(w.sent, tx)
		}
	}
}

// seal makes a block of what is in the pool.
func (w *weather) seal() error {
	waiting, err := w.w.node.Waiting()
	if err != nil {
		return err
	}
	w.view++
	w.height++
	if waiting > 0 {
		w.full = w.height
	}
	return w.w.node.Mine(1)
}

// can reports whether the weather would change anything: a block can go only if
// there is one with transactions among the last few.
func (w *weather) can(x Weather) bool {
	return x != Reorged && x != Rewound || w.full > w.base && w.height-w.full < 3
}

func (w *weather) turn(x Weather) error {
	switch x {
	case Sealed:
		return w.seal()
	case Dropped:
		return w.forget()
	case Reorged:
		return w.reorg()
	case Rewound:
		return w.rewind()
	}
	return nil
}

func (w *weather) forget() error {
	for _, a := range w.accounts {
		if err := w.w.node.Forget(a); err != nil {
			return err
		}
	}
	return nil
}

// rewind loses the newest block with transactions, and the pool.
func (w *weather) rewind() error {
	blocks := int(w.height - w.full + 1)
	if err := w.w.node.Rewind(blocks); err != nil {
		return err
	}
	w.view++
	w.height, w.full = w.full-1, 0
	return w.forget()
}

// reorg replaces the newest block with transactions, and those after it. As a
// node does, it puts what was in them back into the pool.
func (w *weather) reorg() error {
	var back []common.Hash
	ctx, cancel := ask()
	defer cancel()
	for n := w.full; n <= w.height; n++ {
		block, err := w.w.eth.BlockByNumber(ctx, new(big.Int).SetUint64(n))
		if err != nil {
			return fmt.Errorf("read block %d: %w", n, err)
		}
		for _, tx := range block.Transactions() {
			back = append(back, tx.Hash())
		}
	}
	pool, err := w.pool(ctx)
	if err != nil {
		return err
	}
	if err := w.forget(); err != nil {
		return err
	}
	if err := w.w.node.Reorg(int(w.height - w.full + 1)); err != nil {
		return err
	}
	w.view++
	w.full = 0
	return w.refill(ctx, append(back, pool...))
}

// pool lists what waits.
func (w *weather) pool(ctx context.Context) (out []common.Hash, err error) {
	type byNonce map[string]struct{ Hash common.Hash }
	var content struct{ Pending, Queued map[common.Address]byNonce }
	if err := w.w.eth.Client().CallContext(ctx, &content, "txpool_content"); err != nil {
		return nil, fmt.Errorf("read pool: %w", err)
	}
	for _, part := range []map[common.Address]byNonce{content.Pending, content.Queued} {
		for _, txs := range part {
			for _, tx := range txs {
				out = append(out, tx.Hash)
			}
		}
	}
	return out, nil
}

// refill sends transactions again, lowest nonce first.
func (w *weather) refill(ctx context.Context, hashes []common.Hash) error {
	var txs []*types.Transaction
	for _, tx := range w.sent {
		if slices.Contains(hashes, tx.Hash()) {
			txs = append(txs, tx)
		}
	}
	slices.SortStableFunc(txs, func(a, b *types.Transaction) int { return int(a.Nonce()) - int(b.Nonce()) })
	for _, tx := range txs {
		raw, err := tx.MarshalBinary()
		if err != nil {
			return err
		}
		// A refusal is the pool's right: it may have a better one.
		_ = w.w.eth.Client().CallContext(ctx, nil, "eth_sendRawTransaction", hexutil.Bytes(raw))
	}
	return nil
}
