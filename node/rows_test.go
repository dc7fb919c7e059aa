package node

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// The real tape, in figures: what its loans add up to, in minor units, and the
// loan that is taken out in most tests, which is unlike all others.
const (
	tapeFace   = 21_636_200_00
	goneRow    = 10
	goneFace   = 395_000_00
	goneName   = "EVANS TRANSPORTATION CO."
	goneLoan   = "1032004005"
	goneAmount = "325344"
	faceColumn = "GrAppv"
)

// tapeListed brings a deal over a tape and an invoice to the buyer's data room.
func (w *world) tapeListed() deal.ID {
	w.t.Helper()
	f := tape(w.t)
	id := w.tapeNotarized(f)
	check(w.t, w.upload(id, 0, f.body))
	check(w.t, w.upload(id, 1, files()[0].body))
	w.act(seller, id, "", "mint.mint", "face=2163620000 USD", "due="+w.in(900*time.Hour))
	w.act(seller, id, "", "listing.publish", "until="+w.in(300*time.Hour))
	w.invited(id, buyer)
	return id
}

func (w *world) tapeNotarized(f file) deal.ID {
	w.t.Helper()
	id := w.drafted(f, files()[0])
	_, err := w.count(id, bytes.NewReader(f.body))
	check(w.t, err)
	w.act(seller, id, "", "documents.notarize")
	return id
}

// rows has the seller propose a change of the rows, with the face column named.
func (w *world) rows(id deal.ID, c RowChange, fields ...string) (deal.Outcome, error) {
	c.Face = faceColumn
	req := ActRequest{Deal: id, Room: buyer, Step: "perimeter", Action: "propose", Rows: &c, Fields: map[string]string{}}
	for _, f := range fields {
		k, v, _ := strings.Cut(f, "=")
		req.Fields[k] = v
	}
	return w.members[seller].client.Act(context.Background(), req)
}

func (w *world) mustRows(id deal.ID, c RowChange) deal.Act {
	w.t.Helper()
	o, err := w.rows(id, c)
	check(w.t, err)
	if o.Verdict != deal.Accepted {
		w.t.Fatalf("proposal is %s", o.Verdict)
	}
	return w.desk.rooms[id][buyer].Last("perimeter", "propose").Act
}

// realRows is the real tape as a reader of its own has it.
func realRows(t testing.TB) (header []string, rows [][]string) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(tape(t).body)).ReadAll()
	check(t, err)
	return all[0], all[1:]
}

func wantField(t *testing.T, a deal.Act, field, want string) {
	t.Helper()
	if have := a.Field(field).String(); have != want {
		t.Errorf("%s of %s is %s, want %s", field, a.Name(), have, want)
	}
}

// 400 real loans: one is taken out of the perimeter in negotiation, face, price
// and root change, both sides sign, the deal settles, and of the loan that was
// taken out there is nothing at the buyer's node.
func TestTapeDeal(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	notarized := w.desk.deals[id].Last("documents", "notarize").Act
	if notarized.Field("tape_root").Commitment().IsZero() {
		t.Fatal("documents.notarize commits to no rows")
	}
	prices := make([]RowPrice, tapeRows)
	for i := range prices {
		prices[i] = RowPrice{Row: uint64(i), Minor: 1000_00}
	}
	first := w.mustRows(id, RowChange{Prices: prices})
	wantField(t, first, "price", "40000000 USD")
	wantField(t, first, "face", "2163620000 USD")
	wantField(t, first, "root", notarized.Field("root").String())
	wantField(t, first, "rows_root", notarized.Field("tape_root").String())

	second := w.mustRows(id, RowChange{Remove: []uint64{goneRow}, Prices: []RowPrice{{Row: 5, Minor: 1250_00}}})
	wantField(t, second, "price", "39925000 USD")
	wantField(t, second, "face", deal.Money(tapeFace-goneFace, "USD").String())
	wantField(t, second, "rows", "399")
	wantField(t, second, "count", "2")
	if second.Field("root") == first.Field("root") || second.Field("rows_root") == first.Field("rows_root") {
		t.Error("the roots are what they were")
	}
	w.act(buyer, id, buyer, "perimeter.agree")
	w.tapeSold(id)
}

