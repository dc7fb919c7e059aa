package main

import (
	"context"

	"cession/chain/lane"
	"cession/desk"
	"cession/policies"
)

// decideOperation puts an operator's command before the pack.
func (o *operator) decideOperation(ctx context.Context, op desk.Operation) (desk.Judgment, error) {
	pack, err := o.rules.Current()
	if err != nil {
		return desk.Judgment{}, err
	}
	e, err := pack.EvaluateOperation(ctx, question(op))
	return desk.Judgment{Decision: e.Decision, Document: e.Document}, err
}

// question is a command as the pack judges it.
func question(op desk.Operation) policies.Operation {
	q := policies.Operation{
		Command: op.ID, Verb: string(op.Verb), Proposed: string(op.Proposed), Target: policies.Target(op.Target),
		Actor: op.Actor, Proposer: op.Proposer, Cause: string(op.Cause), Ticket: op.Ticket,
		Status: op.Status, Age: uint64(max(0, op.Age)), Step: op.Step, Call: op.Call, Escrow: op.Escrow,
		Cost: policies.NewWei(op.Cost), Wanted: ceilings(op.Limits), Current: ceilings(op.Current), At: op.At,
	}
	for _, why := range op.Reasons {
		q.Reasons = append(q.Reasons, policies.Reason(why))
	}
	return q
}

func ceilings(l lane.Limits) policies.Ceilings {
	return policies.Ceilings{PerGas: policies.NewWei(l.PerGas), PerIntent: policies.NewWei(l.PerIntent), PerDay: policies.NewWei(l.PerDay)}
}
