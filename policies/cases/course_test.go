package cases

import (
	"context"
	"slices"
	"testing"
	"time"

	"cession/deal"
	"cession/policies"
)

// start is when the deal of the base documents is opened: a Monday.
var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const (
	price = 9_500_000_00
	face  = 10_000_000_00
)

// course takes an invented deal through the standard plan and keeps what the
// pack saw of each act it allowed.
type course struct {
	t      testing.TB
	pack   *policies.Pack
	seller deal.Party
	bidder deal.Party
	deal   *deal.Progress
	room   *deal.Progress
	now    time.Time
	nth    byte
	bases  []base

	proposal deal.Commitment // of the perimeter
}

// base is a document of an allowed act, with the decision on it.
type base struct {
	act   string
	input policies.Input
	policies.Evaluation
}

func party(id deal.PartyID, b byte) deal.Party {
	p := deal.Party{ID: id, Wallet: deal.Address{b, 1}}
	for n := range byte(4) {
		p.Signers = append(p.Signers, deal.Address{b, n + 1})
	}
	return p
}

// signing is the party with its nth signer first.
func signing(p deal.Party, n int) deal.Party {
	p.Signers = slices.Clone(p.Signers)
	p.Signers[0], p.Signers[n] = p.Signers[n], p.Signers[0]
	return p
}

func commitment(b byte) deal.Value { return deal.Digest(deal.Commitment{b}) }

