package policies

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"cession/deal"
)

// Evaluator names the engine and its version in a decision.
const Evaluator = "opa/1.22.2"

// Rules that are no pack's: they stand in a decision in which the pack's own
// rules could not be asked.
var (
	ruleInput  = Rule{ID: "engine.input", Title: "The input is complete and well formed", Citation: "Input schema"}
	ruleEngine = Rule{ID: "engine.evaluation", Title: "The rules could be evaluated", Citation: "Evaluator"}
	ruleGate   = Rule{ID: "engine.gate", Title: "The pack has a gate for this act", Citation: "Manifest"}
)

// Decide answers whether the act may be taken. Whatever keeps the rules from
// being asked is a refusal that says so; the only error is that ctx has ended,
// in which case nothing was decided.
func (p *Pack) Decide(ctx context.Context, in Input) (deal.Decision, error) {
	in = in.inUTC()
	d := deal.Decision{Act: in.Question.Act.ID, Pack: p.digest, Evaluator: Evaluator, At: in.Question.Now}
	canonical, tree, err := in.document()
	if err == nil {
		d.Input = sha256.Sum256(canonical)
		d.Rules, d.Obligations, d.Allow = p.evaluate(ctx, in.Question.Act.Name(), tree)
	} else {
		d.Rules = p.unasked(in.Question.Act.Name(), ruleInput, deal.Fail, "cannot be encoded")
	}
	if err := ctx.Err(); err != nil {
		return deal.Decision{}, err
	}
	return withhold(d, in.Parties), nil
}

// evaluate asks the rules of the act's gate about an input tree. Allow is true
// only if every rule of the manifest passed and the gate itself says so.
func (p *Pack) evaluate(ctx context.Context, act string, tree any) (results []deal.RuleResult, obligations []string, allow bool) {
	if _, ok := p.manifest.Gates[act]; !ok {
		return p.unasked(act, ruleGate, deal.NotEvaluated, ""), nil, false
	}
	if where, ok := valid(tree); !ok {
		return p.unasked(act, ruleInput, deal.Fail, where), nil, false
	}
	answer, err := p.ask(ctx, tree)
	if err != nil {
		return p.unasked(act, ruleEngine, deal.NotEvaluated, errorCode(err)), nil, false
	}
	allow = answer.allow
	for _, id := range p.manifest.Gates[act].Rules {
		r := p.result(id, answer.rules[id])
		results = append(results, r)
		allow = allow && r.State == deal.Pass
		if o, _ := answer.rules[id]["obligation"].(string); o != "" && !slices.Contains(obligations, o) && r.State == deal.Fail {
			obligations = append(obligations, o)
		}
	}
	return results, obligations, allow
}

// answer is what the gate returned.
type answer struct {
	allow bool
	rules map[string]object
}

func (p *Pack) ask(ctx context.Context, tree any) (a answer, err error) {
	value, err := ast.InterfaceToValue(tree)
	if err != nil {
		return a, err
	}
	set, err := p.query.Eval(ctx, rego.EvalParsedInput(value))
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

// result reads one rule's answer; anything but a plain pass or fail is not evaluated.
func (p *Pack) result(id string, answer object) deal.RuleResult {
	rule := p.manifest.rule(id)
	r := deal.RuleResult{ID: id, Title: rule.Title, Citation: rule.Citation, State: deal.NotEvaluated}
	if state, _ := answer["state"].(string); state == string(deal.Pass) || state == string(deal.Fail) {
		r.State = deal.RuleState(state)
	}
	r.Actual, _ = answer["actual"].(string)
	r.Threshold, _ = answer["threshold"].(string)
	return r
}

// unasked is the answer when the rules of a gate were not asked: why, and each
// of them as not evaluated.
func (p *Pack) unasked(act string, why Rule, state deal.RuleState, actual string) []deal.RuleResult {
	results := []deal.RuleResult{{ID: why.ID, Title: why.Title, Citation: why.Citation, State: state, Actual: actual}}
	for _, id := range p.manifest.Gates[act].Rules {
		results = append(results, p.result(id, nil))
	}
	return results
}

// valid checks the input against its schema and names the place that is wrong,
// never the value.
func valid(tree any) (where string, ok bool) {
	err := inputSchema().Validate(tree)
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
