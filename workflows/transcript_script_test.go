package workflows

import (
	"strings"
	"time"

	"cession/deal"
)

// story is a deal told act by act. It starts where the usual course stands
// after an act, which is played without being told; "" is the beginning.
type story struct {
	title   string
	after   string
	lines   []line
	reverts string // call that the chain refuses until the first line
}

// line is an act somebody tries to take, and what must come of it: accepted,
// refused by a rule of the pack, or rejected by the plan before any rule is
// asked. The fields are written as the parser in transcript_words_test.go reads
// them: times from now, commitments by a name.
type line struct {
	who, act, fields, want string
	wait                   time.Duration // before it, beyond the ten minutes between acts
}

const (
	accepted   = "accepted"
	refused    = "refused"
	turnedDown = "rejected"
)

// usual is the standard plan from the draft to the archive, with somebody
// trying what is not to be at every step.
var usual = []line{
	{who: "bidder", act: "draft.open", fields: "plan=standard pack=standard", want: turnedDown},
	{who: "seller", act: "draft.open", fields: "plan=standard pack=another", want: refused},
	{who: "seller", act: "documents.notarize", fields: "root=portfolio count=8", want: turnedDown},
	{who: "seller", act: "draft.open", fields: "plan=standard pack=standard", want: accepted},

	{who: "seller", act: "documents.notarize", fields: "root=portfolio count=0", want: refused},
	{who: "seller", act: "mint.mint", fields: "face=250,000.00 EUR due=+90d title_salt=random authorization=signed", want: turnedDown},
	{who: "seller", act: "documents.notarize", fields: "root=portfolio count=8", want: accepted},

	{who: "seller", act: "mint.mint", fields: "face=60,000,000.00 EUR due=+90d title_salt=random authorization=signed", want: refused},
	{who: "seller", act: "mint.mint", fields: "face=250,000.00 USD due=+90d title_salt=random authorization=signed", want: refused},
	{who: "seller", act: "invitations.invite", fields: "bidder=red-fund", want: turnedDown},
	{who: "seller", act: "supplements.notarize", fields: "root=nine count=9", want: turnedDown},
	{who: "seller", act: "mint.mint", fields: "face=250,000.00 EUR due=+90d title_salt=random authorization=signed", want: accepted},

	{who: "seller", act: "supplements.append", fields: "root=nine count=9 authorization=signed", want: turnedDown},
	{who: "seller", act: "supplements.notarize", fields: "root=nine count=8", want: refused},
	{who: "seller", act: "supplements.notarize", fields: "root=nine count=9 tape_rows=400 tape_missing=0 tape_root=rows", want: accepted},
	{who: "seller", act: "supplements.append", fields: "root=another count=9 authorization=signed", want: refused},
	{who: "seller", act: "supplements.append", fields: "root=nine count=9 authorization=signed", want: accepted},
	{who: "seller", act: "supplements.append", fields: "root=nine count=9 authorization=signed", want: refused},

	{who: "seller", act: "listing.publish", fields: "until=-1d", want: refused},
	{who: "seller", act: "listing.publish", fields: "guidance=300,000.00 EUR until=+60d", want: refused},
	{who: "seller", act: "listing.publish", fields: "guidance=230,000.00 EUR until=+60d teaser=description", want: accepted},

	{who: "seller", act: "invitations.invite", fields: "bidder=seller-bank", want: refused},
	{who: "seller", act: "invitations.invite", fields: "bidder=red-fund", want: accepted},
	{who: "seller", act: "invitations.invite", fields: "bidder=red-fund", want: turnedDown},

	{who: "loser", act: "invitation.accept", want: turnedDown},
	{who: "bidder", act: "invitation.accept", want: accepted},
	{who: "bidder", act: "invitation.decline", want: turnedDown},

	{who: "seller", act: "clearance.clear", want: turnedDown},
	{who: "bidder", act: "clearance.declare", fields: "jurisdiction=de capacity=fund", want: refused},
	{who: "bidder", act: "clearance.declare", fields: "jurisdiction=lu capacity=fund declaration=owners", want: accepted},
	{who: "seller", act: "clearance.clear", want: accepted},

	{who: "seller", act: "nda.countersign", fields: "text=agreement until=+365d", want: turnedDown},
	{who: "bidder", act: "nda.sign", fields: "text=agreement until=-1d", want: refused},
	{who: "bidder", act: "nda.sign", fields: "text=agreement until=2027-06-30", want: accepted},
	{who: "seller", act: "nda.countersign", fields: "text=another until=2027-06-30", want: refused},
	{who: "bidder", act: "questions.ask", fields: "question=overdue", want: turnedDown},
	{who: "seller", act: "data_room.open", fields: "until=+30d", want: turnedDown},
	{who: "seller", act: "nda.countersign", fields: "text=agreement until=2027-06-30", want: accepted},

	{who: "seller", act: "data_room.open", fields: "until=2027-07-31", want: refused},
	{who: "seller", act: "data_room.open", fields: "until=+30d", want: accepted},

	{who: "seller", act: "questions.answer", fields: "asked=nda.sign answer=none", want: turnedDown},
	{who: "bidder", act: "questions.ask", fields: "question=overdue due=+1h", want: refused},
	{who: "bidder", act: "questions.ask", fields: "question=overdue due=+3d", want: accepted},
	{who: "seller", act: "questions.answer", fields: "asked=nda.sign answer=none", want: refused},
	{who: "seller", act: "questions.answer", fields: "asked=questions.ask answer=none", want: accepted},

	{who: "bidder", act: "perimeter.agree", fields: "root=seven count=7 face=240,000.00 EUR", want: turnedDown},
	{who: "seller", act: "perimeter.propose", fields: "root=seven count=7 face=260,000.00 EUR", want: refused},
	{who: "seller", act: "perimeter.propose", fields: "root=seven count=7 face=240,000.00 EUR rows_root=fewer rows=401", want: refused},
	{who: "seller", act: "perimeter.propose", fields: "root=seven count=7 face=240,000.00 EUR rows_root=fewer rows=399 delta=row price=215,000.00 EUR", want: accepted},
	{who: "bidder", act: "perimeter.agree", fields: "root=seven count=6 face=240,000.00 EUR rows_root=fewer rows=399 delta=row price=215,000.00 EUR", want: refused},
	{who: "bidder", act: "perimeter.agree", fields: "root=seven count=7 face=240,000.00 EUR rows_root=fewer rows=399 delta=row price=215,000.00 EUR", want: accepted},

	{who: "seller", act: "offers.counter", fields: "price=220,000.00 EUR until=+20d", want: turnedDown},
	{who: "bidder", act: "offers.submit", fields: "price=90,000,000.00 EUR until=+20d perimeter=perimeter.propose", want: refused},
	{who: "bidder", act: "offers.submit", fields: "price=205,000.00 EUR until=-1d perimeter=perimeter.propose", want: refused},
	{who: "loser", act: "offers.submit", fields: "price=1.00 EUR until=+20d", want: turnedDown},
	{who: "bidder", act: "offers.submit", fields: "price=205,000.00 EUR until=+20d", want: refused}, // for what?
	{who: "bidder", act: "offers.submit", fields: "price=205,000.00 EUR until=+20d perimeter=perimeter.propose", want: accepted},
	{who: "seller", act: "selection.select", fields: "bidder=red-fund offer=offers.submit price=205,000.00 EUR", want: refused},
	{who: "seller", act: "offers.counter", fields: "price=220,000.00 EUR until=+20d perimeter=perimeter.propose", want: accepted},
	{who: "bidder", act: "offers.confirm", fields: "price=215,000.00 EUR until=+20d perimeter=perimeter.propose", want: accepted},
	{who: "bidder", act: "offers.submit", fields: "price=200,000.00 EUR until=+20d", want: turnedDown},

	{who: "seller", act: "selection.select", fields: "bidder=red-fund offer=offers.confirm price=220,000.00 EUR", want: refused},
	{who: "seller", act: "terms.approve", fields: "price=215,000.00 EUR", want: turnedDown},
	{who: "seller", act: "selection.select", fields: "bidder=red-fund offer=offers.confirm price=215,000.00 EUR", want: accepted},

	{who: "buyer", act: "terms.accept", fields: "escrow=terms authorization=signed", want: turnedDown},
	{who: "seller", act: "terms.propose", fields: "fund_by=+5d settle_by=+10d arbiter_by=+20d escrow=terms authorization=signed", want: refused},
	{who: "seller2", act: "terms.approve", fields: "price=225,000.00 EUR", want: refused},
	{who: "seller2", act: "terms.approve", fields: "price=215,000.00 EUR", want: accepted},
	{who: "seller", act: "terms.propose", fields: "fund_by=+10d settle_by=+5d arbiter_by=+20d escrow=terms authorization=signed", want: refused},
	{who: "seller", act: "terms.propose", fields: "fund_by=+5d settle_by=+10d arbiter_by=+20d retain_until=+100d escrow=terms authorization=signed", want: accepted},
	{who: "buyer2", act: "terms.approve", fields: "price=215,000.00 EUR", want: accepted},
	{who: "buyer", act: "terms.accept", fields: "escrow=another authorization=signed", want: refused},
	{who: "buyer", act: "terms.accept", fields: "escrow=terms authorization=signed", want: accepted},

	{who: "buyer", act: "escrow.fund", fields: "permit_until=+5d permit=signed", want: turnedDown},
	{who: "seller", act: "escrow.deposit", fields: "permit_until=-1h permit=signed", want: refused},
	{who: "seller", act: "escrow.deposit", fields: "permit_until=+5d permit=signed", want: accepted},
	{who: "seller", act: "cancellation.cancel", want: turnedDown},
	{who: "buyer", act: "escrow.fund", fields: "permit_until=+5d permit=signed", want: accepted},
	{who: "buyer", act: "refund.claim", want: refused},

	{who: "seller", act: "handover.release", fields: "key=buyer root=seven until=+2d", want: turnedDown},
	{who: "buyer", act: "handover.request", fields: "key=buyer", want: accepted},
	{who: "seller", act: "handover.release", fields: "key=stranger root=seven until=+2d", want: refused},
	{who: "seller", act: "handover.release", fields: "key=buyer root=portfolio until=+2d", want: refused},
	{who: "seller", act: "handover.release", fields: "key=buyer root=seven until=+2d", want: accepted},
	{who: "buyer", act: "settlement.settle", fields: "authorization=signed", want: turnedDown},
	{who: "buyer", act: "handover.receipt", fields: "root=seven count=9", want: refused},
	{who: "buyer", act: "handover.receipt", fields: "root=seven count=7", want: accepted},

	{who: "seller", act: "settlement.settle", fields: "authorization=signed", want: turnedDown},
	{who: "seller", act: "archive.archive", fields: "record=record", want: turnedDown},
	{who: "buyer", act: "settlement.settle", fields: "authorization=signed", want: accepted},
	{who: "loser", act: "archive.archive", fields: "record=record", want: turnedDown},
	{who: "seller", act: "archive.archive", fields: "record=record", want: accepted},
}

