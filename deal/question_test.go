package deal

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// stand is what a board shows of a deal or room.
type stand struct {
	act      string // taken to come here
	state    State
	stage    string
	waiting  string
	possible string // but for what is possible all along
}

func (s stand) check(t *testing.T, c *course, always string) {
	t.Helper()
	if c.State != s.state || c.Stage() != s.stage {
		t.Errorf("after %q: state %s, stage %q; want %s, %q", s.act, c.State, c.Stage(), s.state, s.stage)
	}
	var roles, moves []string
	for _, r := range c.WaitingOn() {
		roles = append(roles, string(r))
	}
	for _, m := range c.Possible() {
		if name := m.Step + "." + m.Action; !slices.Contains(strings.Fields(always), name) {
			moves = append(moves, name)
		}
	}
	if have := strings.Join(roles, " "); have != s.waiting {
		t.Errorf("after %q: waiting on %q, want %q", s.act, have, s.waiting)
	}
	if have := strings.Join(moves, " "); have != s.possible {
		t.Errorf("after %q: possible %q, want %q", s.act, have, s.possible)
	}
}

func TestCourseOfADeal(t *testing.T) {
	const exits, claim = " cancellation.cancel cancellation.withdraw", " refund.claim"
	const early = " rules.adopt" + exits
	const add, added = "supplements.notarize ", "supplements.notarize supplements.append "
	course := []stand{
		{"", "open", "draft", "seller", "draft.open" + exits},
		{"draft.open", "draft", "documents", "seller", "documents.notarize" + early},
		{"documents.notarize", "documented", "mint", "seller", "mint.mint" + early},
		{"mint.mint", "minted", "listing", "seller", add + "listing.publish" + early},
		{"listing.publish", "listed", "selection", "seller", add + "invitations.invite selection.select" + early},
		{"invitations.invite", "listed", "selection", "seller", add + "invitations.invite selection.select" + early},
		{"supplements.notarize", "listed", "selection", "seller", added + "invitations.invite selection.select" + early},
		{"supplements.append", "listed", "selection", "seller", added + "invitations.invite selection.select" + early},
		{"selection.select", "selected", "terms", "seller buyer", added + "terms.approve terms.propose" + early},
		{"terms.approve", "selected", "terms", "seller buyer", added + "terms.approve terms.propose" + early},
		{"terms.propose", "selected", "terms", "seller buyer", "terms.approve terms.accept" + exits},
		{"terms.accept", "signed", "escrow", "seller", "escrow.deposit" + exits + claim},
		{"escrow.deposit", "signed", "escrow", "buyer", "escrow.fund" + claim},
		{"escrow.fund", "escrowed", "handover", "buyer", "handover.request" + claim},
		{"handover.request", "escrowed", "handover", "seller", "handover.release" + claim},
		{"handover.release", "escrowed", "handover", "buyer", "handover.receipt" + claim},
		{"handover.receipt", "handed_over", "settlement", "buyer", "settlement.settle" + claim},
		{"settlement.settle", "settled", "", "", "archive.archive"},
		{"archive.archive", "archived", "", "", ""},
	}
	c := newCourse(t, Standard(), nil)
	for _, want := range course {
		if want.act != "" {
			c.takeAll(want.act)
		}
		want.check(t, c, "")
	}
	if c.Ended == nil {
		t.Error("an archived deal has not ended")
	}
}

func TestCourseOfARoom(t *testing.T) {
	const always = "room_rules.adopt leave.withdraw leave.dismiss leave.revoke"
	course := []stand{
		{"", "open", "invitation", "bidder", "invitation.accept invitation.decline"},
		{"invitation.accept", "accepted", "clearance", "bidder seller", "clearance.declare clearance.reject"},
		{"clearance.declare", "accepted", "clearance", "bidder seller", "clearance.declare clearance.clear clearance.reject"},
		{"clearance.clear", "cleared", "nda", "bidder", "nda.sign"},
		{"nda.sign", "cleared", "nda", "bidder seller", "nda.sign nda.countersign"},
		{"nda.countersign", "nda_signed", "data_room", "seller", "data_room.open"},
		{"data_room.open", "data_room_open", "offers", "bidder", "questions.ask perimeter.propose offers.submit"},
		{"questions.ask", "data_room_open", "offers", "bidder", "questions.ask questions.answer perimeter.propose offers.submit"},
		{"perimeter.propose", "data_room_open", "offers", "bidder", "questions.ask questions.answer perimeter.propose perimeter.agree offers.submit"},
		{"offers.submit", "data_room_open", "offers", "bidder seller",
			"questions.ask questions.answer perimeter.propose perimeter.agree offers.submit offers.counter offers.confirm"},
		{"offers.confirm", "offered", "", "", ""},
	}
	c := newCourse(t, Standard(), &fund)
	for _, want := range course {
		if want.act != "" {
			c.takeAll(want.act)
		}
		want.check(t, c, always)
	}
	if moves := c.Possible(); len(moves) != 4 || moves[1].Title == "" || !slices.Equal(moves[1].By, []Role{BidderAs}) {
		t.Errorf("the ways out: %+v", moves)
	}
	c.take("leave.withdraw", nil)
	if c.State != Withdrawn || len(c.Possible()) != 0 {
		t.Errorf("after leaving: %s, possible %+v", c.State, c.Possible())
	}
}