// tapeSold takes a deal from the agreed perimeter to the archive.
func (w *world) tapeSold(id deal.ID) {
	w.t.Helper()
	t := w.t
	w.sold(id)
	release := w.released(id)
	check(t, w.pull(id, release))
	w.act(buyer, id, "", "handover.receipt")
	w.act(buyer, id, "", "settlement.settle")
	w.act(seller, id, "", "archive.archive")

	b := w.members[buyer].client
	list, err := b.Documents(context.Background(), id)
	check(t, err)
	if len(list) != 2 || list[0].Index != 1 || list[1].Name != "loans (excerpt).csv" {
		t.Fatalf("the buyer holds %+v, want the invoice and the excerpt", list)
	}
	w.excerptIs(id, list[1].Index)
	salt := w.saltOf(id, goneRow)
	w.nowhere(buyer, map[string]string{"name": goneName, "loan number": goneLoan, "amount": goneAmount, "salt": salt.String()[2:]})
	if found := w.somewhere(buyer, "EVANS TRANSPORTATION C"); len(found) > 0 {
		t.Errorf("part of the name is in %v", found)
	}
	if found := w.somewhere(buyer, "Innovative Trailer Mfg., Inc."); !slices.Contains(found, "document 10000") { // the search finds what is there
		t.Errorf("another loan is found in %v, want the excerpt", found)
	}
	tapes, err := b.Tapes(context.Background(), id)
	check(t, err)
	if len(tapes) != 1 || tapes[0].Rows != tapeRows || tapes[0].Profile.Rows != tapeRows-1 || !slices.Equal(tapes[0].Absent, []uint64{goneRow}) {
		t.Errorf("the buyer's tape: %+v", tapes)
	}
}

// excerptIs compares the excerpt at the buyer with the real tape.
func (w *world) excerptIs(id deal.ID, index uint64) {
	w.t.Helper()
	r, err := w.members[buyer].client.Content(context.Background(), id, index)
	check(w.t, err)
	defer r.Close()
	have, err := csv.NewReader(r).ReadAll()
	check(w.t, err)
	header, rows := realRows(w.t)
	want := append([][]string{header}, slices.Delete(rows, goneRow, goneRow+1)...)
	if !slices.EqualFunc(have, want, slices.Equal[[]string]) {
		w.t.Error("the excerpt is not the tape without the row")
	}
}

func (w *world) saltOf(id deal.ID, row uint64) deal.Commitment {
	w.t.Helper()
	t, _, err := w.members[seller].node.ownRows(context.Background(), id)
	check(w.t, err)
	if t.rows[row].Salt.IsZero() {
		w.t.Fatalf("row %d has no salt", row)
	}
	return t.rows[row].Salt
}

// A loan that was taken out comes back in another's place; prices stay with the
// rows that stay.
func TestSubstitute(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	_, rows := realRows(t)
	face := func(row int) int64 {
		minor, err := vault.ParseMinor(rows[row][slices.Index(func() []string { h, _ := realRows(t); return h }(), faceColumn)])
		check(t, err)
		return minor
	}
	one := w.mustRows(id, RowChange{Remove: []uint64{203, goneRow}, Prices: []RowPrice{{Row: 17, Minor: 1}, {Row: 18, Minor: 2}}})
	two := w.mustRows(id, RowChange{Substitute: []Substitution{{Out: 17, In: 203}}})
	wantField(t, two, "rows", "398")
	wantField(t, two, "face", deal.Money(tapeFace-goneFace-face(17), "USD").String())
	v, err := w.members[buyer].client.Perimeter(context.Background(), id, buyer)
	check(t, err)
	if v.Delta == nil || v.Before == nil || v.Delta.Base != one.ID || v.Agreed ||
		!slices.Equal(v.Delta.Out, []uint64{goneRow, 17}) || !slices.Equal(v.Delta.Prices, []RowPrice{{Row: 18, Minor: 2}}) {
		t.Errorf("the bidder sees %+v", v)
	}
	w.act(buyer, id, buyer, "perimeter.agree")
	v, err = w.members[seller].client.Perimeter(context.Background(), id, buyer)
	check(t, err)
	if !v.Agreed {
		t.Error("the seller does not see that the bidder agreed")
	}
	again := w.mustRows(id, RowChange{Whole: true, Remove: []uint64{goneRow, 17}})
	if again.Field("root") != two.Field("root") {
		t.Error("the same rows are another perimeter")
	}
}

