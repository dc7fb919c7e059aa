package workflows

import (
	"testing"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// giveUp has the operator give up a call from now on.
func (m *market) giveUp(call string) {
	m.later(func() { m.revert = map[string]string{call: lane.GivenUp} })
}

// TestGivenUp: whatever effect of an act an operator gives up, the party acts
// again and the deal goes on, with a new transaction.
func TestGivenUp(t *testing.T) {
	for act, call := range map[string]string{
		"documents.notarize": "notary.anchor", "mint.mint": "receivable.mint", "terms.propose": "notary.anchor",
		"escrow.deposit": "escrow.open", "escrow.fund": "escrow.fund", "handover.release": "notary.anchor",
		"settlement.settle": "escrow.settle", "archive.archive": "notary.anchor",
	} {
		t.Run(act, func(t *testing.T) {
			m := newMarket(t)
			m.stumble = map[string]string{act: call}
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.toTerms(red, 1_000_000)
			m.toEscrow(red)
			m.toSettlement(red)
			m.ok("", seller, "archive.archive", fields{"record": deal.Digest(hashOf("record"))})
			m.run()
			m.state("deal", deal.Archived)
			if p := m.board("deal"); len(p.Troubles) != 0 {
				t.Errorf("trouble that is over is still there: %+v", p.Troubles)
			}
		})
	}
}

// TestGivenUpAndNotTried: nobody acts again, and the deadline ends the deal with
// what is right by then.
func TestGivenUpAndNotTried(t *testing.T) {
	permit := func(m *market) fields { return fields{"permit_until": m.soon(48 * time.Hour), "permit": sig()} }
	for name, test := range map[string]struct {
		script  func(m *market)
		want    deal.State
		refunds int
		payouts int
	}{
		"open": {func(m *market) {
			m.giveUp("escrow.open")
			m.no("", seller, "escrow.deposit", permit(m), deal.Conflict)
		}, deal.Expired, 0, 0},
		"fund": {func(m *market) {
			m.ok("", seller, "escrow.deposit", permit(m))
			m.giveUp("escrow.fund")
			m.no("", red, "escrow.fund", permit(m), deal.Conflict)
		}, deal.Refunded, 1, 0},
		"settle": {func(m *market) {
			m.toEscrow(red)
			m.toRelease(red)
			m.ok("", red, "handover.receipt", fields{"root": deal.Digest(hashOf("root")), "count": deal.Number(8)})
			m.giveUp("escrow.settle")
			m.no("", red, "settlement.settle", fields{"authorization": sig()}, deal.Conflict)
		}, deal.Refunded, 1, 1},
		"claimed refund": {func(m *market) {
			m.toEscrow(red)
			m.giveUp("escrow.refund")
			m.no("", red, "refund.claim", nil, deal.Conflict)
			m.later(func() { m.revert = nil })
			m.ok("", red, "refund.claim", nil)
		}, deal.Refunded, 2, 1},
		"refund after the deadline": {func(m *market) {
			m.toEscrow(red)
			m.giveUp("escrow.refund")
			m.env.RegisterDelayedCallback(func() { m.revert = nil }, m.at+100*time.Hour)
		}, deal.Refunded, -1, 1},
		"payout": {func(m *market) {
			m.toEscrow(red)
			m.giveUp("escrow.withdraw")
			m.ok("", red, "refund.claim", nil)
		}, deal.Refunded, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t)
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.toTerms(red, 1_000_000)
			test.script(m)
			m.run()
			m.state("deal", test.want)
			if n := count(m.calls, "escrow.refund"); n != test.refunds && (test.refunds >= 0 || n < 2) {
				t.Errorf("%d refunds were sent: %v", n, m.calls)
			}
			if n := count(m.calls, "escrow.withdraw"); n != test.payouts {
				t.Errorf("%d payouts were sent: %v", n, m.calls)
			}
		})
	}
}

// TestRefusalSaysWhat: a party learns whether the chain or the operator said no.
func TestRefusalSaysWhat(t *testing.T) {
	byChain := refusal(deal.Receipt{Call: "receivable.mint", Reason: "WOULD_REVERT/InvalidSignature"})
	byOperator := refusal(deal.Receipt{Call: "receivable.mint", Reason: lane.GivenUp})
	if deal.KindOf(byChain) != deal.Conflict || deal.KindOf(byOperator) != deal.Conflict || byChain.Error() == byOperator.Error() {
		t.Errorf("%v; %v", byChain, byOperator)
	}
}

// TestUsefulUntil: lanes learn until when the contract takes a call.
func TestUsefulUntil(t *testing.T) {
	m := newMarket(t)
	m.toReleased(red)
	m.ok("", red, "handover.receipt", fields{"root": deal.Digest(hashOf("root")), "count": deal.Number(8)})
	m.ok("", red, "settlement.settle", fields{"authorization": sig()})
	m.ok("", seller, "archive.archive", fields{"record": deal.Digest(hashOf("record"))})
	m.run()
	sale := m.board("deal")
	terms, err := sale.SignedTerms()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]time.Time{"escrow.open": terms.FundBy, "escrow.fund": terms.FundBy, "escrow.settle": terms.SettleBy}
	for _, i := range m.intents {
		if by := want[i.Call.Name()]; !i.By.Equal(by) {
			t.Errorf("%s is of use until %s, want %s", i.Call.Name(), i.By, by)
		}
	}
}
