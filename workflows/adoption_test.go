package workflows

import (
	"testing"

	"cession/deal"
)

func adopt(pack string) fields {
	return fields{"pack": deal.Digest(hashOf(pack)), "number": deal.Number(2)}
}

// TestAdoption: acts are judged by the pack in effect, and a buyer is selected
// only under the rules it adopted itself.
func TestAdoption(t *testing.T) {
	m := newMarket(t)
	m.opening.Pack = hashOf("first")
	m.toListing()
	m.ok("", seller, "rules.adopt", adopt("second"))
	m.toOffer(red, 1_000_000)
	selected := fields{"bidder": deal.Bidder(red), "offer": value(deal.KindAct, hashOf("offer").String()), "price": eur(1_000_000)}
	m.no("", seller, "selection.select", selected, deal.Conflict)
	m.ok(red, seller, "room_rules.adopt", adopt("second"))
	m.no("", seller, "selection.select", selected, deal.Conflict)
	m.ok(red, red, "room_rules.adopt", adopt("second"))
	m.ok("", seller, "selection.select", selected)
	m.ok("", seller, "rules.adopt", adopt("third"))
	m.ok("", red, "terms.approve", fields{"price": eur(1_000_000)})
	m.ok("", red, "rules.adopt", adopt("third"))
	m.ok("", seller, "terms.approve", fields{"price": eur(1_000_000)})
	m.ok("", seller, "cancellation.cancel", nil)
	m.run()

	sale, room := m.board("deal"), m.board(string(red))
	if sale.Pack() != hashOf("third") || room.Pack() != hashOf("second") || sale.Rooms[red].Pack != hashOf("second") {
		t.Errorf("in effect: %s in the deal, %s in the room, reported %s", sale.Pack(), room.Pack(), sale.Rooms[red].Pack)
	}
	for _, tt := range []struct {
		in                 deal.Progress
		step, action, pack string
	}{
		{sale, "listing", "publish", "first"},
		{sale, "selection", "select", "second"},
		{sale, "terms", "approve", "third"},
		{sale, "cancellation", "cancel", "third"},
		{room, "offers", "confirm", "first"},
	} {
		if act := tt.in.Last(tt.step, tt.action).Act.ID; m.judged[act] != hashOf(tt.pack) {
			t.Errorf("%s.%s was judged by %s, want the %s pack", tt.step, tt.action, m.judged[act].Short(), tt.pack)
		}
	}
	if first := approvalOf(sale, red); m.judged[first] != hashOf("second") {
		t.Error("a pack that only the seller adopted judged an act after the selection")
	}
}

func approvalOf(p deal.Progress, by deal.PartyID) deal.Commitment {
	for _, r := range p.Records {
		if r.Act.Name() == "terms.approve" && r.Act.Party == by {
			return r.Act.ID
		}
	}
	return deal.Commitment{}
}

// TestAdoptionGoesOnInTheNextRun: what was adopted is in effect after the deal
// continues as new, and adoptions of the last run still count.
func TestAdoptionGoesOnInTheNextRun(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	m.ok("", seller, "rules.adopt", adopt("second"))
	m.later(func() { m.env.SetContinueAsNewSuggested(true) })
	m.env.ExecuteWorkflow(Deal, DealInput{Opening: m.opening})
	in := nextDeal(t, m.env.GetWorkflowError())
	next := newMarket(t)
	next.opening, next.signed = m.opening, m.signed
	next.env.SetStartWorkflowOptions(startOptions(DealID(m.opening.ID)))
	next.ok("", seller, "cancellation.cancel", nil)
	next.env.ExecuteWorkflow(Deal, in)
	next.state("deal", deal.Cancelled)
	if p := next.board("deal"); p.Pack() != hashOf("second") || next.judged[p.Last("cancellation", "cancel").Act.ID] != hashOf("second") {
		t.Errorf("the next run judges by %s", p.Pack())
	}
}
