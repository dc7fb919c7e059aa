//go:build !slim

package main

import (
	"cession/deal"
)

// stageLists are lists of documents: of those notarized before the mint, of one
// more, and of two more.
var stageLists = []string{"root", "nine", "ten"}

// supplements are the histories of documents that are added to a title, and of
// terms that say how long the seller keeps them, which all terms of the usual
// course do.
func supplements() []recording {
	return []recording{
		{exit: "supplemented", play: supplemented, state: deal.Archived, quick: true},
		{exit: "supplement_refused", play: func(c *scene) { supplementFails(c, c.stage.revert) }, state: deal.Cancelled},
		{exit: "supplement_lost", play: func(c *scene) { supplementFails(c, c.stage.lose) }, state: deal.Cancelled},
		{exit: "supplemented_in_the_next_run", play: supplementedLater, state: deal.Cancelled},
	}
}

// notarizes takes the act that notarizes a list.
func (c *scene) notarizes(more int) { c.supplement("supplements.notarize", more, true) }

// appends takes the act that has the title stand for it, which is accepted or not.
func (c *scene) appends(more int, accepted bool) { c.supplement("supplements.append", more, accepted) }

func (c *scene) supplement(name string, more int, accepted bool) {
	c.t.Helper()
	act := c.act(turn{name, deal.Seller, false})
	act.Fields["root"], act.Fields["count"] = deal.Digest(stageHash(stageLists[more])), deal.Number(stageDocuments+uint64(more))
	act.ID = deal.Commitment{}
	act.ID = stageHash(act)
	out, err := c.take(act)
	if accepted && (err != nil || out.Verdict != deal.Accepted) || !accepted && deal.KindOf(err) != deal.Conflict {
		c.t.Fatalf("%s of list %s: %q, %v", name, stageLists[more], out.Verdict, err)
	}
}

// learns waits until the bidder's room knows of the list.
func (c *scene) learns(more int) {
	c.t.Helper()
	c.eventually(c.bidder, "the room learns of the list", func(p deal.Progress) bool {
		return p.Title != nil && p.Title.Root == stageHash(stageLists[more])
	})
}

// supplemented has documents added twice, during the talks and after the
// selection, and the deal settled for all of them.
func supplemented(c *scene) {
	c.until("data_room.open")
	c.learns(0)
	c.notarizes(1)
	c.appends(1, true)
	c.learns(1)
	c.between("data_room.open", "selection.select")
	c.notarizes(2)
	c.appends(2, true)
	c.between("selection.select", "archive.archive")
	if p := c.progress(""); p.Received == nil || p.Received.Count != stageDocuments+2 {
		c.t.Errorf("received: %+v", p.Received)
	}
}

// supplementFails has the chain refuse to append, or its answer lost: then the
// deal asks again by itself.
func supplementFails(c *scene, hook map[deal.ID]string) {
	c.until("invitations.invite")
	c.notarizes(1)
	c.stage.set(hook, c.opening.ID, "receivable.append")
	if refused := c.stage.reverts(c.opening.ID); refused {
		c.appends(1, false)
	}
	c.appends(1, true)
	c.learns(1)
	c.ok(turn{"cancellation.cancel", deal.Seller, false})
}

// reverts reports whether the chain is to refuse something.
func (s *stage) reverts(id deal.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.revert[id] != ""
}

// supplementedLater has deal and room continue as new between the two acts, and
// after them.
func supplementedLater(c *scene) {
	c.until("data_room.open")
	c.notarizes(1)
	c.rollOver("")
	c.rollOver(c.bidder)
	c.appends(1, true)
	c.learns(1)
	c.rollOver(c.bidder)
	c.learns(1)
	c.ok(turn{"cancellation.cancel", deal.Seller, false})
}
