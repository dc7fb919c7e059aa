package workflows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/mock"

	"cession/deal"
)

const (
	fourEyes = "terms.four_eyes"
	eyesGood = 48 * time.Hour // how long an approval counts
)

// twoPersons refuses the seller's proposal until another person has approved.
func twoPersons(q deal.Question) []deal.Need {
	if q.Act.Name() != "terms.propose" {
		return nil
	}
	for _, taken := range q.Taken {
		if taken.Step == "terms" && taken.Action == "approve" && taken.Party == q.Act.Party && taken.Signer != q.Act.Signer && taken.At.Add(eyesGood).After(q.Now) {
			return nil
		}
	}
	return []deal.Need{{Kind: deal.NeedApproval, Rule: fourEyes, Act: "terms.approve", Persons: 1, Until: q.Now.Add(eyesGood)}}
}

// toProposal takes a deal to where the terms are proposed, and refused.
func (m *market) toProposal() {
	m.second["terms.approve"] = true
	m.toListing()
	m.toOffer(red, 1_000_000)
	m.ok("", seller, "selection.select", fields{"bidder": deal.Bidder(red), "offer": value(deal.KindAct, hashOf("offer").String()), "price": eur(1_000_000)})
	m.refused("terms.propose", m.terms())
}

func (m *market) terms() fields {
	return fields{"fund_by": m.soon(900 * time.Hour), "settle_by": m.soon(901 * time.Hour), "arbiter_by": m.soon(902 * time.Hour),
		"escrow": deal.Digest(hashOf("escrow")), "authorization": sig()}
}

// refused has the seller take an act that policy refuses.
func (m *market) refused(name string, fields fields) {
	m.act("", seller, name, fields, func(out deal.Outcome, err error) {
		if err != nil || out.Verdict != deal.Rejected {
			m.t.Errorf("%s: %v, %v; want it refused", name, out.Verdict, err)
		}
	})
}

// look has what the board shows of the only item of work checked, some time
// after the act before.
func (m *market) look(after time.Duration, want deal.WorkState, reminded bool) {
	m.t.Helper()
	m.at += after - 10*time.Minute
	m.later(func() {
		work := m.board("deal").Work
		if len(work) != 1 {
			m.t.Errorf("%s later: %d items of work, want one", after, len(work))
			return
		}
		if w := work[0]; w.State != want || (w.Reminded != nil) != reminded || w.Party != seller || w.Need.Rule != fourEyes {
			m.t.Errorf("%s later: %+v, want it %s, reminded: %t", after, w, want, reminded)
		}
	})
}

func TestWorkEscalates(t *testing.T) {
	m := newMarket(t)
	m.needs = twoPersons
	m.toProposal()
	m.look(eyesGood/2-time.Minute, deal.WorkOpen, false)
	m.look(2*time.Minute, deal.WorkOpen, true)
	m.look(eyesGood/2-2*time.Minute, deal.WorkOpen, true)
	m.look(2*time.Minute, deal.WorkEscalated, true)
	m.look(100*time.Hour, deal.WorkEscalated, true)
	m.ok("", seller, "terms.approve", fields{"price": eur(1_000_000)})
	m.look(time.Minute, deal.WorkMet, true)
	m.ok("", seller, "cancellation.cancel", nil)
	m.run()
	m.state("deal", deal.Cancelled)
}

// TestRefusedThenApproved: the act is refused, another person approves, and the
// same act, signed anew, is taken.
func TestRefusedThenApproved(t *testing.T) {
	m := newMarket(t)
	m.needs = twoPersons
	m.toProposal()
	m.look(time.Minute, deal.WorkOpen, false)
	m.second["terms.approve"] = false
	m.ok("", seller, "terms.approve", fields{"price": eur(1_000_000)}) // by who asked: does not help
	m.look(time.Minute, deal.WorkOpen, false)
	m.refused("terms.propose", m.terms())
	m.second["terms.approve"] = true
	m.ok("", seller, "terms.approve", fields{"price": eur(1_000_000)})
	m.look(time.Minute, deal.WorkMet, false)
	m.ok("", seller, "terms.propose", m.terms())
	m.look(eyesGood, deal.WorkMet, false)
	m.ok("", seller, "cancellation.cancel", nil)
	m.run()
	if p := m.board("deal"); p.Last("terms", "propose") == nil || len(p.Refusals) != 2 {
		t.Errorf("%d refusals, proposal %v", len(p.Refusals), p.Last("terms", "propose"))
	}
}

