//go:build !slim

package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
	"cession/demo"
)

const deals = 20

// TestTwentyDeals plays 20 deals at once over four lanes. The mint of one of
// them is taken by every node and never mined, so its lane hangs. The nineteen
// others settle; and when the cause is gone and the operator says so, it does too.
func TestTwentyDeals(t *testing.T) {
	m := openFaultyMarket(t, 4, time.Second, func(ids []string, c *lane.Config) { c.Siblings = ids })
	ctx := limit(t, 10*time.Minute)
	ids := make([]deal.ID, deals)
	for i := range ids {
		id, err := m.open(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		ids[i] = id
	}
	hung := ids[0]
	for _, l := range m.lanes {
		swallow(l.proxy, hung.Key())
	}
	ends := make([]error, deals)
	var others, all sync.WaitGroup
	others.Add(deals - 1)
	for i, id := range ids {
		all.Go(func() {
			if i > 0 {
				defer others.Done()
			}
			ends[i] = m.settles(ctx, id)
		})
	}
	others.Wait()
	for i, err := range ends[1:] {
		if err != nil {
			t.Errorf("deal %d: %v", i+1, err)
		}
	}
	stuck := m.stuckIn(ctx, hung)
	t.Logf("the hung one: %s in %s, %s since %s", stuck.Call, stuck.Step, stuck.Reason, stuck.Submitted)
	for _, l := range m.lanes {
		l.proxy.Fail(nil)
	}
	if out, err := m.cession(ctx, "tx", "retry", stuck.Intent.String(), "--reason", "node_outage"); err != nil {
		t.Fatalf("retry: %v: %s", err, out)
	}
	all.Wait()
	if ends[0] != nil {
		t.Errorf("the hung deal, after a retry: %v", ends[0])
	}
}

// settles plays a deal to its end.
func (m *faultyMarket) settles(ctx context.Context, id deal.ID) error {
	r, err := demo.Run(ctx, m.script(id))
	if err == nil && r.State != "settled" {
		err = deal.Errorf(deal.Conflict, "the deal is %s", r.State)
	}
	return err
}

// stuckIn returns the transaction on which a deal hangs.
func (m *faultyMarket) stuckIn(ctx context.Context, id deal.ID) lane.Item {
	m.t.Helper()
	lanes, err := m.lanesNow(ctx)
	m.must(err)
	for _, list := range lanes {
		for _, it := range list.Items {
			if it.Deal == id && it.Stuck {
				return it
			}
		}
	}
	m.t.Fatalf("the operator sees nothing stuck in %s", id)
	return lane.Item{}
}

// swallow has a node take the mint of a deal and forget it.
func swallow(p *chaintest.Proxy, key deal.Commitment) {
	p.Fail(func(method string, params []json.RawMessage) chaintest.Fault {
		if method != "eth_sendRawTransaction" || !bytes.Contains(params[0], []byte(hex.EncodeToString(key[:]))) {
			return nil
		}
		return p.Result(deal.Commitment{1}.String())
	})
}
