package lane

import (
	"encoding/json"
	"fmt"
	"slices"
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

func TestFinal(t *testing.T) {
	for _, depth := range []uint64{0, 1, 3} {
		b := newBench(t, func(c *Config) { c.Finality = depth })
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
	if out, done := b.state.Submit(in, b.now); !done || !out.OK {
		t.Errorf("outcome %+v, %t", out, done)
	}
	b.run()
	if len(b.told) != 2 || b.told[0] != b.told[1] {
		t.Errorf("a repeated question is told the outcome again: %+v", b.told)
	}
}

func TestSimulatedBeforeNonce(t *testing.T) {
	b := newBench(t)
	bad, good := testIntent(0), testIntent(1)
	bad.Step = "reverts"
	b.state.Submit(bad, b.now)
	b.submit(good)
	r := b.want(bad, Failed, WouldRevert)
	if r.Receipt.Reason != "WOULD_REVERT/TooLate" || len(r.Attempts) != 0 {
		t.Errorf("record %+v", r)
	}
	if n := b.want(good, Sent, "").Attempts[0].Nonce; n != 0 {
		t.Errorf("nonce %d after a refused intent, want 0", n)
	}
}

func TestRevertBehindSameDeal(t *testing.T) {
	b := newBench(t)
	first, second := testIntent(0), testIntent(8) // the same deal
	b.submit(first)
	second.Step = "reverts"
	b.submit(second)
	if r := b.want(second, Queued, WouldRevert); !r.Waits {
		t.Error("it does not wait for the first, which may be what it needs")
	}
	b.seal()
	b.want(second, Failed, WouldRevert)
}

func TestAlreadyDone(t *testing.T) {
	b := newBench(t)
	in := testIntent(1)
	b.chain.pool[0] = readTx(fakeTx{Intent: in.ID, Call: "receivable.mint", Tip: 10, Cap: 300}.raw())
	b.chain.seal()
	b.submit(in)
	if r := b.want(in, Final, ""); len(r.Attempts) != 0 || b.state.Nonce != 0 && b.state.Started {
		t.Errorf("what somebody else did was signed: %+v", r)
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

func TestBump(t *testing.T) {
	b := newBench(t, func(c *Config) { c.BumpAfter = 30 * time.Second })
	b.chain.minTip = 12
	low, high := testIntent(0), testIntent(1)
	b.submit(low)
	b.submit(high)
	b.seal()
	b.wait(29 * time.Second)
	if n := len(b.want(low, Sent, "").Attempts); n != 1 {
		t.Fatalf("%d attempts before it is time", n)
	}
	b.wait(time.Second)
	r := b.want(low, Sent, "")
	if len(r.Attempts) != 2 || r.Attempts[1].Tip != 12 || r.Attempts[1].Cap != 237 {
		t.Fatalf("attempts %+v, want tip 10 -> 12 and cap 210 -> 237", r.Attempts)
	}
	if r.Attempts[1].Nonce != r.Attempts[0].Nonce || len(b.want(high, Sent, "").Attempts) != 1 {
		t.Error("only the lowest unresolved nonce is bumped, and keeps its number")
	}
	b.seal()
	b.want(low, Final, "")
}

// TestEarlierAttemptMined: the hash replaced by a bump is still followed.
func TestEarlierAttemptMined(t *testing.T) {
	b := newBench(t)
	b.chain.minTip = 12
	in := testIntent(0)
	b.submit(in)
	first := b.chain.pool[0]
	b.wait(time.Minute)
	b.chain.minTip, b.chain.pool[0] = 0, first
	b.seal()
	r := b.want(in, Final, "")
	if r.Receipt.Tx != first.hash() || len(r.Attempts) != 2 {
		t.Errorf("receipt %+v, want of the first attempt", r.Receipt)
	}
	if len(r.Attempts[0].Raw) == 0 || len(r.Attempts[1].Raw) != 0 {
		t.Error("of a final intent only the mined bytes are kept")
	}
}

// TestHalfIndexed: of two attempts one cannot be looked up, and that may be the
// one that was mined.
func TestHalfIndexed(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.submit(in)
	b.wait(time.Minute)
	r := b.want(in, Sent, "")
	for range usurpedLooks {
		b.state.Apply(Observation{Head: Block{Number: 9}, Mined: 1, Pending: 1, Indexing: true,
			Sightings: []Sighting{{Hash: r.Attempts[1].Hash}}}, b.now)
	}
	b.want(in, Sent, "")
}

// TestStart: what is in the pool already keeps its nonce.
func TestStart(t *testing.T) {
	b := newBench(t)
	for n := range uint64(3) {
		b.chain.pool[n] = readTx(fakeTx{Nonce: n, Tip: 10, Cap: 300}.raw())
	}
	b.chain.room = 1
	b.chain.seal()
	b.submit(testIntent(0))
	b.submit(testIntent(1))
	for n, want := range []uint64{3, 4} {
		if got := b.want(testIntent(n), Sent, "").Attempts[0].Nonce; got != want {
			t.Errorf("nonce %d, want %d", got, want)
		}
	}
}

// TestRewoundBeforeFinal: a nonce that was mined but not final is not given out again.
func TestRewoundBeforeFinal(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Finality = 5 })
	b.submit(testIntent(0))
	b.seal()
	b.want(testIntent(0), Mined, "")
	b.looking = nil // its answer is late
	b.chain.cut(1, false)
	b.submit(testIntent(1))
	if b.state.Nonce != 1 || b.chain.signed != 1 {
		t.Errorf("next nonce %d after %d signatures, want 1 and 1", b.state.Nonce, b.chain.signed)
	}
}

func TestFeeCeiling(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Ceiling = 220 })
	b.chain.minTip = 1000
	in := testIntent(0)
	b.submit(in)
	b.wait(time.Hour)
	if n := len(b.want(in, Sent, FeeCeiling).Attempts); n != 1 {
		t.Errorf("%d attempts above the ceiling", n)
	}
	b.chain.minTip = 0
	b.seal()
	b.want(in, Final, "")
}