func TestReport(t *testing.T) {
	c := newCourse(t, Standard(), &fund)
	if r := c.Report(); r.Bidder.ID != fund.ID || r.Stage != "invitation" || r.Cleared || r.NDA || r.Confirmed || r.Until != nil || r.Price != (Amount{}) {
		t.Errorf("a new room reports %+v", r)
	}
	c.takeAll("invitation.accept", "clearance.declare", "clearance.clear", "nda.sign")
	if r := c.Report(); !r.Cleared || r.NDA {
		t.Errorf("before the countersignature: %+v", r)
	}
	until := start.Add(9 * day)
	c.takeAll("nda.countersign", "data_room.open", "perimeter.propose")
	c.take("perimeter.agree", map[string]Value{"root": Digest(Commitment{77})})
	c.take("offers.submit", map[string]Value{"price": Money(100, "EUR"), "until": At(until)})
	c.take("offers.counter", map[string]Value{"price": Money(999, "EUR")})
	second := c.take("offers.submit", map[string]Value{"price": Money(200, "EUR"), "until": At(until)})
	r := c.Report()
	if r.Price != (Amount{200, "EUR"}) || r.Offer != second.ID || r.Confirmed || !r.NDA || r.Perimeter != (Commitment{77}) || r.Until == nil || !r.Until.Equal(until) {
		t.Errorf("the bidder's newest offer is not what is reported: %+v", r)
	}
	last := c.take("offers.confirm", map[string]Value{"price": Money(150, "EUR"), "until": At(until.Add(day))})
	if r = c.Report(); r.Price != (Amount{150, "EUR"}) || r.Offer != last.ID || !r.Confirmed || r.State != "offered" || !r.Until.Equal(until.Add(day)) {
		t.Errorf("the last word is not what is reported: %+v", r)
	}
}

func TestQuestionHoldsWhatTheDealKnows(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	q := c.Question(c.act("draft.open", nil), start.In(time.FixedZone("CET", 3600)))
	if q.Role != Seller || q.Bidder != "" || q.Room != nil || q.Face != (Amount{}) || q.Price != (Amount{}) || q.Now.Location() != time.UTC || q.Taken == nil {
		t.Errorf("the first question: %+v", q)
	}
	c.toTerms()
	a := c.act("terms.propose", nil)
	q = c.Question(a, c.now)
	want := Amount{12500000, "EUR"}
	if q.Bidder != fund.ID || q.Room == nil || q.Room.State != "offered" || q.Face != want || q.Price != want || q.Currency != "EUR" || q.Seller != vendor.ID || q.Pack != c.Opening.Pack {
		t.Errorf("the question of the terms: %+v", q)
	}
	if len(q.Taken) != 5 || q.Taken[0].Step != "draft" || q.Taken[4].Step != "selection" || q.Taken[4].Fields["bidder"] != Bidder(fund.ID) {
		t.Errorf("taken: %+v", q.Taken)
	}
	done := 0
	for _, s := range q.Steps {
		if s.Done {
			done++
		}
	}
	if done != 5 || q.Steps[0].ID != "draft" || q.Steps[0].Due == nil {
		t.Errorf("%d steps done, %+v", done, q.Steps)
	}
	other := Bidder("green-fund")
	c.Hear(Report{Bidder: Party{ID: "green-fund"}, State: "cleared"})
	if q = c.Question(c.act("invitations.invite", map[string]Value{"bidder": other}), c.now); q.Bidder != "green-fund" || q.Room == nil || q.Room.State != "cleared" {
		t.Errorf("a question that names a bidder is about %q, room %+v", q.Bidder, q.Room)
	}
}
