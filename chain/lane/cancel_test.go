package lane

import (
	"slices"
	"testing"
	"time"
)

// TestCancelQueued: it has no nonce, so there is nothing to undo.
func TestCancelQueued(t *testing.T) {
	b := newBench(t)
	in := scenes["queued"](b)
	b.act(Cancel, &in)
	b.chain.unsigned = false
	b.wait(time.Minute)
	if r := b.want(in, Queued, Paused); r.Hold != HoldCanceled || b.chain.signed != 0 {
		t.Errorf("hold %q after %d signatures", r.Hold, b.chain.signed)
	}
	b.act(Retry, &in)
	b.seal()
	b.want(in, Final, "")
}

// TestCancelWins: the transaction of nothing is mined; only when that is final
// the intent is free, and may be tried again.
func TestCancelWins(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Finality = "2" })
	in := testIntent(0)
	b.submit(in)
	b.act(Cancel, &in)
	r := b.want(in, Sent, "")
	if last := r.Attempts[1]; !last.Blank || last.Gas != 21_000 || last.Nonce != 0 || last.Tip < 12 {
		t.Fatalf("attempt %+v, want one of nothing that pays more", last)
	}
	b.seal()
	b.want(in, Mined, "")
	b.seal()
	b.want(in, Mined, "")
	b.seal()
	r = b.want(in, Queued, Paused)
	if r.Hold != HoldCanceled || r.Canceled || len(r.Attempts) != 1 || b.state.Totals.Cancels != 1 {
		t.Errorf("record %+v", r)
	}
	b.act(Retry, &in)
	b.seal()
	b.seal()
	b.seal()
	r = b.want(in, Final, "")
	if n := b.chain.effects()[in.ID]; n != 1 || r.Attempts[1].Nonce != 1 {
		t.Errorf("%d effects, attempts %+v", n, r.Attempts)
	}
	if got := b.state.Totals.Fees; got != b.chain.cost() {
		t.Errorf("paid %d, says %d", b.chain.cost(), got)
	}
}

// TestCancelLoses: the call is mined all the same, and that is its outcome.
func TestCancelLoses(t *testing.T) {
	for _, v := range []Verb{Cancel, GiveUp} {
		b := newBench(t)
		in := testIntent(0)
		b.submit(in)
		first := b.chain.pool[0]
		b.act(v, &in)
		b.chain.pool[0] = first
		b.seal()
		b.want(in, Final, "")
		if len(b.told) != 1 || !b.told[0].OK || b.state.Totals.Cancels != 0 {
			t.Errorf("%s: told %+v", v, b.told)
		}
	}
}

// TestCancelSwapped: a reorganization has the call mined where the transaction
// of nothing was. It was not final, so nothing was signed anew.
func TestCancelSwapped(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Finality = "2" })
	in := testIntent(0)
	b.submit(in)
	first := b.chain.pool[0]
	b.act(Cancel, &in)
	b.seal()
	b.want(in, Mined, "")
	b.chain.cut(1, false)
	b.chain.pool[0] = first
	for range 3 {
		b.seal()
	}
	b.want(in, Final, "")
	if n := b.chain.effects()[in.ID]; n != 1 || b.chain.signed != 2 {
		t.Errorf("%d effects of %d signatures", n, b.chain.signed)
	}
}

// TestRetryOfCancel: while its cancel is out, an operator wants it again.
func TestRetryOfCancel(t *testing.T) {
	b := newBench(t)
	in := scenes["canceling"](b)
	b.act(Retry, &in)
	r := b.want(in, Sent, "")
	if last := r.Attempts[2]; last.Blank || last.Gas != callGas || last.Nonce != 0 {
		t.Fatalf("attempt %+v, want the call again at the same nonce", last)
	}
	b.chain.minTip = 0
	b.seal()
	b.want(in, Final, "")
}

func TestGiveUp(t *testing.T) {
	for _, scene := range []string{"queued", "unsent", "signed", "sent", "paused", "canceled", "canceling"} {
		t.Run(scene, func(t *testing.T) {
			b := newBench(t)
			in := scenes[scene](b)
			b.act(GiveUp, &in)
			b.chain.refuse, b.chain.unsigned, b.chain.minTip = nil, false, 0
			b.wait(time.Minute)
			b.seal()
			b.wait(time.Minute)
			if r := b.want(in, Failed, ""); r.Receipt.Reason != GivenUp || len(b.told) != 1 || b.told[0] != r.Receipt {
				t.Errorf("receipt %+v, told %+v", r.Receipt, b.told)
			}
			if n := b.chain.effects()[in.ID]; n != 0 || len(b.chain.pool) != 0 || b.state.reserved() != 0 {
				t.Errorf("%d effects, pool %v, %d wei reserved", n, b.chain.pool, b.state.reserved())
			}
			next := testIntent(1)
			b.submit(next)
			b.seal()
			b.want(next, Final, "")
		})
	}
}

// TestBlankOverCeiling: what frees others may pay twice as much per gas.
func TestBlankOverCeiling(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Limits.PerGas = 220 })
	b.chain.minTip = 1000
	in := testIntent(0)
	b.submit(in)
	b.wait(time.Minute)
	b.want(in, Sent, FeeCeiling)
	b.act(Cancel, &in)
	r := b.want(in, Sent, "")
	if last := r.Attempts[len(r.Attempts)-1]; !last.Blank || last.Cap <= 220 || last.Cap > 440 {
		t.Errorf("attempt %+v", last)
	}
}

