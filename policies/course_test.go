package policies

import (
	"context"
	"testing"
	"time"

	"cession/deal"
)

// start is when the test deal is opened.
var start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

const (
	price = 9_500_000_00
	face  = 10_000_000_00
)

// course takes a deal through the standard plan, asking the pack about every
// act, and keeps each allowed input under the name of its act.
type course struct {
	t      testing.TB
	pack   *Pack
	seller deal.Party
	bidder deal.Party
	deal   *deal.Progress
	room   *deal.Progress
	now    time.Time
	inputs map[string]Input
	nth    byte

	proposal deal.Commitment // of the perimeter
}

func party(id deal.PartyID, b byte) deal.Party {
	return deal.Party{ID: id, Wallet: deal.Address{b, 1}, Signers: []deal.Address{{b, 1}, {b, 2}}}
}

func commitment(b byte) deal.Value { return deal.Digest(deal.Commitment{b}) }

func sealed(b byte) deal.Value { return like(deal.KindSealed, deal.Commitment{b}) }

func actID(id deal.Commitment) deal.Value { return like(deal.KindAct, id) }

// like is a value that is written as a commitment is.
func like(kind deal.ValueKind, c deal.Commitment) deal.Value {
	v, err := deal.NewValue(kind, c.String())
	if err != nil {
		panic(err)
	}
	return v
}

