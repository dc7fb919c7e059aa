package main

import (
	"context"
	"encoding/json"
	"errors"

	"cession/chain"
	"cession/deal"
	"cession/desk"
	"cession/node"
)

// chainView is a ledger as a node wants it.
type chainView struct{ *chain.Ledger }

// EscrowState returns the state by its name.
func (c chainView) EscrowState(ctx context.Context, id deal.Commitment) (string, error) {
	s, err := c.Ledger.Escrow(ctx, id)
	return string(s.State), err
}

// deskOf is the desk's client as a node wants it.
type deskOf struct{ client *desk.Client }

// Open opens a deal; the same id again is the same deal.
func (d deskOf) Open(ctx context.Context, id deal.ID) (deal.Opening, error) {
	return d.client.OpenDeal(ctx, id)
}

// Act hands an act in. A refusal by policy is an outcome, not an error.
func (d deskOf) Act(ctx context.Context, act deal.Act) (deal.Outcome, error) {
	out, err := d.client.Act(ctx, act)
	var refusal *desk.Refusal
	if errors.As(err, &refusal) {
		return refusal.Outcome, nil
	}
	return out, err
}

// View returns what the party may see of a deal.
func (d deskOf) View(ctx context.Context, id deal.ID) (node.View, error) {
	v, err := d.client.Deal(ctx, id)
	view := node.View{Deal: v.Deal, Rooms: v.Rooms}
	if v.Title != nil {
		view.Title = &node.Title{Teaser: v.Title.Teaser}
	}
	return view, err
}

// nodeRecords is the desk's directory of node records.
type nodeRecords struct{ client *desk.Client }

// Publish hands the party's own record in.
func (r nodeRecords) Publish(ctx context.Context, rec node.Record) error {
	raw, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	return r.client.PutNodeRecord(ctx, rec.Party, raw)
}

// Record returns a party's record.
func (r nodeRecords) Record(ctx context.Context, party deal.PartyID) (rec node.Record, err error) {
	raw, err := r.client.NodeRecord(ctx, party)
	if err != nil {
		return rec, err
	}
	return rec, json.Unmarshal(raw, &rec)
}
