package policies

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// Evaluator names the engine and its version in a decision.
const Evaluator = "opa/1.22.2"

// Rules that are no pack's: they stand in a decision in which the pack's own
// rules could not be asked.
var (
	ruleInput     = Rule{ID: "engine.input", Title: "The input is complete and well formed", Citation: "Input schema"}
	ruleEngine    = Rule{ID: "engine.evaluation", Title: "The rules could be evaluated", Citation: "Evaluator"}
	ruleGate      = Rule{ID: "engine.gate", Title: "The pack has a gate for this act", Citation: "Manifest"}
	ruleEffective = Rule{ID: "engine.effective", Title: "The pack is in effect", Citation: "Manifest"}
)

// Evaluation is a decision with what it was made on.
type Evaluation struct {
	Decision deal.Decision
	Document []byte // what the rules saw, as canonical JSON: keys sorted, no space; Decision.Input is SHA-256 of it
}

// Decide answers whether the act may be taken. Whatever keeps the rules from
// being asked is a refusal that says so; the only error is that ctx has ended,
// in which case nothing was decided.
func (p *Pack) Decide(ctx context.Context, in Input) (deal.Decision, error) {
	e, err := p.Evaluate(ctx, in)
	return e.Decision, err
}

// Evaluate decides as [Pack.Decide] does, and returns what was decided on, which
// [Pack.Again] decides in the same way.
func (p *Pack) Evaluate(ctx context.Context, in Input) (Evaluation, error) {
	name := in.Question.Act.Name()
	var n needs
	if g := p.acts.gates[name]; g != nil {
		n = g.needs
	}
	doc := in.document(n, p.lists.Sanctions.screen)
	return p.evaluate(ctx, &p.acts, name, deal.Decision{Act: doc.Act.ID, At: doc.Now.time()}, p.acts.checked(actShape.encode(&doc)))
}

// subject is a document that is decided on.
type subject struct {
	value     *ast.Term
	fault     *fault // what its schema has against it
	canonical []byte // it in canonical form, if somebody has it already
}

// checked compares a document with its schema.
func (e *entrance) checked(document *ast.Term) subject {
	given := subject{value: document}
	if f, ok := e.shape.conforms(document.Value); !ok {
		given.fault = &f
	}
	return given
}

// evaluate puts a document to a gate.
func (p *Pack) evaluate(ctx context.Context, e *entrance, gate string, d deal.Decision, given subject) (Evaluation, error) {
	if given.canonical == nil {
		given.canonical = appendJSON(make([]byte, 0, 4096), given.value.Value)
	}
	d.Pack, d.Evaluator, d.Input = p.digest, Evaluator, sha256.Sum256(given.canonical)
	if err := p.fill(ctx, e, gate, given, &d); err != nil {
		return Evaluation{}, err
	}
	return Evaluation{d, given.canonical}, nil
}

// fill adds to a decision what the rules of a gate say about a document.
func (p *Pack) fill(ctx context.Context, e *entrance, name string, given subject, d *deal.Decision) error {
	g := e.gates[name]
	if g == nil {
		d.Rules = e.unasked(g, ruleGate, deal.NotEvaluated, "")
		return ctx.Err()
	}
	if actual, ok := p.manifest.Effective.at(d.At, p.manifest.Gates[name].Outlives); !ok {
		d.Rules = e.unasked(g, ruleEffective, deal.NotEvaluated, actual)
		return ctx.Err()
	}
	d.Lists = p.used(g)
	if given.fault != nil {
		d.Rules = e.unasked(g, ruleInput, deal.Fail, given.fault.place())
		return ctx.Err()
	}
	answers, err := e.ask(ctx, g, p.source, given.value)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		d.Rules = e.unasked(g, ruleEngine, deal.NotEvaluated, errorCode(err))
		return nil
	}
	e.judge(g, answers, p.stale(d.At), acting(given.value), d)
	return nil
}

// at reports whether the pack decides at a time, and if not, when it does. What
// outlives it is decided when its time is over, too.
func (e effective) at(now time.Time, outlives bool) (when string, ok bool) {
	switch {
	case !e.From.IsZero() && now.Before(e.From):
		return "not before " + timeFigure(e.From), false
	case !outlives && !e.Until.IsZero() && !now.Before(e.Until):
		return "over since " + timeFigure(e.Until), false
	}
	return "", true
}

// acting is the party whose act a document is about.
func acting(document *ast.Term) deal.PartyID {
	id, _ := find(document, "act", "party").(ast.String)
	return deal.PartyID(strings.Clone(string(id))) // else the decision would hold the document
}

// find returns the value at a path of a document, or nil.
func find(document *ast.Term, path ...string) ast.Value {
	for _, name := range path {
		o, ok := document.Value.(ast.Object)
		if !ok {
			return nil
		}
		if document = o.Get(ast.InternedTerm(name)); document == nil {
			return nil
		}
	}
	return document.Value
}
