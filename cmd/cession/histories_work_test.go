//go:build !slim

package main

import (
	"time"

	"cession/deal"
)

// rulesAndWork are the histories of packs that are adopted and of approvals that
// are waited for.
func rulesAndWork() []recording {
	return []recording{
		{exit: "adopted", play: adopted, state: deal.Withdrawn},
		{exit: "approved", play: func(c *scene) { approved(c, time.Hour, nil) }, state: deal.Cancelled},
		{exit: "escalated", play: func(c *scene) { approved(c, 4*time.Second, c.escalates) }, state: deal.Cancelled, quick: true},
		{exit: "escalated_in_the_next_run", play: func(c *scene) {
			approved(c, 12*time.Second, func() { c.rollOver(""); c.escalates() })
		}, state: deal.Cancelled},
	}
}

// adopted has the talks and the sale judged by a second pack, and from the
// selection on by a third.
func adopted(c *scene) {
	c.until("listing.publish")
	c.adopts("second", turn{"rules.adopt", deal.Seller, false})
	c.between("listing.publish", "offers.confirm")
	c.adopts("second", turn{"room_rules.adopt", deal.BidderAs, true})
	c.adopts("second", turn{"room_rules.adopt", deal.Seller, true})
	c.eventually("", "the deal hears of the rules of the room", func(p deal.Progress) bool {
		return p.Rooms[c.bidder].Pack == stageHash("second")
	})
	c.between("offers.confirm", "selection.select")
	c.adopts("third", turn{"rules.adopt", deal.Buyer, false})
	c.adopts("third", turn{"rules.adopt", deal.Seller, false})
	if sale := c.progress(""); sale.Pack() != stageHash("third") {
		c.t.Errorf("pack %s is in effect, want the third", sale.Pack())
	}
	c.between("selection.select", "terms.accept")
	c.ok(turn{"cancellation.withdraw", deal.Buyer, false})
}

func (c *scene) adopts(pack string, turn turn) {
	c.t.Helper()
	act := c.act(turn)
	act.Fields["pack"], act.ID = deal.Digest(stageHash(pack)), deal.Commitment{}
	act.ID = stageHash(act)
	if out, err := c.take(act); err != nil || out.Verdict != deal.Accepted {
		c.t.Fatalf("%s: %q, %v", turn.act, out.Verdict, err)
	}
}

// approved has the proposal of the terms refused for want of a second person
// within some time, who approves after what happens meanwhile; then the same
// act is taken.
func approved(c *scene, within time.Duration, meanwhile func()) {
	c.until("selection.select")
	c.stage.mu.Lock()
	c.stage.within[c.opening.ID] = within
	c.stage.mu.Unlock()
	c.stage.set(c.stage.refuse, c.opening.ID, "terms.propose")
	propose := turn{"terms.propose", deal.Seller, false}
	if out, err := c.take(c.act(propose)); err != nil || out.Verdict != deal.Rejected {
		c.t.Fatalf("without a second person: have %q, %v", out.Verdict, err)
	}
	if meanwhile != nil {
		meanwhile()
	}
	act := c.act(turn{"terms.approve", deal.Seller, false})
	act.Signer, act.ID = stageParty(stageSeller).Signers[1], deal.Commitment{}
	act.ID = stageHash(act)
	if out, err := c.take(act); err != nil || out.Verdict != deal.Accepted {
		c.t.Fatalf("the second person: %q, %v", out.Verdict, err)
	}
	if work := c.progress("").Work; len(work) != 1 || work[0].State != deal.WorkMet {
		c.t.Errorf("approved, and the work is %+v", work)
	}
	c.ok(propose)
	c.ok(turn{"cancellation.cancel", deal.Seller, false})
}

// escalates waits until nobody approved in time.
func (c *scene) escalates() {
	c.t.Helper()
	c.eventually("", "the work escalates", func(p deal.Progress) bool {
		return len(p.Work) == 1 && p.Work[0].Reminded != nil && p.Work[0].State == deal.WorkEscalated
	})
}