func TestRefusals(t *testing.T) {
	for _, why := range []Reason{FeeBelowBase, TipBelowMin, RPCFeeCap, InsufficientFunds} {
		t.Run(string(why), func(t *testing.T) {
			b := newBench(t)
			b.chain.refuse = func(fakeTx) Reason { return why }
			in := testIntent(0)
			b.submit(in)
			r := b.want(in, Signed, why)
			raw := slices.Clone(r.Attempts[0].Raw)
			b.wait(2 * time.Second)
			b.chain.refuse = nil
			b.wait(10 * time.Second)
			b.seal()
			r = b.want(in, Final, "")
			if bumped := len(r.Attempts) > 1; bumped != why.priced() {
				t.Errorf("%d attempts", len(r.Attempts))
			}
			if !why.priced() && !slices.Equal(raw, r.Attempts[0].Raw) {
				t.Error("other bytes were sent than those stored")
			}
		})
	}
}

func TestDropped(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.submit(in)
	b.chain.pool = map[uint64]fakeTx{}
	b.wait(Wait)
	b.want(in, Sent, "")
	if len(b.chain.pool) != 1 || b.chain.signed != 1 {
		t.Errorf("pool %v after %d signatures, want the stored bytes back", b.chain.pool, b.chain.signed)
	}
}

func TestIndexingIsNotUnknown(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.submit(in)
	b.chain.pool, b.chain.indexing = map[uint64]fakeTx{}, true
	b.wait(Wait)
	b.want(in, Sent, "")
	if len(b.chain.pool) != 0 {
		t.Error("sent again although the node could not say whether it has it")
	}
	if got := b.state.List().Reasons; !slices.Equal(got, []Reason{NodeIndexing}) {
		t.Errorf("reasons %v", got)
	}
}

func TestReorgDemotes(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Finality = 2 })
	in := testIntent(0)
	b.submit(in)
	b.seal()
	b.want(in, Mined, "")
	b.chain.cut(1, true)
	b.chain.room = 0
	b.seal()
	b.seal()
	b.want(in, Sent, Reorged)
	b.chain.room = 8
	b.seal()
	b.seal()
	b.seal()
	b.want(in, Final, "")
	if b.chain.signed != 1 || len(b.told) != 1 {
		t.Errorf("signed %d times, told %d times", b.chain.signed, len(b.told))
	}
}

