package policies

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cession/deal"
)

// Explain puts a decision into words for a person: what did not pass, why it
// matters, what was found and what was wanted, and what would help. Of what is
// allowed it says what must follow, and why. Of an operator's command it shows
// the rules that passed as well.
func Explain(d deal.Decision) string {
	var b strings.Builder
	reasons := d.Reasons()
	if d.Allow {
		fmt.Fprintf(&b, "Allowed: %d of %d rules passed.\n", len(d.Rules)-len(reasons), len(d.Rules))
	} else {
		fmt.Fprintf(&b, "Refused: %d of %d rules did not pass.\n", len(reasons), len(d.Rules))
	}
	if ofOperation(d) {
		reasons = d.Rules
	}
	for _, r := range reasons {
		b.WriteString(ExplainRule(r, ""))
	}
	for _, o := range d.Obligations {
		if d.Allow {
			fmt.Fprintf(&b, "What must follow: %s.\n", follows(d, o))
		} else {
			fmt.Fprintf(&b, "What helps: %s.\n", helps(d, o))
		}
	}
	for _, n := range d.Needs {
		if n.Kind == deal.NeedWait {
			fmt.Fprintf(&b, "What helps: waiting until %s.\n", n.Until.UTC().Format("2006-01-02 15:04:05 UTC"))
		}
	}
	fmt.Fprintf(&b, "Rules %s, input %s, %s, %s.\n", d.Pack.Short(), d.Input.Short(), d.Evaluator, d.At.UTC().Format("2006-01-02 15:04:05 UTC"))
	return b.String()
}

// ofOperation reports whether a decision is on an operator's command.
func ofOperation(d deal.Decision) bool {
	return slices.ContainsFunc(d.Rules, func(r deal.RuleResult) bool { return strings.HasPrefix(r.ID, "operation.") })
}

// ExplainRule puts one rule's answer into words, in lines. The owner is who
// answers for the rule; "" leaves that out.
func ExplainRule(r deal.RuleResult, owner string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s: %s.\n", verdicts[r.State], r.Title)
	if r.Actual != "" {
		fmt.Fprintf(&b, "    found %s", Readable(r.Actual))
		if r.Threshold != "" {
			fmt.Fprintf(&b, ", wanted %s", Readable(r.Threshold))
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "    rule %s", r.ID)
	if r.Citation != "" {
		fmt.Fprintf(&b, " (%s)", r.Citation)
	}
	if owner != "" {
		fmt.Fprintf(&b, ", owner %s", owner)
	}
	b.WriteByte('\n')
	return b.String()
}

var verdicts = map[deal.RuleState]string{
	deal.Pass: "passed", deal.Fail: "failed", deal.NotEvaluated: "could not be evaluated",
}

func helps(d deal.Decision, obligation string) string {
	if obligation != FourEyes {
		return obligation
	}
	i := slices.IndexFunc(d.Needs, func(n deal.Need) bool { return n.Kind == deal.NeedApproval && n.Persons > 1 })
	if i < 0 {
		return "another person of the same party approves the price first (terms.approve)"
	}
	return fmt.Sprintf("%d other persons of the same party approve the price first (%s)", d.Needs[i].Persons, d.Needs[i].Act)
}

// follows says what an obligation of an allowed command demands, and for what.
func follows(d deal.Decision, obligation string) string {
	if obligation != FourEyes {
		return obligation
	}
	i := slices.IndexFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == ruleFourEyes })
	if i < 0 {
		return "another operator approves it before it takes effect"
	}
	return "another operator approves it before it takes effect, for " + Readable(d.Rules[i].Actual)
}

var (
	minorUnits = regexp.MustCompile(`\b([0-9]+) ([A-Z]{3})\b`)
	weiUnits   = regexp.MustCompile(`\b([0-9]+) wei\b`)
)

// Readable writes the amounts of a figure as people do: "12500000 EUR" becomes "125,000.00 EUR",
// and "30000000000 wei" becomes "30 gwei".
func Readable(figure string) string {
	figure = weiUnits.ReplaceAllStringFunc(figure, func(s string) string { return ether(strings.TrimSuffix(s, " wei")) })
	return minorUnits.ReplaceAllStringFunc(figure, func(s string) string {
		digits, currency, _ := strings.Cut(s, " ")
		whole, cents := point(digits, 2)
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		return whole + "." + cents + " " + currency
	})
}

// ether writes wei in the largest unit of which there is a thousandth or more, exactly.
func ether(digits string) string {
	for _, unit := range []struct {
		places int
		name   string
	}{{18, " ether"}, {9, " gwei"}} {
		if len(digits) > unit.places-3 {
			whole, rest := point(digits, unit.places)
			return strings.TrimSuffix(whole+"."+strings.TrimRight(rest, "0"), ".") + unit.name
		}
	}
	return digits + " wei"
}

// point splits digits so many places before their end.
func point(digits string, places int) (whole, rest string) {
	digits = strings.Repeat("0", max(0, places+1-len(digits))) + digits
	return digits[:len(digits)-places], digits[len(digits)-places:]
}
