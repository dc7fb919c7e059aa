package node

import (
	"bytes"
	"context"
	"testing"
	"time"

	"cession/deal"
)

// tapeSettled has a deal over a tape without one of its rows settled.
func (w *world) tapeSettled(keep time.Duration) deal.ID {
	w.t.Helper()
	id := w.tapeListed()
	w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	w.act(buyer, id, buyer, "perimeter.agree")
	w.settle(id, keep)
	return id
}

// One debtor's row goes at the buyer's and at the seller's node, while the terms
// keep the rest; every other row of both is as provable as before.
func TestEraseRowOfADeal(t *testing.T) {
	w := newWorld(t)
	ctx, row := context.Background(), uint64(3)
	id := w.tapeSettled(500 * time.Hour)
	_, rows := realRows(t)
	name := rows[row][1]
	for _, of := range []deal.PartyID{seller, buyer} {
		if len(w.somewhere(of, name)) == 0 {
			t.Fatalf("%s does not have %q before", of, name)
		}
		e, err := w.members[of].client.Erase(ctx, id, EraseRequest{Row: &row, Reason: "request"})
		check(t, err)
		if !e.Done || !w.found(of, "erase.row", "ok") {
			t.Errorf("erasure at %s: %+v, or it is not in the log", of, e)
		}
		w.nowhere(of, map[string]string{"name": name})
		_, err = w.members[of].client.Erase(ctx, id, EraseRequest{Row: &row, Reason: "request"})
		check(t, err)
		past := uint64(tapeRows)
		_, err = w.members[of].client.Erase(ctx, id, EraseRequest{Row: &past, Reason: "request"})
		wantKind(t, err, deal.NotFound)
	}
	for other := range uint64(tapeRows) {
		if _, err := w.members[seller].node.ProveRow(ctx, id, other); other != row && err != nil {
			t.Fatalf("row %d: %v", other, err)
		}
	}
	w.sameInvoice(seller, id)
}

// sameInvoice checks that the other document of a deal over a tape is there.
func (w *world) sameInvoice(of deal.PartyID, id deal.ID) {
	w.t.Helper()
	r, err := w.members[of].client.Content(context.Background(), id, 1)
	check(w.t, err)
	defer r.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(r)
	check(w.t, err)
	if !bytes.Equal(b.Bytes(), files()[0].body) {
		w.t.Errorf("the invoice at %s differs", of)
	}
}