// TestRewound: a node that lost its newest blocks gets the stored bytes again,
// of what was final and of what was not. No outcome changes.
func TestRewound(t *testing.T) {
	b := newBench(t)
	for n := range 4 {
		b.submit(testIntent(n))
		b.seal()
	}
	b.submit(testIntent(4))
	b.chain.cut(3, false)
	b.wait(Wait)
	if got := b.state.List().Reasons; !slices.Contains(got, ChainRewound) {
		t.Errorf("reasons %v", got)
	}
	for range 5 {
		b.seal()
		b.wait(Wait)
	}
	effects := b.chain.effects()
	for n := range 5 {
		in := testIntent(n)
		b.want(in, Final, "")
		if effects[in.ID] != 1 {
			t.Errorf("intent %d took effect %d times", n, effects[in.ID])
		}
	}
	if b.chain.signed != 5 || len(b.told) != 5 {
		t.Errorf("signed %d, told %d, want 5 and 5", b.chain.signed, len(b.told))
	}
	if got := b.state.List().Reasons; len(got) != 0 {
		t.Errorf("reasons %v when all is well again", got)
	}
}

// TestRewoundWhileIdle: nothing is in flight, so somebody has to say so.
func TestRewoundWhileIdle(t *testing.T) {
	b := newBench(t)
	b.submit(testIntent(0))
	b.seal()
	b.chain.cut(1, false)
	b.state.Rouse()
	b.run()
	if len(b.chain.pool) != 1 {
		t.Fatal("the lost transaction was not sent again")
	}
	b.seal()
	if n := b.chain.effects()[testIntent(0).ID]; n != 1 || b.chain.signed != 1 {
		t.Errorf("%d effects of %d signatures", n, b.chain.signed)
	}
}

// TestRewoundUnnoticed: the next intent finds out, before a nonce is taken.
func TestRewoundUnnoticed(t *testing.T) {
	b := newBench(t)
	b.submit(testIntent(0))
	b.seal()
	b.chain.cut(1, false)
	b.submit(testIntent(1))
	b.seal()
	b.wait(time.Minute)
	b.seal()
	for n := range 2 {
		if got := b.chain.effects()[testIntent(n).ID]; got != 1 {
			t.Errorf("intent %d took effect %d times", n, got)
		}
	}
}

func TestForeignNonceBeforeSigning(t *testing.T) {
	b := newBench(t)
	b.submit(testIntent(0))
	b.seal()
	b.chain.foreign()
	b.submit(testIntent(1))
	if n := b.want(testIntent(1), Sent, "").Attempts[0].Nonce; n != 2 {
		t.Errorf("nonce %d, want 2", n)
	}
}

func TestForeignNonceInFlight(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.submit(in)
	b.chain.foreign()
	b.run()
	b.want(in, Sent, ForeignNonce)
	b.wait(Wait)
	b.wait(Wait)
	b.wait(Wait)
	r := b.want(in, Sent, "")
	if len(r.Attempts) != 2 || r.Attempts[1].Nonce != 1 {
		t.Fatalf("attempts %+v, want a second one at nonce 1", r.Attempts)
	}
	b.seal()
	b.want(in, Final, "")
}

// TestResolvedWhilePreparing: what was signed meanwhile is dropped unsent, with
// everything behind it, so that no nonce is skipped.
func TestResolvedWhilePreparing(t *testing.T) {
	b := newBench(t)
	s := b.state
	s.Submit(testIntent(0), b.now)
	s.Submit(testIntent(1), b.now)
	p := s.Next(b.now)[0].(Prepare)
	event, _ := b.chain.do(p)
	s.settle(s.find(testIntent(0).ID), deal.Receipt{OK: true}, b.now)
	s.Apply(event, b.now)
	b.run()
	r := b.want(testIntent(1), Sent, "")
	if r.Attempts[0].Nonce != 0 || len(r.Attempts) != 1 {
		t.Errorf("attempts %+v, want one at nonce 0", r.Attempts)
	}
}

func TestInFlightLimit(t *testing.T) {
	b := newBench(t, func(c *Config) { c.MaxInFlight = 3 })
	for n := range 7 {
		b.state.Submit(testIntent(n), b.now)
	}
	b.run()
	if got := len(b.state.unresolved()); got != 3 {
		t.Errorf("%d in flight, want 3", got)
	}
	for range 3 {
		b.seal()
	}
	if len(b.told) != 7 {
		t.Errorf("%d done, want 7", len(b.told))
	}
}

// TestStalledIntent: one the node gives no verdict on holds up no other.
func TestStalledIntent(t *testing.T) {
	b := newBench(t)
	odd, fine := testIntent(0), testIntent(1)
	b.state.Submit(odd, b.now)
	b.state.Submit(fine, b.now)
	p := b.state.Next(b.now)[0].(Prepare)
	p.Intents = p.Intents[1:]
	out := b.chain.prepare(p)
	out.Outcomes = append([]Outcome{{Intent: odd.ID, Stalled: RPCDown}}, out.Outcomes...)
	b.state.Apply(out, b.now)
	b.run()
	b.want(fine, Sent, "")
	b.want(odd, Queued, RPCDown)
	b.wait(time.Minute)
	b.want(odd, Sent, "")
}

