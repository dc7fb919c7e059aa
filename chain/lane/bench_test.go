package lane

import (
	"testing"
	"time"

	"cession/deal"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// bench is a lane, a chain and a clock, driven by hand.
type bench struct {
	t     *testing.T
	chain *fakeChain
	state *State
	now   time.Time
	told  []deal.Receipt

	looking *Observe // waits for a new head
	since   time.Time
}

func newBench(t *testing.T, change ...func(*Config)) *bench {
	cfg := Config{ChainID: 1, Address: deal.Address{1}}
	for _, c := range change {
		c(&cfg)
	}
	return &bench{t: t, chain: newFakeChain(), state: New(Input{Config: cfg}), now: start}
}

// run does what the lane wants until it wants nothing, or only to wait for a
// new head, which it may for [Wait].
func (b *bench) run() {
	b.t.Helper()
	for range 100 {
		if o := b.looking; o != nil && (o.After != b.chain.head().Hash || b.now.Sub(b.since) >= Wait) {
			b.looking = nil
			b.do(*o)
		}
		next := b.state.Next(b.now)
		if len(next) == 0 {
			return
		}
		for _, a := range next {
			if o, ok := a.(Observe); ok && o.After == b.chain.head().Hash {
				b.looking, b.since = &o, b.now
			} else {
				b.do(a)
			}
		}
	}
	b.t.Fatal("the lane does not come to rest")
}

func (b *bench) do(a Action) {
	if r, ok := a.(Report); ok {
		b.told = append(b.told, r.Receipt)
		b.state.Apply(Reported{Intent: r.Receipt.Intent}, b.now)
		return
	}
	event, err := b.chain.do(a)
	if err != nil {
		event = Failure{Action: a, Reason: RPCDown}
	}
	b.state.Apply(event, b.now)
}

// wait lets time pass and the lane act.
func (b *bench) wait(d time.Duration) {
	b.t.Helper()
	b.now = b.now.Add(d)
	b.run()
}

func (b *bench) seal() {
	b.t.Helper()
	b.chain.seal()
	b.run()
}

func (b *bench) submit(in deal.Intent) {
	b.t.Helper()
	if err := b.state.Check(in); err != nil {
		b.t.Fatal(err)
	}
	b.state.Submit(in, b.now)
	b.run()
}

func (b *bench) want(in deal.Intent, s Status, why Reason) Record {
	b.t.Helper()
	r, ok := b.state.Record(in.ID)
	if !ok || r.Status != s || r.Reason != why {
		b.t.Fatalf("%s is %q for %q, want %q for %q", in.ID.Short(), r.Status, r.Reason, s, why)
	}
	return r
}
