package workflows

import (
	"testing"
	"time"

	"cession/deal"
)

const (
	seller = deal.PartyID("seller-bank")
	blue   = deal.PartyID("blue-fund")
	red    = deal.PartyID("red-fund")
)

func (m *market) soon(d time.Duration) deal.Value { return deal.At(m.env.Now().Add(d)) }

// toListing takes a deal from the draft to the listing.
func (m *market) toListing() {
	root := deal.Digest(hashOf("root"))
	m.ok("", seller, "draft.open", fields{"plan": deal.Digest(m.opening.PlanHash), "pack": deal.Digest(hashOf("pack"))})
	m.ok("", seller, "documents.notarize", fields{"root": root, "count": deal.Number(8)})
	m.ok("", seller, "mint.mint", fields{"face": eur(25_000_000), "due": m.soon(900 * time.Hour), "title_salt": root, "authorization": sig()})
	m.ok("", seller, "listing.publish", fields{"until": m.soon(900 * time.Hour)})
}

// toOffer takes a bidder from the invitation to its last offer.
func (m *market) toOffer(bidder deal.PartyID, price int64) {
	text, until := value(deal.KindSealed, hashOf("nda").String()), m.soon(900*time.Hour)
	offer := fields{"price": eur(price), "until": until}
	m.ok("", seller, "invitations.invite", fields{"bidder": deal.Bidder(bidder)})
	m.ok(bidder, bidder, "invitation.accept", nil)
	m.ok(bidder, bidder, "clearance.declare", fields{"jurisdiction": value(deal.KindChoice, "lu"), "capacity": value(deal.KindChoice, "fund")})
	m.ok(bidder, seller, "clearance.clear", nil)
	m.ok(bidder, bidder, "nda.sign", fields{"text": text, "until": until})
	m.ok(bidder, seller, "nda.countersign", fields{"text": text, "until": until})
	m.ok(bidder, seller, "data_room.open", fields{"until": until})
	m.ok(bidder, bidder, "offers.submit", offer)
	m.ok(bidder, bidder, "offers.confirm", offer)
}

// toTerms selects a bidder and has both sign. The fields that depend on what
// happened before are made when their turn comes.
func (m *market) toTerms(bidder deal.PartyID, price int64) {
	m.ok("", seller, "selection.select", fields{"bidder": deal.Bidder(bidder), "offer": value(deal.KindAct, hashOf("offer").String()), "price": eur(price)})
	deadlines := fields{"fund_by": m.soon(48 * time.Hour), "settle_by": m.soon(96 * time.Hour), "arbiter_by": m.soon(144 * time.Hour), "authorization": sig()}
	m.later(func() {
		sale := m.board("deal")
		terms, err := sale.EscrowTerms(deadlines)
		if err != nil {
			m.t.Error(err)
			return
		}
		deadlines["escrow"] = deal.Digest(hashOf(terms.TypedData(m.opening.Market)))
	})
	m.ok("", seller, "terms.propose", deadlines)
	accept := fields{"authorization": sig()}
	m.later(func() { accept["escrow"] = deadlines["escrow"] })
	m.ok("", bidder, "terms.accept", accept)
}

func (m *market) toEscrow(bidder deal.PartyID) {
	permit := fields{"permit_until": m.soon(48 * time.Hour), "permit": sig()}
	m.ok("", seller, "escrow.deposit", permit)
	m.ok("", bidder, "escrow.fund", permit)
}

func (m *market) toRelease(bidder deal.PartyID) {
	key := value(deal.KindKey, "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq")
	root := deal.Digest(hashOf("root"))
	m.ok("", bidder, "handover.request", fields{"key": key})
	m.ok("", seller, "handover.release", fields{"key": key, "root": root, "until": m.soon(48 * time.Hour)})
}

// toReleased takes a deal from the draft to the release of the documents.
func (m *market) toReleased(bidder deal.PartyID) {
	m.toListing()
	m.toOffer(bidder, 1_000_000)
	m.toTerms(bidder, 1_000_000)
	m.toEscrow(bidder)
	m.toRelease(bidder)
}

func (m *market) toSettlement(bidder deal.PartyID) {
	m.toRelease(bidder)
	root := deal.Digest(hashOf("root"))
	m.ok("", bidder, "handover.receipt", fields{"root": root, "count": deal.Number(8)})
	m.ok("", bidder, "settlement.settle", fields{"authorization": sig()})
}