// What cannot be is not signed.
func TestRowsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	all := make([]uint64, tapeRows)
	for i := range all {
		all[i] = uint64(i)
	}
	for name, c := range map[string]RowChange{
		"beyond the tape": {Remove: []uint64{400}}, "a row twice": {Remove: []uint64{3, 3}}, "no row left": {Remove: all},
		"a substitute that is in": {Substitute: []Substitution{{Out: 3, In: 4}}}, "a row for itself": {Substitute: []Substitution{{Out: 3, In: 3}}},
		"a price of nothing": {Remove: []uint64{3}, Prices: []RowPrice{{Row: 3, Minor: 1}}}, "two prices": {Prices: []RowPrice{{Row: 3, Minor: 1}, {Row: 3, Minor: 2}}},
		"a price below zero": {Prices: []RowPrice{{Row: 3, Minor: -1}}}, "prices beyond what is an amount": {Prices: []RowPrice{{Row: 3, Minor: math.MaxInt64}, {Row: 4, Minor: 1}}},
	} {
		if _, err := w.rows(id, c); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
	_, err := w.rows(id, RowChange{Remove: []uint64{goneRow}}, "face=2163620000 USD")
	wantKind(t, err, deal.Conflict)
	act := func(step, action string, c RowChange, documents ...uint64) error {
		_, err := w.members[seller].client.Act(context.Background(), ActRequest{Deal: id, Room: buyer, Step: step, Action: action, Rows: &c, Documents: documents})
		return err
	}
	wantKind(t, act("perimeter", "propose", RowChange{Remove: []uint64{1}}), deal.Invalid)                      // no column named
	wantKind(t, act("perimeter", "propose", RowChange{Remove: []uint64{1}, Face: "nothing"}), deal.Invalid)     // no such column
	wantKind(t, act("perimeter", "propose", RowChange{Remove: []uint64{1}, Face: "Name"}), deal.Invalid)        // no amounts in it
	wantKind(t, act("perimeter", "propose", RowChange{Remove: []uint64{1}, Face: faceColumn}, 1), deal.Invalid) // the tape left out
	wantKind(t, act("questions", "answer", RowChange{Remove: []uint64{1}}), deal.Invalid)
	blobs := w.stored(seller)
	w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	w.mustRows(id, RowChange{Whole: true, Remove: []uint64{goneRow}})
	if have := w.stored(seller); have != blobs+1 {
		t.Errorf("%d blobs after the same excerpt twice, want %d", have, blobs+1)
	}
}

// Tens of thousands of prices go to the bidder's node and are verified there; questions
// and answers go on beside them.
func TestLongDelta(t *testing.T) {
	w := newWorld(t)
	const rows = 40_000
	var text bytes.Buffer
	text.WriteString("LoanNr_ChkDgt,Name,ApprovalDate,GrAppv\n")
	c := RowChange{Remove: []uint64{7}}
	for i := range uint64(rows) {
		fmt.Fprintf(&text, "%d,\"Loan, %d\",2026-01-01,%d.50\n", i, i, i)
		if i != 7 {
			c.Prices = append(c.Prices, RowPrice{Row: i, Minor: 10})
		}
	}
	f := file{"loans.csv", text.Bytes()}
	id := w.tapeNotarized(f)
	check(t, w.upload(id, 0, f.body))
	check(t, w.upload(id, 1, files()[0].body))
	w.act(seller, id, "", "mint.mint", "face=80000000000 USD", "due="+w.in(900*time.Hour))
	w.act(seller, id, "", "listing.publish", "until="+w.in(300*time.Hour))
	w.invited(id, buyer)
	act := w.mustRows(id, c)
	wantField(t, act, "price", "399990 USD")
	wantField(t, act, "face", "79999999250 USD") // 0.50 + 1.50 + … + 39999.50, without 7.50
	d, err := w.members[seller].node.delta(context.Background(), act)
	check(t, err)
	if size := len(d.Canonical()); size <= maxText {
		t.Fatalf("the delta has %d bytes, want more than a text of a room may have", size)
	}
	w.talk(id)
	w.act(buyer, id, buyer, "perimeter.agree")
}

// A tape that was notarized without rows of its own is sold whole.
func TestRowsOfUncountedTape(t *testing.T) {
	w := newWorld(t)
	f := tape(t)
	id := w.drafted(f, files()[0])
	w.act(seller, id, "", "documents.notarize")
	check(t, w.upload(id, 0, f.body))
	check(t, w.upload(id, 1, files()[0].body))
	w.act(seller, id, "", "mint.mint", "face=2163620000 USD", "due="+w.in(900*time.Hour))
	w.act(seller, id, "", "listing.publish", "until="+w.in(300*time.Hour))
	w.invited(id, buyer)
	_, err := w.rows(id, RowChange{Remove: []uint64{goneRow}})
	wantKind(t, err, deal.Conflict)
}
