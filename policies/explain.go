package policies

import (
	"fmt"
	"regexp"
	"strings"

	"cession/deal"
)

// Explain puts a decision into words for a person: what did not pass, why it
// matters, what was found and what was wanted, and what would help.
func Explain(d deal.Decision) string {
	var b strings.Builder
	reasons := d.Reasons()
	if d.Allow {
		fmt.Fprintf(&b, "Allowed: %d of %d rules passed.\n", len(d.Rules)-len(reasons), len(d.Rules))
	} else {
		fmt.Fprintf(&b, "Refused: %d of %d rules did not pass.\n", len(reasons), len(d.Rules))
	}
	for _, r := range reasons {
		explainRule(&b, r)
	}
	for _, o := range d.Obligations {
		fmt.Fprintf(&b, "What helps: %s.\n", helps(o))
	}
	fmt.Fprintf(&b, "Rules %s, input %s, %s, %s.\n", d.Pack.Short(), d.Input.Short(), d.Evaluator, d.At.UTC().Format("2006-01-02 15:04:05 UTC"))
	return b.String()
}

func explainRule(b *strings.Builder, r deal.RuleResult) {
	fmt.Fprintf(b, "  %s: %s.\n", verdicts[r.State], r.Title)
	if r.Actual != "" {
		fmt.Fprintf(b, "    found %s", readable(r.Actual))
		if r.Threshold != "" {
			fmt.Fprintf(b, ", wanted %s", readable(r.Threshold))
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, "    rule %s", r.ID)
	if r.Citation != "" {
		fmt.Fprintf(b, " (%s)", r.Citation)
	}
	b.WriteByte('\n')
}

var verdicts = map[deal.RuleState]string{
	deal.Pass: "passed", deal.Fail: "failed", deal.NotEvaluated: "could not be evaluated",
}

func helps(obligation string) string {
	if obligation == "four_eyes" {
		return "another person of the same party approves the price first (terms.approve)"
	}
	return obligation
}

var minorUnits = regexp.MustCompile(`\b([0-9]+) ([A-Z]{3})\b`)

// readable writes amounts as people do: "12500000 EUR" becomes "125,000.00 EUR".
func readable(figure string) string {
	return minorUnits.ReplaceAllStringFunc(figure, func(s string) string {
		digits, currency, _ := strings.Cut(s, " ")
		digits = strings.Repeat("0", max(0, 3-len(digits))) + digits
		whole, cents := digits[:len(digits)-2], digits[len(digits)-2:]
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		return whole + "." + cents + " " + currency
	})
}
