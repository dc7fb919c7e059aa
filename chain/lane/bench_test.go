package lane

import (
	"encoding/json"
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

	notices []deal.Notice
	handed  []Hand
	items   []Item
	entries []Entry
	drawn   int  // ids of commands
	deaf    bool // nothing is published

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
	var event Event
	var err error
	switch a := a.(type) {
	case Report:
		b.told = append(b.told, a.Receipt)
		event = Reported{Intent: a.Receipt.Intent}
	case Warn:
		b.notices = append(b.notices, a.Notice)
		event = Warned{Notice: a.Notice}
	case Hand:
		b.handed = append(b.handed, a)
		event = Handed{Intent: a.Submission.Intent.ID}
	case Publish:
		if b.deaf {
			event = Failure{Action: a, Reason: RPCDown}
			break
		}
		b.items = append(b.items, a.Items...)
		b.entries = append(b.entries, a.Entries...)
		event = kept(a)
	default:
		event, err = b.chain.do(a)
	}
	if err != nil {
		event = Failure{Action: a, Reason: RPCDown}
	}
	b.state.Apply(event, b.now)
}

// kept is the answer to a publication that reached the store.
func kept(p Publish) (out Published) {
	for _, it := range p.Items {
		out.Intents = append(out.Intents, it.Intent)
	}
	for _, e := range p.Entries {
		out.Seq = e.Seq
	}
	return out
}

// restart continues from JSON; what was under way is forgotten.
func (b *bench) restart() {
	b.t.Helper()
	var s State
	if err := json.Unmarshal([]byte(b.json()), &s); err != nil {
		b.t.Fatal(err)
	}
	b.state, b.looking = New(Input{Config: b.state.cfg, State: &s}), nil
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
	if err := b.state.Check(Submission{Intent: in}); err != nil {
		b.t.Fatal(err)
	}
	b.state.Submit(Submission{Intent: in}, b.now)
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
