package policies

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cession/deal"
)

// house is a party's own pack: one rule at the gates of these acts.
func house(t testing.TB, rule string, acts ...string) *Pack {
	t.Helper()
	manifest := "name: house\nversion: 1.0.0\nkind: addition\ngates:\n"
	for _, act := range acts {
		manifest += "  " + act + ": { rules: [house.cap] }\n"
	}
	manifest += "rules:\n  - { id: house.cap, title: The house agrees, owner: Risk, citation: House rules 1, severity: high }\n"
	p, err := Load(fstest.MapFS{
		"manifest.yaml": {Data: []byte(manifest)},
		"house.rego":    {Data: []byte("package cession.house\n\n" + rule + "\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const (
	houseAllows  = `answer["cap"] := {"state": "pass", "actual": 1, "threshold": 1}`
	houseRefuses = `answer["cap"] := {
	"state": "fail", "actual": "too much", "threshold": "less", "obligation": "board",
	"need": {"kind": "approval", "act": "terms.approve", "persons": 3, "hours": 5},
}`
	houseIsSilent = `answer["cap"] := {"state": "pass", "actual": 1, "threshold": 1} if input.exposure.day > 0`
)

// one is a library that holds one pack.
func one(p *Pack) func(deal.Commitment) (*Pack, error) {
	return func(digest deal.Commitment) (*Pack, error) {
		if digest != p.Digest() {
			return nil, deal.Errorf(deal.NotFound, "no such pack")
		}
		return p, nil
	}
}

// An own pack that allows everything lifts no refusal of the common one: over
// the whole table of refusals, and over all that is allowed, the joint decision
// says what the common one says.
func TestOwnPackNeverWeakens(t *testing.T) {
	c := newCourse(t)
	inputs := c.run()
	generous := house(t, houseAllows, slices.Sorted(maps.Keys(inputs))...)
	var all []Input
	for _, in := range inputs {
		all = append(all, in)
	}
	for _, r := range refusals() {
		if in, ok := inputs[r.act]; ok {
			in = clone(t, in)
			r.change(&in)
			all = append(all, in)
		}
	}
	allowed, refused := 0, 0
	for _, in := range all {
		if isOperation(in.Question.Act.Name()) {
			continue
		}
		alone, err := c.pack.Decide(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		v, err := Both{one(c.pack), generous}.Evaluate(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		same := in.Question.Pack == c.pack.Digest()
		if v.Decision.Allow != (alone.Allow && same && v.Own.Decision.Allow) {
			t.Errorf("%s: alone %t, with the own pack %t", in.Question.Act.Name(), alone.Allow, v.Decision.Allow)
		}
		if same && !slices.Equal(v.Decision.Rules[:len(alone.Rules)], alone.Rules) {
			t.Errorf("%s: the common rules are not all shown first", in.Question.Act.Name())
		}
		if v.Decision.Allow {
			allowed++
		} else {
			refused++
		}
	}
	if allowed == 0 || refused < 50 {
		t.Errorf("%d allowed and %d refused: the table is too small to show anything", allowed, refused)
	}
}

func TestBoth(t *testing.T) {
	c := newCourse(t)
	in := c.run()["offers.submit"]
	for name, test := range map[string]struct {
		own   *Pack
		allow bool
		judge bool
		state deal.RuleState
	}{
		"no own pack":       {nil, true, false, ""},
		"own pack allows":   {house(t, houseAllows, "offers.submit"), true, true, deal.Pass},
		"own pack refuses":  {house(t, houseRefuses, "offers.submit"), false, true, deal.Fail},
		"own pack is mute":  {house(t, houseIsSilent, "offers.submit"), false, true, deal.NotEvaluated},
		"of another gate":   {house(t, houseRefuses, "terms.accept"), true, false, ""},
		"a gate and others": {house(t, houseRefuses, "offers.submit", "terms.accept"), false, true, deal.Fail},
	} {
		v, err := Both{one(c.pack), test.own}.Evaluate(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		if v.Decision.Allow != test.allow || (v.Own != nil) != test.judge || v.Decision.Pack != c.pack.Digest() || v.Decision.Act != in.Question.Act.ID {
			t.Errorf("%s: allow %t, own asked %t, want %t, %t", name, v.Decision.Allow, v.Own != nil, test.allow, test.judge)
		}
		i := slices.IndexFunc(v.Decision.Rules, func(r deal.RuleResult) bool { return strings.HasPrefix(r.ID, OwnPrefix) })
		if (i >= 0) != test.judge || (i >= 0 && (v.Decision.Rules[i].ID != "own.house.cap" || v.Decision.Rules[i].State != test.state)) {
			t.Errorf("%s: rules %+v", name, v.Decision.Rules)
		}
	}
}

// What the own pack asks for is asked for as well, under its own rule.
func TestBothJoinsWork(t *testing.T) {
	c := newCourse(t)
	in := clone(t, c.run()["terms.propose"])
	forget("terms", "approve")(&in)
	d, err := Both{one(c.pack), house(t, houseRefuses, "terms.propose")}.Decide(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Obligations, []string{"four_eyes", "board"}) {
		t.Errorf("obligations %v", d.Obligations)
	}
	var rules []string
	for _, n := range d.Needs {
		rules = append(rules, n.Rule)
	}
	if !slices.Contains(rules, "own.house.cap") || len(rules) < 2 {
		t.Errorf("needs come from %v", rules)
	}
}

// Each pack's own evaluation is as that pack alone gives it, so that it can be
// recorded and decided again.
func TestBothKeepsParts(t *testing.T) {
	c := newCourse(t)
	in, own := c.run()["offers.submit"], house(t, houseRefuses, "offers.submit")
	v, err := Both{one(c.pack), own}.Evaluate(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]struct {
		pack *Pack
		got  Evaluation
	}{"common": {c.pack, v.Common}, "own": {own, *v.Own}} {
		want, err := part.pack.Evaluate(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		if string(part.got.Document) != string(want.Document) || part.got.Decision.Input != want.Decision.Input || part.got.Decision.Pack != part.pack.Digest() ||
			!slices.Equal(part.got.Decision.Rules, want.Decision.Rules) {
			t.Errorf("%s: %+v", name, part.got.Decision)
		}
	}
}

// A pack that is not at hand, or another one under its digest, refuses; a
// library that cannot answer is an error.
func TestBothWithoutPack(t *testing.T) {
	c := newCourse(t)
	in := c.run()["offers.submit"]
	for name, common := range map[string]func(deal.Commitment) (*Pack, error){
		"unknown":  func(deal.Commitment) (*Pack, error) { return nil, deal.Errorf(deal.NotFound, "no") },
		"nothing":  func(deal.Commitment) (*Pack, error) { return nil, nil },
		"swapped":  func(deal.Commitment) (*Pack, error) { return house(t, houseAllows, "offers.submit"), nil },
		"generous": func(deal.Commitment) (*Pack, error) { return nil, deal.Errorf(deal.NotFound, "no") },
	} {
		b := Both{Common: common}
		if name == "generous" {
			b.Own = house(t, houseAllows, "offers.submit")
		}
		d, err := b.Decide(context.Background(), in)
		if err != nil || d.Allow || d.Rules[0].ID != "engine.pack" || d.Rules[0].State != deal.NotEvaluated || d.Pack != in.Question.Pack {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	away := errors.New("no answer")
	if _, err := (Both{Common: func(deal.Commitment) (*Pack, error) { return nil, away }}).Decide(context.Background(), in); !errors.Is(err, away) {
		t.Errorf("a library that does not answer gives %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Both{Common: one(c.pack)}).Decide(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
	if _, err := (Both{Common: func(deal.Commitment) (*Pack, error) { return nil, nil }}).Decide(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context, without a pack: %v", err)
	}
}