func TestWholeDeal(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	m.toOffer(blue, 21_000_000)
	m.toOffer(red, 21_250_000)
	m.toTerms(red, 21_250_000)
	m.act(blue, blue, "leave.withdraw", nil, func(_ deal.Outcome, err error) {
		if err == nil {
			t.Error("the loser's room took an act after the selection")
		}
	})
	m.toEscrow(red)
	m.toSettlement(red)
	m.ok("", seller, "archive.archive", fields{"record": deal.Digest(hashOf("record"))})
	m.run()
	m.state("deal", deal.Archived)
	m.state("blue-fund", deal.NotSelected)
	m.state("red-fund", deal.Selected)
	if got := m.board("deal").Received; got == nil || got.Verified != 8 {
		t.Errorf("received: %+v", got)
	}
	if n := count(m.calls, "receivable.mint") + count(m.calls, "escrow.fund") + count(m.calls, "escrow.settle"); n != 3 {
		t.Errorf("mint, fund and settle were sent %d times, want once each: %v", n, m.calls)
	}
}

func count(list []string, want string) (n int) {
	for _, s := range list {
		if s == want {
			n++
		}
	}
	return n
}

func TestExits(t *testing.T) {
	for _, tt := range []struct {
		name   string
		script func(m *market)
		want   deal.State
		room   deal.State // of red's room, if it has one
	}{
		{"draft expires", func(*market) {}, deal.Expired, ""},
		{"listing expires", func(m *market) { m.toListing() }, deal.Expired, ""},
		{"seller cancels", func(m *market) {
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.ok("", seller, "cancellation.cancel", nil)
		}, deal.Cancelled, deal.Cancelled},
		{"buyer steps back", func(m *market) {
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.toTerms(red, 1_000_000)
			m.ok("", red, "cancellation.withdraw", nil)
		}, deal.Withdrawn, deal.Selected},
		{"bidder declines", func(m *market) {
			m.toListing()
			m.ok("", seller, "invitations.invite", fields{"bidder": deal.Bidder(red)})
			m.ok(red, red, "invitation.decline", nil)
		}, deal.Expired, deal.Declined},
		{"bidder withdraws", func(m *market) {
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.ok(red, red, "leave.withdraw", nil)
			m.no("", seller, "selection.select", fields{"bidder": deal.Bidder(red), "offer": value(deal.KindAct, hashOf("offer").String()), "price": eur(1_000_000)}, deal.Conflict)
		}, deal.Expired, deal.Withdrawn},
		{"room expires", func(m *market) {
			m.toListing()
			m.ok("", seller, "invitations.invite", fields{"bidder": deal.Bidder(red)})
		}, deal.Expired, deal.Expired},
		{"escrow never opened", func(m *market) {
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.toTerms(red, 1_000_000)
		}, deal.Expired, deal.Selected},
		{"price never paid", func(m *market) {
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.toTerms(red, 1_000_000)
			m.ok("", seller, "escrow.deposit", fields{"permit_until": m.soon(48 * time.Hour), "permit": sig()})
		}, deal.Refunded, deal.Selected},
		{"never handed over", func(m *market) {
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.toTerms(red, 1_000_000)
			m.toEscrow(red)
		}, deal.Refunded, deal.Selected},
		{"refund claimed", func(m *market) {
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.toTerms(red, 1_000_000)
			m.toEscrow(red)
			m.ok("", red, "refund.claim", nil)
		}, deal.Refunded, deal.Selected},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMarket(t)
			tt.script(m)
			m.run()
			m.state("deal", tt.want)
			if tt.room != "" {
				m.state(string(red), tt.room)
			}
		})
	}
}

func TestRefusedByPolicy(t *testing.T) {
	m := newMarket(t)
	m.refuse["draft.open"] = "role"
	m.act("", seller, "draft.open", fields{"plan": deal.Digest(m.opening.PlanHash), "pack": deal.Digest(hashOf("pack"))}, func(out deal.Outcome, err error) {
		if err != nil || out.Verdict != deal.Rejected || len(out.Decision.Reasons()) != 1 {
			t.Errorf("have %+v, %v", out, err)
		}
	})
	m.run()
	p := m.board("deal")
	if len(p.Refusals) != 1 || len(p.Records) != 0 || len(m.calls) != 0 {
		t.Errorf("a refusal leaves a trace and nothing else: %d refusals, %d records, chain %v", len(p.Refusals), len(p.Records), m.calls)
	}
}

