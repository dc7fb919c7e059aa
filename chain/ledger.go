package chain

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"

	"cession/deal"
)

// Ledger reads one market: who owns a title, how an escrow stands, what was
// notarized. It believes the node's words about the chain, but not that they
// are about the right chain, nor that a log outlives a reorganization.
type Ledger struct {
	client *Client
	market deal.Market
	depth  uint64
	from   uint64
	window uint64
}

// LedgerOption changes how a ledger reads.
type LedgerOption func(*Ledger)

// Depth makes facts count only once they are in n blocks' depth; 1, the
// default, is the latest block.
func Depth(n uint64) LedgerOption { return func(l *Ledger) { l.depth = max(1, n) } }

// LogsFrom searches events from a block on, such as the one the contracts were
// deployed in, and asks for at most window blocks at a time, which many
// providers limit; 0, the default, asks for all at once.
func LogsFrom(block, window uint64) LedgerOption {
	return func(l *Ledger) { l.from, l.window = block, window }
}

// NewLedger returns a ledger of the market as the client's node knows it.
// Nothing is asked yet; each read is a conflict if the node is on another chain.
func NewLedger(c *Client, m deal.Market, opts ...LedgerOption) *Ledger {
	l := &Ledger{client: c, market: m, depth: 1}
	for _, o := range opts {
		o(l)
	}
	return l
}

// Market returns the market.
func (l *Ledger) Market() deal.Market { return l.market }

// settled returns the newest block whose facts count.
func (l *Ledger) settled(ctx context.Context) (uint64, error) {
	if err := l.client.requireChain(ctx, l.market.ChainID); err != nil {
		return 0, err
	}
	head, err := l.client.Block(ctx, nil)
	if err != nil {
		return 0, err
	}
	if head.Number+1 < l.depth {
		return 0, fmt.Errorf("the chain has %d blocks, facts count %d deep: wait", head.Number+1, l.depth)
	}
	return head.Number + 1 - l.depth, nil
}

// view calls a contract's view function and unpacks its answer; block nil is
// the latest. A contract that is not there is a plain error: the node may lag.
func view[T any](ctx context.Context, l *Ledger, contract deal.Address, block *uint64, data []byte, unpack func([]byte) (T, error)) (out T, err error) {
	if err := l.client.requireChain(ctx, l.market.ChainID); err != nil {
		return out, err
	}
	to := common.Address(contract)
	raw, err := l.client.Call(ctx, ethereum.CallMsg{To: &to, Data: data}, block)
	if err != nil {
		return out, err
	}
	if len(raw) == 0 {
		return out, fmt.Errorf("no contract at %s as far as the node knows", contract)
	}
	return unpack(raw)
}

// fact is view at the depth at which facts count.
func fact[T any](ctx context.Context, l *Ledger, contract deal.Address, data []byte, unpack func([]byte) (T, error)) (T, uint64, error) {
	var block uint64
	out, err := inOneView(ctx, l.client, func(ctx context.Context) (out T, err error) {
		if block, err = l.settled(ctx); err != nil {
			return out, err
		}
		return view(ctx, l, contract, &block, data, unpack)
	})
	return out, block, err
}

func tokenNumber(token deal.Commitment) *big.Int { return new(big.Int).SetBytes(token[:]) }
