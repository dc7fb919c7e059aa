package node

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"cession/deal"
)

// loans is a tape of small loans, each in the currency of its place.
func loans(currencies ...string) file {
	var text bytes.Buffer
	text.WriteString("LoanNr_ChkDgt,Name,ApprovalDate,GrAppv,Currency\n")
	for i, c := range currencies {
		fmt.Fprintf(&text, "%d,Loan %d,2026-01-01,100.00,%s\n", i, i, c)
	}
	return file{"loans.csv", text.Bytes()}
}

// listedWith brings a deal over documents to the buyer's data room; tapes among
// them are counted.
func (w *world) listedWith(docs ...file) deal.ID {
	w.t.Helper()
	id := w.drafted(docs...)
	for _, f := range docs {
		if _, err := w.count(id, bytes.NewReader(f.body)); deal.KindOf(err) != deal.Invalid {
			check(w.t, err)
		}
	}
	w.act(seller, id, "", "documents.notarize")
	for i, f := range docs {
		check(w.t, w.upload(id, uint64(i), f.body))
	}
	w.act(seller, id, "", "mint.mint", "face=100000 USD", "due="+w.in(900*time.Hour))
	w.act(seller, id, "", "listing.publish", "until="+w.in(300*time.Hour))
	w.invited(id, buyer)
	return id
}

// Amounts of another currency are in no sum, at neither node.
func TestRowsInAnotherCurrency(t *testing.T) {
	w := newWorld(t)
	id := w.listedWith(loans("USD", "EUR", " usd ", ""), files()[0])
	_, err := w.rows(id, RowChange{Remove: []uint64{0}})
	wantKind(t, err, deal.Invalid)
	without := w.mustRows(id, RowChange{Remove: []uint64{1}})
	wantField(t, without, "face", "30000 USD")
	w.act(buyer, id, buyer, "perimeter.agree")

	n := w.members[seller].node
	n.Tape = nil // a seller's node that does not look
	w.mustRows(id, RowChange{Whole: true, Remove: []uint64{0}})
	_, err = w.try(buyer, id, buyer, "perimeter.agree")
	wantReason(t, err, PerimeterDiffers)
}

// The rules are asked about the columns of a tape once, not for each row.
func TestColumnsAreReadOnce(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	n, asked := w.members[buyer].node, atomic.Int64{}
	n.Tape = func(pack deal.Commitment, header []string) (map[string]int, []string) {
		asked.Add(1)
		return testTape(pack, header)
	}
	w.act(buyer, id, buyer, "perimeter.agree")
	if have := asked.Load(); have == 0 || have > 4 {
		t.Errorf("asked %d times, want 1 to 4", have)
	}
}

// One tape under two names would count each loan twice.
func TestSameTapeTwice(t *testing.T) {
	w := newWorld(t)
	f := loans("USD", "USD")
	id := w.drafted(f, file{"again.csv", f.body})
	_, err := w.count(id, bytes.NewReader(f.body))
	check(t, err)
	_, err = w.try(seller, id, "", "documents.notarize")
	wantKind(t, err, deal.Conflict)
}

// A loan that stands in the tape twice is pointed out to who looks at it.
func TestLoanTwice(t *testing.T) {
	w := newWorld(t)
	f := loans("USD", "USD", "USD")
	f.body = append(f.body, "1,The same loan,2026-01-01,100.00,USD\n"...)
	id := w.listedWith(f, files()[0])
	tapes, err := w.members[seller].client.Tapes(context.Background(), id)
	check(t, err)
	if len(tapes) != 1 || tapes[0].Repeated != 1 {
		t.Errorf("the tape is shown as %+v", tapes)
	}
	check(t, w.members[seller].node.state.exec(context.Background(), "DELETE FROM tapes")) // it died before it counted the tape anew
	if again, err := w.members[seller].client.Tapes(context.Background(), id); err != nil || len(again) != 1 || again[0].Rows != 4 {
		t.Errorf("not counted, the tape is shown as %+v, %v", again, err)
	}
}

// A tape without rows takes nothing from the other's.
func TestTapeWithoutRows(t *testing.T) {
	w := newWorld(t)
	id := w.listedWith(file{"empty.csv", loans().body}, loans("USD", "USD"))
	act := w.mustRows(id, RowChange{Remove: []uint64{1}})
	wantField(t, act, "rows", "1")
	w.act(buyer, id, buyer, "perimeter.agree")
}

// A change of rows goes on from the documents that were proposed last; and what
// has rows out is not proposed as documents, of which nothing is recomputed.
func TestRowsAfterDocuments(t *testing.T) {
	w := newWorld(t)
	id := w.listedWith(loans("USD", "USD"), files()[0], files()[1])
	_, err := w.perimeter(seller, id, "propose", []uint64{0, 2}, map[string]string{"face": "20000 USD"})
	check(t, err)
	part := w.mustRows(id, RowChange{Remove: []uint64{1}})
	wantField(t, part, "count", "2") // the excerpt and document 2
	whole := w.mustRows(id, RowChange{Whole: true, Remove: []uint64{1}})
	wantField(t, whole, "count", "3")
	_, err = w.members[seller].client.Act(context.Background(), ActRequest{Deal: id, Room: buyer, Step: "perimeter", Action: "propose",
		Fields: map[string]string{"root": part.Field("root").String(), "face": "20000 USD"}})
	wantKind(t, err, deal.Invalid)
}
