package lane

import (
	"slices"
	"testing"
	"time"
)

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

// TestRewoundBeforeFinal: a nonce that was mined but not final is not given out again.
func TestRewoundBeforeFinal(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Finality = "5" })
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

func TestDropped(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.submit(in)
	b.chain.pool = map[uint64]fakeTx{}
	b.wait(Wait)
	b.want(in, Sent, Dropped) // until a look finds it there again
	if len(b.chain.pool) != 1 || b.chain.signed != 1 {
		t.Errorf("pool %v after %d signatures, want the stored bytes back", b.chain.pool, b.chain.signed)
	}
	b.wait(Wait)
	b.want(in, Sent, "")
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
	b := newBench(t, func(c *Config) { c.Finality = "2" })
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
	b.seal()
	b.want(testIntent(1), Final, "")
	if l := b.state.List(); !slices.Contains(l.Reasons, ForeignNonce) || l.Blocked {
		t.Errorf("reasons %v: somebody has the key, and the lane says nothing", l.Reasons)
	}
	b.act(Resync, nil)
	b.run()
	if l := b.state.List(); len(l.Reasons) != 0 {
		t.Errorf("reasons %v after an operator saw it", l.Reasons)
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
	b.state.Submit(Submission{Intent: in}, b.now)
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
