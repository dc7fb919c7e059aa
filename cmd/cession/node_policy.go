package main

import (
	"context"

	"cession/deal"
	"cession/node"
	"cession/policies"
	"cession/policies/records"
)

// nodePolicy is the policy of a party's node: the common pack in effect, and
// the party's own where it has one.
type nodePolicy struct{ gate }

// Evaluate asks both packs.
func (p nodePolicy) Evaluate(ctx context.Context, q deal.Question, facts node.Facts) (node.Evaluation, error) {
	in, err := p.input(ctx, q)
	if err != nil {
		return node.Evaluation{}, err
	}
	if x := facts.Exposure; x != nil {
		in.Exposure = &policies.Exposure{Counterparty: x.Counterparty, Day: x.Day}
	}
	v, err := p.both(ctx).Evaluate(ctx, in)
	if err != nil {
		return node.Evaluation{}, err
	}
	e := node.Evaluation{Decision: v.Decision, Parts: []node.Judgment{{Decision: v.Common.Decision, Document: v.Common.Document}}}
	if v.Own != nil {
		e.Parts = append(e.Parts, node.Judgment{Own: true, Decision: v.Own.Decision, Document: v.Own.Document})
	}
	return e, nil
}

// record makes a node's decision records.
func record(head node.Head, d node.Decided) (deal.Commitment, []byte, error) {
	r, err := records.Next(records.Head{Chain: string(head.Chain), Seq: head.Seq, Hash: head.Hash}, records.Record{
		At: d.Judgment.Decision.At, Side: string(d.Side), Room: d.Act.Room, Act: d.Act.ID, Name: d.Act.Name(),
		Decision: d.Judgment.Decision, Document: d.Judgment.Document,
	})
	if err != nil {
		return deal.Commitment{}, nil, err
	}
	line, err := records.Encode(r)
	return r.Hash, line, err
}
