package lane

import (
	"testing"
	"time"

	"cession/deal"
)

func TestSimulatedBeforeNonce(t *testing.T) {
	b := newBench(t)
	bad, good := testIntent(0), testIntent(1)
	bad.Step = "reverts"
	b.state.Submit(Submission{Intent: bad}, b.now)
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
	b.chain.put(fakeTx{Intent: in.ID, Call: "receivable.mint", Tip: 10, Cap: 300})
	b.chain.seal()
	b.submit(in)
	if r := b.want(in, Final, ""); len(r.Attempts) != 0 || b.state.Nonce != 0 && b.state.Started {
		t.Errorf("what somebody else did was signed: %+v", r)
	}
}

// TestStart: what is in the pool already keeps its nonce.
func TestStart(t *testing.T) {
	b := newBench(t)
	for n := range uint64(3) {
		b.chain.put(fakeTx{Nonce: n, Tip: 10, Cap: 300})
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

// TestResolvedWhilePreparing: what was signed meanwhile is dropped unsent, with
// everything behind it, so that no nonce is skipped.
func TestResolvedWhilePreparing(t *testing.T) {
	b := newBench(t)
	s := b.state
	s.Submit(Submission{Intent: testIntent(0)}, b.now)
	s.Submit(Submission{Intent: testIntent(1)}, b.now)
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

// TestGivenBackWhilePreparing: what is signed for the nonce behind one that was
// given back meanwhile would leave a gap; it is dropped unsent, and signed again.
func TestGivenBackWhilePreparing(t *testing.T) {
	b := newBench(t)
	s, first, second := b.state, testIntent(0), testIntent(1)
	s.Submit(Submission{Intent: first}, b.now)
	b.do(s.Next(b.now)[0])
	s.Send.fail(RPCDown, b.now) // so that it is not sent
	s.Submit(Submission{Intent: second}, b.now)
	p := s.Next(b.now)[0].(Prepare)
	if p.Nonce != 1 {
		t.Fatalf("nonce %d", p.Nonce)
	}
	event, err := b.chain.do(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Operate(b.command(Cancel, &first), b.now); err != nil {
		t.Fatal(err)
	}
	s.Apply(event, b.now)
	b.wait(time.Second)
	if r := b.want(second, Sent, ""); r.Attempts[0].Nonce != 0 || len(r.Attempts) != 1 {
		t.Errorf("attempts %+v, want one at nonce 0", r.Attempts)
	}
}

// TestHeldWhilePreparing: what an operator took back meanwhile is not sent.
func TestHeldWhilePreparing(t *testing.T) {
	for v, want := range map[Verb]Status{Cancel: Queued, Pause: Queued, GiveUp: Failed} {
		b := newBench(t)
		in, other := testIntent(0), testIntent(1)
		b.state.Submit(Submission{Intent: in}, b.now)
		b.state.Submit(Submission{Intent: other}, b.now)
		event, err := b.chain.do(b.state.Next(b.now)[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.state.Operate(b.command(v, &in), b.now); err != nil {
			t.Fatal(err)
		}
		b.state.Apply(event, b.now)
		b.run()
		r, _ := b.state.Record(in.ID)
		if n := b.want(other, Sent, "").Attempts[0].Nonce; r.Status != want || len(r.Attempts) != 0 || n != 0 {
			t.Errorf("%s: it is %s with %d attempts; the other has nonce %d", v, r.Status, len(r.Attempts), n)
		}
	}
}

// TestRevertBehindQueued: an earlier intent of the deal that has no nonce yet
// may be what it needs, too.
func TestRevertBehindQueued(t *testing.T) {
	b := newBench(t)
	first, second := testIntent(0), testIntent(8) // the same deal
	b.chain.unsigned = true
	b.submit(first)
	b.act(Pause, &first)
	b.chain.unsigned = false
	b.wait(time.Minute)
	second.Step = "reverts"
	b.submit(second)
	if r := b.want(second, Queued, WouldRevert); !r.Waits || b.state.List().Items[0].Blocks != 1 {
		t.Errorf("record %+v", r)
	}
	b.act(GiveUp, &first)
	b.want(second, Failed, WouldRevert)
}

func TestInFlightLimit(t *testing.T) {
	b := newBench(t, func(c *Config) { c.MaxInFlight = 3 })
	for n := range 7 {
		b.state.Submit(Submission{Intent: testIntent(n)}, b.now)
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
	b.state.Submit(Submission{Intent: odd}, b.now)
	b.state.Submit(Submission{Intent: fine}, b.now)
	p := b.state.Next(b.now)[0].(Prepare)
	p.Jobs = p.Jobs[1:]
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
	b.state.Submit(Submission{Intent: in}, b.now)
	b.state.Next(b.now)
	b.state.Apply(Prepared{Outcomes: []Outcome{{Intent: in.ID, Refused: GasOverTxCap}}}, b.now)
	if r := b.want(in, Failed, GasOverTxCap); r.Receipt.Reason != string(GasOverTxCap) {
		t.Errorf("receipt %+v", r.Receipt)
	}
}
