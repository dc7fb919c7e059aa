package lanetest

import (
	"slices"
	"testing"

	"cession/chain/lane"
	"cession/deal"
)

var operatorCases = []check{
	{name: "cancel what was sent", run: cancelSent},
	{name: "cancel what was never sent", run: cancelUnsent},
	{name: "cancel what has no nonce", run: cancelQueued},
	{name: "give up what has no nonce", run: giveUpQueued},
	{name: "give up what was sent", run: giveUpSent},
	{name: "give up too late", run: giveUpLate},
	{name: "bump", run: bumpNow},
	{name: "fill a gap", run: fillGap},
	{name: "adopt a hash", run: adopt},
	{name: "adopt a hash of something else", run: adoptOther},
	{name: "pause the lane", run: pauseLane},
	{name: "pause an intent", run: pauseIntent},
	{name: "resync", run: resync},
	{name: "an old version", run: oldVersion},
	{name: "two operators", run: fourEyes},
}

// canceled goes on until the intent waits for its operator, without a nonce.
func (r *rig) canceled(in deal.Intent) {
	r.Helper()
	r.until("canceled", func() bool {
		x := r.record(in)
		return x.Status == lane.Queued && x.Hold == lane.HoldCanceled
	})
	r.happened(in.Call, 0)
}

// cancelSent: a node took it and it is not in the chain. Its nonce is used by a
// transaction of nothing; retry signs it anew.
func cancelSent(t *testing.T, w *world) {
	r := w.newRig(t)
	r.swallow(false)
	in := r.submit(r.anchors(1)...)[0]
	r.until("sent", func() bool { return r.record(in).Status == lane.Sent })
	r.on(in, lane.Cancel)
	r.canceled(in)
	r.even()
	if mined, _, _ := w.nonces(r.signer.Address()); mined != 1 {
		t.Errorf("%d nonces used by the cancel, want 1", mined)
	}
	r.on(in, lane.Retry)
	r.want(in)
	if x := r.record(in); x.Attempts[len(x.Attempts)-1].Nonce != 1 {
		t.Errorf("attempts %+v, want the last at nonce 1", x.Attempts)
	}
}

// cancelUnsent: the nonce is given back, so nothing waits behind a gap.
func cancelUnsent(t *testing.T, w *world) {
	r := w.newRig(t)
	calls := r.anchors(2)
	in := r.submit(calls[0])[0]
	r.round() // signs, and sends nothing yet
	if x := r.record(in); x.Status != lane.Signed || x.Attempts[0].Tried {
		t.Fatalf("%+v, want signed and not sent", x)
	}
	r.on(in, lane.Cancel)
	r.canceled(in)
	next := r.submit(calls[1])[0]
	r.want(next)
	if n := r.record(next).Attempts[0].Nonce; n != 0 {
		t.Errorf("nonce %d, want 0: the one that was given back", n)
	}
	r.on(in, lane.Retry)
	r.want(in)
}

func cancelQueued(t *testing.T, w *world) {
	r := w.newRig(t)
	in := r.submit(r.anchors(1)...)[0]
	r.on(in, lane.Cancel)
	r.rounds(10)
	r.canceled(in)
	r.on(in, lane.Retry)
	r.want(in)
}

func giveUpQueued(t *testing.T, w *world) {
	r := w.newRig(t)
	in := r.submit(r.anchors(1)...)[0]
	r.on(in, lane.GiveUp)
	r.failed(in, "GIVEN_UP")
	if mined, pending, _ := w.nonces(r.signer.Address()); mined+pending != 0 {
		t.Errorf("%d nonces used, %d pending, for nothing", mined, pending)
	}
	if _, err := r.command(lane.Command{Verb: lane.Retry, Intent: in.ID}); deal.KindOf(err) != deal.Conflict {
		t.Errorf("retry of what failed: %v, want conflict", err)
	}
	r.rounds(5)
	r.happened(in.Call, 0)
}

func giveUpSent(t *testing.T, w *world) {
	r := w.newRig(t)
	r.swallow(false)
	in := r.submit(r.anchors(1)...)[0]
	r.until("sent", func() bool { return r.record(in).Status == lane.Sent })
	r.on(in, lane.GiveUp)
	r.failed(in, "GIVEN_UP")
	r.even()
}

// giveUpLate: it is in the pool or mined when it is given up. What was mined
// is what is told.
func giveUpLate(t *testing.T, w *world) {
	r := w.newRig(t)
	in := r.submit(r.anchors(1)...)[0]
	r.until("sent", func() bool { return r.record(in).Status == lane.Sent })
	r.on(in, lane.GiveUp)
	out := r.finish(in)[0]
	r.even()
	times := 0
	if out.OK {
		times = 1
	} else if out.Reason != "GIVEN_UP" {
		t.Errorf("told %+v", out)
	}
	r.happened(in.Call, times)
}

func bumpNow(t *testing.T, w *world) {
	r := w.newRig(t)
	r.swallow(false)
	in := r.submit(r.anchors(1)...)[0]
	r.until("sent", func() bool { return r.record(in).Status == lane.Sent })
	r.on(in, lane.Raise)
	r.want(in)
	a := r.record(in).Attempts
	if len(a) != 2 || a[1].Nonce != a[0].Nonce || a[1].Tip*8 < a[0].Tip*9 || a[1].Cap*8 < a[0].Cap*9 {
		t.Errorf("attempts %+v, want a second for an eighth more", a)
	}
}

