package cases

import (
	"context"
	"errors"
	"slices"
	"testing"

	"cession/deal"
)

// wrongly is a refused offer with an expectation that is not met.
func wrongly(t *testing.T, x Expectation) Failure {
	t.Helper()
	all := standardCases(t)
	i := slices.IndexFunc(all, func(c Case) bool { return c.Name == "offer a cent above the limit per deal" })
	if i < 0 {
		t.Fatal("no such case")
	}
	c := all[i]
	c.Expect = x
	r, err := Run(context.Background(), standard(t), []Case{c})
	if err != nil || len(r.Failures) != 1 {
		t.Fatalf("failures %v, error %v: want one", r.Failures, err)
	}
	return r.Failures[0]
}

func TestFailureSaysWhatWasExpectedAndFound(t *testing.T) {
	for name, c := range map[string]struct {
		expect Expectation
		lines  []string
	}{
		"allowed": {Expectation{Allow: true}, []string{
			"expected allowed, found refused: money.limit fail (figure 50000000.01 EUR, wanted at most 50000000.00 EUR)",
		}},
		"state": {Expectation{Rules: map[string]deal.RuleState{"money.limit": deal.Pass}}, []string{
			"expected money.limit to pass, found fail (figure 50000000.01 EUR, wanted at most 50000000.00 EUR)",
		}},
		"rule of another act": {Expectation{Rules: map[string]deal.RuleState{"refund.deadline": deal.Fail}}, []string{
			"expected refund.deadline to fail, but this act is not asked about it",
		}},
		"obligations": {Expectation{Obligations: []string{"four_eyes"}}, []string{
			"expected obligations [four_eyes], found []",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := wrongly(t, c.expect)
			if !slices.Equal(f.Lines, c.lines) || f.File != "cases/limits.csv" || f.Line == 0 {
				t.Errorf("failure says %q at %s:%d, want %q", f.Lines, f.File, f.Line, c.lines)
			}
		})
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, standard(t), standardCases(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v: want that the context ended", err)
	}
}

// A case that changes a list that is not there is no case.
func TestCaseOfNoList(t *testing.T) {
	for _, change := range []Change{{Path: "limit.amount.EUR", Value: "1"}, {Path: "limits.amount.ZZZ", Drop: true}, {Path: "pack.gates.draft.open", Drop: true}} {
		c := standardCases(t)[0]
		c.Lists = []Change{change}
		if _, err := Run(context.Background(), standard(t), []Case{c}); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: error is %v: want one of kind invalid", change.Path, err)
		}
	}
}
