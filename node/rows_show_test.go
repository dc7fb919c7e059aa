package node

import (
	"context"
	"testing"

	"cession/deal"
)

// Rows that were negotiated out are shown no longer, not even as part of the
// proposal that had them.
func TestRowsOfEarlierProposals(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	first := w.mustRows(id, RowChange{})
	path := "/peer/v1/deals/" + string(id) + "/perimeter/" + first.ID.String()
	check(t, w.ask(buyer, path))
	w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	check(t, w.ask(buyer, path+"/delta")) // what the second changes is verified against it
	for _, rest := range []string{"", "/tapes/0"} {
		wantKind(t, w.ask(buyer, path+rest), deal.Conflict)
	}
	w.act(buyer, id, buyer, "perimeter.agree")
}

// Who has no open data room, or another one, is shown nothing of a proposal.
func TestRowsShownToBidderOnly(t *testing.T) {
	w := newWorld(t)
	w.start(loser)
	id := w.tapeListed()
	w.invited(id, loser)
	act := w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	path := "/peer/v1/deals/" + string(id) + "/perimeter/" + act.ID.String()
	for _, rest := range []string{"", "/delta", "/tapes/0"} {
		wantKind(t, w.ask(loser, path+rest), deal.NotFound)
	}
	check(t, w.members[seller].node.Revoke(context.Background(), id, buyer))
	for _, rest := range []string{"", "/delta", "/tapes/0"} {
		wantReason(t, w.ask(buyer, path+rest), GrantRevoked)
	}
	if !w.logged(seller, "perimeter.read", string(GrantRevoked)) {
		t.Error("the attempt is not in the seller's view log")
	}
	_, err := w.try(buyer, id, buyer, "perimeter.agree")
	wantReason(t, err, GrantRevoked)
}
