package node

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cession/deal"
)

// One row is proven to a third party, by the seller and by the buyer; nothing
// of any other row is in the proof, and nothing else passes for it.
func TestProveRow(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	w.act(buyer, id, buyer, "perimeter.agree")
	w.sold(id)
	check(t, w.pull(id, w.released(id)))
	ctx := context.Background()
	checks := w.checks()
	w.chain.set(func() { w.chain.anchors[w.desk.deals[id].Last("documents", "notarize").Act.ID] = true })
	_, rows := realRows(t)
	for party, row := range map[deal.PartyID]uint64{seller: goneRow, buyer: 17} {
		r, err := w.members[party].client.ProveRow(ctx, id, row)
		check(t, err)
		raw, err := json.Marshal(r)
		check(t, err)
		f, err := VerifyEvidence(ctx, checks, raw)
		check(t, err)
		if said := strings.Join(f.Proven, "\n"); !strings.Contains(said, rows[row][1]) || !strings.Contains(said, rows[row][0]) {
			t.Errorf("the finding does not say the row: %s", said)
		}
		if bytes.Contains(raw, []byte(rows[row+1][0])) {
			t.Error("another row is in the proof")
		}
	}
	_, err := w.members[buyer].client.ProveRow(ctx, id, goneRow)
	wantReason(t, err, Erased)
	r, err := w.members[seller].client.ProveRow(ctx, id, 17)
	check(t, err)
	for name, change := range map[string]func(r *RowProof){
		"a field":        func(r *RowProof) { r.Row[0].Text += "0" },
		"a column":       func(r *RowProof) { r.Columns[0].Text = "Loan" },
		"the salt":       func(r *RowProof) { r.Salt[0]++ },
		"the place":      func(r *RowProof) { r.Index++ },
		"the size":       func(r *RowProof) { r.Size-- },
		"the path":       func(r *RowProof) { r.Path = r.Path[1:] },
		"the act":        func(r *RowProof) { r.Act.Act.Party = buyer },
		"a field in hex": func(r *RowProof) { r.Row[0] = Cell{Hex: "00"} },
	} {
		other := r
		other.Row, other.Columns = slices.Clone(r.Row), slices.Clone(r.Columns)
		change(&other)
		raw, err := json.Marshal(other)
		check(t, err)
		if _, err := VerifyEvidence(ctx, checks, raw); deal.KindOf(err) != deal.Refused {
			t.Errorf("%s: %v, want refused", name, err)
		}
	}
}
