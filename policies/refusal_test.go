package policies

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

// refusal is an allowed input with one thing changed, and the rule that must
// not pass because of it.
type refusal struct {
	act    string
	change func(*Input)
	rule   string
	state  deal.RuleState
}

func field(id string, v deal.Value) func(*Input) {
	return func(in *Input) { in.Question.Act.Fields[id] = v }
}

func profile(id deal.PartyID, change func(*Profile)) func(*Input) {
	return func(in *Input) {
		p := in.Parties[id]
		change(&p)
		in.Parties[id] = p
	}
}

// record changes the newest act of this name on record.
func record(step, action string, change func(*deal.Taken)) func(*Input) {
	return func(in *Input) {
		for i := len(in.Question.Taken) - 1; i >= 0; i-- {
			if taken := &in.Question.Taken[i]; taken.Step == step && taken.Action == action {
				change(taken)
				return
			}
		}
	}
}

func forget(step, action string) func(*Input) {
	return func(in *Input) {
		in.Question.Taken = slices.DeleteFunc(in.Question.Taken, func(t deal.Taken) bool { return t.Step == step && t.Action == action })
	}
}

func room(change func(*deal.Report)) func(*Input) {
	return func(in *Input) { change(in.Question.Room) }
}

func eur(minor int64) deal.Value { return deal.Money(minor, "EUR") }

func past() deal.Value { return deal.At(start.AddDate(-1, 0, 0)) }

const (
	theSeller = "nordlicht-leasing"
	theBidder = "alpine-bank"
)

