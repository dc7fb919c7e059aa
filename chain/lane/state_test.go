package lane

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"cession/deal"
)

func TestFinal(t *testing.T) {
	for _, depth := range []uint64{0, 1, 3} {
		b := newBench(t, func(c *Config) { c.Finality = Finality(fmt.Sprint(depth)) })
		in := testIntent(0)
		b.submit(in)
		b.want(in, Sent, "")
		for range depth {
			b.seal()
			b.want(in, Mined, "")
		}
		b.seal()
		b.want(in, Final, "")
		if len(b.told) != 1 || !b.told[0].OK || b.told[0].Intent != in.ID || b.told[0].Call != "notary.anchor" {
			t.Errorf("told %+v", b.told)
		}
		if next := b.state.Next(b.now); len(next) != 0 {
			t.Errorf("an idle lane wants %v", next)
		}
		if due, ok := b.state.Due(b.now); ok {
			t.Errorf("an idle lane wakes at %s", due)
		}
	}
}

func TestSubmitTwice(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.submit(in)
	b.submit(in)
	b.seal()
	if n := b.chain.effects()[in.ID]; n != 1 {
		t.Errorf("took effect %d times", n)
	}
	if out, done := b.state.Submit(Submission{Intent: in}, b.now); !done || !out.OK {
		t.Errorf("outcome %+v, %t", out, done)
	}
	b.run()
	if len(b.told) != 2 || b.told[0] != b.told[1] {
		t.Errorf("a repeated question is told the outcome again: %+v", b.told)
	}
}

func TestRevertedOnChain(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.chain.reverts = "TooLate"
	b.submit(in)
	b.seal()
	if r := b.want(in, Failed, ""); r.Receipt.Reason != "TooLate" {
		t.Errorf("receipt %+v", r.Receipt)
	}
	b.wait(time.Hour)
	if got := b.chain.signed; got != 1 {
		t.Errorf("signed %d times, want 1: a revert is an outcome", got)
	}
}

// TestBounded: after thousands of intents the state is as large as after a few hundred.
func TestBounded(t *testing.T) {
	b := newBench(t)
	for n := range 1500 {
		b.submit(testIntent(n))
		b.seal()
	}
	raw := 0
	for _, r := range b.state.Recent {
		for _, a := range r.Attempts {
			raw += min(len(a.Raw), 1)
		}
	}
	if len(b.state.Recent) != Outcomes || raw != KeptBytes {
		t.Errorf("%d outcomes, %d with bytes; want %d and %d", len(b.state.Recent), raw, Outcomes, KeptBytes)
	}
	data, err := json.Marshal(b.state)
	if err != nil || len(data) > 400_000 {
		t.Errorf("%d bytes of state, error %v", len(data), err)
	}
}

func TestCheck(t *testing.T) {
	good := testIntent(0)
	tests := map[string]struct {
		change func(*deal.Intent)
		want   deal.Kind
	}{
		"good":      {func(*deal.Intent) {}, ""},
		"no id":     {func(in *deal.Intent) { in.ID = deal.Commitment{} }, deal.Invalid},
		"no deal":   {func(in *deal.Intent) { in.Deal = "x" }, deal.Invalid},
		"no call":   {func(in *deal.Intent) { in.Call = deal.Call{} }, deal.Invalid},
		"two calls": {func(in *deal.Intent) { in.Call.Payout = &deal.Payout{} }, deal.Invalid},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := good
			test.change(&in)
			if got := deal.KindOf(newBench(t).state.Check(Submission{Intent: in})); got != test.want {
				t.Errorf("kind %q, want %q", got, test.want)
			}
		})
	}
	full := newBench(t)
	for n := range MaxQueue {
		full.state.Submit(Submission{Intent: testIntent(n)}, start)
	}
	if got := deal.KindOf(full.state.Check(Submission{Intent: testIntent(MaxQueue)})); got != deal.Conflict {
		t.Errorf("a full lane: kind %q, want conflict", got)
	}
	if err := full.state.Check(Submission{Intent: testIntent(0)}); err != nil {
		t.Errorf("a full lane refuses what it has: %v", err)
	}
}

func TestListing(t *testing.T) {
	b := newBench(t)
	if got := b.state.Headline(); got != "idle" {
		t.Errorf("headline %q", got)
	}
	b.submit(testIntent(0))
	b.seal()
	b.submit(testIntent(1))
	l := b.state.List()
	var got []string
	for _, it := range l.Items {
		got = append(got, fmt.Sprintf("%s %s %d %t", it.Call, it.Status, *it.Nonce, it.Receipt != nil))
	}
	want := []string{"receivable.mint sent 1 false", "notary.anchor final 0 true"}
	if l.Lane != "lane/1/0x0100000000000000000000000000000000000000" || !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", l.Lane, got, want)
	}
	if got, want := b.state.Headline(), "1 in flight, 0 queued, lowest nonce 1 since 2026-03-01T12:00:00Z"; got != want {
		t.Errorf("headline %q, want %q", got, want)
	}
}
