package lane

import (
	"reflect"
	"testing"
	"time"

	"cession/deal"
)

// TestFourEyes: a second operator carries out what the first proposed, unless
// something else was done, or happened, to it.
func TestFourEyes(t *testing.T) {
	four := func(c *Command) { c.FourEyes = true }
	approve := func(id, who string) func(*Command) {
		return func(c *Command) { c.Proposal, c.Actor, c.Version = id, who, 0 }
	}
	tests := map[string]struct {
		who     string
		between func(*bench, *deal.Intent)
		want    deal.Kind
	}{
		"second":    {"bob", func(*bench, *deal.Intent) {}, ""},
		"same":      {"Alice", func(*bench, *deal.Intent) {}, deal.Refused},
		"bumped":    {"bob", func(b *bench, _ *deal.Intent) { b.wait(time.Minute) }, ""},
		"commanded": {"bob", func(b *bench, in *deal.Intent) { b.act(Pause, in) }, deal.Conflict},
		"mined":     {"bob", func(b *bench, _ *deal.Intent) { b.chain.minTip = 0; b.seal() }, deal.Conflict},
		"too late":  {"bob", func(b *bench, _ *deal.Intent) { b.now = b.now.Add(proposalTTL) }, deal.NotFound},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.chain.minTip = 1000
			in := testIntent(0)
			b.submit(in)
			a := b.act(GiveUp, &in, four)
			if r, _ := b.state.Record(in.ID); !a.Proposed || r.Ending || len(b.state.List().Pending) != 1 {
				t.Fatalf("answer %+v, record %+v", a, r)
			}
			test.between(b, &in)
			c := b.command(Approve, nil, approve(a.ID, test.who))
			got, err := b.state.Operate(c, b.now)
			if deal.KindOf(err) != test.want {
				t.Fatalf("%v, want kind %q", err, test.want)
			}
			if r, _ := b.state.Record(in.ID); r.Ending != (test.want == "") {
				t.Errorf("ending %t", r.Ending)
			}
			if test.want != "" {
				return
			}
			if again, err := b.state.Operate(c, b.now); err != nil || !reflect.DeepEqual(again, got) {
				t.Errorf("approved again: %+v, %v", again, err)
			}
			e := b.state.Entries()
			if len(e) != 3 || e[1].Second != "bob" || e[1].Command.Actor != "alice" || len(b.state.List().Pending) != 0 {
				t.Errorf("entries %+v", e)
			}
		})
	}
}

// TestProposalsAreBounded: and one that could not be carried out is not taken.
func TestProposalsAreBounded(t *testing.T) {
	b := newBench(t)
	four := func(c *Command) { c.FourEyes = true }
	b.cannot(deal.Conflict, Resume, nil, four)
	for range MaxPending {
		b.act(Resync, nil, four)
	}
	b.cannot(deal.Conflict, Resync, nil, four)
}

// TestEntriesAreBounded: published commands are forgotten, the others later.
func TestEntriesAreBounded(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		b := newBench(t)
		b.deaf = deaf
		for range 3 * MaxEntries {
			b.act(Edit, nil, func(c *Command) { c.Limits.PerGas = 1e9 })
			b.wait(publishEvery)
		}
		want := MaxEntries
		if deaf {
			want = 2 * MaxEntries
		}
		if got := len(b.state.Entries()); got != want {
			t.Errorf("%d commands kept, want %d", got, want)
		}
		for i, e := range b.entries {
			if e.Seq != uint64(i+1) {
				t.Fatalf("entry %d has number %d", i, e.Seq)
			}
		}
	}
}