func refusals() []refusal {
	fail, unknown := deal.Fail, deal.NotEvaluated
	return append(marketRefusals(), []refusal{
		{"draft.open", func(in *Input) { in.Question.Role = deal.Nobody }, "act.role", fail},
		{"draft.open", func(in *Input) { in.Question.Seller = "somebody-else" }, "act.role", fail},
		{"draft.open", func(in *Input) { in.Question.Pack = deal.Commitment{1} }, "act.pack", fail},
		{"draft.open", field("pack", commitment(1)), "draft.pack", fail},
		{"draft.open", field("plan", deal.Digest(deal.Commitment{})), "act.fields", fail},
		{"draft.open", func(in *Input) { in.Question.Act.Deadline = in.Question.Now }, "act.deadline", fail},
		{"draft.open", func(in *Input) { in.Question.Act.Deadline = in.Question.Now.AddDate(0, 0, 8) }, "act.deadline", fail},
		{"draft.open", func(in *Input) { in.Question.Steps[0].Due = &in.Question.Now }, "act.due", fail},
		{"draft.open", func(in *Input) { in.Question.Steps = []deal.StepView{} }, "act.due", unknown},
		{"draft.open", func(in *Input) { delete(in.Parties, theSeller) }, "parties.sanctions", unknown},
		{"draft.open", profile(theSeller, func(p *Profile) { p.ID = theBidder }), "parties.sanctions", unknown},
		{"draft.open", profile(theSeller, func(p *Profile) { p.Name = "" }), "parties.sanctions", unknown},
		{"draft.open", profile(theSeller, func(p *Profile) { p.Name = "Ваnk Melli" }), "parties.sanctions", unknown},
		{"draft.open", profile(theSeller, func(p *Profile) { p.Name = "Banco Nacional de Cuba" }), "parties.sanctions", fail},
		{"draft.open", profile(theSeller, func(p *Profile) { p.Jurisdiction = "KP" }), "parties.jurisdiction", fail},
		{"documents.notarize", field("count", deal.Number(0)), "documents.count", fail},
		{"documents.notarize", field("count", deal.Number(10_001)), "documents.count", fail},
		{"documents.notarize", forget("draft", "open"), "act.order", fail},
		{"mint.mint", field("face", eur(0)), "money.positive", fail},
		{"mint.mint", field("face", eur(5_000_000_001)), "money.limit", fail},
		{"mint.mint", field("face", deal.Money(1, "USD")), "money.currency", fail},
		{"mint.mint", func(in *Input) { in.Question.Currency = "XTS" }, "money.limit", unknown},
		{"mint.mint", func(in *Input) { delete(in.Question.Act.Fields, "due") }, "act.fields", fail},
		{"mint.mint", profile(theSeller, func(p *Profile) { p.KYCUntil = nil }), "parties.kyc", unknown},
		{"mint.mint", record("documents", "notarize", func(t *deal.Taken) { t.Fields = fields{"root": deal.Digest(deal.Commitment{})} }), "mint.documents", fail},
		{"listing.publish", field("until", past()), "listing.until", fail},
		{"listing.publish", field("guidance", eur(face+1)), "listing.guidance", fail},
		{"invitations.invite", func(in *Input) { in.Question.Now = start.AddDate(1, 0, 0) }, "invitations.listed", fail},
		{"invitations.invite", func(in *Input) { in.Question.Bidder = theSeller }, "invitations.other", fail},
		{"invitations.invite", profile(theBidder, func(p *Profile) { p.Jurisdiction = "ru" }), "parties.bidder_jurisdiction", fail},
		{"invitation.accept", func(in *Input) { in.Question.Act.Room = "somebody-else" }, "invitation.addressed", fail},
		{"clearance.declare", profile(theBidder, func(p *Profile) { p.Jurisdiction = "de" }), "clearance.jurisdiction", fail},
		{"clearance.declare", profile(theBidder, func(p *Profile) { p.Kind = "fund" }), "clearance.capacity", fail},
		{"clearance.clear", profile(theBidder, func(p *Profile) { p.Jurisdiction = "de" }), "clearance.declared", fail},
		{"clearance.clear", profile(theBidder, func(p *Profile) { p.KYCClass = "pending" }), "parties.bidder_kyc", fail},
		{"clearance.clear", profile(theBidder, func(p *Profile) { p.KYCUntil = &start }), "parties.bidder_kyc", fail},
		{"clearance.clear", profile(theBidder, func(p *Profile) { p.Name = "AEROCARIBBEAN Airlines" }), "parties.bidder_sanctions", fail},
		{"nda.sign", field("until", past()), "nda.until", fail},
		{"nda.countersign", field("text", sealed(99)), "nda.same", fail},
		{"data_room.open", forget("nda", "countersign"), "nda.in_force", unknown},
		{"data_room.open", field("until", deal.At(start.AddDate(5, 0, 0))), "data_room.until", fail},
		{"questions.ask", record("nda", "sign", func(t *deal.Taken) { t.Fields = nil }), "nda.in_force", unknown},
		{"questions.answer", field("asked", deal.Value{}), "engine.input", fail},
		{"questions.answer", func(in *Input) { in.Question.Act.Fields["asked"] = in.Question.Act.Fields["answer"] }, "act.fields", fail},
		{"questions.answer", forget("questions", "ask"), "questions.asked", fail},
		{"perimeter.agree", field("count", deal.Number(8)), "perimeter.same", fail},
		{"offers.submit", field("until", past()), "offers.until", fail},
		{"offers.submit", record("nda", "countersign", func(t *deal.Taken) { t.Fields["until"] = past() }), "nda.in_force", fail},
		{"selection.select", func(in *Input) { in.Question.Room = nil }, "selection.room", unknown},
		{"selection.select", room(func(r *deal.Report) { r.Bidder.ID = "third-bank" }), "selection.bidder", fail},
		{"selection.select", room(func(r *deal.Report) { r.State = deal.Withdrawn }), "selection.room", fail},
		{"selection.select", room(func(r *deal.Report) { r.Cleared = false }), "selection.cleared", fail},
		{"selection.select", room(func(r *deal.Report) { r.NDA = false }), "selection.nda", fail},
		{"selection.select", room(func(r *deal.Report) { r.Confirmed = false }), "selection.confirmed", fail},
		{"selection.select", room(func(r *deal.Report) { r.Offer = deal.Commitment{1} }), "selection.offer", fail},
		{"selection.select", room(func(r *deal.Report) { r.Price.Minor-- }), "selection.price", fail},
		{"selection.select", room(func(r *deal.Report) { r.Until = &start }), "selection.valid", fail},
		{"selection.select", func(in *Input) { in.Question.Face.Minor = price - 1 }, "money.face", fail},
		{"selection.select", room(func(r *deal.Report) { r.PerimeterFace.Minor = price - 1 }), "money.face", fail},
		{"terms.approve", room(func(r *deal.Report) { r.PerimeterFace = deal.Amount{} }), "money.face", unknown},
		{"terms.approve", field("price", eur(price-1)), "terms.price", fail},
		{"terms.propose", forget("terms", "approve"), "terms.four_eyes", fail},
		{"terms.propose", func(in *Input) { in.Question.Act.Signer = deal.Address{1, 2} }, "terms.four_eyes", fail},
		{"terms.propose", field("settle_by", past()), "terms.deadlines", fail},
		{"terms.accept", field("escrow", commitment(99)), "terms.escrow", fail},
		{"terms.accept", func(in *Input) { in.Question.Price.Minor = 5_000_000_001 }, "money.agreed", fail},
		{"escrow.deposit", record("terms", "accept", func(t *deal.Taken) { t.Fields["escrow"] = commitment(99) }), "escrow.terms", fail},
		{"escrow.fund", field("permit_until", past()), "escrow.permit", fail},
		{"handover.request", forget("escrow", "fund"), "act.order", fail},
		{"handover.release", record("handover", "request", func(t *deal.Taken) { t.Fields = nil }), "handover.key", unknown},
		{"handover.release", field("root", commitment(1)), "handover.root", fail},
		{"handover.release", field("until", past()), "handover.until", fail},
		{"handover.receipt", field("root", commitment(1)), "handover.received", fail},
		{"handover.receipt", field("count", deal.Number(8)), "handover.count", fail},
		{"handover.receipt", field("count", deal.Number(6)), "handover.count", fail},
		{"handover.receipt", room(func(r *deal.Report) { r.PerimeterCount = 0 }), "handover.count", unknown},
		{"settlement.settle", record("handover", "receipt", func(t *deal.Taken) { t.Fields["root"] = commitment(1) }), "settlement.receipt", fail},
		{"archive.archive", field("record", deal.Digest(deal.Commitment{})), "act.fields", fail},
		{"cancellation.cancel", func(in *Input) {
			in.Question.Taken = append(in.Question.Taken, deal.Taken{Step: "escrow", Action: "deposit", Party: theSeller, At: start})
		}, "cancellation.before_escrow", fail},
		{"refund.claim", func(in *Input) { in.Question.Now = start.AddDate(0, 0, 1) }, "refund.deadline", fail},
	}...)
}

