package policies

import (
	"context"
	"slices"

	"cession/deal"
)

// Both are the packs a party's node asks: the common one that the deal is
// judged by, and the party's own, if it has one. The common one decides; the
// own one, of kind addition, can only refuse more.
type Both struct {
	// Common returns the pack with this digest, or a notfound error.
	Common func(digest deal.Commitment) (*Pack, error)
	Own    *Pack // optional
}

// Verdict is what two packs say together, and each by itself.
type Verdict struct {
	// Decision is under the common pack's name. It allows only if both packs do,
	// and shows the rules of the own one as own.file.rule.
	Decision deal.Decision
	Common   Evaluation
	Own      *Evaluation // nil: there is no own pack, or it has no gate for the act
}

var rulePack = Rule{ID: "engine.pack", Title: "The pack in effect is at hand", Citation: "Pack of the deal"}

// OwnPrefix is put before the rules of a party's own pack.
const OwnPrefix = "own."

// Decide answers as [Both.Evaluate] does.
func (b Both) Decide(ctx context.Context, in Input) (deal.Decision, error) {
	v, err := b.Evaluate(ctx, in)
	return v.Decision, err
}

// Evaluate asks the pack that the question names, and the own one about acts it
// has a gate for. A pack that is not at hand is a refusal, with the rule
// engine.pack not evaluated; the only errors are that ctx has ended or that a
// library could not be asked.
func (b Both) Evaluate(ctx context.Context, in Input) (v Verdict, err error) {
	common, err := b.Common(in.Question.Pack)
	switch {
	case err == nil && common != nil && common.Digest() == in.Question.Pack:
		v.Common, err = common.Evaluate(ctx, in)
	case err == nil || deal.KindOf(err) == deal.NotFound:
		v.Common, err = Evaluation{Decision: Unknown(in.Question)}, ctx.Err()
	}
	if err != nil {
		return Verdict{}, err
	}
	v.Decision = v.Common.Decision
	if b.Own == nil || !b.Own.judges(in.Question.Act.Name()) {
		return v, nil
	}
	own, err := b.Own.Evaluate(ctx, in)
	if err != nil {
		return Verdict{}, err
	}
	v.Own = &own
	v.Decision = join(v.Common.Decision, own.Decision)
	return v, nil
}

// Unknown is the decision where the pack in effect is not at hand: a refusal.
func Unknown(q deal.Question) deal.Decision {
	return deal.Decision{
		Act: q.Act.ID, Pack: q.Pack, Evaluator: Evaluator, At: q.Now.UTC(),
		Rules: []deal.RuleResult{{ID: rulePack.ID, Title: rulePack.Title, Citation: rulePack.Citation, State: deal.NotEvaluated}},
	}
}

// join adds what the own pack says to what the common one says. Nothing of the
// common decision is taken away.
func join(common, own deal.Decision) deal.Decision {
	d := common
	d.Allow = common.Allow && own.Allow
	d.Rules = slices.Clone(common.Rules)
	for _, r := range own.Rules {
		r.ID = OwnPrefix + r.ID
		d.Rules = append(d.Rules, r)
	}
	d.Obligations = slices.Clone(common.Obligations)
	for _, o := range own.Obligations {
		if !slices.Contains(d.Obligations, o) {
			d.Obligations = append(d.Obligations, o)
		}
	}
	d.Needs = slices.Clone(common.Needs)
	for _, need := range own.Needs {
		need.Rule = OwnPrefix + need.Rule
		d.Needs = append(d.Needs, need)
	}
	d.Lists = slices.Clone(common.Lists)
	for _, l := range own.Lists {
		if !slices.Contains(d.Lists, l) {
			d.Lists = append(d.Lists, l)
		}
	}
	return d
}

// judges reports whether the pack has a gate for an act.
func (p *Pack) judges(act string) bool {
	_, ok := p.acts.gates[act]
	return ok
}
