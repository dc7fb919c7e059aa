package chain

import (
	"context"
	"fmt"

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
	e, err := effectOf(call, l.market)
	if err != nil {
		return deal.Receipt{}, false, err
	}
	last, err := l.settled(ctx)
	if err != nil {
		return deal.Receipt{}, false, fmt.Errorf("find %s: %w", call.Name(), err)
	}
	for from := l.from; from <= last; {
		to := last
		if l.window > 0 {
			to = min(last, from+l.window-1)
		}
		r, ok, err := l.findIn(ctx, call, e, from, to)
		if ok || err != nil {
			return r, ok, err
		}
		from = to + 1
	}
	return deal.Receipt{}, false, nil
}

func (l *Ledger) findIn(ctx context.Context, call deal.Call, e effect, from, to uint64) (deal.Receipt, bool, error) {
	query := ethereum.FilterQuery{FromBlock: bigNumber(&from), ToBlock: bigNumber(&to), Addresses: []common.Address{e.contract}}
	for _, topic := range e.topics {
		query.Topics = append(query.Topics, []common.Hash{topic})
	}
	logs, err := read(ctx, l.client, "read events", func(ctx context.Context) ([]types.Log, error) {
		return l.client.eth.FilterLogs(ctx, query)
	})
	if err != nil {
		return deal.Receipt{}, false, fmt.Errorf("find %s: %w", call.Name(), err)
	}
	for i := range logs {
		// The node may have ignored the filter.
		if !e.matches(&logs[i]) || logs[i].BlockNumber > to {
			continue
		}
		r, ok, err := l.confirm(ctx, call, deal.Commitment(logs[i].TxHash))
		if ok || err != nil {
			return r, ok, err
		}
	}
	return deal.Receipt{}, false, nil
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
