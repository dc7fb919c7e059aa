package policies

import (
	"context"
	"crypto/sha256"

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
	d := deal.Decision{Act: in.Question.Act.ID, At: in.Question.Now}
	if err := p.decide(ctx, &p.acts, in.Question.Act.Name(), in.document(), &d); err != nil {
		return deal.Decision{}, err
	}
	return withhold(d, in.Parties), nil
}

// decide fills in what the rules of a gate say about a document.
func (p *Pack) decide(ctx context.Context, e *entrance, gate string, document any, d *deal.Decision) error {
	d.Pack, d.Evaluator = p.digest, Evaluator
	canonical, tree, err := encode(document)
	if err == nil {
		d.Input = sha256.Sum256(canonical)
		d.Rules, d.Obligations, d.Allow = e.evaluate(ctx, gate, tree)
	} else {
		d.Rules = e.unasked(gate, ruleInput, deal.Fail, "cannot be encoded")
	}
	return ctx.Err()
}
