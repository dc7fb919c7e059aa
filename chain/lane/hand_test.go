package lane

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"cession/deal"
)

var others = []string{"lane/1/a", "lane/1/b"}

func withSiblings(c *Config) {
	c.Siblings, c.HandAfter = append(slices.Clone(others), c.ID()), time.Minute
}

// TestBlocked: what keeps a lane from getting on has others do what it has not sent.
func TestBlocked(t *testing.T) {
	tests := map[string]struct {
		block func(*bench)
		hands bool
	}{
		"paused":      {func(b *bench) { b.act(Pause, nil) }, true},
		"signer down": {func(b *bench) { b.chain.unsigned = true }, true},
		"node down":   {func(b *bench) { b.chain.down = true }, false},
		"no funds": {func(b *bench) {
			b.chain.refuse = func(fakeTx) Reason { return InsufficientFunds }
			b.state.cfg.MaxInFlight = 1
			b.submit(testIntent(1))
		}, true},
		"stuck": {func(b *bench) {
			b.state.cfg.MaxInFlight, b.chain.minTip = 1, 1<<30
			b.submit(testIntent(1))
		}, true},
		"day over": {func(b *bench) {
			b.act(Edit, nil, func(c *Command) { c.Limits = Limits{PerDay: 1, PerIntent: 2} })
		}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, withSiblings)
			test.block(b)
			in := testIntent(0)
			b.submit(in)
			if len(b.handed) > 0 && name != "paused" {
				t.Error("handed on at once")
			}
			for range 4 {
				b.wait(30 * time.Second)
			}
			if !test.hands {
				b.want(in, Queued, "")
				return
			}
			r := b.want(in, Moved, "")
			if len(b.handed) != 1 || b.handed[0].To != For(in.Deal, others) || r.To != b.handed[0].To || b.state.Totals.Moved != 1 {
				t.Errorf("handed %+v", b.handed)
			}
			if out, done := b.state.Submit(Submission{Intent: in}, b.now); done || out != (deal.Receipt{}) {
				t.Errorf("submitted again: %+v, %t", out, done)
			}
			b.run()
			if len(b.told) != 0 || len(b.handed) != 2 {
				t.Errorf("told %+v, and handed %d times: the lane that has it tells", b.told, len(b.handed))
			}
		})
	}
}

// TestHandsBackNonce: what is signed and was never sent is taken back first.
func TestHandsBackNonce(t *testing.T) {
	b := newBench(t, withSiblings)
	b.submit(testIntent(0))
	in := testIntent(1)
	b.state.Submit(Submission{Intent: in}, b.now)
	b.do(b.state.Next(b.now)[0])
	b.want(in, Signed, "")
	b.act(Pause, nil)
	b.want(in, Moved, "")
	b.want(testIntent(0), Sent, "")
	if b.state.Nonce != 1 || b.state.reserved() != callGas*210 {
		t.Errorf("next nonce %d, %d wei reserved", b.state.Nonce, b.state.reserved())
	}
}

// TestKeeps: what an operator holds, what waits for its own deal, and what was
// everywhere stays.
func TestKeeps(t *testing.T) {
	tests := map[string]func(*bench) deal.Intent{
		"held": func(b *bench) deal.Intent {
			return scenes["canceled"](b)
		},
		"waits for its deal": func(b *bench) deal.Intent {
			b.chain.minTip = 1000
			b.submit(testIntent(0))
			b.chain.unsigned = true
			b.submit(testIntent(8))
			return testIntent(8)
		},
		"was everywhere": func(b *bench) deal.Intent {
			b.chain.unsigned = true
			b.state.Submit(Submission{Intent: testIntent(0), Via: others}, b.now)
			return testIntent(0)
		},
	}
	for name, scene := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, withSiblings)
			in := scene(b)
			b.act(Pause, nil)
			b.wait(time.Hour)
			if r, _ := b.state.Record(in.ID); r.Status != Queued || len(b.handed) != 0 {
				t.Errorf("%s, handed %+v", r.Status, b.handed)
			}
		})
	}
	b := newBench(t, withSiblings)
	in := tests["was everywhere"](b)
	b.act(Retry, &in)
	b.act(Pause, nil)
	b.want(in, Moved, "")
}

// TestComesBack: only through more lanes; a repetition of an old hand-over does not count.
func TestComesBack(t *testing.T) {
	b := newBench(t, withSiblings)
	b.act(Pause, nil)
	in := testIntent(0)
	b.submit(in)
	b.want(in, Moved, "")
	b.act(Resume, nil)
	old := Submission{Intent: in, Via: others[:1]}
	b.state.Submit(old, b.now)
	b.run()
	b.want(in, Moved, "")
	back := Submission{Intent: in, Via: []string{b.state.cfg.ID(), others[0]}}
	for range 2 {
		b.state.Submit(back, b.now)
		b.run()
	}
	b.seal()
	b.want(in, Final, "")
	if n := b.chain.effects()[in.ID]; n != 1 || len(b.told) != 1 {
		t.Errorf("%d effects, told %+v", n, b.told)
	}
}