func TestSameActTwiceIsOneAct(t *testing.T) {
	m := newMarket(t)
	var first deal.Act
	m.later(func() {
		first = deal.Act{Deal: m.opening.ID, Step: "draft", Action: "open", Party: seller, Signer: m.parties[seller].Wallet, Sequence: 1,
			Deadline: m.env.Now().Add(time.Hour), Fields: fields{"plan": deal.Digest(m.opening.PlanHash), "pack": deal.Digest(hashOf("pack"))}}
		first.ID = hashOf(first)
		m.send(first, func(deal.Outcome, error) {})
	})
	m.later(func() {
		m.send(first, func(out deal.Outcome, err error) {
			if err != nil || out.Verdict != deal.Accepted {
				t.Errorf("again: %v %v", out.Verdict, err)
			}
		})
	})
	m.no("", blue, "documents.notarize", fields{"root": deal.Digest(hashOf("root")), "count": deal.Number(8)}, deal.Refused)
	m.no("", seller, "mint.mint", fields{"face": eur(1), "due": m.soon(time.Hour), "title_salt": deal.Digest(hashOf("x")), "authorization": sig()}, deal.Conflict)
	m.no("", seller, "documents.notarize", fields{"root": deal.Digest(hashOf("root"))}, deal.Invalid)
	m.no("", seller, "nonsense.act", nil, deal.NotFound)
	m.run()
	if n := len(m.board("deal").Records); n != 1 {
		t.Errorf("%d acts were taken, want 1", n)
	}
}

func TestChainRefuses(t *testing.T) {
	m := newMarket(t)
	m.revert["receivable.mint"] = "WOULD_REVERT/InvalidSignature"
	root := deal.Digest(hashOf("root"))
	m.ok("", seller, "draft.open", fields{"plan": deal.Digest(m.opening.PlanHash), "pack": root})
	m.ok("", seller, "documents.notarize", fields{"root": root, "count": deal.Number(8)})
	mint := fields{"face": eur(25_000_000), "due": m.soon(900 * time.Hour), "title_salt": root, "authorization": sig()}
	m.no("", seller, "mint.mint", mint, deal.Conflict)
	m.later(func() {
		if p := m.board("deal"); len(p.Troubles) != 1 || p.Troubles[0].Kind != deal.ChainRefuse {
			t.Errorf("troubles: %+v", p.Troubles)
		}
		m.revert = map[string]string{}
	})
	m.ok("", seller, "mint.mint", mint)
	m.run()
	if p := m.board("deal"); len(p.Troubles) != 0 {
		t.Errorf("trouble that is over is still there: %+v", p.Troubles)
	}
}

func TestNodeOffline(t *testing.T) {
	m := newMarket(t)
	m.offline["PullDocuments"] = true
	m.toReleased(red)
	m.later(func() {
		if p := m.board("deal"); len(p.Troubles) != 1 || p.Troubles[0].Kind != deal.NodeOffline || p.Troubles[0].Party != red {
			t.Errorf("troubles: %+v", p.Troubles)
		}
		m.offline = map[string]bool{}
	})
	root := deal.Digest(hashOf("root"))
	m.ok("", red, "handover.receipt", fields{"root": root, "count": deal.Number(8)})
	m.ok("", red, "settlement.settle", fields{"authorization": sig()})
	m.ok("", seller, "archive.archive", fields{"record": root})
	m.run()
	m.state("deal", deal.Archived)
}

// TestRightsEndWithTheRoom: however a room ends, its bidder reads no longer;
// only the buyer does.
func TestRightsEndWithTheRoom(t *testing.T) {
	for name, end := range map[string]func(m *market){
		"bidder withdraws": func(m *market) { m.ok(red, red, "leave.withdraw", nil) },
		"seller dismisses": func(m *market) { m.ok(red, seller, "leave.dismiss", nil) },
		"seller cancels":   func(m *market) { m.ok("", seller, "cancellation.cancel", nil) },
		"another is taken": func(m *market) { m.toOffer(blue, 2_000_000); m.toTerms(blue, 2_000_000) },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t)
			m.toListing()
			m.toOffer(red, 1_000_000)
			end(m)
			m.run()
			if len(m.revoked) != 1 || m.revoked[0] != red {
				t.Errorf("rights were taken back from %v, want %s", m.revoked, red)
			}
		})
	}
}
