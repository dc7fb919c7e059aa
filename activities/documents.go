package activities

import (
	"context"

	"cession/deal"
)

// DocumentStore is a party's own node as the keeper of documents.
type DocumentStore interface {
	// Held counts the documents of a notarized set that the node stores whole.
	Held(ctx context.Context, id deal.ID, root deal.Commitment) (held, count uint64, err error)
	// Grant opens the data room to the bidder of a room under the act
	// data_room.open, after the node has verified that act and every earlier
	// one by itself.
	Grant(ctx context.Context, room *deal.Progress, open deal.Act) error
	// Revoke takes the bidder's reading rights back, for good. It is no error
	// if there were none.
	Revoke(ctx context.Context, id deal.ID, bidder deal.PartyID) error
}

// Documents are the activities of the seller's node around its documents. They
// run on the seller's own task queue, node/<party>.
type Documents struct{ Node DocumentStore }

// HoldRequest asks whether the documents behind a notarized root have arrived.
type HoldRequest struct {
	Deal  deal.ID         `json:"deal"`
	Root  deal.Commitment `json:"root"`
	Count uint64          `json:"count"` // as notarized
}

// HoldReport says how many of them the node stores, each checked against the
// hash that was notarized. Ask again later while Held < Count.
type HoldReport struct {
	Root  deal.Commitment `json:"root"`
	Held  uint64          `json:"held"`
	Count uint64          `json:"count"`
}

// Complete reports whether all documents are there.
func (r HoldReport) Complete() bool { return r.Count > 0 && r.Held == r.Count }

// HoldDocuments reports how many documents of the set the node stores. It does
// not wait for the missing ones. Errors: notfound (no such set at this node),
// conflict (the set has another number of documents).
func (d *Documents) HoldDocuments(ctx context.Context, r HoldRequest) (HoldReport, error) {
	held, count, err := d.Node.Held(ctx, r.Deal, r.Root)
	if err != nil {
		return HoldReport{}, failure("hold documents", err)
	}
	if count != r.Count {
		return HoldReport{}, failure("hold documents", deal.Errorf(deal.Conflict, "%d documents were notarized, the set at the node has %d", r.Count, count))
	}
	return HoldReport{Root: r.Root, Held: held, Count: count}, nil
}

// GrantRequest shows the seller's node the room whose bidder may read. Make
// Room with [Evidence]; it may or may not hold the act itself already.
type GrantRequest struct {
	Room deal.Progress `json:"room"`
	Act  deal.Act      `json:"act"` // data_room.open
}

// GrantAccess opens the data room to the bidder. The same grant twice is one
// grant. Errors: refused (an act is not signed by its party, no NDA, policy
// says no, access was revoked before).
func (d *Documents) GrantAccess(ctx context.Context, r GrantRequest) error {
	return failure("grant access", d.Node.Grant(ctx, &r.Room, r.Act))
}

// RevokeRequest names the room whose bidder may no longer read.
type RevokeRequest struct {
	Deal   deal.ID      `json:"deal"`
	Bidder deal.PartyID `json:"bidder"`
}

// RevokeAccess ends a bidder's reading rights: on leave.revoke, and whenever a
// room ends.
func (d *Documents) RevokeAccess(ctx context.Context, r RevokeRequest) error {
	return failure("revoke access", d.Node.Revoke(ctx, r.Deal, r.Bidder))
}

// Evidence is what a node is shown of a deal or room to verify by itself: the
// opening, the acts taken, and of the rooms only that of the party it is shown
// to, or for the seller that of the selected bidder. Decisions stay out, and a
// bidder never sees the invitation of another one.
func Evidence(p *deal.Progress, to deal.PartyID) deal.Progress {
	e := deal.Progress{Opening: p.Opening, Scope: p.Scope, Bidder: p.Bidder, Title: p.Title, State: p.State, Ended: p.Ended, Version: p.Version}
	seller := to == p.Opening.Seller.ID
	for _, r := range p.Records {
		if named := r.Act.Field("bidder").Party(); !seller && named != "" && named != to {
			continue
		}
		r.Decision = deal.Decision{}
		e.Records = append(e.Records, r)
	}
	shown := to
	if seller && p.Bidder != nil {
		shown = p.Bidder.ID
	}
	if room, ok := p.Rooms[shown]; ok {
		e.Rooms = map[deal.PartyID]deal.Report{shown: room}
	}
	return e
}
