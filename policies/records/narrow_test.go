package records_test

import (
	"context"
	"slices"
	"testing"

	"cession/policies"
	"cession/policies/records"
)

// narrowings are changes of a pack, and the rules that are asked again for them.
var narrowings = []struct {
	name  string
	edits []string
	want  []string // at least these; nil: all rules are asked
}{
	{"a limit", []string{limits, "EUR: 5000000000\n", "EUR: 3000000000\n", limits, "two: 2500000000, three: 5000000000 }\n    GBP", "two: 2500000000, three: 3000000000 }\n    GBP"}, []string{"money.agreed", "money.limit"}},
	{"a country", []string{"data/jurisdictions.csv", "ir,", "xx,"}, []string{"parties.bidder_jurisdiction", "parties.jurisdiction"}},
	{"a rule", []string{"documents.rego", "package cession.documents\n", "package cession.documents\n# other\n"}, []string{"documents.count"}},
	{"what all share", []string{"lib.rego", "package cession.lib\n", "package cession.lib\n# other\n"}, nil},
	{"a gate", []string{"manifest.yaml", "rules: [act.due, documents.count", "rules: [documents.count"}, []string{"act.order", "act.role"}},
	{"an age", []string{"manifest.yaml", "maximum_age: 30d", "maximum_age: 1d"}, []string{"parties.bidder_sanctions", "parties.sanctions"}},
}

// A narrowed backtest reports what a whole one does.
func TestNarrowedIsTheSame(t *testing.T) {
	all := file(t, sample(t, 500))
	for _, tt := range narrowings {
		changed := files(t, tt.edits...)
		candidate, err := policies.Load(changed)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		n, err := records.Narrow(pack(t), candidate, policies.StandardFS(), changed)
		if err != nil || (n == nil) != (tt.want == nil) {
			t.Errorf("%s: %v, %v", tt.name, n, err)
			continue
		}
		if n == nil {
			continue
		}
		for _, id := range tt.want {
			if !slices.Contains(n.Rules(), id) {
				t.Errorf("%s: asks %v, not %s", tt.name, n.Rules(), id)
			}
		}
		whole, err := records.Backtest(context.Background(), records.BacktestConfig{Candidate: candidate, Lines: lines(all)})
		if err != nil {
			t.Fatal(err)
		}
		narrowed, err := records.Backtest(context.Background(), records.BacktestConfig{Candidate: candidate, Lines: lines(all), Narrow: n})
		if err != nil || narrowed.Narrowed == 0 {
			t.Fatalf("%s: %d narrowed, %v", tt.name, narrowed.Narrowed, err)
		}
		whole.Rate, narrowed.Rate, narrowed.Narrowed = 0, 0, 0
		if js(t, whole) != js(t, narrowed) {
			t.Errorf("%s: narrowed\n%s\nwhole\n%s", tt.name, narrowed.Text(), whole.Text())
		}
	}
}

func TestNarrowOfTheSamePack(t *testing.T) {
	if n, err := records.Narrow(pack(t), pack(t), policies.StandardFS(), policies.StandardFS()); n != nil || err != nil {
		t.Errorf("%v, %v", n, err)
	}
}
