package policies

import (
	"context"
	"slices"

	"github.com/open-policy-agent/opa/v1/storage"

	"cession/deal"
)

// Only returns the pack with one gate, of an act or of an operator's command,
// reduced to some of its rules: it allows whatever the pack allows, and more. It
// is for proofs, which ask a few rules very often; nothing that decides may use
// it. Errors are of kind notfound, for a gate that does not have these rules.
func (p *Pack) Only(gate string, rules []string) (*Pack, error) {
	other := *p
	for _, e := range []*entrance{&other.acts, &other.operations} {
		whole := e.gates[gate]
		if whole == nil {
			continue
		}
		if slices.ContainsFunc(rules, func(id string) bool { return !slices.Contains(whole.rules, id) }) {
			break
		}
		part := &gateway{rules: rules}
		for _, id := range rules {
			part.queries = append(part.queries, e.queries[id])
		}
		e.gates = map[string]*gateway{gate: part}
		return &other, nil
	}
	return nil, deal.Errorf(deal.NotFound, "gate %.80s does not have the rules %v", gate, rules)
}

// AtAnyTime returns the pack without the bounds of when it is in effect and how
// old its lists may be, so that its cases, which are of fixed days, are decided
// the same whenever they are, and with any edition of a list. It is for trying
// only; nothing that decides may use it.
func (p *Pack) AtAnyTime() *Pack {
	other := *p
	other.manifest.Effective = effective{}
	other.manifest.Lists = slices.Clone(p.manifest.Lists)
	for i := range other.manifest.Lists {
		other.manifest.Lists[i].MaximumAge = 0
	}
	return &other
}

// Damage is one place of a pack's lists with another value, or without any.
// Numbers of an array are words of the path.
type Damage struct {
	Path  []string
	Value any
	Drop  bool
}

// Damaged calls do with the pack as it is with a place of its lists damaged. It
// is for proofs that no damage to a list turns a refusal into permission;
// nothing that decides may use it. Beside what do returns, errors are of kind
// invalid: the damage is none that can be done.
func (p *Pack) Damaged(ctx context.Context, d Damage, do func(*Pack) error) error {
	tx, err := p.source.store.NewTransaction(ctx, storage.WriteParams)
	if err != nil {
		return deal.Errorf(deal.Invalid, "damage list: %w", err)
	}
	defer p.source.store.Abort(ctx, tx) // so that it never was
	var op storage.PatchOp = storage.ReplaceOp
	if d.Drop {
		op = storage.RemoveOp
	}
	if err := p.source.store.Write(ctx, tx, op, d.Path, d.Value); err != nil {
		return deal.Errorf(deal.Invalid, "damage list: %w", err)
	}
	other := *p
	other.source = &source{store: uncommitted{p.source.store, tx}} // nothing is ready: it would be undamaged
	return do(&other)
}

// uncommitted is a store as a transaction sees it that is under way.
type uncommitted struct {
	storage.Store
	tx storage.Transaction
}

// NewTransaction returns the one that is under way.
func (s uncommitted) NewTransaction(context.Context, ...storage.TransactionParams) (storage.Transaction, error) {
	return s.tx, nil
}

// Abort leaves it to who began the transaction.
func (s uncommitted) Abort(context.Context, storage.Transaction) {}
