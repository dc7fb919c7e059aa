package policies

import (
	"context"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"cession/deal"
)

func exposure(counterparty, day int64) func(*Input) {
	return func(in *Input) { in.Exposure = &Exposure{Counterparty: counterparty, Day: day} }
}

func wanted(change func(*WantedPack)) func(*Input) {
	return func(in *Input) { change(in.Wanted) }
}

func licensed(id deal.PartyID, license string, until time.Time) func(*Input) {
	return profile(id, func(p *Profile) { p.License, p.LicenseUntil = license, &until })
}

func groups(seller, bidder string) func(*Input) {
	return func(in *Input) {
		profile(theSeller, func(p *Profile) { p.Group = seller })(in)
		profile(theBidder, func(p *Profile) { p.Group = bidder })(in)
	}
}

func tape(rows, missing uint64) func(*Input) {
	return func(in *Input) {
		in.Question.Act.Fields["tape_rows"], in.Question.Act.Fields["tape_missing"] = deal.Number(rows), deal.Number(missing)
	}
}

func without(fields ...string) func(*Input) {
	return func(in *Input) {
		for _, id := range fields {
			delete(in.Question.Act.Fields, id)
		}
	}
}

// open adds questions without an answer.
func open(n byte) func(*Input) {
	return func(in *Input) {
		for i := range n {
			in.Question.Taken = append(in.Question.Taken, deal.Taken{ID: deal.Commitment{70, i}, Step: "questions", Action: "ask", Party: theBidder, At: start})
		}
	}
}

// marketRefusals are those of the rules on the market: licenses, exposure,
// times, conflicts, data tapes and changes of the rules themselves.
func marketRefusals() []refusal {
	fail, unknown := deal.Fail, deal.NotEvaluated
	next := start.AddDate(1, 0, 0)
	return []refusal{
		{"mint.mint", licensed(theSeller, "credit_servicer", next), "parties.licensed", fail},
		{"mint.mint", profile(theSeller, func(p *Profile) { p.Kind = "insurer" }), "parties.licensed", fail},
		{"mint.mint", func(in *Input) { delete(in.Parties, theSeller) }, "parties.licensed", unknown},
		{"nda.sign", licensed(theBidder, "credit_institution", start), "parties.bidder_licensed", fail},
		{"nda.sign", licensed(theBidder, "fund_manager", next), "parties.bidder_licensed", fail},
		{"nda.sign", field("teaser", sealed(50)), "nda.minimal", fail},
		{"nda.sign", field("until", deal.At(start.Add(20*time.Hour))), "nda.validity", fail},
		{"documents.notarize", tape(400, 3), "documents.tape", fail},
		{"documents.notarize", tape(0, 0), "documents.tape", fail},
		{"supplements.notarize", field("count", deal.Number(8)), "supplements.grows", fail},
		{"supplements.append", func(in *Input) { in.Question.Title = nil }, "supplements.grows", unknown},
		{"supplements.append", field("root", commitment(99)), "supplements.notarized", fail},
		{"supplements.append", forget("supplements", "notarize"), "supplements.notarized", unknown},
		{"questions.ask", open(50), "questions.open", fail},
		{"questions.ask", field("due", deal.At(start.Add(time.Hour))), "questions.due", fail},
		{"questions.ask", field("due", deal.At(next)), "questions.due", fail},
		{"perimeter.propose", field("face", eur(face+1)), "perimeter.face", fail},
		{"perimeter.agree", func(in *Input) { in.Question.Title, in.Question.Face = nil, deal.Amount{} }, "perimeter.face", unknown},
		{"perimeter.propose", field("rows", deal.Number(41)), "perimeter.rows", fail},
		{"perimeter.propose", without("rows_root"), "perimeter.rows", unknown},
		{"perimeter.propose", field("price", eur(face)), "perimeter.price", fail},
		{"perimeter.agree", field("rows", deal.Number(38)), "perimeter.same", fail},
		{"offers.submit", without("perimeter"), "offers.perimeter", fail},
		{"offers.counter", field("perimeter", actID(deal.Commitment{99})), "offers.perimeter", fail},
		{"offers.confirm", forget("perimeter", "propose"), "offers.perimeter", unknown},
		{"terms.propose", field("retain_until", past()), "terms.retain", fail},
		{"handover.release", func(in *Input) {
			in.Question.Room.Perimeter, in.Question.Title = deal.Commitment{}, nil
		}, "handover.root", unknown},
		{"invitations.invite", groups("alpine-group", "alpine-group"), "invitations.conflict", fail},
		{"invitations.invite", groups("", theSeller), "invitations.conflict", fail},
		{"clearance.clear", func(in *Input) { delete(in.Parties, theSeller) }, "invitations.conflict", unknown},
		{"selection.select", func(in *Input) {
			in.Question.Face.Minor = 101 * price
			in.Question.Room.PerimeterFace = in.Question.Face
		}, "money.sane", fail},
		{"selection.select", room(func(r *deal.Report) { r.Pack = deal.Commitment{1} }), "selection.rules", fail},
		{"selection.select", forget("listing", "publish"), "selection.standstill", unknown},
		{"selection.select", exposure(20_000_000_000-price+1, 0), "money.counterparty", fail},
		{"terms.propose", exposure(20_000_000_000-price+1, 0), "money.counterparty", fail},
		{"terms.propose", exposure(0, 10_000_000_000-price+1), "money.day", fail},
		{"terms.accept", func(in *Input) { in.Exposure = nil }, "money.day", unknown},
		{"terms.propose", forget("selection", "select"), "terms.cooling_off", unknown},
		{"terms.propose", without("fund_by"), "terms.business_days", unknown},
		{"rules.adopt", wanted(func(w *WantedPack) { w.Active = false }), "rules.known", fail},
		{"rules.adopt", wanted(func(w *WantedPack) { w.Current = 3 }), "rules.known", fail},
		{"rules.adopt", wanted(func(w *WantedPack) { w.Digest = deal.Commitment{78} }), "rules.known", fail},
		{"rules.adopt", wanted(func(w *WantedPack) { w.Number = 3 }), "rules.known", fail},
		{"rules.adopt", func(in *Input) { in.Wanted = nil }, "rules.known", unknown},
		{"room_rules.adopt", wanted(func(w *WantedPack) { w.Active = false }), "room_rules.known", fail},
	}
}

