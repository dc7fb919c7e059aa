package workflows

import (
	"testing"

	"cession/deal"
)

// TestWorkUnderTheStandardPack: what the shipped rules ask for when they want
// more persons becomes work, and what they count as approved is what meets it.
func TestWorkUnderTheStandardPack(t *testing.T) {
	s := newStage(t, map[string][]string{}, map[string]map[string]bool{})
	propose := line{who: "seller", act: "terms.propose", fields: "fund_by=+5d settle_by=+10d arbiter_by=+20d escrow=terms authorization=signed"}
	refusedOne, taken := propose, propose
	refusedOne.want, taken.want = refused, accepted
	lines := append(before("selection.select"), refusedOne,
		line{who: "seller2", act: "terms.approve", fields: "price=215,000.00 EUR", want: accepted})
	for _, l := range lines {
		s.play(l, func() {}, func(string) {})
	}
	s.later(func() { s.checkApproval(deal.WorkMet) })
	s.play(taken, func() {}, func(string) {})
	s.play(line{who: "seller", act: "cancellation.cancel", want: accepted}, func() {}, func(string) {})
	s.run()
	s.checkApproval(deal.WorkMet)
}

func (s *stage) checkApproval(want deal.WorkState) {
	s.t.Helper()
	work := s.board("deal").Work
	if len(work) != 1 {
		s.t.Errorf("%d items of work, want one: %+v", len(work), work)
		return
	}
	w := work[0]
	if w.State != want || w.For != "terms.propose" || w.Need.Act != "terms.approve" || w.Need.Party != seller || w.Need.Persons != 1 || w.Need.Rule != fourEyes {
		s.t.Errorf("the work is %+v, want it %s", w, want)
	}
}