// stories are the usual course and every exit a party can take.
var stories = []story{
	{title: "The usual course", after: "", lines: usual},
	{title: "The bidder declines", after: "invitations.invite", lines: []line{{who: "bidder", act: "invitation.decline", want: accepted}}},
	{title: "The seller turns the bidder down", after: "clearance.declare", lines: []line{{who: "seller", act: "clearance.reject", want: accepted}}},
	{title: "The bidder withdraws", after: "data_room.open", lines: []line{
		{who: "seller", act: "leave.withdraw", want: turnedDown},
		{who: "bidder", act: "leave.withdraw", want: accepted},
	}},
	{title: "The seller ends the talks", after: "offers.submit", lines: []line{
		{who: "seller", act: "leave.revoke", want: accepted},
		{who: "bidder", act: "leave.dismiss", want: turnedDown},
		{who: "seller", act: "leave.dismiss", want: accepted},
	}},
	{title: "The parties adopt another policy pack", after: "offers.confirm", lines: []line{
		{who: "bidder", act: "rules.adopt", fields: "pack=second number=1", want: turnedDown}, // of the deal, in which it has no part yet
		{who: "seller", act: "rules.adopt", fields: "pack=unpublished number=1", want: refused},
		{who: "seller", act: "rules.adopt", fields: "pack=second number=2", want: refused},
		{who: "seller", act: "rules.adopt", fields: "pack=second number=1", want: accepted},
		{who: "seller", act: "rules.adopt", fields: "pack=standard number=0", want: refused},
		{who: "seller", act: "selection.select", fields: "bidder=red-fund offer=offers.confirm price=215,000.00 EUR", want: refused},
		{who: "loser", act: "room_rules.adopt", fields: "pack=second number=1", want: turnedDown},
		{who: "seller", act: "room_rules.adopt", fields: "pack=second number=1", want: accepted},
		{who: "bidder", act: "room_rules.adopt", fields: "pack=unpublished number=1", want: refused},
		{who: "bidder", act: "room_rules.adopt", fields: "pack=second number=1", want: accepted},
		{who: "seller", act: "selection.select", fields: "bidder=red-fund offer=offers.confirm price=215,000.00 EUR", want: accepted},
		{who: "buyer", act: "rules.adopt", fields: "pack=second number=1", want: accepted},
		{who: "buyer", act: "cancellation.withdraw", want: accepted},
	}},
	{title: "The seller cancels", after: "offers.confirm", lines: []line{
		{who: "bidder", act: "cancellation.withdraw", want: turnedDown}, // of the deal, whose buyer it is not
		{who: "seller", act: "cancellation.cancel", want: accepted},
	}},
	{title: "The buyer steps back", after: "terms.accept", lines: []line{{who: "buyer", act: "cancellation.withdraw", want: accepted}}},
	{title: "The deadline passed, but the chain refused the refund that comes with it", after: "escrow.fund", lines: []line{
		// the workflow itself tries again after ten minutes; the buyer is faster
		{who: "buyer", act: "refund.claim", want: accepted, wait: 10*24*time.Hour - 5*time.Minute - sinceProposal("escrow.fund")},
	}, reverts: "escrow.refund"},
}

// before returns the acts of the usual course that lead up to an act, which
// is the last of them.
func before(last string) (lines []line) {
	if last == "" {
		return nil
	}
	for _, l := range usual {
		if l.want == accepted {
			lines = append(lines, l)
		}
		if l.want == accepted && l.act == last {
			return lines
		}
	}
	panic("no act " + last)
}

// sinceProposal is how long after the proposal of the terms an act comes.
func sinceProposal(act string) (d time.Duration) {
	for i, l := range before(act) {
		if l.act == "terms.propose" {
			return time.Duration(len(before(act))-1-i) * 10 * time.Minute
		}
	}
	return d
}

// cast are the parties behind the names in the lines; a 2 is the party's second
// signer.
var cast = map[string]deal.PartyID{"seller": seller, "bidder": red, "buyer": red, "loser": blue}

func (l line) step() string { step, _, _ := strings.Cut(l.act, "."); return step }