// fillGap: a nonce that nothing stored fills, as after a lost backup.
func fillGap(t *testing.T, w *world) {
	r := w.newRig(t)
	if _, err := r.command(lane.Command{Verb: lane.FillGap}); deal.KindOf(err) != deal.Conflict {
		t.Errorf("without a gap: %v, want conflict", err)
	}
	intents := r.signedOnly(r.anchors(2)...)
	r.state.Open = slices.DeleteFunc(r.state.Open, func(x *lane.Record) bool { return x.Intent.ID == intents[0].ID })
	r.net.Fail(nil)
	r.laneShows(lane.NonceGap)
	if n := r.state.List().Gap; n != 1 {
		t.Errorf("gap of %d nonces, want 1", n)
	}
	r.operate(lane.Command{Verb: lane.FillGap})
	r.want(intents[1])
	r.happened(intents[0].Call, 0)
	r.until("well again", func() bool { return len(r.state.List().Reasons) == 0 && len(r.state.Open) == 0 })
}

// adopt: somebody else had the effect while the intent was held.
func adopt(t *testing.T, w *world) {
	r := w.newRig(t)
	in := r.submit(r.anchors(1)...)[0]
	r.on(in, lane.Pause)
	tx := w.send(t, w.stranger(t), in.Call)
	r.operate(lane.Command{Verb: lane.Adopt, Intent: in.ID, Tx: tx})
	r.want(in)
	if out := r.told[in.ID]; out.Tx != tx {
		t.Errorf("told %+v, want transaction %s", out, tx)
	}
	if mined, _, _ := w.nonces(r.signer.Address()); mined != 0 {
		t.Errorf("%d transactions for what was adopted", mined)
	}
}

func adoptOther(t *testing.T, w *world) {
	r := w.newRig(t)
	calls := r.anchors(2)
	in := r.submit(calls[0])[0]
	r.on(in, lane.Pause)
	tx := w.send(t, w.stranger(t), calls[1])
	r.operate(lane.Command{Verb: lane.Adopt, Intent: in.ID, Tx: tx})
	r.until("dropped", func() bool { return r.record(in).Adopted.IsZero() })
	r.happened(in.Call, 0)
	r.on(in, lane.Resume)
	r.want(in)
}

func pauseLane(t *testing.T, w *world) {
	r := w.newRig(t)
	r.operate(lane.Command{Verb: lane.Pause})
	in := r.submit(r.anchors(1)...)
	r.laneShows(lane.Paused)
	r.rounds(20)
	if n := r.net.Count("eth_sendRawTransaction"); n != 0 {
		t.Errorf("%d broadcasts by a paused lane", n)
	}
	r.operate(lane.Command{Verb: lane.Resume})
	r.want(in...)
}

func pauseIntent(t *testing.T, w *world) {
	r := w.newRig(t)
	intents := r.submit(r.anchors(2)...)
	r.on(intents[0], lane.Pause)
	r.want(intents[1])
	r.happened(intents[0].Call, 0)
	r.on(intents[0], lane.Resume)
	r.want(intents[0])
}

// resync: the counter is wrong, and nothing is in flight that says so.
func resync(t *testing.T, w *world) {
	r := w.newRig(t)
	calls := r.anchors(2)
	r.want(r.submit(calls[0])...)
	r.state.Nonce = 40
	r.operate(lane.Command{Verb: lane.Resync})
	r.want(r.submit(calls[1])...)
	if n := r.state.Nonce; n != 2 {
		t.Errorf("next nonce %d, want 2", n)
	}
}

// oldVersion: no double click, and the same command again has the first answer.
func oldVersion(t *testing.T, w *world) {
	r := w.newRig(t)
	in := r.submit(r.anchors(1)...)[0]
	c := lane.Command{ID: "first", Verb: lane.Pause, Intent: in.ID, Version: r.record(in).Version, Actor: "operator", Cause: lane.Exercise}
	first, err := r.state.Operate(c, r.now)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.state.Operate(c, r.now); err != nil || again.Version != first.Version {
		t.Errorf("again: %+v, %v; want %+v", again, err, first)
	}
	c.ID, c.Verb = "second", lane.Resume
	if _, err := r.state.Operate(c, r.now); deal.KindOf(err) != deal.Conflict {
		t.Errorf("on an old version: %v, want conflict", err)
	}
	r.on(in, lane.Resume)
	r.want(in)
}

// fourEyes: a proposal changes nothing until another operator approves it.
func fourEyes(t *testing.T, w *world) {
	r := w.newRig(t)
	in := r.submit(r.anchors(1)...)[0]
	r.on(in, lane.Pause)
	c := lane.Command{ID: "proposal", Verb: lane.GiveUp, Intent: in.ID, Version: r.record(in).Version,
		Actor: "one", Cause: lane.Exercise, FourEyes: true}
	if a, err := r.state.Operate(c, r.now); err != nil || !a.Proposed {
		t.Fatalf("%+v, %v; want a proposal", a, err)
	}
	r.rounds(3)
	approve := lane.Command{ID: "approval", Verb: lane.Approve, Proposal: "proposal", Actor: "one", Cause: lane.Exercise, Version: r.state.List().Version}
	if _, err := r.state.Operate(approve, r.now); deal.KindOf(err) != deal.Refused {
		t.Errorf("approved by its proposer: %v, want refused", err)
	}
	approve.ID, approve.Actor, approve.Version = "approval-2", "two", r.state.List().Version
	if _, err := r.state.Operate(approve, r.now); err != nil {
		t.Fatal(err)
	}
	r.failed(in, "GIVEN_UP")
}