// TestStepAside: the lowest is of no price problem and does not get in; the lane
// takes it out of the way of the others, and hands it on if it can.
func TestStepAside(t *testing.T) {
	for _, siblings := range [][]string{nil, {"lane/1/other"}} {
		b := newBench(t, func(c *Config) { c.HandAfter, c.Siblings = time.Minute, siblings })
		stuck, behind := testIntent(0), testIntent(1)
		b.chain.refuse = func(tx fakeTx) Reason {
			if tx.Intent == stuck.ID {
				return GasTooLow
			}
			return ""
		}
		b.submit(stuck)
		b.submit(behind)
		b.wait(50 * time.Second)
		b.seal()
		b.want(stuck, Signed, GasTooLow)
		b.wait(10 * time.Second)
		b.wait(30 * time.Second)
		b.seal()
		b.want(behind, Final, "")
		if len(siblings) == 0 {
			if r := b.want(stuck, Queued, GasTooLow); r.Hold != HoldAside || !b.state.List().Items[0].Stuck {
				t.Errorf("hold %q", r.Hold)
			}
			b.chain.refuse = nil
			b.act(Retry, &stuck)
			b.seal()
			b.want(stuck, Final, "")
			continue
		}
		b.want(stuck, Moved, "")
		if len(b.handed) != 1 || !slices.Equal(b.handed[0].Submission.Via, []string{b.state.cfg.ID()}) {
			t.Errorf("handed %+v", b.handed)
		}
	}
}

// TestNoStepAsideAfterBump: what was changed for a transaction gets its time,
// however old it is.
func TestNoStepAsideAfterBump(t *testing.T) {
	b := newBench(t, func(c *Config) { c.HandAfter, c.BumpAfter = time.Minute, time.Hour })
	b.chain.minTip = 1000
	stuck, behind := testIntent(0), testIntent(1)
	b.submit(stuck)
	b.submit(behind)
	b.wait(50 * time.Second)
	b.act(Raise, &stuck)
	b.seal()
	b.wait(30 * time.Second)
	b.seal()
	if r := b.want(stuck, Sent, ""); r.Canceled || len(r.Attempts) != 2 {
		t.Fatalf("80 s old and bumped 30 s ago: %+v", r)
	}
	b.wait(31 * time.Second)
	b.seal()
	if r := b.want(stuck, Sent, ""); !r.Canceled {
		t.Errorf("a minute after the bump it is still in the way: %+v", r)
	}
}

// TestRewoundBelowBlank: the chain loses a transaction of nothing and what came
// after it. Both are sent again as they were.
func TestRewoundBelowBlank(t *testing.T) {
	b := newBench(t)
	b.chain.minTip = 11
	canceled, after := testIntent(0), testIntent(1)
	b.submit(canceled)
	b.submit(after)
	b.act(Cancel, &canceled)
	b.run()
	b.chain.minTip = 0
	b.seal()
	b.want(canceled, Queued, Paused)
	done := b.want(after, Final, "")
	b.chain.cut(len(b.chain.blocks), false)
	b.state.Rouse()
	for range 6 {
		b.wait(time.Minute)
		b.seal()
	}
	now := b.want(after, Final, "")
	if len(b.chain.pool) != 0 || b.chain.mined() != 2 || now.Receipt != done.Receipt || now.Restore {
		t.Errorf("%d mined, %d wait: %+v", b.chain.mined(), len(b.chain.pool), now)
	}
}

// TestNoStepAside: a price problem is solved by paying, and one alone is in nobody's way.
func TestNoStepAside(t *testing.T) {
	for name, test := range map[string]struct {
		why    Reason
		others int
	}{"price": {FeeBelowBase, 1}, "funds": {InsufficientFunds, 1}, "alone": {GasTooLow, 0}} {
		b := newBench(t, func(c *Config) { c.HandAfter = time.Minute })
		b.chain.refuse = func(tx fakeTx) Reason { return test.why }
		for n := range 1 + test.others {
			b.submit(testIntent(n))
		}
		for range 20 {
			b.wait(30 * time.Second)
		}
		if r, _ := b.state.Record(testIntent(0).ID); r.Canceled || r.Hold != "" {
			t.Errorf("%s: it stepped aside", name)
		}
	}
}

// TestFillGap: a nonce below what is held is unused, and nothing stored fills it.
func TestFillGap(t *testing.T) {
	b := newBench(t)
	b.chain.put(fakeTx{Call: "foreign", Nonce: 0, Tip: 10, Cap: 300})
	in := testIntent(0)
	b.submit(in) // starts at nonce 1
	b.chain.pool = map[uint64]fakeTx{}
	b.wait(Wait)
	b.wait(time.Second)
	l := b.state.List()
	if l.Gap != 1 || !slices.Contains(l.Reasons, NonceGap) || !l.Items[0].Stuck {
		t.Fatalf("listing %+v", l)
	}
	b.act(FillGap, nil)
	b.seal()
	b.want(in, Final, "")
	if got := b.state.List(); got.Gap != 0 || len(got.Reasons) != 0 || got.Totals.Cancels != 1 || got.Totals.Final != 1 {
		t.Errorf("listing %+v", got)
	}
	b.cannot("conflict", FillGap, nil)
}

// TestResync: the next nonce is taken from the chain again, and goes down if
// nothing is held.
func TestResync(t *testing.T) {
	b := newBench(t)
	b.submit(testIntent(0))
	b.seal()
	b.state.Nonce = 9
	b.act(Resync, nil)
	if b.state.Nonce != 1 || b.state.Resync {
		t.Errorf("next nonce %d, want 1", b.state.Nonce)
	}
	b.chain.foreign()
	b.act(Resync, nil)
	if b.state.Nonce != 2 {
		t.Errorf("next nonce %d, want 2", b.state.Nonce)
	}
	b.submit(testIntent(1))
	b.act(Resync, nil)
	if b.state.Nonce != 3 {
		t.Errorf("next nonce %d with one held, want 3", b.state.Nonce)
	}
}
