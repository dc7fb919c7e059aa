package lane

import (
	"slices"
	"testing"
	"time"

	"cession/deal"
)

func (b *bench) standings() (out []deal.Standing) {
	for _, n := range b.notices {
		out = append(out, n.State)
	}
	return out
}

// TestReorgTold: whoever may have seen the effect hears that it is gone, and that it is back.
func TestReorgTold(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Finality = "2" })
	in := testIntent(0)
	b.submit(in)
	b.seal()
	b.chain.cut(1, false)
	b.chain.seal()
	b.run()
	b.want(in, Sent, Reorged) // sent again
	b.seal()
	b.seal()
	b.seal()
	b.want(in, Final, "")
	if got := b.standings(); !slices.Equal(got, []deal.Standing{deal.Reorged, deal.Restored}) || b.state.Totals.Reorgs != 1 {
		t.Errorf("told %v, %d reorgs", got, b.state.Totals.Reorgs)
	}
}

// TestNoticeLost: a notice that did not arrive is told again, unless a newer one takes its place.
func TestNoticeLost(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Finality = "2" })
	in := testIntent(0)
	b.submit(in)
	b.seal()
	r := b.state.find(in.ID)
	r.Notice = deal.Reorged
	w := b.state.Next(b.now)[0].(Warn)
	if len(b.state.warnings(b.now)) != 0 {
		t.Error("handed out twice")
	}
	b.state.Apply(Failure{Action: w, Reason: RPCDown}, b.now)
	if len(b.state.warnings(b.now)) != 0 {
		t.Error("again at once")
	}
	w = b.state.warnings(b.now.Add(warnAgain))[0].(Warn)
	r.Notice = deal.Restored
	b.state.Apply(Warned{Notice: w.Notice}, b.now)
	b.run()
	if got := b.standings(); !slices.Equal(got, []deal.Standing{deal.Restored}) {
		t.Errorf("told %v", got)
	}
}

// TestRestoredAnew: a final transaction is lost, and a stranger has its nonce.
// The outcome stays; the effect is had again with another transaction.
func TestRestoredAnew(t *testing.T) {
	tests := map[string]struct {
		in   deal.Intent
		want []deal.Standing
	}{
		"again":      {testIntent(0), []deal.Standing{deal.Reorged, deal.Restored}},
		"impossible": {testIntent(2), []deal.Standing{deal.Reorged, deal.Undone}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.submit(test.in)
			b.seal()
			b.chain.cut(1, false)
			if name == "impossible" {
				b.state.find(test.in.ID).Intent.Step = "reverts"
			}
			b.chain.foreign()
			b.state.restore(0, b.now)
			for range 6 {
				b.wait(Wait)
				b.seal()
			}
			r := b.want(test.in, Final, map[bool]Reason{true: WouldRevert}[name == "impossible"])
			if got := b.standings(); !slices.Equal(got, test.want) || len(b.told) != 1 {
				t.Errorf("told %v and %+v", got, b.told)
			}
			it := b.state.List().Items[0]
			if n := b.chain.effects()[test.in.ID]; name == "again" && (n != 1 || r.Restore) {
				t.Errorf("%d effects, restoring %t", n, r.Restore)
			} else if name == "impossible" && (!it.Stuck || !r.Undone) {
				t.Errorf("item %+v: what is undone is stuck", it)
			}
		})
	}
}

// TestUndoneRetried: once it is possible again, an operator has it done.
func TestUndoneRetried(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.submit(in)
	b.seal()
	b.chain.cut(1, false)
	b.state.undone(b.state.find(in.ID), WouldRevert)
	b.run()
	b.act(Resync, nil)
	b.act(Retry, &in)
	b.seal()
	b.want(in, Final, "")
	if got := b.standings(); !slices.Equal(got, []deal.Standing{deal.Undone, deal.Restored}) || b.chain.effects()[in.ID] != 1 {
		t.Errorf("told %v, %d effects", got, b.chain.effects()[in.ID])
	}
}

// TestWaitsForLost: what follows in a deal waits for what the chain lost.
func TestWaitsForLost(t *testing.T) {
	b := newBench(t)
	first, second := testIntent(0), testIntent(8)
	b.submit(first)
	b.seal()
	b.chain.cut(1, false)
	b.state.Rouse()
	b.run()
	second.Step = "reverts"
	b.submit(second)
	if r := b.want(second, Queued, WouldRevert); !r.Waits {
		t.Error("it does not wait")
	}
	b.seal()
	b.want(second, Failed, WouldRevert)
}

