//go:build !slim

package main

import (
	"errors"
	"sync"
	"testing"
	"time"

	"go.temporal.io/api/serviceerror"

	"cession/deal"
)

// ballast is a signal nobody listens to. Its weight makes the server suggest
// to continue as new, which it does for histories above 4 MB.
const ballast = "ballast"

// load makes the history of the deal or of a room too heavy.
func (c *scene) load(room deal.PartyID) {
	for range 3 {
		c.poke(room, make([]byte, 1_500_000)) // the server takes at most 2 MB at once
	}
}

func (c *scene) poke(room deal.PartyID, weight []byte) {
	err := c.stage.client.SignalWorkflow(c.soon(), c.workflow(room), "", ballast, weight)
	var over *serviceerror.NotFound
	if err != nil && !errors.As(err, &over) {
		c.t.Error(err)
	}
}

func (c *scene) run(room deal.PartyID) string {
	c.t.Helper()
	d, err := c.stage.client.DescribeWorkflowExecution(c.soon(), c.workflow(room), "")
	if err != nil {
		c.t.Fatal(err)
	}
	return d.WorkflowExecutionInfo.Execution.RunId
}

// rollOver has the deal or a room continue as new.
func (c *scene) rollOver(room deal.PartyID) {
	c.t.Helper()
	last := c.run(room)
	c.load(room)
	c.next(room, last)
}

// next waits for the run after this one. The weight of a history is taken at
// the start of a task, so one may have to be started.
func (c *scene) next(room deal.PartyID, last string) {
	c.t.Helper()
	for ctx := c.soon(); c.run(room) == last; c.poke(room, nil) {
		select {
		case <-ctx.Done():
			c.t.Fatalf("%s does not continue as new", c.workflow(room))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// TestContinuesAsNewAtEveryStage has the deal and the bidder's room continue as
// new around every act of a deal, while the act is sent three times at once,
// and so is another one signed for the same place. No act is lost, none taken
// twice, and nothing that one workflow tells another is missed.
func TestContinuesAsNewAtEveryStage(t *testing.T) {
	c := openStage(t).openScene(t, nil)
	for _, turn := range usual {
		if turn.act == "invitation.accept" {
			c.bidder = stageLoser
			c.between("listing.publish", "data_room.open")
			c.bidder = stageBidder
		}
		c.contend(turn)
		if turn.act == "offers.confirm" {
			c.eventually("", "the deal hears of the offer", func(p deal.Progress) bool { return p.Rooms[stageBidder].Confirmed })
		}
	}
	for room, want := range map[deal.PartyID]deal.State{"": deal.Archived, stageBidder: deal.Selected, stageLoser: deal.NotSelected} {
		if state := c.ended(room); state != want {
			t.Errorf("%s ended as %q, want %q", c.workflow(room), state, want)
		}
	}
	c.eachOnce()
}

// contend has two acts of which one can be taken sent by three senders each,
// while the deal and the room continue as new.
func (c *scene) contend(turn turn) {
	c.t.Helper()
	rooms := []deal.PartyID{""}
	if turn.room {
		rooms = append(rooms, c.bidder)
	}
	last := map[deal.PartyID]string{}
	for _, room := range rooms {
		last[room] = c.run(room)
	}
	acts := []deal.Act{c.act(turn), c.act(turn)}
	verdicts := make([][3]deal.Verdict, len(acts))
	var senders sync.WaitGroup
	for _, room := range rooms {
		senders.Go(func() { c.load(room) })
	}
	if turn.act == "selection.select" {
		senders.Go(func() { c.load(stageLoser) })
	}
	for i, act := range acts {
		for j := range verdicts[i] {
			senders.Go(func() { verdicts[i][j] = c.send(act) })
		}
	}
	senders.Wait()
	c.oneTaken(turn, verdicts)
	if turn.act == "archive.archive" {
		return
	}
	for _, room := range rooms {
		c.next(room, last[room])
	}
}

// send sends an act until its outcome is known; "" means a conflict.
func (c *scene) send(act deal.Act) deal.Verdict {
	for ctx := c.soon(); ; {
		out, err := c.engine.Act(ctx, act)
		switch {
		case err == nil:
			return out.Verdict
		case deal.KindOf(err) == deal.Conflict:
			return ""
		case deal.KindOf(err) != deal.Lost || ctx.Err() != nil:
			c.t.Errorf("%s: %v", act.Name(), err)
			return deal.Rejected
		}
	}
}

func (c *scene) oneTaken(turn turn, verdicts [][3]deal.Verdict) {
	c.t.Helper()
	taken := 0
	for _, v := range verdicts {
		if v[0] != v[1] || v[1] != v[2] {
			c.t.Errorf("%s: one act had the outcomes %q", turn.act, v)
		}
		if v[0] == deal.Accepted {
			taken++
		}
	}
	if taken != 1 {
		c.t.Fatalf("%s: %d acts were taken, want 1: %q", turn.act, taken, verdicts)
	}
	act := c.act(turn)
	c.signed[string(act.Room+"/"+act.Party)]++
}

// eachOnce checks that every act stands in the record once, in its place, and
// that what went to the chain is what the records say.
func (c *scene) eachOnce() {
	c.t.Helper()
	receipts := map[deal.Commitment]bool{}
	for _, room := range []deal.PartyID{"", stageBidder, stageLoser} {
		count := map[deal.PartyID]uint64{}
		for _, r := range c.progress(room).Records {
			count[r.Act.Party]++
			if r.Act.Sequence != count[r.Act.Party] {
				c.t.Errorf("%s by %s has sequence %d, want %d", r.Act.Name(), r.Act.Party, r.Act.Sequence, count[r.Act.Party])
			}
			for _, receipt := range r.Receipts {
				receipts[receipt.Intent] = true
			}
		}
		for party, n := range count {
			if want := c.signed[string(room+"/"+party)]; n != want {
				c.t.Errorf("%d acts of %s in %q, want %d", n, party, room, want)
			}
		}
	}
	c.stage.mu.Lock()
	defer c.stage.mu.Unlock()
	for intent := range c.stage.sent {
		if !receipts[intent] {
			c.t.Errorf("intent %s was sent for no act", intent.Short())
		}
	}
	if len(receipts) == 0 || len(receipts) != len(c.stage.sent) {
		c.t.Errorf("%d intents were sent, %d are on record", len(c.stage.sent), len(receipts))
	}
}
