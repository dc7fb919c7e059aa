package chain

import (
	"context"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/deal"
)

// Find returns the receipt of the first transaction that had the call's effect,
// whoever sent it, or false if there is none deep enough. The transaction's
// receipt and the block's place in the chain are read again: a log alone
// proves nothing while the chain reorganizes.
//
// A payout is not tied to one deal: what is found is the party's first.
func (l *Ledger) Find(ctx context.Context, call deal.Call) (deal.Receipt, bool, error) {
	type found struct {
		receipt deal.Receipt
		ok      bool
	}
	f, err := inOneView(ctx, l.client, func(ctx context.Context) (f found, err error) {
		f.receipt, f.ok, err = l.find(ctx, call)
		return f, err
	})
	return f.receipt, f.ok, err
}

func (l *Ledger) find(ctx context.Context, call deal.Call) (deal.Receipt, bool, error) {
	e, err := effectOf(call, l.market)
	if err != nil {
		return deal.Receipt{}, false, err
	}
	last, err := l.settled(ctx)
	if err != nil {
		return deal.Receipt{}, false, fmt.Errorf("find %s: %w", call.Name(), err)
	}
	var r deal.Receipt
	ok, err := l.scan(last, func(from, to uint64) (ok bool, err error) {
		r, ok, err = l.findIn(ctx, call, e, from, to)
		return ok, err
	})
	return r, ok, err
}

// scan goes through the blocks up to the last, as many at once as the node
// takes, until there is something or an error.
func (l *Ledger) scan(last uint64, look func(from, to uint64) (bool, error)) (bool, error) {
	for from := l.from; from <= last; {
		to := last
		if l.window > 0 {
			to = min(last, from+l.window-1)
		}
		if ok, err := look(from, to); ok || err != nil {
			return ok, err
		}
		from = to + 1
	}
	return false, nil
}

// findIn looks through a range of blocks.
func (l *Ledger) findIn(ctx context.Context, call deal.Call, e effect, from, to uint64) (deal.Receipt, bool, error) {
	logs, err := l.events(ctx, e, from, to)
	if err != nil {
		return deal.Receipt{}, false, fmt.Errorf("find %s: %w", call.Name(), err)
	}
	for _, entry := range logs {
		r, ok, err := l.confirm(ctx, call, deal.Commitment(entry.TxHash))
		if ok || err != nil {
			return r, ok, err
		}
	}
	return deal.Receipt{}, false, nil
}

// traced reports whether a node has any event of the effect, confirmed or not.
func (l *Ledger) traced(ctx context.Context, call deal.Call) (bool, error) {
	e, err := effectOf(call, l.market)
	if err != nil {
		return false, err
	}
	head, err := l.client.Block(ctx, nil)
	if err != nil {
		return false, err
	}
	return l.scan(head.Number, func(from, to uint64) (bool, error) {
		logs, err := l.events(ctx, e, from, to)
		return len(logs) > 0, err
	})
}

// events reads the events of an effect in a range of blocks.
func (l *Ledger) events(ctx context.Context, e effect, from, to uint64) ([]types.Log, error) {
	query := ethereum.FilterQuery{FromBlock: bigNumber(&from), ToBlock: bigNumber(&to), Addresses: []common.Address{e.contract}}
	for _, topic := range e.topics {
		query.Topics = append(query.Topics, []common.Hash{topic})
	}
	logs, err := read(ctx, l.client, "read events", func(ctx context.Context, n *conn) ([]types.Log, error) {
		return n.eth.FilterLogs(ctx, query)
	})
	// The node may have ignored the filter.
	return slices.DeleteFunc(logs, func(x types.Log) bool { return !e.matches(&x) || x.BlockNumber > to }), err
}

// confirm reads a transaction's receipt and block again. An answer that does
// not fit the other is no confirmation: the node, or another behind the same
// address, lags or reorganizes.
func (l *Ledger) confirm(ctx context.Context, call deal.Call, tx deal.Commitment) (deal.Receipt, bool, error) {
	receipt, err := l.client.Receipt(ctx, tx)
	if deal.KindOf(err) == deal.NotFound {
		return deal.Receipt{}, false, nil
	}
	if err != nil {
		return deal.Receipt{}, false, err
	}
	number := receipt.BlockNumber.Uint64()
	block, err := l.client.Block(ctx, &number)
	if deal.KindOf(err) == deal.NotFound {
		return deal.Receipt{}, false, nil
	}
	if err != nil {
		return deal.Receipt{}, false, err
	}
	r, err := Decode(call, l.market, receipt, block)
	if deal.KindOf(err) == deal.Conflict {
		return deal.Receipt{}, false, nil
	}
	return r, r.OK, err
}