// TestAdopt: a transaction sent elsewhere had the effect, or had not.
func TestAdopt(t *testing.T) {
	tests := map[string]struct {
		tx   fakeTx
		sent bool
		want Status
	}{
		"had it":     {fakeTx{Call: "notary.anchor", What: deal.Commitment{0, 0, 1}, Intent: testIntent(0).ID, Tip: 10, Cap: 300}, true, Final},
		"had not":    {fakeTx{Call: "notary.anchor", What: deal.Commitment{9}, Tip: 10, Cap: 300}, true, Queued},
		"never sent": {fakeTx{Call: "notary.anchor", Tip: 10, Cap: 300}, false, Queued},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(c *Config) { c.Finality = "1" })
			elsewhere := b.chain.join(deal.Address{9})
			in := scenes["canceled"](b)
			tx := elsewhere.put(test.tx)
			if !test.sent {
				elsewhere.pool = map[uint64]fakeTx{}
			}
			b.chain.seal()
			b.act(Adopt, &in, func(c *Command) { c.Tx = tx.hash() })
			if test.want == Final {
				b.want(in, Mined, "")
			}
			b.seal()
			b.wait(Wait)
			if r, _ := b.state.Record(in.ID); r.Status != test.want || test.want == Queued && (r.Hold != HoldCanceled || !r.Adopted.IsZero()) {
				t.Fatalf("%s, hold %q, adopted %s", r.Status, r.Hold, r.Adopted.Short())
			}
			if test.want == Queued {
				b.chain.unsigned = false
				b.act(Retry, &in)
				b.seal()
				b.seal()
				b.want(in, Final, "")
			}
			if n := b.chain.effects()[in.ID]; n != 1 || len(b.told) != 1 || !b.told[0].OK {
				t.Errorf("%d effects, told %+v", n, b.told)
			}
		})
	}
}

// TestAdoptOwn: an attempt of the lane is no transaction sent elsewhere.
func TestAdoptOwn(t *testing.T) {
	b := newBench(t)
	b.submit(testIntent(1))
	r, _ := b.state.Record(testIntent(1).ID)
	b.chain.unsigned = true
	in := testIntent(0)
	b.submit(in)
	b.cannot(deal.Conflict, Adopt, &in, func(c *Command) { c.Tx = r.Attempts[0].Hash })
}

// TestPublish: outcomes and commands, each once, and again if they did not arrive.
func TestPublish(t *testing.T) {
	b := newBench(t)
	b.deaf = true
	b.submit(testIntent(0))
	b.seal()
	b.act(Pause, nil)
	if r, _ := b.state.Record(testIntent(0).ID); r.Kept || len(b.items) != 0 {
		t.Fatal("kept, though nobody keeps it")
	}
	b.deaf = false
	b.wait(time.Minute)
	b.wait(time.Minute)
	if r, _ := b.state.Record(testIntent(0).ID); !r.Kept || len(b.items) != 1 || len(b.entries) != 1 {
		t.Fatalf("kept %t, published %+v and %+v", r.Kept, b.items, b.entries)
	}
	it := b.items[0]
	if it.Status != Final || it.Receipt == nil || it.Fee != b.chain.cost() || it.Deal != testIntent(0).Deal {
		t.Errorf("item %+v", it)
	}
}

// TestCostUntold: where a node does not say what a transaction cost, it is what it may have cost.
func TestCostUntold(t *testing.T) {
	r := Record{Attempts: []Attempt{{Hash: deal.Commitment{1}, Gas: 100, Cap: 7}}}
	tests := map[string]struct {
		in   Inclusion
		want uint64
	}{
		"told":           {Inclusion{Tx: deal.Commitment{1}, Paid: 5}, 5},
		"receipt":        {Inclusion{Tx: deal.Commitment{1}, Receipt: deal.Receipt{Tx: deal.Commitment{1}, Gas: 3, GasPrice: 4}}, 12},
		"other's":        {Inclusion{Tx: deal.Commitment{1}, Receipt: deal.Receipt{Tx: deal.Commitment{2}, Gas: 3, GasPrice: 4}}, 700},
		"untold":         {Inclusion{Tx: deal.Commitment{1}}, 700},
		"not the lane's": {Inclusion{Tx: deal.Commitment{3}, Paid: 9}, 0},
	}
	for name, test := range tests {
		if got := r.cost(test.in); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}
