package cases

import (
	"context"
	"errors"
	"slices"

	"cession/deal"
	"cession/policies"
)

// Proof is what was shown of a pack.
type Proof struct {
	Refused   int `json:"refused"`   // cases that were refused, and stayed so
	Allowed   int `json:"allowed"`   // cases that were allowed, whose required places were damaged
	Mutations int `json:"mutations"` // of refused cases: places damaged that can matter, of documents and lists
	Required  int `json:"required"`  // of allowed cases: kinds of places that must be there and of their type
	Harmless  int `json:"harmless"`  // mutations that turn a refusal into permission, as the pack says they may

	// Shielded are mutations that only the schema of the input stops: the rules
	// alone, asked in spite of it, would allow. Each is named once.
	Shielded []string `json:"shielded,omitempty"`
}

// Prove shows that a pack fails closed. Of every case that is refused, each
// place of the document and of the lists is taken away, emptied and retyped,
// and each element of a list taken away, wherever every rule that refuses looks
// at that place: a mutation elsewhere leaves one of them, and with it the
// refusal, as it was. What rules look at is [policies.Pack.Reads], found in the
// rules themselves. Of every case that is allowed, what the schema requires is
// damaged in the same way and must refuse.
//
// The lists of the pack are damaged in the same way, one entry at a time.
//
// A pack that allows one of these, without saying in cases/harmless.yaml why it
// may, gets an error of kind refused that names case, rule and mutation. Cases
// that a pack does not decide as expected, and rules that refuse in no case,
// are errors of kind invalid: nothing would be shown for them.
func Prove(ctx context.Context, p *policies.Pack, all []Case) (Proof, error) {
	t := newTrial(p, all)
	if err := t.decide(ctx); err != nil {
		return t.proof, err
	}
	if errs := t.uncovered(); len(errs) > 0 {
		return t.proof, errors.Join(errs...)
	}
	for _, stage := range []func(context.Context) error{t.documents, t.lists, t.required} {
		if err := stage(ctx); err != nil {
			return t.proof, err
		}
	}
	return t.proof, t.verdict()
}

// trial is a proof under way.
type trial struct {
	pack     *policies.Pack
	cases    []Case
	refused  []subject
	allowed  []subject
	proof    Proof
	breaches []Breach
	seen     map[string]bool // shielded mutations and required places, each once
	used     map[string]bool // harmless mutations that were needed, by file:line

	everywhere bool // damages places at which no rule that refuses looks, too
}

func newTrial(p *policies.Pack, all []Case) *trial {
	return &trial{pack: p, cases: all, seen: map[string]bool{}, used: map[string]bool{}}
}

// subject is a case with the decision on it.
type subject struct {
	decided
	part  *policies.Pack // asking only the rules that matter
	tree  object
	rules []string   // that refused; none if it only obliges
	input [][]string // what each that refused reads; if it only obliges, what any reads
	data  [][]string
}

// matters reports whether all rules that refuse look at a place.
func (t *trial) matters(reads [][]string, place string) bool {
	return t.everywhere || !slices.ContainsFunc(reads, func(paths []string) bool { return !touches(paths, place) })
}

// decide asks for every case as it is.
func (t *trial) decide(ctx context.Context) error {
	tried, err := decide(ctx, t.pack, t.cases)
	if err != nil {
		return err
	}
	if r := report(tried); len(r.Failures) > 0 {
		return deal.Errorf(deal.Invalid, "%d of %d cases are decided otherwise than expected: %s", len(r.Failures), r.Cases, r.Failures[0])
	}
	for _, c := range tried {
		if err := t.sort(c); err != nil {
			return err
		}
	}
	t.proof.Refused, t.proof.Allowed = len(t.refused), len(t.allowed)
	return nil
}

// sort keeps a case for what can be shown with it. What was refused before its
// rules were asked is no work of theirs. What obliges must not come to oblige
// less, so it is damaged as well.
func (t *trial) sort(c decided) (err error) {
	p, d := c.pack, c.decision
	s := subject{decided: c, tree: named(c.Document, p.Digest().String()).(object), rules: refusing(d)}
	for _, id := range s.rules {
		input, data := p.Reads(id)
		s.input, s.data = append(s.input, input), append(s.data, data)
	}
	part := s.rules
	if d.Allow {
		t.allowed = append(t.allowed, s)
		var input, data []string
		for _, r := range d.Rules {
			in, list := p.Reads(r.ID)
			part, input, data = append(part, r.ID), append(input, in...), append(data, list...)
		}
		s.input, s.data = [][]string{input}, [][]string{data}
	}
	if len(s.rules) == 0 && len(d.Obligations) == 0 {
		return nil
	}
	s.part, err = p.Only(c.Act(), part)
	t.refused = append(t.refused, s)
	return err
}
