package node

import (
	"context"
	"testing"
	"time"
)

// At the time that the terms name, after settlement on the chain, the node
// destroys what was sold by itself, once, without the desk.
func TestRetention(t *testing.T) {
	w := newWorld(t)
	ctx, n := context.Background(), w.members[seller].node
	id := w.settledDeal(100 * time.Hour)
	secrets := w.secretsOf(seller, id, 0)
	n.tendAudit(ctx)
	w.proven(seller, id, 0)
	w.clock.add(101 * time.Hour)
	w.chain.set(func() {
		for id := range w.chain.escrows {
			w.chain.escrows[id] = "disputed"
		}
	})
	check(t, n.retain(ctx))
	w.proven(seller, id, 0)
	w.chain.set(func() {
		for id := range w.chain.escrows {
			w.chain.escrows[id] = EscrowSettled
		}
	})
	w.desk.forge = func(v *View) { v.Deal = nil }
	w.restart(seller)
	n = w.members[seller].node
	n.tendAudit(ctx)
	check(t, n.retain(ctx))
	if found := w.scan(seller, secrets); found != nil {
		t.Errorf("found after the time: %v", found)
	}
	list, err := n.Erasures(ctx, id)
	check(t, err)
	if len(list) != 1 || list[0].Scope != "sold" || list[0].Reason != "terms" || !list[0].Done {
		t.Errorf("erasures are %+v, want one", list)
	}
	w.proven(buyer, id, 0)
}

// Of a tape that was sold in part the seller keeps, after the time that the
// terms name, the rows that were not sold.
func TestRetentionOfRows(t *testing.T) {
	w := newWorld(t)
	ctx, n := context.Background(), w.members[seller].node
	id := w.tapeSettled(100 * time.Hour)
	_, rows := realRows(t)
	w.clock.add(101 * time.Hour)
	check(t, n.retain(ctx))
	w.nowhere(seller, map[string]string{"name of a loan that was sold": rows[3][1], "invoice": string(files()[0].body)})
	if len(w.somewhere(seller, goneName)) == 0 {
		t.Error("the loan that was not sold is gone too")
	}
	if _, err := n.ProveRow(ctx, id, goneRow); err != nil {
		t.Errorf("the loan that was not sold: %v", err)
	}
	_, err := n.ProveRow(ctx, id, 3)
	wantReason(t, err, Erased)
}
