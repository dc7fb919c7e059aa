//go:build !slim

package main

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

var update = flag.Bool("update", false, "record the workflow histories that are replayed anew")

// recording is one way out of the plan, or something else a history must show.
type recording struct {
	exit  string
	short map[string]time.Duration // steps with a deadline of seconds
	play  func(*scene)
	room  bool // it is the bidder's room that ends this way
	state deal.State
	quick bool // recorded and replayed in every test run
}

// TestRecordedHistories plays deals on a real server and replays their
// histories. With -update it plays every exit of the plan and keeps the
// histories, which are replayed in every test run of package workflows from
// then on; without, a few, which shows that the recorder agrees with the code.
func TestRecordedHistories(t *testing.T) {
	s := openStage(t)
	if *update {
		if err := os.MkdirAll(fixtures, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range slices.Concat(deadlines(), actions(), rulesAndWork(), supplements()) {
		if r.quick || *update {
			t.Run(r.exit, func(t *testing.T) {
				t.Parallel()
				s.record(t, r)
			})
		}
	}
}

func (s *stage) record(t *testing.T, r recording) {
	c := s.openScene(t, r.short)
	r.play(c)
	c.finish(r)
	if *update {
		if err := forget(r.exit); err != nil {
			t.Fatal(err)
		}
	}
	for name, h := range c.histories(r.exit) {
		if err := replay(h); err != nil {
			t.Errorf("replay %s: %v", name, err)
		}
		if state := result(t, h); strings.HasPrefix(name, r.exit+"."+r.who()) && state != "" && state != r.state {
			t.Errorf("%s ended as %q, want %q", name, state, r.state)
		}
		if *update {
			if err := save(name, h); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// who names the workflow that ends in the state, as fixtures do.
func (r recording) who() string {
	if r.room {
		return "room-" + string(stageBidder)
	}
	return "deal"
}

// finish ends whatever the exit left open.
func (c *scene) finish(r recording) {
	c.t.Helper()
	if r.room {
		c.ended(c.bidder)
		c.ok(turn{"cancellation.cancel", deal.Seller, false})
	}
	c.ended("")
	for id := range c.progress("").Rooms {
		c.ended(id)
	}
}

// deadlines has the deadline of every step pass that has one.
func deadlines() (all []recording) {
	const short = 3 * time.Second
	for _, step := range deal.Standard().Steps {
		if step.Expires.State == "" {
			continue
		}
		r := recording{exit: step.ID + ".deadline", room: step.Scope == deal.PerBidder, state: step.Expires.State, quick: step.ID == "nda"}
		if step.Deadline > 0 {
			r.short = map[string]time.Duration{step.ID: short}
		}
		r.play = func(c *scene) {
			switch step.ID {
			case "escrow":
				c.fundBy = 5 * time.Second
				c.until("escrow.deposit")
			case "handover", "settlement":
				c.settle = 15 * time.Second
				c.opens(step)
			default:
				c.opens(step)
			}
		}
		all = append(all, r)
	}
	return all
}

// opens plays the usual course until a step is open.
func (c *scene) opens(step deal.Step) {
	c.t.Helper()
	last := ""
	for _, turn := range usual {
		for _, before := range step.After {
			if strings.HasPrefix(turn.act, before+".") {
				last = turn.act
			}
		}
	}
	if last == "" && step.Scope == deal.PerBidder {
		last = "invitations.invite"
	}
	if last != "" {
		c.until(last)
	}
}

// then plays the usual course up to an act, and then another.
func then(last, act string, by deal.Role, room bool) func(*scene) {
	return func(c *scene) {
		c.until(last)
		c.ok(turn{act, by, room})
	}
}

// actions are the exits that a party takes, and the histories of what goes wrong.
func actions() []recording {
	return []recording{
		{exit: "invitation.decline", play: then("invitations.invite", "invitation.decline", deal.BidderAs, true), room: true, state: deal.Declined},
		{exit: "clearance.reject", play: then("clearance.declare", "clearance.reject", deal.Seller, true), room: true, state: deal.Declined},
		{exit: "leave.withdraw", play: then("data_room.open", "leave.withdraw", deal.BidderAs, true), room: true, state: deal.Withdrawn},
		{exit: "leave.dismiss", play: dismissed, room: true, state: deal.Declined},
		{exit: "cancellation.cancel", play: then("offers.confirm", "cancellation.cancel", deal.Seller, false), state: deal.Cancelled},
		{exit: "cancellation.withdraw", play: then("terms.accept", "cancellation.withdraw", deal.Buyer, false), state: deal.Withdrawn},
		{exit: "refund.claim", play: then("escrow.fund", "refund.claim", deal.Buyer, false), state: deal.Refunded},
		{exit: "archive.archive", play: withLoser, state: deal.Archived, quick: true},
		{exit: "escrow_never_opened", play: neverOpened, state: deal.Expired},
		{exit: "refused_by_policy", play: refusedOnce, state: deal.Cancelled},
		{exit: "refused_by_chain", play: revertedOnce, state: deal.Cancelled, quick: true},
		{exit: "node_offline", play: nodeAway, state: deal.Archived},
		{exit: "continued_as_new", play: rolledOver, state: deal.Archived},
	}
}

// dismissed takes the bidder's reading rights back before it ends the talks.
func dismissed(c *scene) {
	c.until("offers.submit")
	c.ok(turn{"leave.revoke", deal.Seller, true})
	c.ok(turn{"leave.dismiss", deal.Seller, true})
}

// neverOpened has the time for the price pass with nothing in escrow.
func neverOpened(c *scene) {
	c.fundBy = 3 * time.Second
	c.until("terms.accept")
}

// withLoser plays the whole deal with a second bidder, who is not selected.
func withLoser(c *scene) {
	c.until("listing.publish")
	c.bidder = stageLoser
	c.between("listing.publish", "data_room.open")
	c.bidder = stageBidder
	c.between("listing.publish", "archive.archive")
	if state := c.ended(stageLoser); state != deal.NotSelected {
		c.t.Errorf("the loser's room ended as %q", state)
	}
}

func refusedOnce(c *scene) {
	c.until("draft.open")
	c.stage.set(c.stage.refuse, c.opening.ID, "documents.notarize")
	if out, err := c.take(c.act(turn{"documents.notarize", deal.Seller, false})); err != nil || out.Verdict != deal.Rejected {
		c.t.Errorf("refused: have %q, %v", out.Verdict, err)
	}
	c.between("draft.open", "mint.mint")
	c.ok(turn{"cancellation.cancel", deal.Seller, false})
}

func revertedOnce(c *scene) {
	c.until("documents.notarize")
	c.stage.set(c.stage.revert, c.opening.ID, "receivable.mint")
	if _, err := c.take(c.act(turn{"mint.mint", deal.Seller, false})); deal.KindOf(err) != deal.Conflict {
		c.t.Errorf("reverted: have %v, want a conflict", err)
	}
	c.between("documents.notarize", "listing.publish")
	c.ok(turn{"cancellation.cancel", deal.Seller, false})
}

// nodeAway has the buyer's node come up long after it was to fetch the documents.
func nodeAway(c *scene) {
	c.bidder = "late-fund"
	c.until("handover.release")
	c.eventually("", "the node is missed", func(p deal.Progress) bool { return len(p.Troubles) == 1 })
	c.stage.startNode(c.t, c.bidder)
	c.eventually("", "the documents are there", func(p deal.Progress) bool { return p.Received != nil })
	c.between("handover.release", "archive.archive")
}

// rolledOver has the deal and the room continue as new in the middle.
func rolledOver(c *scene) {
	c.until("data_room.open")
	c.rollOver(stageBidder)
	c.between("data_room.open", "offers.counter")
	c.rollOver("")
	c.rollOver(stageBidder)
	c.between("offers.counter", "handover.release")
	c.rollOver("")
	c.between("handover.release", "archive.archive")
}
