package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cession/deal"
	"cession/policies"
)

// Report is what a run of cases showed.
type Report struct {
	Cases    int       `json:"cases"`
	Failures []Failure `json:"failures,omitempty"`
}

// Failure is a case in which the decision is not the expected one.
type Failure struct {
	Case  string   `json:"case"`
	File  string   `json:"file"`
	Line  int      `json:"line"`
	Lines []string `json:"lines"` // what differs, each in words: expected, found, and the figures
}

func (f Failure) String() string {
	return fmt.Sprintf("%s:%d: %s\n    %s", f.File, f.Line, f.Case, strings.Join(f.Lines, "\n    "))
}

// Run decides every case with a pack. The error is one of kind invalid if a
// case cannot be put to the pack at all, or that ctx has ended.
func Run(ctx context.Context, p *policies.Pack, all []Case) (Report, error) {
	tried, err := decide(ctx, p, all)
	if err != nil {
		return Report{Cases: len(all)}, err
	}
	return report(tried), nil
}

// decided is a case with the decision of the pack, which has the lists of the
// case.
type decided struct {
	Case
	pack     *policies.Pack
	decision deal.Decision
}

// decide asks at whatever time a case is of: not only while the pack is in effect.
func decide(ctx context.Context, p *policies.Pack, all []Case) ([]decided, error) {
	p = p.AtAnyTime()
	packs := map[string]*policies.Pack{}
	tried := make([]decided, len(all))
	for i, c := range all {
		key := c.lists()
		if packs[key] == nil {
			changed, err := c.Pack(p)
			if err != nil {
				return nil, err
			}
			packs[key] = changed
		}
		d, err := c.decide(ctx, packs[key])
		if err != nil {
			return nil, err
		}
		tried[i] = decided{c, packs[key], d}
	}
	return tried, nil
}

func report(tried []decided) Report {
	r := Report{Cases: len(tried)}
	for _, c := range tried {
		if lines := c.Expect.differences(c.decision); len(lines) > 0 {
			r.Failures = append(r.Failures, Failure{c.Name, c.File, c.Line, lines})
		}
	}
	return r
}

// differences says in words where a decision is not what was expected.
func (x Expectation) differences(d deal.Decision) (lines []string) {
	if d.Allow != x.Allow {
		lines = append(lines, "expected "+verdict(x.Allow)+", found "+verdict(d.Allow)+because(d, x))
	}
	for _, id := range sortedKeys(x.Rules) {
		i := slices.IndexFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == id })
		switch {
		case i < 0:
			lines = append(lines, "expected "+id+" to "+stateWord[x.Rules[id]]+", but this act is not asked about it")
		case d.Rules[i].State != x.Rules[id]:
			lines = append(lines, "expected "+id+" to "+stateWord[x.Rules[id]]+", found "+string(d.Rules[i].State)+figures(d.Rules[i]))
		}
	}
	if x.Obligations != nil && !slices.Equal(slices.Sorted(slices.Values(x.Obligations)), slices.Sorted(slices.Values(d.Obligations))) {
		lines = append(lines, fmt.Sprintf("expected obligations %v, found %v", x.Obligations, d.Obligations))
	}
	return lines
}

var stateWord = map[deal.RuleState]string{deal.Pass: "pass", deal.Fail: "fail", deal.NotEvaluated: "be not evaluated"}

func verdict(allow bool) string {
	if allow {
		return "allowed"
	}
	return "refused"
}

// because names the rules that refused what was to be allowed.
func because(d deal.Decision, x Expectation) string {
	if !x.Allow {
		return ""
	}
	var why []string
	for _, r := range d.Reasons() {
		why = append(why, r.ID+" "+string(r.State)+figures(r))
	}
	return ": " + strings.Join(why, "; ")
}

// figures are what the rule compared, with amounts as people write them.
func figures(r deal.RuleResult) string {
	switch {
	case r.Actual != "" && r.Threshold != "":
		return fmt.Sprintf(" (figure %s, wanted %s)", readable(r.Actual), readable(r.Threshold))
	case r.Actual != "":
		return fmt.Sprintf(" (figure %s)", readable(r.Actual))
	}
	return ""
}
