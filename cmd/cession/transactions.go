package main

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"

	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
	"cession/workflows"
)

// transactions lists what the lanes have in flight and have sent.
func (o *operator) transactions(ctx context.Context, f desk.TransactionFilter) ([]desk.Transaction, error) {
	list := []desk.Transaction{}
	for _, cfg := range o.lanes {
		var l lane.Listing
		value, err := o.temporal.QueryWorkflow(ctx, cfg.ID(), "", workflows.QueryIntents)
		var none *serviceerror.NotFound
		if errors.As(err, &none) {
			continue // a lane starts with its first intent
		}
		if err == nil {
			err = value.Get(&l)
		}
		if err != nil {
			return nil, fmt.Errorf("ask %s: %w", cfg.ID(), err)
		}
		for _, item := range l.Items {
			if f.Deal == "" || f.Deal == item.Deal {
				list = append(list, transaction(cfg.Address, item))
			}
		}
	}
	if f.Limit > 0 && len(list) > f.Limit {
		list = list[:f.Limit]
	}
	return list, nil
}

func transaction(signer deal.Address, item lane.Item) desk.Transaction {
	t := desk.Transaction{
		Intent: item.Intent, Deal: item.Deal, Step: item.Step, Call: item.Call, Status: string(item.Status),
		Signer: signer, Hash: item.Tx, At: item.Changed,
	}
	if item.Nonce != nil {
		t.Nonce = *item.Nonce
	}
	if r := item.Receipt; r != nil {
		t.Block, t.Gas, t.GasPrice = r.Block, r.Gas, r.GasPrice
	}
	return t
}
