package node

import (
	"context"
	"testing"

	"cession/deal"
)

const blurb = "400 small loans, all paying.\nNo \"names\" here."

// The seller's description reaches every party that was invited, from the
// seller's node, and is what the seller committed to.
func TestTeaser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.exhibited("teaser=" + blurb)
	ctx := context.Background()
	w.act(seller, id, "", "invitations.invite", "bidder="+string(buyer))
	for _, party := range []deal.PartyID{buyer, seller} { // the seller's node has not looked since it invited
		have, err := w.members[party].client.Teaser(ctx, id)
		if err != nil || have.Text != blurb || !have.Verified {
			t.Errorf("%s has %+v, %v", party, have, err)
		}
	}
	if !w.logged(seller, "teaser", "ok") {
		t.Error("the read is not in the seller's log")
	}
	w.desk.forge = func(v *View) { v.Title = nil }
	if have, err := w.members[buyer].client.Teaser(ctx, id); err != nil || have.Text != blurb || have.Verified {
		t.Errorf("from a desk that tells no commitment: %+v, %v", have, err)
	}
	w.desk.forge = func(v *View) { v.Title = &Title{Teaser: deal.Commitment{1}} }
	_, err := w.members[buyer].client.Teaser(ctx, id)
	wantReason(t, err, WrongText)
	w.desk.forge = nil
	check(t, w.members[seller].node.state.exec(ctx, "UPDATE texts SET text = 'gold, pure gold' WHERE field = 'teaser'"))
	_, err = w.members[buyer].client.Teaser(ctx, id)
	wantReason(t, err, WrongText)
}

// A party without an open room gets no description.
func TestTeaserGate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start(loser)
	w.invitedLate(loser)
	id := w.exhibited("teaser=" + blurb)
	path := func(id deal.ID) string { return "/peer/v1/deals/" + string(id) + "/teaser" }
	wantReason(t, w.ask(loser, path(id)), NoGrant)
	wantReason(t, w.ask(loser, path(deal.NewID())), NoGrant)
	if !w.logged(seller, "teaser", string(NoGrant)) {
		t.Error("the refusal is not in the seller's log")
	}
	w.invited(id, loser)
	check(t, w.ask(loser, path(id)))
	w.act(seller, id, loser, "leave.dismiss")
	wantReason(t, w.ask(loser, path(id)), NoGrant)
}

func TestNoTeaser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.exhibited()
	w.act(seller, id, "", "invitations.invite", "bidder="+string(buyer))
	for _, party := range []deal.PartyID{seller, buyer} {
		_, err := w.members[party].client.Teaser(context.Background(), id)
		wantKind(t, err, deal.NotFound)
	}
}