// marketFigure is a figure of a list that the standard pack leaves at none, and what
// it refuses once the market sets it.
type marketFigure struct {
	file, old, replacement string
	act                    string
	change                 func(*Input)
	rule                   string
	needs                  deal.NeedKind // what would lift the refusal
}

func marketFigures() []marketFigure {
	same := func(*Input) {}
	since := func(d time.Duration) func(*Input) {
		return profile(theBidder, func(p *Profile) { at := start.Add(-d); p.KYCSince = &at })
	}
	return []marketFigure{
		{"data/limits.yaml", "hours: 0 # from the listing", "hours: 48 #", "selection.select", same, "selection.standstill", deal.NeedWait},
		{"data/limits.yaml", "hours: 0 # from the selection", "hours: 48 #", "terms.propose", same, "terms.cooling_off", deal.NeedWait},
		{"data/limits.yaml", "business_days: 0", "business_days: 10", "terms.propose", same, "terms.business_days", ""},
		{"data/limits.yaml", "EUR: { one: 10000000, two: 2500000000", "EUR: { one: 10000000, two: 100000000", "terms.propose", same, "terms.four_eyes", deal.NeedApproval},
		{"data/limits.yaml", "most_percent: 100", "most_percent: 90", "terms.approve", same, "money.sane", ""},
		{"data/limits.yaml", "days: 1 #", "days: 366 #", "nda.countersign", same, "nda.validity", ""},
		{"data/limits.yaml", "open: 50", "open: 1", "questions.ask", open(1), "questions.open", ""},
		{"data/limits.yaml", "hours: 24 #", "hours: 73 #", "questions.ask", same, "questions.due", ""},
		{"data/limits.yaml", "minimum_days: 0", "minimum_days: 91", "terms.propose", same, "terms.retain", ""},
		{"data/limits.yaml", "maximum_days: 0", "maximum_days: 89", "terms.propose", same, "terms.retain", ""},
		{"data/limits.yaml", "maximum_days: 0", "maximum_days: 365", "terms.propose", without("retain_until"), "terms.retain", ""},
		{"data/kyc.yaml", "enhanced: { accepted: true, maximum_age_days: 365", "enhanced: { accepted: true, maximum_age_days: 30", "clearance.clear",
			since(31 * 24 * time.Hour), "parties.bidder_kyc", ""},
		{"data/licenses.csv", "bank,none,", "insurer,none,", "nda.sign", same, "parties.bidder_licensed", ""},
		{"data/conflicts.csv", "reason\n", "reason\n" + theBidder + "," + theSeller + ",same_owner\n", "invitations.invite", same, "invitations.conflict", ""},
		{"data/disclosure.yaml", "[text, until]", "[text]", "nda.sign", same, "nda.minimal", ""},
	}
}

