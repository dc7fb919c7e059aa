package node

import (
	"context"
	"math"
	"testing"
	"time"

	"cession/deal"
)

// exposed returns what policy was last told of the party's other deals.
func (w *world) exposed() (x Exposure) {
	w.policy.set(func() { x = *w.policy.facts[len(w.policy.facts)-1].Exposure })
	return x
}

// chosen brings a deal to a selection at 90,000.
func (w *world) chosen() deal.ID {
	w.t.Helper()
	id := w.listed()
	w.invited(id, buyer)
	w.act(buyer, id, buyer, "offers.submit", "price=80000 USD", "until="+w.in(100*time.Hour))
	w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", "until="+w.in(100*time.Hour))
	w.act(seller, id, "", "selection.select", "bidder="+string(buyer))
	return id
}

// Both nodes reckon with their other deals, and each leaves out the deal that
// is judged.
func TestExposure(t *testing.T) {
	w := newWorld(t)
	first := w.chosen()
	deadlines := []string{"fund_by=" + w.in(24*time.Hour), "settle_by=" + w.in(48*time.Hour), "arbiter_by=" + w.in(72*time.Hour)}
	w.act(seller, first, "", "terms.propose", deadlines...)
	w.act(buyer, first, "", "terms.accept")
	if x := w.exposed(); x != (Exposure{}) {
		t.Errorf("its own price is in the exposure: %+v", x)
	}
	second := w.chosen()
	w.act(seller, second, "", "terms.propose", deadlines...)
	if x := w.exposed(); x != (Exposure{90_000, 90_000}) {
		t.Errorf("the seller's exposure is %+v, want 90,000 for both", x)
	}
	w.act(buyer, second, "", "terms.accept")
	if x := w.exposed(); x != (Exposure{90_000, 90_000}) {
		t.Errorf("the buyer's exposure is %+v, want 90,000 for both", x)
	}
	w.start(loser)
	third := w.listed()
	w.invited(third, loser)
	w.act(seller, third, loser, "leave.dismiss")
	if x := w.exposed(); x.Counterparty != 0 {
		t.Errorf("deals with the buyer count for another bidder: %+v", x)
	}
	w.clock.add(24 * time.Hour)
	w.act(seller, second, "", "escrow.deposit")
	if x := w.exposed(); x != (Exposure{Counterparty: 90_000}) {
		t.Errorf("a day later the exposure is %+v, want none for the day", x)
	}
}

// Whether a deal is over the node finds out by itself; one that the desk does
// not show counts as it was.
func TestExposureOver(t *testing.T) {
	w := newWorld(t)
	first := w.chosen()
	_, err := w.members[buyer].client.Deal(context.Background(), first)
	check(t, err)
	_, err = w.members[seller].client.Deal(context.Background(), first)
	check(t, err)
	second := w.listed()
	w.invited(second, buyer)
	ended := w.clock.Now()
	w.desk.deals[first].End(deal.Cancelled, ended)
	w.clock.add(staleAfter + time.Second)
	w.desk.forge = func(v *View) {
		if v.Deal != nil && v.Deal.Opening.ID == first {
			v.Deal.Judged = deal.Commitment{66} // not to be believed
		}
	}
	w.act(seller, second, buyer, "room_rules.adopt", "pack="+testPack.String())
	if x := w.exposed(); x != (Exposure{90_000, 90_000}) {
		t.Errorf("a deal that could not be seen counts as %+v, want as it was", x)
	}
	w.desk.forge = nil
	w.clock.add(staleAfter + time.Second)
	w.act(seller, second, buyer, "room_rules.adopt", "pack="+testPack.String())
	if x := w.exposed(); x != (Exposure{}) {
		t.Errorf("a deal that fell through counts as %+v", x)
	}
}

func TestAddMinor(t *testing.T) {
	if got := addMinor(math.MaxInt64-1, 2); got != math.MaxInt64 {
		t.Errorf("beyond what can be counted is %d", got)
	}
	if got := addMinor(1, 2); got != 3 {
		t.Errorf("1 + 2 = %d", got)
	}
}
