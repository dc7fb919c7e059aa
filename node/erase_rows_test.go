package node

import (
	"bytes"
	"context"
	"slices"
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

// Of a data tape of which only the description was changed both versions have
// the same content: the earlier one goes, and every row is as provable as before.
func TestEraseEarlierVersionOfATape(t *testing.T) {
	w := newWorld(t)
	ctx, n := context.Background(), w.members[seller].node
	f := tape(t)
	id := w.tapeListed()
	again := planned(t, []file{f})[0]
	again.Note = "as checked by the auditor"
	set := w.supplemented(id, []string{string(f.body)}, again)
	if len(set.Indexes) != 1 || set.Indexes[0] != 2 {
		t.Fatalf("the new version has the indexes %v", set.Indexes)
	}
	w.settle(id, 0)
	before, err := n.ProveRow(ctx, id, 17)
	check(t, err)
	_, err = w.members[seller].client.Erase(ctx, id, documentNumber(0))
	check(t, err)
	after, err := n.ProveRow(ctx, id, 17)
	check(t, err)
	if jsonColumn(before) != jsonColumn(after) {
		t.Error("the proof of a row has changed")
	}
	_, err = w.members[seller].client.Content(ctx, id, 0)
	wantReason(t, err, Erased)
	r, err := w.members[seller].client.Content(ctx, id, 2)
	check(t, err)
	var b bytes.Buffer
	_, err = b.ReadFrom(r)
	check(t, err)
	check(t, r.Close())
	if !bytes.Equal(b.Bytes(), f.body) {
		t.Error("the newer version differs")
	}
	_, err = w.members[seller].client.Erase(ctx, id, documentNumber(2))
	check(t, err)
	_, err = n.ProveRow(ctx, id, 17)
	wantReason(t, err, Erased)
	_, rows := realRows(t)
	w.nowhere(seller, map[string]string{"name": rows[17][1]})
}

// An earlier version of a tape that had other content is not touched when a row
// goes, and whoever asks for that is told.
func TestEraseRowTellsOfEarlierVersions(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	f := tape(t)
	id := w.tapeListed()
	f.body = bytes.Replace(f.body, []byte("\n"), []byte("\r\n"), 1)
	w.supplemented(id, []string{string(f.body)}, planned(t, []file{f})[0])
	w.settle(id, 0)
	row := uint64(3)
	_, rows := realRows(t)
	e, err := w.members[seller].client.Erase(ctx, id, EraseRequest{Row: &row, Reason: "request"})
	check(t, err)
	if !slices.Equal(e.Earlier, []uint64{0}) {
		t.Fatalf("earlier versions are %v, want the document 0", e.Earlier)
	}
	_, err = w.members[seller].client.Erase(ctx, id, documentNumber(0))
	check(t, err)
	w.nowhere(seller, map[string]string{"name": rows[row][1]})
	e, err = w.members[seller].client.Erase(ctx, id, EraseRequest{Row: &row, Reason: "request"})
	check(t, err)
	if len(e.Earlier) > 0 {
		t.Errorf("earlier versions are %v, want none", e.Earlier)
	}
}

// A row that is erased is gone from all that a node holds: content, salt, key,
// ciphertext and excerpts. Every other row is proven as before.
func TestEraseRow(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	ctx := context.Background()
	n := w.members[seller].node
	w.mustRows(id, RowChange{Remove: []uint64{3}})
	w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	salt := w.saltOf(id, goneRow)
	before, err := n.ProveRow(ctx, id, 17)
	check(t, err)
	for range 2 { // the same again is no error
		check(t, n.eraseRows(ctx, id, []uint64{goneRow}))
	}
	check(t, n.shred(ctx))
	check(t, n.state.compact(ctx))
	w.nowhere(seller, map[string]string{"name": goneName, "loan number": goneLoan, "amount": goneAmount, "salt": salt.String()[2:]})
	after, err := n.ProveRow(ctx, id, 17)
	check(t, err)
	if jsonColumn(before) != jsonColumn(after) {
		t.Error("the proof of another row has changed")
	}
	for row := range uint64(tapeRows) {
		if _, err := n.ProveRow(ctx, id, row); row != goneRow && err != nil {
			t.Fatalf("row %d: %v", row, err)
		}
	}
	_, err = n.ProveRow(ctx, id, goneRow)
	wantReason(t, err, Erased)
	wantKind(t, n.eraseRows(ctx, id, []uint64{tapeRows}), deal.NotFound)
	tapes, err := w.members[seller].client.Tapes(ctx, id)
	check(t, err)
	if len(tapes) != 1 || tapes[0].Profile.Rows != tapeRows-1 || !slices.Equal(tapes[0].Absent, []uint64{goneRow}) {
		t.Errorf("the seller's tape: %+v", tapes)
	}
	again := w.mustRows(id, RowChange{}) // the two rows are out still: what remains can be sold
	wantField(t, again, "rows", "398")
	w.act(buyer, id, buyer, "perimeter.agree")
	w.sold(id)
	check(t, w.pull(id, w.released(id)))
}
