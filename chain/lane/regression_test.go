package lane

import (
	"testing"
	"time"

	"cession/deal"
)

// What other transaction managers got wrong, each named after it. Those that
// take a real node are beside the sender.

// TestRegressionCounterRaisedBeforeSaved: a counter that was raised before what
// it counted was saved drifted by 633. Here the next nonce follows from what is
// persisted: signatures that were lost, however many, take none.
func TestRegressionCounterRaisedBeforeSaved(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.state.Submit(Submission{Intent: in}, b.now)
	for range 5 {
		p := b.state.Next(b.now)[0].(Prepare)
		if _, err := b.chain.do(p); err != nil {
			t.Fatal(err)
		}
		b.restart() // before the signature was persisted
	}
	b.run()
	b.seal()
	if r := b.want(in, Final, ""); r.Attempts[0].Nonce != 0 || b.state.Nonce != 1 || b.chain.signed != 6 {
		t.Errorf("nonce %d, next %d after %d signatures", r.Attempts[0].Nonce, b.state.Nonce, b.chain.signed)
	}
}

// TestRegressionRetrySignedWithNewNonce: the reply to a broadcast was lost, and
// the retry signed again with a new nonce: minted twice. Here the same bytes are
// sent again, by the lane and by an operator.
func TestRegressionRetrySignedWithNewNonce(t *testing.T) {
	b := newBench(t)
	in := testIntent(1)
	b.state.Submit(Submission{Intent: in}, b.now)
	b.do(b.state.Next(b.now)[0])
	sent := b.state.Next(b.now)[0].(Broadcast)
	if _, err := b.chain.do(sent); err != nil {
		t.Fatal(err)
	}
	b.state.Apply(Failure{Action: sent, Reason: RPCDown}, b.now)
	b.act(Retry, &in)
	b.wait(Wait)
	b.seal()
	if r := b.want(in, Final, ""); b.chain.signed != 1 || len(r.Attempts) != 1 || b.chain.mined() != 1 {
		t.Errorf("%d signatures, %d mined", b.chain.signed, b.chain.mined())
	}
}

// TestRegressionHashDroppedOnBump: only the newest hash was looked for, and the
// one before was mined: it seemed stuck for ever.
func TestRegressionHashDroppedOnBump(t *testing.T) {
	b := newBench(t)
	b.chain.minTip = 1000
	in := testIntent(0)
	b.submit(in)
	first := b.chain.pool[0]
	b.wait(time.Minute)
	b.wait(time.Minute)
	if n := len(b.want(in, Sent, "").Attempts); n != 3 {
		t.Fatalf("%d attempts, want 3", n)
	}
	b.chain.minTip, b.chain.pool[0] = 0, first
	b.seal()
	if r := b.want(in, Final, ""); r.Receipt.Tx != first.hash() {
		t.Errorf("receipt %+v", r.Receipt)
	}
}

// TestRegressionFailedTurnedSucceeded: an outcome was told, and then another.
// Here nothing that is seen, or commanded, later changes one.
func TestRegressionFailedTurnedSucceeded(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.chain.reverts = "TooLate"
	b.submit(in)
	b.seal()
	r := b.want(in, Failed, "")
	b.chain.reverts = ""
	for _, v := range []Verb{Retry, Raise, Cancel, GiveUp, Adopt, Pause, Resume, Edit} {
		b.cannot(deal.Conflict, v, &in, arguments)
	}
	b.chain.cut(1, true) // and mined again, where it does not revert
	b.state.Rouse()
	b.run()
	b.seal()
	b.wait(Wait)
	if now := b.want(in, Failed, ""); now.Receipt != r.Receipt || len(b.told) != 1 {
		t.Errorf("told %+v", b.told)
	}
}

// TestRegressionCancelOfUnsentLeftGap: the cancel of a transaction that was never
// sent freed its intent and forgot its nonce: nine were stuck behind the gap.
func TestRegressionCancelOfUnsentLeftGap(t *testing.T) {
	for n := range 10 {
		b := newBench(t)
		for i := range 10 {
			b.state.Submit(Submission{Intent: testIntent(i)}, b.now)
		}
		b.do(b.state.Next(b.now)[0]) // all signed, none sent
		in := testIntent(n)
		b.act(Cancel, &in)
		b.seal()
		b.seal()
		b.wait(Wait)
		for i := range 10 {
			if i != n {
				b.want(testIntent(i), Final, "")
			}
		}
		b.want(in, Queued, Paused)
		b.act(GiveUp, &in)
		if b.state.Nonce != b.chain.mined() || len(b.chain.pool) != 0 {
			t.Errorf("cancel of %d: next nonce %d, mined %d, pool %v", n, b.state.Nonce, b.chain.mined(), b.chain.pool)
		}
	}
}

// TestRegressionResubmittedAfterRevert: what reverted on chain was sent for ever.
func TestRegressionResubmittedAfterRevert(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.chain.reverts = "NotOwner"
	b.submit(in)
	b.seal()
	for range 10 {
		b.state.Submit(Submission{Intent: in}, b.now)
		b.wait(time.Hour)
		b.seal()
	}
	if r := b.want(in, Failed, ""); r.Receipt.Reason != "NotOwner" || b.chain.signed != 1 || b.chain.mined() != 1 {
		t.Errorf("%d signatures, receipt %+v", b.chain.signed, r.Receipt)
	}
}

// TestRegressionReceiptFromLaggingNode: the counts came from one node and the
// receipt from another that was behind: "not found" was taken for "not mined",
// and it was sent anew with another nonce.
func TestRegressionReceiptFromLaggingNode(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Finality = "3" })
	in := testIntent(0)
	b.submit(in)
	b.seal()
	b.want(in, Mined, "")
	r := b.state.find(in.ID)
	behind := Observation{Head: Block{Number: 0}, Sightings: []Sighting{{Hash: r.Attempts[0].Hash}}}
	b.state.Apply(behind, b.now) // all of it is behind
	b.want(in, Mined, "")
	b.run()
	half := Observation{Head: b.chain.head(), Mined: 1, Pending: 1, Sightings: behind.Sightings}
	for range usurpedLooks + 2 { // only the receipt is
		b.state.Apply(half, b.now)
		if r.Status == Queued {
			t.Fatal("it is to be signed anew, though its nonce is not finally another's")
		}
	}
	for range 4 {
		b.seal()
		b.wait(Wait)
	}
	b.want(in, Final, "")
	if b.chain.signed != 1 || b.chain.effects()[in.ID] != 1 {
		t.Errorf("%d signatures", b.chain.signed)
	}
}

// TestRegressionIndexingTakenForNotFound: "transaction indexing is in progress"
// was taken for "there is no such transaction".
func TestRegressionIndexingTakenForNotFound(t *testing.T) {
	b := newBench(t)
	in := testIntent(0)
	b.submit(in)
	b.chain.seal()
	for range 5 {
		b.state.Apply(Observation{Head: b.chain.head(), Mined: 1, Pending: 1, Indexing: true}, b.now)
	}
	if r := b.want(in, Sent, ""); r.Usurped != 0 || b.chain.signed != 1 {
		t.Errorf("record %+v after %d signatures", r, b.chain.signed)
	}
	if it := b.state.List().Items[0]; !it.Stuck || it.Reason != NodeIndexing {
		t.Errorf("item %+v", it)
	}
	b.wait(time.Minute)
	b.want(in, Final, "")
}
