package policies

import (
	"testing"
	"time"

	"cession/deal"
)

func TestExplain(t *testing.T) {
	d := deal.Decision{
		Rules: []deal.RuleResult{
			{ID: "act.role", Title: "The party plays a part that may act here", State: deal.Pass, Actual: "seller", Threshold: "seller"},
			{ID: "terms.four_eyes", Title: "Above the limit a second person approved", Citation: "House rule R-6", State: deal.Fail,
				Actual: "950000000 EUR, approvals of another person: 0", Threshold: "two persons above 10000000 EUR"},
			{ID: "parties.kyc", Title: "The acting party is identified", State: deal.NotEvaluated},
		},
		Obligations: []string{"four_eyes"}, Evaluator: Evaluator, At: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC),
	}
	want := `Refused: 2 of 3 rules did not pass.
  failed: Above the limit a second person approved.
    found 9,500,000.00 EUR, approvals of another person: 0, wanted two persons above 100,000.00 EUR
    rule terms.four_eyes (House rule R-6)
  could not be evaluated: The acting party is identified.
    rule parties.kyc
What helps: another person of the same party approves the price first (terms.approve).
Rules 0x00000000, input 0x00000000, opa/1.22.2, 2026-11-02 09:00:00 UTC.
`
	if got := Explain(d); got != want {
		t.Errorf("have\n%s\nwant\n%s", got, want)
	}
	allowed := deal.Decision{Allow: true, Rules: d.Rules[:1], Evaluator: Evaluator, At: d.At}
	if got, want := Explain(allowed), "Allowed: 1 of 1 rules passed.\nRules 0x00000000, input 0x00000000, opa/1.22.2, 2026-11-02 09:00:00 UTC.\n"; got != want {
		t.Errorf("have\n%s\nwant\n%s", got, want)
	}
}

func TestReadable(t *testing.T) {
	for figure, want := range map[string]string{
		"0 EUR": "0.00 EUR", "5 EUR": "0.05 EUR", "12500000 EUR": "125,000.00 EUR", "123456 USD": "1,234.56 USD",
		"entry 306, score 95": "entry 306, score 95", "after 2026-11-02T09:00:00Z": "after 2026-11-02T09:00:00Z",
	} {
		if got := readable(figure); got != want {
			t.Errorf("%s: %s, want %s", figure, got, want)
		}
	}
}