func TestRefusedForGood(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.state.Submit(in, b.now)
	b.state.Next(b.now)
	b.state.Apply(Prepared{Outcomes: []Outcome{{Intent: in.ID, Refused: GasOverTxCap}}}, b.now)
	if r := b.want(in, Failed, GasOverTxCap); r.Receipt.Reason != string(GasOverTxCap) {
		t.Errorf("receipt %+v", r.Receipt)
	}
}

func TestNodeDown(t *testing.T) {
	b := newBench(t)
	b.chain.down = true
	in := testIntent(0)
	b.submit(in)
	b.want(in, Queued, "")
	if got := b.state.List().Reasons; !slices.Equal(got, []Reason{RPCDown}) {
		t.Fatalf("reasons %v", got)
	}
	for range 20 { // patience grows, to half a minute
		due, ok := b.state.Due(b.now)
		if !ok || due.Sub(b.now) > 30*time.Second {
			t.Fatalf("due at %s, %t", due, ok)
		}
		b.wait(due.Sub(b.now))
	}
	b.chain.down = false
	b.wait(30 * time.Second)
	b.seal()
	b.want(in, Final, "")
}

func TestReportAgain(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	in.Step = "reverts"
	b.state.Submit(in, b.now)
	b.do(b.state.Next(b.now)[0])
	report := b.state.Next(b.now)[0].(Report)
	b.state.Apply(Failure{Action: report, Reason: RPCDown}, b.now)
	if next := b.state.Next(b.now); len(next) != 0 {
		t.Errorf("at once: %v", next)
	}
	b.wait(time.Second)
	if len(b.told) != 1 {
		t.Errorf("told %d times, want once", len(b.told))
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
			if got := deal.KindOf(newBench(t).state.Check(in)); got != test.want {
				t.Errorf("kind %q, want %q", got, test.want)
			}
		})
	}
	full := newBench(t)
	for n := range MaxQueue {
		full.state.Submit(testIntent(n), start)
	}
	if got := deal.KindOf(full.state.Check(testIntent(MaxQueue))); got != deal.Conflict {
		t.Errorf("a full lane: kind %q, want conflict", got)
	}
	if err := full.state.Check(testIntent(0)); err != nil {
		t.Errorf("a full lane refuses what it has: %v", err)
	}
}

func TestPrices(t *testing.T) {
	tests := []struct {
		last     Attempt
		fees     Fees
		ceiling  uint64
		tip, cap uint64
		ok       bool
	}{
		{Attempt{Tip: 100, Cap: 1000}, Fees{}, 1 << 40, 113, 1125, true},
		{Attempt{Tip: 1, Cap: 8}, Fees{}, 1 << 40, 2, 9, true},
		{Attempt{Tip: 0, Cap: 0}, Fees{}, 1 << 40, 1, 1, true},
		{Attempt{Tip: 100, Cap: 1000}, Fees{Base: 2000, Tip: 500}, 1 << 40, 500, 4500, true},
		{Attempt{Tip: 100, Cap: 1000}, Fees{}, 1100, 113, 1100, true},
		{Attempt{Tip: 100, Cap: 1000}, Fees{}, 1099, 113, 1099, false},
		{Attempt{Tip: 100, Cap: 1000}, Fees{}, 500, 113, 500, false},
		{Attempt{Tip: 1 << 63, Cap: 1<<64 - 2}, Fees{}, 1<<64 - 1, 1<<63 + 1<<60, 1<<64 - 1, true},
	}
	for _, test := range tests {
		tip, cap, ok := Bump(test.last, test.fees, test.ceiling)
		if tip != test.tip || cap != test.cap || ok != test.ok {
			t.Errorf("Bump(%d/%d, %+v, %d) = %d, %d, %t; want %d, %d, %t", test.last.Tip, test.last.Cap, test.fees,
				test.ceiling, tip, cap, ok, test.tip, test.cap, test.ok)
		}
	}
	if tip, cap := Price(Fees{Base: 100, Tip: 10}, 50); tip != 10 || cap != 50 {
		t.Errorf("price %d, %d above the ceiling", tip, cap)
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
