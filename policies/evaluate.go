package policies

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"cession/deal"
)

// entrance is one of the two ways into a pack: the acts of parties, and the
// commands of operators.
type entrance struct {
	gates   map[string]gate // by "step.action", or by verb
	rule    func(id string) Rule
	schema  func() *jsonschema.Schema
	query   rego.PreparedEvalQuery
	binding bool // what a rule that passes obliges to must follow; else an obligation only says what would lift a refusal
}

// evaluate asks the rules of a gate about an input tree. Allow is true only if
// every rule of the manifest passed and the gate itself says so.
func (e *entrance) evaluate(ctx context.Context, gate string, tree any) (results []deal.RuleResult, obligations []string, allow bool) {
	rules := e.gates[gate].Rules
	if len(rules) == 0 {
		return e.unasked(gate, ruleGate, deal.NotEvaluated, ""), nil, false
	}
	if where, ok := valid(e.schema(), tree); !ok {
		return e.unasked(gate, ruleInput, deal.Fail, where), nil, false
	}
	answer, err := e.ask(ctx, tree)
	if err != nil {
		return e.unasked(gate, ruleEngine, deal.NotEvaluated, errorCode(err)), nil, false
	}
	allow = answer.allow
	for _, id := range rules {
		r := e.result(id, answer.rules[id])
		results = append(results, r)
		allow = allow && r.State == deal.Pass
	}
	return results, e.obligations(results, answer, allow), allow
}

// obligations are those of the rules that failed, which would lift the refusal,
// and where they bind those of the rules that passed.
func (e *entrance) obligations(results []deal.RuleResult, a answer, allow bool) (all []string) {
	for _, r := range results {
		o, _ := a.rules[r.ID]["obligation"].(string)
		if o != "" && !slices.Contains(all, o) && (r.State == deal.Fail || allow && e.binding) {
			all = append(all, o)
		}
	}
	return all
}

// answer is what the gate returned.
type answer struct {
	allow bool
	rules map[string]object
}

func (e *entrance) ask(ctx context.Context, tree any) (a answer, err error) {
	value, err := ast.InterfaceToValue(tree)
	if err != nil {
		return a, err
	}
	set, err := e.query.Eval(ctx, rego.EvalParsedInput(value))
	if err != nil {
		return a, err
	}
	if len(set) != 1 || len(set[0].Expressions) != 1 {
		return a, errors.New("gate is undefined")
	}
	out, _ := set[0].Expressions[0].Value.(object)
	a.allow, _ = out["allow"].(bool)
	list, _ := out["rules"].([]any)
	a.rules = make(map[string]object, len(list))
	for _, item := range list {
		rule, _ := item.(object)
		if id, ok := rule["id"].(string); ok {
			a.rules[id] = rule
		}
	}
	return a, nil
}

// result reads one rule's answer; anything but a plain pass or fail, or an
// obligation that cannot be read, is not evaluated.
func (e *entrance) result(id string, answer object) deal.RuleResult {
	rule := e.rule(id)
	r := deal.RuleResult{ID: id, Title: rule.Title, Citation: rule.Citation, State: deal.NotEvaluated}
	if state, _ := answer["state"].(string); state == string(deal.Pass) || state == string(deal.Fail) {
		r.State = deal.RuleState(state)
	}
	if obliges, given := answer["obligation"]; given {
		if o, _ := obliges.(string); o == "" {
			r.State = deal.NotEvaluated
		}
	}
	r.Actual, _ = answer["actual"].(string)
	r.Threshold, _ = answer["threshold"].(string)
	return r
}

// unasked is the answer when the rules of a gate were not asked: why, and each
// of them as not evaluated.
func (e *entrance) unasked(gate string, why Rule, state deal.RuleState, actual string) []deal.RuleResult {
	results := []deal.RuleResult{{ID: why.ID, Title: why.Title, Citation: why.Citation, State: state, Actual: actual}}
	for _, id := range e.gates[gate].Rules {
		results = append(results, e.result(id, nil))
	}
	return results
}

// valid checks a tree against its schema and names the place that is wrong,
// never the value.
func valid(schema *jsonschema.Schema, tree any) (where string, ok bool) {
	err := schema.Validate(tree)
	if err == nil {
		return "", true
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return "input", false
	}
	for len(invalid.Causes) > 0 {
		invalid = invalid.Causes[0]
	}
	return "/" + strings.Join(invalid.InstanceLocation, "/"), false
}

// errorCode tells engine failures apart without quoting values from the input.
func errorCode(err error) string {
	var failure *topdown.Error
	if errors.As(err, &failure) {
		return failure.Code
	}
	return "internal"
}
