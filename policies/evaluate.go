package policies

import (
	"errors"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"cession/deal"
)

// entrance is one of the two ways into a pack: the acts of parties, and the
// commands of operators.
type entrance struct {
	gates    map[string]*gateway  // by "step.action", or by verb
	queries  map[string]ruleQuery // by rule
	rule     func(id string) Rule
	shape    *shape
	compiler *ast.Compiler
	wordings []wording
	binding  bool // what a rule that passes obliges to must follow; else an obligation only says what would lift a refusal
}

// judge fills a decision in with what the rules of a gate answered. It allows
// only if every rule of the manifest passed.
func (e *entrance) judge(g *gateway, answers []*ast.Term, stale func(rule string) *staleness, acting deal.PartyID, d *deal.Decision) {
	given := make([]answer, len(g.rules))
	d.Rules, d.Allow = make([]deal.RuleResult, len(g.rules)), len(g.rules) > 0
	for i, id := range g.rules {
		given[i] = read(answers[i], e.wordings)
		given[i].result.ID = id
		if old := stale(id); old != nil {
			given[i] = answer{result: old.result()}
		}
		d.Rules[i] = e.result(id, given[i].result)
		d.Allow = d.Allow && d.Rules[i].State == deal.Pass
	}
	for i, a := range given {
		if state := d.Rules[i].State; state != deal.Fail && !(d.Allow && e.binding) {
			continue
		}
		if a.obligation != "" && !slices.Contains(d.Obligations, a.obligation) {
			d.Obligations = append(d.Obligations, a.obligation)
		}
		if a.need != nil {
			d.Needs = append(d.Needs, a.need.since(d.At, g.rules[i], acting))
		}
	}
}

// result puts a rule's answer under its title.
func (e *entrance) result(id string, r deal.RuleResult) deal.RuleResult {
	rule := e.rule(id)
	r.ID, r.Title, r.Citation = id, rule.Title, rule.Citation
	if r.State == "" {
		r.State = deal.NotEvaluated
	}
	return r
}

// unasked is the answer when the rules of a gate were not asked: why, and each
// of them as not evaluated.
func (e *entrance) unasked(g *gateway, why Rule, state deal.RuleState, actual string) []deal.RuleResult {
	results := []deal.RuleResult{{ID: why.ID, Title: why.Title, Citation: why.Citation, State: state, Actual: actual}}
	if g != nil {
		for _, id := range g.rules {
			results = append(results, e.result(id, deal.RuleResult{}))
		}
	}
	return results
}

// errorCode tells engine failures apart without quoting values from the input.
func errorCode(err error) string {
	var failure *topdown.Error
	if errors.As(err, &failure) {
		return failure.Code
	}
	return "internal"
}
