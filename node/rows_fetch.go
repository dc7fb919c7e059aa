package node

import (
	"context"
	"database/sql"
	"fmt"

	"cession/deal"
)

// verifiedDelta returns what a proposal changes, if it is what the act commits
// to and what its change makes of the proposal before.
func (n *Node) verifiedDelta(ctx context.Context, peer *peerClient, room *deal.Progress, proposal deal.Act) (Delta, error) {
	d, err := n.fetchDelta(ctx, peer, proposal)
	if err != nil || d.Base.IsZero() {
		if err == nil {
			err = d.follows(nil)
		}
		return d, err
	}
	for _, r := range room.Records {
		if r.Act.ID == proposal.ID {
			break
		}
		if r.Act.ID != d.Base || r.Act.Name() != "perimeter.propose" {
			continue
		}
		base, err := n.fetchDelta(ctx, peer, r.Act)
		if err != nil {
			return d, err
		}
		return d, d.follows(&base)
	}
	return d, differs("what is proposed changes a proposal that is not in this room")
}

// fetchDelta returns the text of a proposal, from the seller's node if it is not
// here yet.
func (n *Node) fetchDelta(ctx context.Context, peer *peerClient, proposal deal.Act) (Delta, error) {
	d, err := n.delta(ctx, proposal)
	if deal.KindOf(err) != deal.NotFound {
		return d, err
	}
	var m Message
	path := fmt.Sprintf("/peer/v1/deals/%s/perimeter/%s/delta", proposal.Deal, proposal.ID)
	if err := peer.get(ctx, path, 2*maxDelta, &m); err != nil {
		return d, fmt.Errorf("ask the seller's node what is proposed: %w", err)
	}
	sum := deal.Commitment(deal.Reseal(m.Text, m.Salt).Commit(n.Hashes.Keccak))
	if proposal.Field("delta").Commitment() != sum || len(m.Text) > maxDelta {
		return d, refuse(WrongText, "the text is not what the proposal commits to")
	}
	if d, err = ParseDelta(m.Text); err != nil {
		return d, deal.Errorf(deal.Refused, "%w: %w", PerimeterDiffers, err)
	}
	return d, n.state.tx(ctx, func(tx *sql.Tx) error { return insertText(ctx, tx, proposal, "delta", m.Salt, m.Text) })
}