func (c *course) value(kind deal.ValueKind, text string) deal.Value {
	c.t.Helper()
	v, err := deal.NewValue(kind, text)
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

func (c *course) sealed(b byte) deal.Value {
	return c.value(deal.KindSealed, deal.Commitment{b}.String())
}

func profiles() map[deal.PartyID]policies.Profile {
	since, until := start.AddDate(0, -6, 0), start.AddDate(1, 0, 0)
	return map[deal.PartyID]policies.Profile{
		"heidesand-leasing": {
			ID: "heidesand-leasing", Name: "Heidesand Leasing GmbH", Jurisdiction: "de", Kind: "corporate",
			KYCClass: "standard", KYCSince: &since, KYCUntil: &until, Group: "heidesand",
		},
		"arvenwald-bank": {
			ID: "arvenwald-bank", Name: "Arvenwald Kreditbank AG", Jurisdiction: "at", Kind: "bank",
			KYCClass: "enhanced", KYCSince: &since, KYCUntil: &until, License: "credit_institution", LicenseUntil: &until, Group: "arvenwald",
		},
	}
}

func newCourse(t testing.TB, pack *policies.Pack) *course {
	t.Helper()
	c := &course{t: t, pack: pack, seller: party("heidesand-leasing", 1), bidder: party("arvenwald-bank", 2), now: start}
	plan := deal.Standard()
	o := deal.Opening{
		ID: "d-heidesand2345677aaaa", Plan: plan, PlanHash: plan.Hash(), Pack: pack.Digest(), Seller: c.seller,
		Market: deal.Market{ChainID: 31337, Symbol: "EUR", Decimals: 6}, Opened: start,
	}
	c.deal, c.room = deal.Begin(o, nil, start), deal.Begin(o, &c.bidder, start)
	return c
}

type fields = map[string]deal.Value

func (c *course) act(p *deal.Progress, by deal.Party, step, action string, f fields) deal.Act {
	c.nth++
	return deal.Act{
		ID: deal.Commitment{9, c.nth}, Deal: p.Opening.ID, Room: p.Room(), Step: step, Action: action, Party: by.ID, Fields: f,
		Sequence: p.NextSequence(by.ID), Salt: deal.Commitment{8, c.nth}, Deadline: c.now.Add(time.Hour), Signer: by.Signers[0], Signature: make([]byte, 65),
	}
}

// allowed puts an act to plan and pack, which must both take it.
func (c *course) allowed(p *deal.Progress, by deal.Party, step, action string, f fields) (deal.Act, deal.Decision) {
	c.t.Helper()
	act := c.act(p, by, step, action, f)
	if err := p.Check(act, c.now); err != nil {
		c.t.Fatalf("%s: %v", act.Name(), err)
	}
	in := policies.Input{Question: p.Question(act, c.now), Parties: profiles(), Exposure: &policies.Exposure{}}
	if action == "adopt" {
		in.Wanted = &policies.WantedPack{Digest: f["pack"].Commitment(), Number: f["number"].Count(), Current: 1, Active: true}
	}
	e, err := c.pack.Evaluate(context.Background(), in)
	if err != nil {
		c.t.Fatal(err)
	}
	if !e.Decision.Allow {
		c.t.Fatalf("%s is refused:\n%s", act.Name(), policies.Explain(e.Decision))
	}
	name := act.Name()
	if i := slices.IndexFunc(c.bases, func(b base) bool { return b.act == name }); i < 0 {
		c.bases = append(c.bases, base{name, in, e})
	} else {
		c.bases[i] = base{name, in, e}
	}
	return act, e.Decision
}

// take takes an act that is allowed.
func (c *course) take(p *deal.Progress, by deal.Party, step, action string, f fields) deal.Act {
	c.t.Helper()
	act, d := c.allowed(p, by, step, action, f)
	p.Apply(act, d, nil, c.now)
	c.now = c.now.Add(time.Minute)
	return act
}

func (c *course) days(n int) deal.Value { return deal.At(c.now.AddDate(0, 0, n)) }

// run takes the deal from its draft to the archive, past every exit.
func (c *course) run() []base {
	c.list()
	c.clear()
	c.negotiate()
	c.sign()
	c.settle()
	return c.bases
}

func (c *course) adoption() fields {
	return fields{"pack": deal.Digest(c.pack.Digest()), "number": deal.Number(2)}
}

func (c *course) list() {
	d, s := c.deal, c.seller
	c.take(d, s, "draft", "open", fields{"plan": deal.Digest(d.Opening.PlanHash), "pack": deal.Digest(c.pack.Digest())})
	c.allowed(d, s, "rules", "adopt", c.adoption())
	c.take(d, s, "documents", "notarize", fields{
		"root": commitment(1), "count": deal.Number(8), "tape_rows": deal.Number(40), "tape_missing": deal.Number(0), "tape_root": commitment(10),
	})
	c.take(d, s, "mint", "mint", fields{
		"face": deal.Money(face, "EUR"), "due": c.days(90), "title_salt": commitment(2), "authorization": c.value(deal.KindSignature, "0x0102"),
	})
	c.supplement()
	c.take(d, s, "listing", "publish", fields{"until": c.days(60), "guidance": deal.Money(price, "EUR")})
	c.take(d, s, "invitations", "invite", fields{"bidder": deal.Bidder("arvenwald-bank")})
	c.allowed(d, s, "cancellation", "cancel", nil)
}

// supplement adds a document and has the title stand for it; the room is told.
func (c *course) supplement() {
	d, s := c.deal, c.seller
	c.take(d, s, "supplements", "notarize", fields{
		"root": commitment(11), "count": deal.Number(9), "tape_rows": deal.Number(40), "tape_missing": deal.Number(0), "tape_root": commitment(10),
	})
	c.take(d, s, "supplements", "append", fields{"root": commitment(11), "count": deal.Number(9), "authorization": c.value(deal.KindSignature, "0x0102")})
	c.room.Learn(*d.ForSale())
}

func (c *course) clear() {
	r, s, b := c.room, c.seller, c.bidder
	c.allowed(r, b, "invitation", "decline", nil)
	c.take(r, b, "invitation", "accept", nil)
	c.allowed(r, b, "leave", "withdraw", nil)
	c.allowed(r, s, "leave", "dismiss", nil)
	c.allowed(r, s, "leave", "revoke", nil)
	c.allowed(r, b, "room_rules", "adopt", c.adoption())
	c.take(r, b, "clearance", "declare", fields{
		"jurisdiction": c.value(deal.KindChoice, "at"), "capacity": c.value(deal.KindChoice, "bank"),
	})
	c.allowed(r, s, "clearance", "reject", nil)
	c.take(r, s, "clearance", "clear", nil)
	nda := fields{"text": c.sealed(3), "until": c.days(365)}
	c.take(r, b, "nda", "sign", nda)
	c.take(r, s, "nda", "countersign", nda)
	c.take(r, s, "data_room", "open", fields{"until": c.days(30)})
}

func (c *course) negotiate() {
	r, s, b := c.room, c.seller, c.bidder
	asked := c.take(r, b, "questions", "ask", fields{"question": c.sealed(4), "place": c.sealed(12), "due": c.days(3), "thread": commitment(13)})
	c.take(r, s, "questions", "answer", fields{"asked": c.value(deal.KindAct, asked.ID.String()), "answer": c.sealed(5), "thread": commitment(14)})
	smaller := fields{
		"root": commitment(6), "count": deal.Number(7), "face": deal.Money(face-1_000_00, "EUR"),
		"rows_root": commitment(15), "rows": deal.Number(39), "delta": c.sealed(16), "price": deal.Money(price, "EUR"),
	}
	c.proposal = c.take(r, s, "perimeter", "propose", smaller).ID
	c.take(r, b, "perimeter", "agree", smaller)
	c.take(r, b, "offers", "submit", c.offer(price-1_000_00))
	c.take(r, s, "offers", "counter", c.offer(price+1_000_00))
	c.take(r, b, "offers", "confirm", c.offer(price))
	c.deal.Hear(r.Report())
}

func (c *course) offer(minor int64) fields {
	return fields{"price": deal.Money(minor, "EUR"), "until": c.days(20), "perimeter": c.value(deal.KindAct, c.proposal.String())}
}

func (c *course) sign() {
	d, s, b := c.deal, c.seller, c.bidder
	c.take(d, s, "selection", "select", fields{
		"bidder": deal.Bidder(b.ID), "offer": c.value(deal.KindAct, d.Rooms[b.ID].Offer.String()), "price": deal.Money(price, "EUR"),
	})
	d.Select(b.ID)
	c.allowed(d, b, "cancellation", "withdraw", nil)
	approval := fields{"price": deal.Money(price, "EUR")}
	for n := range 3 {
		c.take(d, signing(s, n+1), "terms", "approve", approval)
		c.take(d, signing(b, n+1), "terms", "approve", approval)
	}
	signature := c.value(deal.KindSignature, "0x0304")
	c.take(d, s, "terms", "propose", fields{
		"fund_by": c.days(7), "settle_by": c.days(10), "arbiter_by": c.days(20), "escrow": commitment(7), "authorization": signature,
		"retain_until": c.days(100),
	})
	c.take(d, b, "terms", "accept", fields{"escrow": commitment(7), "authorization": signature})
}

func (c *course) settle() {
	d, s, b := c.deal, c.seller, c.bidder
	permit := fields{"permit_until": c.days(5), "permit": c.value(deal.KindSignature, "0x0506")}
	key := c.value(deal.KindKey, "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
	c.take(d, s, "escrow", "deposit", permit)
	c.take(d, b, "escrow", "fund", permit)
	c.take(d, b, "handover", "request", fields{"key": key})
	c.take(d, s, "handover", "release", fields{"key": key, "root": commitment(6), "until": c.days(2)})
	later := c.now
	c.now = c.now.AddDate(0, 0, 11)
	c.allowed(d, b, "refund", "claim", nil)
	c.now = later
	c.take(d, b, "handover", "receipt", fields{"root": commitment(6), "count": deal.Number(7), "log": commitment(17)})
	c.take(d, b, "settlement", "settle", fields{"authorization": c.value(deal.KindSignature, "0x0708")})
	c.allowed(d, s, "archive", "archive", fields{"record": commitment(8)})
}