// TestHandLost: until the other lane has said that it has it, it is handed
// again, to the same one, and nothing else is done about it.
func TestHandLost(t *testing.T) {
	b := newBench(t, withSiblings)
	b.act(Pause, nil)
	in := testIntent(0)
	b.state.Submit(Submission{Intent: in}, b.now)
	first := b.state.Next(b.now)[0].(Hand)
	b.state.Apply(Failure{Action: first, Reason: RPCDown}, b.now)
	for _, v := range []Verb{Cancel, GiveUp, Pause, Edit} {
		b.cannot(deal.Conflict, v, &in, arguments)
	}
	b.act(Resume, nil)
	b.want(in, Queued, RPCDown)
	b.act(Retry, &in)
	b.want(in, Moved, "")
	if len(b.handed) != 1 || b.handed[0].To != first.To || b.chain.signed != 0 {
		t.Errorf("handed %+v after %d signatures", b.handed, b.chain.signed)
	}
}

// TestHandKeepsItsLane: one that may have it already gets it, whatever lanes there are now.
func TestHandKeepsItsLane(t *testing.T) {
	b := newBench(t, withSiblings)
	b.act(Pause, nil)
	in := testIntent(0)
	b.state.Submit(Submission{Intent: in}, b.now)
	first := b.state.Next(b.now)[0].(Hand)
	b.state.Apply(Failure{Action: first, Reason: RPCDown}, b.now)
	c := b.state.Config()
	c.Siblings = []string{"lane/1/new"}
	b.state.Configure(c)
	b.wait(time.Minute)
	if b.want(in, Moved, ""); b.handed[0].To != first.To {
		t.Errorf("handed to %s, and then to %s", first.To, b.handed[0].To)
	}
}

// TestFollowsItsDeal: what would revert here may not where its deal's last
// intent went.
func TestFollowsItsDeal(t *testing.T) {
	b := newBench(t, withSiblings)
	b.act(Pause, nil)
	b.submit(testIntent(0))
	b.act(Resume, nil)
	next := testIntent(8)
	next.Step = "reverts"
	b.submit(next)
	if r := b.want(next, Moved, ""); r.To != b.handed[0].To {
		t.Errorf("went to %s", r.To)
	}
}

// TestHandKeepsAge: however often it is handed on, an intent is as old as it is,
// and may cost what an operator said.
func TestHandKeepsAge(t *testing.T) {
	b := newBench(t, withSiblings)
	b.chain.unsigned = true
	in := testIntent(0)
	b.submit(in)
	b.act(Edit, &in, func(c *Command) { c.Limits = Limits{PerGas: 7e11, PerIntent: 3e17} })
	first := b.now
	for range 4 {
		b.wait(time.Minute)
	}
	for range 2 {
		b.want(in, Moved, "")
		sub := overTheWire(t, b.handed[0].Submission)
		next := newBench(t, withSiblings, func(c *Config) { c.Address = deal.Address{byte(len(sub.Via) + 1)} })
		next.now = b.now.Add(time.Hour)
		next.chain.unsigned = true
		for range 2 { // the same hand-over again changes nothing
			next.state.Submit(sub, next.now)
		}
		r := next.want(in, Queued, "")
		if !r.Submitted.Equal(first) || r.Limits != (Limits{PerGas: 7e11, PerIntent: 3e17}) || !r.Changed.Equal(next.now) {
			t.Errorf("after %d lanes: submitted %s, changed %s, limits %+v", len(sub.Via), r.Submitted, r.Changed, r.Limits)
		}
		if l := next.state.List(); !l.Oldest.Equal(first) || !l.Items[0].Submitted.Equal(first) {
			t.Errorf("after %d lanes: listed since %s", len(sub.Via), l.Oldest)
		}
		b = next
		for range 4 {
			b.wait(time.Minute)
		}
	}
}

// overTheWire is a submission as another lane gets it.
func overTheWire(t *testing.T, sub Submission) (out Submission) {
	t.Helper()
	b, err := json.Marshal(sub)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSubmittedNow: a submission that does not say since when, or names a time
// to come, is of now; it is written as it was before there was more to say.
func TestSubmittedNow(t *testing.T) {
	b := newBench(t)
	for n, at := range []time.Time{{}, b.now.Add(time.Hour)} {
		in := testIntent(n)
		b.state.Submit(Submission{Intent: in, Submitted: at}, b.now)
		if r, _ := b.state.Record(in.ID); !r.Submitted.Equal(b.now) || r.Limits != (Limits{}) {
			t.Errorf("submitted %s, limits %+v", r.Submitted, r.Limits)
		}
	}
	text, err := json.Marshal(Submission{Intent: testIntent(0)})
	var members map[string]json.RawMessage
	if err = errors.Join(err, json.Unmarshal(text, &members)); err != nil || len(members) != 1 {
		t.Errorf("written as %s, %v", text, err)
	}
}

// TestFor: adding a lane moves only the deals that the new one gets.
func TestFor(t *testing.T) {
	three := []string{"a", "b", "c"}
	got := map[string]int{}
	for n := range 300 {
		id := deal.ID("d-" + string(rune('a'+n%26)) + string(rune('a'+n/26)))
		old, now := For(id, three), For(id, append(three, "d"))
		got[old]++
		if now != old && now != "d" {
			t.Errorf("%s moved from %s to %s", id, old, now)
		}
	}
	for _, l := range three {
		if got[l] < 60 {
			t.Errorf("lane %s has %d of 300 deals", l, got[l])
		}
	}
	if For("d-x", nil) != "" {
		t.Error("a lane of none")
	}
}
