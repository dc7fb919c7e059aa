package cases

import (
	"context"
	"slices"

	"cession/deal"
	"cession/policies"
)

// documents damages the documents of refused cases.
func (t *trial) documents(ctx context.Context) (err error) {
	for _, s := range t.refused {
		mutants(root(s.tree).shape, s.tree, func(m mutant) {
			if err == nil && t.matters(s.input, m.Path) {
				err = t.tryDocument(ctx, s, m)
			}
		})
	}
	return err
}

// tryDocument asks about a case whose document is damaged.
func (t *trial) tryDocument(ctx context.Context, s subject, m mutant) error {
	t.proof.Mutations++
	m.do()
	defer m.undo()
	if d, err := probe(ctx, s.part, s.Act(), s.tree, false); err != nil || !s.weaker(d) {
		return err
	}
	return t.confirm(ctx, s, s.pack, m.Mutation)
}

// confirm asks the whole gate where the rules that refused pass under a
// mutation, first in spite of the schema, and if it allows, in the way every
// document is asked about.
func (t *trial) confirm(ctx context.Context, s subject, p *policies.Pack, m Mutation) error {
	if d, err := probe(ctx, p, s.Act(), s.tree, false); err != nil || !s.weaker(d) {
		return err
	}
	d, err := probe(ctx, p, s.Act(), s.tree, true)
	switch {
	case err != nil:
		return err
	case !s.weaker(d):
		t.shielded(s, m)
	case t.harmless(s, m):
		t.proof.Harmless++
	default:
		t.breaches = append(t.breaches, Breach{s.Name, s.where(), s.rules, m})
	}
	return nil
}

// weaker reports whether a decision allows what was refused, or without what it
// obliged to.
func (s subject) weaker(d deal.Decision) bool {
	return d.Allow && (!s.decision.Allow || slices.ContainsFunc(s.decision.Obligations, func(o string) bool {
		return !slices.Contains(d.Obligations, o)
	}))
}

// probe decides on a tree. One that cannot be read is refused.
func probe(ctx context.Context, p *policies.Pack, gate string, tree any, checked bool) (deal.Decision, error) {
	d, err := p.Probe(ctx, gate, tree, checked)
	switch {
	case err == nil:
		return d, nil
	case ctx.Err() != nil:
		return deal.Decision{}, deal.Errorf(deal.Invalid, "prove pack: %w", err)
	}
	return deal.Decision{}, nil
}

func (t *trial) shielded(s subject, m Mutation) {
	if text := s.Act() + ": " + m.String(); !t.seen[text] {
		t.seen[text] = true
		t.proof.Shielded = append(t.proof.Shielded, text)
	}
}

func (t *trial) harmless(s subject, m Mutation) bool {
	for _, h := range s.Harmless {
		if h.Mutation == m {
			t.used[h.where()] = true
			return true
		}
	}
	return false
}
