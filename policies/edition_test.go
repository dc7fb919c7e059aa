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

// asOf is when the shipped sanctions list holds for.
var asOf = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func decideAt(t *testing.T, p *Pack, in Input, now time.Time) deal.Decision {
	t.Helper()
	in = clone(t, in)
	in.Question.Now, in.Question.Act.Deadline = now, now.Add(time.Hour)
	d, err := p.Decide(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func stateOf(d deal.Decision, rule string) deal.RuleResult {
	i := slices.IndexFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == rule })
	if i < 0 {
		return deal.RuleResult{}
	}
	return d.Rules[i]
}

// A rule that reads a list which is too old is not evaluated, and no other.
func TestStaleListIsNotEvaluated(t *testing.T) {
	c := newCourse(t)
	inputs := c.run()
	late := asOf.AddDate(0, 0, 30)
	if d := decideAt(t, c.pack, inputs["nda.sign"], late); stateOf(d, "parties.bidder_sanctions").State != deal.Pass {
		t.Errorf("30 days: %v", stateOf(d, "parties.bidder_sanctions"))
	}
	d := decideAt(t, c.pack, inputs["nda.sign"], late.Add(52*24*time.Hour))
	r := stateOf(d, "parties.bidder_sanctions")
	if d.Allow || r.State != deal.NotEvaluated || r.Actual != "list sanctions of 2026-11-20, 82 days old" || r.Threshold != "at most 30 days" {
		t.Errorf("82 days: allow %v, %v", d.Allow, r)
	}
	if other := stateOf(d, "parties.bidder_jurisdiction"); other.State != deal.Pass {
		t.Errorf("a rule that does not read the list: %v", other)
	}
	// Nobody is kept in talks by a list.
	if d := decideAt(t, c.pack, inputs["leave.withdraw"], late.AddDate(1, 0, 0)); !d.Allow || len(d.Lists) > 0 {
		t.Errorf("leaving with an old list: %v\n%s", d.Lists, Explain(d))
	}
}

func TestDecisionNamesTheEditionsItUsed(t *testing.T) {
	c := newCourse(t)
	d := decideAt(t, c.pack, c.run()["nda.sign"], start)
	i := slices.IndexFunc(c.pack.Lists(), func(l ListInfo) bool { return l.Name == "sanctions" })
	list := c.pack.Lists()[i]
	want := []deal.ListUsed{{Name: "sanctions", Digest: list.Digest, AsOf: asOf}}
	if !slices.Equal(d.Lists, want) || list.Digest.IsZero() || !list.Live || list.Entries < 7000 || list.MaximumAge != 30*24*time.Hour {
		t.Errorf("lists %v of %+v", d.Lists, list)
	}
}

