package desk

import (
	"testing"

	"cession/deal"
)

// supplement has a document added to the title and appended.
func (s *story) supplement() {
	root, count := deal.Digest(counted("root", 2)), deal.Number(9)
	s.take(s.deal, seller, "supplements", "notarize", fields{
		"root": root, "count": count, "tape_rows": deal.Number(400), "tape_missing": deal.Number(0), "tape_root": deal.Digest(counted("rows", 1)),
	})
	sig, _ := deal.NewValue(deal.KindSignature, "0x1234")
	s.take(s.deal, seller, "supplements", "append", fields{"root": root, "count": count, "authorization": sig})
}

// A bidder is told what is for sale as it stands now, so that its node can check
// rows and the description; the acts behind it are shown to seller and buyer.
func TestViewTellsWhatTheTitleStandsForNow(t *testing.T) {
	s := newStory("d-aaaaaaaaaaaaaaaaaaaa")
	s.list()
	s.supplement()
	offer := s.offer(s.invite(winner, 2), 40_000_777)
	want := Documents{Root: counted("root", 2), Count: 9, TapeRows: 400, TapeRoot: counted("rows", 1)}
	for _, party := range []deal.PartyID{winner, seller} {
		v, ok := View(*s.deal, s.roomList(), Caller{Party: party})
		if !ok || v.Title == nil || v.Title.Documents != want || v.Title.Teaser != counted("teaser", 1) {
			t.Errorf("%s is told of %+v, want %+v", party, v.Title, want)
		}
		if shown := v.Deal != nil && v.Deal.Last("supplements", "append") != nil; shown != (party == seller) {
			t.Errorf("%s is shown the act itself: %t", party, shown)
		}
	}
	s.selectBuyer(winner, offer)
	v, ok := View(*s.deal, s.roomList(), Caller{Party: winner})
	if !ok || v.Deal == nil {
		t.Fatal("the buyer is not shown the deal")
	}
	if root, count := v.Deal.Documents(); root != want.Root || count != 9 {
		t.Errorf("by the acts it is shown, the buyer buys %d documents", count)
	}
}