// TestFiguresThatTheMarketSets puts acts the standard pack allows to packs that
// differ in one figure.
func TestFiguresThatTheMarketSets(t *testing.T) {
	inputs := newCourse(t).run()
	for _, f := range marketFigures() {
		t.Run(f.rule, func(t *testing.T) {
			files := smallPack(t)
			edit(t, files, f.file, f.old, f.replacement)
			d := decideAct(t, files, inputs[f.act], f.change)
			i := slices.IndexFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == f.rule })
			if d.Allow || i < 0 || d.Rules[i].State != deal.Fail || len(d.Reasons()) != 1 || d.Rules[i].Actual == "" || d.Rules[i].Threshold == "" {
				t.Fatalf("%s: want only %s to fail, have\n%s", f.act, f.rule, Explain(d))
			}
			if f.needs == "" && len(d.Needs) > 0 || f.needs != "" && (len(d.Needs) != 1 || d.Needs[0].Kind != f.needs || !d.Needs[0].Until.After(d.At)) {
				t.Errorf("needs %+v, want %q", d.Needs, f.needs)
			}
		})
	}
}

// decideAct puts an input of the standard pack to another one.
func decideAct(t *testing.T, files fstest.MapFS, in Input, change func(*Input)) deal.Decision {
	t.Helper()
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	in = clone(t, in)
	in.Question.Pack = p.Digest()
	if in.Question.Room != nil {
		in.Question.Room.Pack = p.Digest()
	}
	change(&in)
	d, err := p.Decide(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestFiguresLetPassWhatTheyAllow sets figures that are just not reached.
func TestFiguresLetPassWhatTheyAllow(t *testing.T) {
	inputs := newCourse(t).run()
	files := smallPack(t)
	for _, e := range [][3]string{
		{"data/limits.yaml", "business_days: 0", "business_days: 3"},
		{"data/limits.yaml", "EUR: { one: 10000000, two: 2500000000", "EUR: { one: 10000000, two: 950000000"},
		{"data/limits.yaml", "least_percent: 1", "least_percent: 90"},
		{"data/kyc.yaml", "enhanced: { accepted: true, maximum_age_days: 365", "enhanced: { accepted: true, maximum_age_days: 30"},
		{"data/licenses.csv", "bank,none,", "insurer,none,"},
	} {
		edit(t, files, e[0], e[1], e[2])
	}
	fine := func(in *Input) {
		licensed(theBidder, "credit_institution", start.AddDate(1, 0, 0))(in)
		profile(theBidder, func(p *Profile) { at := start.AddDate(0, 0, -29); p.KYCSince = &at })(in)
		exposure(20_000_000_000-price, 10_000_000_000-price)(in)
		if _, pays := in.Question.Act.Fields["fund_by"]; pays {
			in.Question.Act.Fields["fund_by"] = deal.At(date(2026, 11, 6)) // a Friday
		}
	}
	for _, act := range []string{"clearance.clear", "nda.sign", "selection.select", "terms.approve", "terms.propose", "terms.accept"} {
		if d := decideAct(t, files, inputs[act], fine); !d.Allow {
			t.Errorf("%s is refused:\n%s", act, Explain(d))
		}
	}
	if d := decideAct(t, files, inputs["documents.notarize"], tape(400, 0)); !d.Allow {
		t.Errorf("a tape that is complete is refused:\n%s", Explain(d))
	}
}

func TestLicenseWithoutAnEndIsShownAsOne(t *testing.T) {
	files := smallPack(t)
	edit(t, files, "data/licenses.csv", "bank,none,", "insurer,none,")
	d := decideAct(t, files, newCourse(t).run()["nda.sign"], func(*Input) {})
	i := slices.IndexFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == "parties.bidder_licensed" })
	if i < 0 || d.Rules[i].Actual != "none until further notice" {
		t.Errorf("have\n%s", Explain(d))
	}
}