func value(t testing.TB, kind deal.ValueKind, text string) deal.Value {
	t.Helper()
	v, err := deal.NewValue(kind, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func profiles() map[deal.PartyID]Profile {
	since, until := start.AddDate(0, -6, 0), start.AddDate(1, 0, 0)
	return map[deal.PartyID]Profile{
		"nordlicht-leasing": {ID: "nordlicht-leasing", Name: "Nordlicht Leasing GmbH", Jurisdiction: "de", Kind: "corporate", KYCClass: "standard", KYCUntil: &until, KYCSince: &since},
		"alpine-bank":       {ID: "alpine-bank", Name: "Älpine Kreditbank AG", Jurisdiction: "at", Kind: "bank", KYCClass: "enhanced", KYCUntil: &until, KYCSince: &since},
	}
}

func newCourse(t testing.TB) *course {
	t.Helper()
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	c := &course{t: t, pack: pack, seller: party("nordlicht-leasing", 1), bidder: party("alpine-bank", 2), now: start, inputs: map[string]Input{}}
	plan := deal.Standard()
	o := deal.Opening{
		ID: "d-abcdefghij234567abcd", Plan: plan, PlanHash: plan.Hash(), Pack: pack.Digest(), Seller: c.seller,
		Market: deal.Market{ChainID: 31337, Symbol: "EUR", Decimals: 6}, Opened: start,
	}
	c.deal, c.room = deal.Begin(o, nil, start), deal.Begin(o, &c.bidder, start)
	return c
}

type fields = map[string]deal.Value

// act makes an act of the party that the plan would accept.
func (c *course) act(p *deal.Progress, by deal.Party, step, action string, f fields) deal.Act {
	c.nth++
	return deal.Act{
		ID: deal.Commitment{9, c.nth}, Deal: p.Opening.ID, Room: p.Room(), Step: step, Action: action, Party: by.ID, Fields: f,
		Sequence: p.NextSequence(by.ID), Salt: deal.Commitment{8, c.nth}, Deadline: c.now.Add(time.Hour), Signer: by.Signers[0], Signature: make([]byte, 65),
	}
}

// ask puts an act to the pack, having checked that the plan would take it.
func (c *course) ask(p *deal.Progress, act deal.Act) (Input, deal.Decision) {
	c.t.Helper()
	if err := p.Check(act, c.now); err != nil {
		c.t.Fatalf("%s: %v", act.Name(), err)
	}
	in := Input{Question: p.Question(act, c.now), Parties: profiles(), Exposure: &Exposure{}}
	if next := act.Field("pack").Commitment(); act.Action == "adopt" {
		in.Wanted = &WantedPack{Digest: next, Number: act.Field("number").Count(), Current: 1, Active: true}
	}
	d, err := c.pack.Decide(context.Background(), in)
	if err != nil {
		c.t.Fatal(err)
	}
	return in, d
}

// allowed asks and keeps the input; the pack must allow it.
func (c *course) allowed(p *deal.Progress, by deal.Party, step, action string, f fields) (deal.Act, deal.Decision) {
	c.t.Helper()
	act := c.act(p, by, step, action, f)
	in, d := c.ask(p, act)
	if !d.Allow {
		c.t.Fatalf("%s is refused:\n%s", act.Name(), Explain(d))
	}
	c.inputs[act.Name()] = in
	return act, d
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
func (c *course) run() map[string]Input {
	c.list()
	c.clear()
	c.negotiate()
	c.sign()
	c.settle()
	return c.inputs
}

func (c *course) list() {
	d, s := c.deal, c.seller
	c.take(d, s, "draft", "open", fields{"plan": deal.Digest(d.Opening.PlanHash), "pack": deal.Digest(c.pack.Digest())})
	c.allowed(d, s, "rules", "adopt", nextPack())
	c.take(d, s, "documents", "notarize", fields{"root": commitment(1), "count": deal.Number(8)})
	c.take(d, s, "mint", "mint", fields{
		"face": deal.Money(face, "EUR"), "due": c.days(90), "title_salt": commitment(2), "authorization": value(c.t, deal.KindSignature, "0x0102"),
	})
	c.supplement()
	c.take(d, s, "listing", "publish", fields{"until": c.days(60), "guidance": deal.Money(price, "EUR")})
	c.take(d, s, "invitations", "invite", fields{"bidder": deal.Bidder("alpine-bank")})
	c.allowed(d, s, "cancellation", "cancel", nil)
}

func nextPack() fields { return fields{"pack": commitment(77), "number": deal.Number(2)} }

// supplement adds a document and has the title stand for it; the room is told.
func (c *course) supplement() {
	d, s := c.deal, c.seller
	c.take(d, s, "supplements", "notarize", fields{
		"root": commitment(11), "count": deal.Number(9), "tape_rows": deal.Number(40), "tape_missing": deal.Number(0), "tape_root": commitment(10),
	})
	c.take(d, s, "supplements", "append", fields{"root": commitment(11), "count": deal.Number(9), "authorization": value(c.t, deal.KindSignature, "0x0102")})
	c.room.Learn(*d.ForSale())
}

func (c *course) clear() {
	r, s, b := c.room, c.seller, c.bidder
	c.allowed(r, b, "invitation", "decline", nil)
	c.take(r, b, "invitation", "accept", nil)
	c.allowed(r, b, "room_rules", "adopt", nextPack())
	c.allowed(r, b, "leave", "withdraw", nil)
	c.allowed(r, s, "leave", "dismiss", nil)
	c.allowed(r, s, "leave", "revoke", nil)
	c.take(r, b, "clearance", "declare", fields{
		"jurisdiction": value(c.t, deal.KindChoice, "at"), "capacity": value(c.t, deal.KindChoice, "bank"),
	})
	c.allowed(r, s, "clearance", "reject", nil)
	c.take(r, s, "clearance", "clear", nil)
	nda := fields{"text": sealed(3), "until": c.days(365)}
	c.take(r, b, "nda", "sign", nda)
	c.take(r, s, "nda", "countersign", nda)
	c.take(r, s, "data_room", "open", fields{"until": c.days(30)})
}

func (c *course) negotiate() {
	r, s, b := c.room, c.seller, c.bidder
	asked := c.take(r, b, "questions", "ask", fields{"question": sealed(4), "due": c.days(3)})
	c.take(r, s, "questions", "answer", fields{
		"asked": value(c.t, deal.KindAct, asked.ID.String()), "answer": value(c.t, deal.KindSealed, deal.Commitment{5}.String()),
	})
	smaller := fields{
		"root": commitment(6), "count": deal.Number(7), "face": deal.Money(face-1_000_00, "EUR"),
		"rows_root": commitment(15), "rows": deal.Number(39), "delta": sealed(16), "price": deal.Money(price, "EUR"),
	}
	c.proposal = c.take(r, s, "perimeter", "propose", smaller).ID
	c.take(r, b, "perimeter", "agree", smaller)
	c.take(r, b, "offers", "submit", c.offer(price-1_000_00))
	c.take(r, s, "offers", "counter", c.offer(price+1_000_00))
	c.take(r, b, "offers", "confirm", c.offer(price))
	c.deal.Hear(r.Report())
}

func (c *course) offer(minor int64) fields {
	return fields{"price": deal.Money(minor, "EUR"), "until": c.days(20), "perimeter": actID(c.proposal)}
}

func (c *course) sign() {
	d, s := c.deal, c.seller
	c.take(d, s, "selection", "select", fields{
		"bidder": deal.Bidder("alpine-bank"), "offer": value(c.t, deal.KindAct, d.Rooms["alpine-bank"].Offer.String()), "price": deal.Money(price, "EUR"),
	})
	d.Select("alpine-bank")
	c.allowed(d, c.bidder, "cancellation", "withdraw", nil)
	approval := fields{"price": deal.Money(price, "EUR")}
	c.take(d, second(s), "terms", "approve", approval)
	c.take(d, second(c.bidder), "terms", "approve", approval)
	signature := value(c.t, deal.KindSignature, "0x0304")
	c.take(d, s, "terms", "propose", fields{
		"fund_by": c.days(5), "settle_by": c.days(10), "arbiter_by": c.days(20), "escrow": commitment(7), "authorization": signature,
		"retain_until": c.days(100),
	})
	c.take(d, c.bidder, "terms", "accept", fields{"escrow": commitment(7), "authorization": signature})
}

// second is the party with its other signer first.
func second(p deal.Party) deal.Party {
	p.Signers = []deal.Address{p.Signers[1], p.Signers[0]}
	return p
}

func (c *course) settle() {
	d, s, b := c.deal, c.seller, c.bidder
	permit := fields{"permit_until": c.days(5), "permit": value(c.t, deal.KindSignature, "0x0506")}
	key := value(c.t, deal.KindKey, "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
	c.take(d, s, "escrow", "deposit", permit)
	c.take(d, b, "escrow", "fund", permit)
	c.take(d, b, "handover", "request", fields{"key": key})
	c.take(d, s, "handover", "release", fields{"key": key, "root": commitment(6), "until": c.days(2)})
	later := c.now
	c.now = c.now.AddDate(0, 0, 11)
	c.allowed(d, b, "refund", "claim", nil)
	c.now = later
	c.take(d, b, "handover", "receipt", fields{"root": commitment(6), "count": deal.Number(7)})
	c.take(d, b, "settlement", "settle", fields{"authorization": value(c.t, deal.KindSignature, "0x0708")})
	c.allowed(d, s, "archive", "archive", fields{"record": commitment(8)})
}

func TestEveryActOfTheStandardPlanCanBeAllowed(t *testing.T) {
	inputs := newCourse(t).run()
	for _, step := range deal.Standard().Steps {
		for _, action := range step.Actions {
			if _, ok := inputs[step.ID+"."+action.ID]; !ok {
				t.Errorf("no allowed input for %s.%s", step.ID, action.ID)
			}
		}
	}
}