func TestWithList(t *testing.T) {
	p, err := Load(smallPack(t))
	if err != nil {
		t.Fatal(err)
	}
	in := clone(t, newCourse(t).run()["nda.sign"])
	in.Question.Pack = p.Digest()
	if d := decideAt(t, p, in, start); !d.Allow {
		t.Fatal(Explain(d))
	}
	listed := smallSDN[:len(smallSDN)-1] + `77,"ALPINE KREDITBANK","-0-","X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-` + "\n"
	newer, err := p.WithList("sanctions", []byte(listed), asOf.AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	d := decideAt(t, newer, in, start)
	if r := stateOf(d, "parties.bidder_sanctions"); d.Allow || r.State != deal.Fail || r.Actual != "entry 77, score 90, normalized" {
		t.Errorf("a bidder on the newer list: %v", r)
	}
	if newer.Digest() != p.Digest() || d.Lists[0].AsOf != asOf.AddDate(0, 0, 1) || newer.lists.Sanctions.Entries != 3 {
		t.Errorf("digest %s, lists %v", newer.Digest(), d.Lists)
	}
	if d := decideAt(t, p, in, start); !d.Allow {
		t.Errorf("the older edition changed: %s", Explain(d))
	}
	for name, bad := range map[string]struct {
		list, content string
		asOf          time.Time
		says          string
	}{
		"no such list":  {"weather", listed, asOf, "no list"},
		"not live":      {"limits", "{}", asOf, "not live"},
		"no date":       {"sanctions", listed, time.Time{}, "time it holds for"},
		"empty":         {"sanctions", "", asOf, "at least"},
		"short":         {"sanctions", smallSDN[:strings.Index(smallSDN, "\n")+1], asOf, "at least"},
		"not the form":  {"sanctions", "country,name\nat,Austria\n", asOf, "columns"},
		"oversized":     {"sanctions", strings.Repeat("\n", maxListSize+1), asOf, "bytes"},
		"too many":      {"sanctions", strings.Repeat(`1,"A B",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-`+"\n", 100_001), asOf, "at most"},
		"broken quotes": {"sanctions", `1,"A`, asOf, "read sanctions list"},
	} {
		if _, err := p.WithList(bad.list, []byte(bad.content), bad.asOf); deal.KindOf(err) != deal.Invalid || !strings.Contains(err.Error(), bad.says) {
			t.Errorf("%s: error %v: want one that says %s", name, err, bad.says)
		}
	}
}

func TestSampleIsAsOfATime(t *testing.T) {
	far := start.AddDate(10, 0, 0)
	p, err := Sample(far)
	if err != nil {
		t.Fatal(err)
	}
	in := clone(t, newCourse(t).run()["clearance.clear"])
	if r := stateOf(decideAt(t, p, in, far), "parties.sanctions"); r.State != deal.Pass {
		t.Errorf("the sample in ten years: %v", r)
	}
	standard, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	if r := stateOf(decideAt(t, standard, in, far), "parties.sanctions"); r.State != deal.NotEvaluated || p.Digest() != standard.Digest() {
		t.Errorf("the shipped pack in ten years: %v", r)
	}
}

func TestPackDecidesWhileItIsInEffect(t *testing.T) {
	files := smallPack(t)
	edit(t, files, manifestFile, "effective: { from: 2026-01-01 }", "effective: { from: 2026-11-01, until: 2026-11-03 }")
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	in := clone(t, newCourse(t).run()["draft.open"])
	in.Question.Act.Fields["pack"] = deal.Digest(p.Digest())
	in.Question.Pack = p.Digest()
	for now, allow := range map[time.Time]bool{
		p.From().Add(-time.Millisecond): false, p.From(): true, p.Until().Add(-time.Millisecond): true, p.Until(): false,
	} {
		d := decideAt(t, p, in, now)
		if d.Allow != allow || !allow && (d.Rules[0].ID != ruleEffective.ID || d.Rules[1].State != deal.NotEvaluated) {
			t.Errorf("%s: allow %v\n%s", now, d.Allow, Explain(d))
		}
	}
}

// Nobody is kept in a deal because its rules have expired, and its parties can
// adopt others.
func TestExitsOutliveThePack(t *testing.T) {
	files := smallPack(t)
	edit(t, files, manifestFile, "effective: { from: 2026-01-01 }", "effective: { from: 2026-01-01, until: 2026-01-02 }")
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	exits := []string{
		"invitation.decline", "clearance.reject", "leave.withdraw", "leave.dismiss", "leave.revoke",
		"cancellation.cancel", "cancellation.withdraw", "refund.claim", "rules.adopt", "room_rules.adopt",
	}
	for act, in := range newCourse(t).run() {
		in.Question.Pack = p.Digest()
		d, err := p.Decide(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		if asked := d.Rules[0].ID != ruleEffective.ID; asked != slices.Contains(exits, act) {
			t.Errorf("%s under a pack whose time is over: rules asked %v", act, asked)
		}
	}
}

func TestNeedsAreWork(t *testing.T) {
	c := newCourse(t)
	in := clone(t, c.run()["terms.propose"])
	forget("terms", "approve")(&in)
	d, err := c.pack.Decide(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	want := deal.Need{
		Kind: deal.NeedApproval, Rule: "terms.four_eyes", Act: "terms.approve", Party: theSeller, Persons: 1,
		Until: in.Question.Now.Add(168 * time.Hour),
	}
	if d.Allow || !slices.Equal(d.Needs, []deal.Need{want}) {
		t.Errorf("needs %+v, want %+v", d.Needs, want)
	}
}

func TestNeedThatCannotBeReadRefuses(t *testing.T) {
	good := `{"kind": "wait", "until": input.now}`
	for text, readable := range map[string]bool{
		good: true, `{"kind": "wait"}`: false, `{"kind": "wait", "until": "tomorrow"}`: false, `{"kind": "beg"}`: false, `7`: false,
		`{"kind": "approval", "act": "terms.approve", "persons": 0, "hours": 1}`:    false,
		`{"kind": "approval", "act": "terms", "persons": 1, "hours": 1}`:            false,
		`{"kind": "approval", "act": "terms.approve", "persons": 1, "hours": 1e9}`:  false,
		`{"kind": "approval", "act": "terms.approve", "persons": 2, "hours": 48}`:   true,
		`{"kind": "approval", "act": "terms.approve", "persons": "2", "hours": 48}`: false,
	} {
		files := smallPack(t)
		edit(t, files, "offers.rego", `lib.future(input.act.fields.until)`, `object.union(lib.answer(false, "a", "b"), {"need": `+text+`})`)
		d := decideWith(t, files)
		want := deal.NotEvaluated
		if readable {
			want = deal.Fail
		}
		if r := stateOf(d, "offers.until"); d.Allow || r.State != want || (len(d.Needs) == 1) != readable {
			t.Errorf("need %s: %v, needs %v", text, r, d.Needs)
		}
	}
}

// The data a pack can be shown with belongs to who asked for it.
func TestDataIsACopy(t *testing.T) {
	p, err := Load(smallPack(t))
	if err != nil {
		t.Fatal(err)
	}
	damaged, err := p.WithData(func(tree map[string]any) { delete(tree, "kyc") })
	if err != nil {
		t.Fatal(err)
	}
	in := clone(t, newCourse(t).run()["nda.sign"])
	in.Question.Pack = p.Digest()
	if r := stateOf(decideAt(t, damaged, in, start), "parties.bidder_kyc"); r.State != deal.NotEvaluated {
		t.Errorf("without its list: %v", r)
	}
	if d := decideAt(t, p, in, start); !d.Allow {
		t.Error(Explain(d))
	}
	data, err := p.Data()
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(data)
	if err != nil || strings.Contains(string(b), "BANCO") {
		t.Errorf("names of the list are in the data of the rules, or %v", err)
	}
}
