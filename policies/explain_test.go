package policies

import (
	"strings"
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

func TestExplainSaysWhatIsNeeded(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	d := deal.Decision{Obligations: []string{FourEyes}, Needs: []deal.Need{
		{Kind: deal.NeedApproval, Act: "terms.approve", Persons: 2, Until: at},
		{Kind: deal.NeedWait, Until: at.AddDate(0, 0, 2)},
	}, At: at}
	for _, want := range []string{
		"What helps: 2 other persons of the same party approve the price first (terms.approve).\n",
		"What helps: waiting until 2026-11-04 09:00:00 UTC.\n",
	} {
		if got := Explain(d); !strings.Contains(got, want) {
			t.Errorf("have\n%s\nwant %s", got, want)
		}
	}
}

func TestExplainOperation(t *testing.T) {
	o := operation("fees")
	o.Wanted.PerGas = "900000000000"
	d := decideOperation(t, o)
	d.Pack, d.Input = deal.Commitment{}, deal.Commitment{}
	want := `Allowed: 7 of 7 rules passed.
  passed: Who acts is a known operator.
    found on the list, wanted an operator on the list
    rule operation.actor (Regulation (EU) 2022/2554, Art. 9(4)(c); Delegated Regulation (EU) 2024/1774, Art. 21)
  passed: The reason is one of the closed list.
    found network_fees, wanted network_fees, node_outage, signer_outage, key_misuse, party_request, maintenance, incident, exercise
    rule operation.cause (Regulation (EU) 2022/2554, Art. 17(2) and (3)(b); EBA/GL/2019/04, 3.5.1)
  passed: What cannot be undone has a ticket.
    found none, wanted none is needed
    rule operation.ticket (Regulation (EU) 2022/2554, Art. 17(3)(b); Delegated Regulation (EU) 2024/1774, Art. 22)
  passed: The command fits how its target stands.
    found fees of intent sent (FEE_BELOW_BASE), for 90 s, wanted intent queued/signed/sent/mined; lane running/paused
    rule operation.fit (Delegated Regulation (EU) 2024/1774, Art. 8; EBA/GL/2019/04, 3.5)
  passed: New limits are within the absolute maxima.
    found 900 gwei per gas, wanted at most 2000 gwei per gas, 2 ether per transaction, 10 ether per day
    rule operation.limits (Regulation (EU) 2022/2554, Art. 9(4)(e); House rule R-7)
  passed: The cost is known and within the maximum.
    found 0 wei, wanted at most 2 ether
    rule operation.cost (House rule R-7)
  passed: A second operator approves what costs much or cannot be undone.
    found 900 gwei per gas, wanted one operator up to 300 gwei per gas, 0.2 ether per transaction, 2 ether per day
    rule operation.four_eyes (Regulation (EU) 2022/2554, Art. 9(4)(e); Delegated Regulation (EU) 2024/1774, Art. 17(1)(b))
What must follow: another operator approves it before it takes effect, for 900 gwei per gas.
Rules 0x00000000, input 0x00000000, opa/1.22.2, 2026-11-02 09:00:00 UTC.
`
	if got := Explain(d); got != want {
		t.Errorf("have\n%s\nwant\n%s", got, want)
	}
}

func TestReadable(t *testing.T) {
	for figure, want := range map[string]string{
		"0 EUR": "0.00 EUR", "5 EUR": "0.05 EUR", "12500000 EUR": "125,000.00 EUR", "123456 USD": "1,234.56 USD",
		"0 wei": "0 wei", "999999 wei": "999999 wei", "1000000 wei": "0.001 gwei", "300000000000 wei per gas": "300 gwei per gas",
		"999999999999999 wei": "999999.999999999 gwei", "1000000000000000 wei": "0.001 ether", "10000000000000000001 wei": "10.000000000000000001 ether",
		"entry 306, score 95": "entry 306, score 95", "after 2026-11-02T09:00:00Z": "after 2026-11-02T09:00:00Z",
	} {
		if got := Readable(figure); got != want {
			t.Errorf("%s: %s, want %s", figure, got, want)
		}
	}
}