// clone copies an input through JSON, as the workflow hands it over.
func clone(t testing.TB, in Input) (out Input) {
	t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// isOperation reports whether a rule is on operators' commands, which have a
// table of their own.
func isOperation(rule string) bool { return strings.HasPrefix(rule, "operation.") }

func TestEveryRuleRefuses(t *testing.T) {
	c := newCourse(t)
	inputs, seen := c.run(), map[string]bool{}
	for _, r := range refusals() {
		in := clone(t, inputs[r.act])
		r.change(&in)
		d, err := c.pack.Decide(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(d.Rules, func(got deal.RuleResult) bool { return got.ID == r.rule })
		if d.Allow || i < 0 || d.Rules[i].State != r.state {
			t.Errorf("%s: want %s %s and a refusal, have\n%s", r.act, r.rule, r.state, Explain(d))
		}
		seen[r.rule] = true
	}
	for _, r := range c.pack.Rules() {
		if !isOperation(r.ID) && !seen[r.ID] {
			t.Errorf("rule %s refuses in no case of this table", r.ID)
		}
	}
}

func TestFourEyesIsAnObligation(t *testing.T) {
	c := newCourse(t)
	in := clone(t, c.run()["terms.propose"])
	forget("terms", "approve")(&in)
	d, err := c.pack.Decide(context.Background(), in)
	if err != nil || !slices.Equal(d.Obligations, []string{"four_eyes"}) {
		t.Errorf("obligations %v, error %v: want four_eyes", d.Obligations, err)
	}
	in.Question.Price.Minor = 10_000_000
	if d, err = c.pack.Decide(context.Background(), in); err != nil || !d.Allow || len(d.Obligations) > 0 {
		t.Errorf("at the limit: allow %v, obligations %v, error %v: want one person to be enough", d.Allow, d.Obligations, err)
	}
}

func TestDecisionIsComplete(t *testing.T) {
	c := newCourse(t)
	in := c.run()["offers.submit"]
	d, err := c.pack.Decide(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	local := clone(t, in)
	local.Question.Now = local.Question.Now.In(time.FixedZone("east", 7200))
	again, err := c.pack.Decide(context.Background(), local)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Allow || d.Act != in.Question.Act.ID || d.Pack != c.pack.Digest() || d.Input.IsZero() || d.Evaluator != Evaluator || !d.At.Equal(in.Question.Now) {
		t.Errorf("decision lacks something: %+v", d)
	}
	if again.Input != d.Input {
		t.Error("the same input in another time zone has another digest")
	}
	var order []string
	for _, r := range d.Rules {
		order = append(order, r.ID)
	}
	if !slices.Equal(order, c.pack.manifest.Gates["offers.submit"].Rules) {
		t.Errorf("rules come as %v", order)
	}
}
