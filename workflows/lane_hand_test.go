package workflows

import (
	"testing"
	"time"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// TestLaneWarns: a requester hears that an effect it was told of is in doubt,
// and that it is back.
func TestLaneWarns(t *testing.T) {
	for name, test := range map[string]struct {
		deaf int
		gone bool
		told int
	}{"told": {0, false, 2}, "told at last": {2, false, 2}, "nobody is there": {0, true, 0}} {
		t.Run(name, func(t *testing.T) {
			r := newLaneRun(t, &laneNode{})
			r.at(0, func() { r.submit("1", laneIntent(1), r.accepted) })
			r.at(time.Minute, func() {
				r.deaf, r.gone = test.deaf, test.gone
				r.node.rewind()
				r.node.mine(9)
				r.env.SignalWorkflow(activities.LaneWake, nil)
			})
			r.at(90*time.Second, func() { r.node.mine(0) })
			r.until(3*time.Minute, laneInput())
			if len(r.told) != 1 || len(r.node.chain) != 1 || r.node.signed != 1 {
				t.Errorf("told %d outcomes, mined %d, signed %d; want one each", len(r.told), len(r.node.chain), r.node.signed)
			}
			last := deal.Notice{Intent: laneIntent(1).ID, State: deal.Restored}
			if n := len(r.warned); n > test.told || n < min(test.told, 1) || n > 0 && r.warned[n-1] != last {
				t.Errorf("told of %+v", r.warned)
			}
		})
	}
}

// TestLaneHands: a blocked lane hands on what it has not sent, once, whatever
// becomes of the request; asked for it again, it asks the other lane again.
func TestLaneHands(t *testing.T) {
	for name, test := range map[string]struct{ before, after, calls int }{
		"taken":        {0, 0, 1},
		"no answer":    {3, 0, 4},
		"answer lost":  {0, 1, 2},
		"answers lost": {0, 3, 4},
	} {
		t.Run(name, func(t *testing.T) {
			r := newLaneRun(t, &laneNode{})
			r.others.before, r.others.after = test.before, test.after
			r.at(begun, func() { r.operate("p", r.command("c-1", lane.Pause), r.done) })
			r.at(time.Second, func() { r.submit("1", laneIntent(1), r.accepted) })
			r.at(2*time.Minute, func() {
				if rec := r.record(laneIntent(1).ID); rec.Status != lane.Moved || rec.To != siblingInput().Config.ID() || r.others.calls != test.calls {
					t.Errorf("%s, after %d requests: %+v", rec.Status, r.others.calls, rec)
				}
				r.operate("r", r.command("c-2", lane.Resume), r.done)
			})
			r.at(3*time.Minute, func() {
				r.submit("2", laneIntent(1), func(out activities.Submitted, err error) {
					if err != nil || out.Done {
						t.Errorf("asked again: %+v, %v", out, err)
					}
				})
			})
			r.until(5*time.Minute, withSibling())
			if len(r.others.taken) != 1 || r.others.to[0] != siblingInput().Config.ID() || len(r.told) != 0 || r.node.signed != 0 {
				t.Fatalf("taken %+v by %v, told %d, signed %d", r.others.taken, r.others.to, len(r.told), r.node.signed)
			}
			if via := r.others.taken[0].Via; len(via) != 1 || via[0] != laneInput().Config.ID() {
				t.Errorf("via %v", via)
			}
			if r.others.calls != test.calls+1 {
				t.Errorf("%d requests; want another one when it is asked for again", r.others.calls)
			}
		})
	}
}

// TestLanePublishes: what ended and what operators did is kept outside, once,
// although the store fails or its answer is lost.
func TestLanePublishes(t *testing.T) {
	for name, test := range map[string]struct{ before, after int }{
		"kept": {0, 0}, "store down": {3, 0}, "answer lost": {0, 1}, "answers lost": {0, 3},
	} {
		t.Run(name, func(t *testing.T) {
			r := newLaneRun(t, &laneNode{})
			r.store.before, r.store.after = test.before, test.after
			r.at(0, func() { r.submit("1", laneIntent(1), r.accepted) })
			r.at(time.Second, func() { r.operate("e", r.limit("c-1"), r.done) })
			calls := 0
			r.at(5*time.Minute, func() { calls = r.store.calls })
			r.until(20*time.Minute, laneInput())
			if it := r.store.items[laneIntent(1).ID]; it.Status != lane.Final || it.Receipt == nil || len(r.store.items) != 1 {
				t.Errorf("items %+v", r.store.items)
			}
			if len(r.store.entries) != 1 || r.store.entries[1].Command.ID != "c-1" {
				t.Errorf("entries %+v", r.store.entries)
			}
			if r.store.calls != calls {
				t.Errorf("it goes on publishing what is kept: %d calls, then %d", calls, r.store.calls)
			}
			if !r.record(laneIntent(1).ID).Kept {
				t.Error("the lane does not know that it is kept")
			}
		})
	}
}

// limit is a command that changes nothing of interest.
func (r *laneRun) limit(id string) lane.Command {
	c := r.command(id, lane.Edit)
	c.Limits.PerGas = 77e9
	return c
}