func TestWorkLapsesWithTheDeal(t *testing.T) {
	m := newMarket(t)
	m.needs = twoPersons
	m.toProposal()
	m.ok("", seller, "cancellation.cancel", nil)
	m.run()
	if work := m.board("deal").Work; len(work) != 1 || work[0].State != deal.WorkLapsed {
		t.Errorf("work of a deal that is over: %+v", work)
	}
}

// TestAWaitEnds: what only time lifts is over by itself, and shown as such.
func TestAWaitEnds(t *testing.T) {
	m := newMarket(t)
	var until time.Time
	m.needs = func(q deal.Question) []deal.Need {
		if until.IsZero() {
			until = q.Now.Add(3 * time.Hour)
		}
		if q.Act.Name() != "draft.open" || !q.Now.Before(until) {
			return nil
		}
		return []deal.Need{{Kind: deal.NeedWait, Rule: fourEyes, Until: until}}
	}
	open := fields{"plan": deal.Digest(m.opening.PlanHash), "pack": deal.Digest(hashOf("pack"))}
	m.refused("draft.open", open)
	m.look(2*time.Hour, deal.WorkOpen, false)
	m.look(time.Hour+time.Second, deal.WorkMet, false)
	m.ok("", seller, "draft.open", open)
	m.run()
	m.state("deal", deal.Expired)
}

// TestWorkGoesOnInTheNextRun: a deal that continues as new reminds and
// escalates when it would have without.
func TestWorkGoesOnInTheNextRun(t *testing.T) {
	m := newMarket(t)
	m.needs = twoPersons
	m.toProposal()
	m.look(time.Hour, deal.WorkOpen, false)
	m.later(func() { m.env.SetContinueAsNewSuggested(true) })
	m.env.ExecuteWorkflow(Deal, DealInput{Opening: m.opening})
	in := nextDeal(t, m.env.GetWorkflowError())
	if len(in.Progress.Work) != 1 || !in.Progress.Work[0].Wanted() {
		t.Fatalf("the next run starts with the work %+v", in.Progress.Work)
	}
	due := in.Progress.Work[0].Due

	next := newMarket(t)
	next.opening, next.needs, next.signed = m.opening, twoPersons, m.signed
	next.env.SetStartTime(m.env.Now())
	next.env.SetStartWorkflowOptions(startOptions(DealID(m.opening.ID)))
	next.env.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, signalClose, mock.Anything).Return(nil) // its room is none of this test's
	left := due.Sub(m.env.Now())
	next.look(left-time.Hour, deal.WorkOpen, true)
	next.look(time.Hour+time.Second, deal.WorkEscalated, true)
	next.second["terms.approve"] = true
	next.ok("", seller, "terms.approve", fields{"price": eur(1_000_000)})
	next.look(time.Minute, deal.WorkMet, true)
	next.ok("", seller, "terms.propose", next.terms())
	next.ok("", seller, "cancellation.cancel", nil)
	next.env.ExecuteWorkflow(Deal, in)
	next.state("deal", deal.Cancelled)
	if next.heard != next.asked {
		t.Errorf("%d of %d acts were answered", next.heard, next.asked)
	}
	if e := next.board("deal").Work[0].Escalated; e == nil || e.Before(due) || e.After(due.Add(time.Second)) {
		t.Errorf("escalated at %v, due %v", e, due)
	}
}

// TestWorkIsBesideTheDeadlines: the deadline of a step ends the deal, whatever
// work is open in it.
func TestWorkIsBesideTheDeadlines(t *testing.T) {
	m := newMarket(t)
	m.needs = twoPersons
	m.toProposal()
	m.run()
	m.state("deal", deal.Expired)
	work := m.board("deal").Work
	if len(work) != 1 || work[0].State != deal.WorkLapsed || work[0].Escalated == nil || work[0].Reminded == nil {
		t.Errorf("work of a deal that expired: %+v", work)
	}
}
