package node

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// testTape wants five fields, which tapes of the US Small Business
// Administration have under other names or not at all.
func testTape(_ deal.Commitment, header []string) (columns map[string]int, missing []string) {
	columns = map[string]int{}
	for field, column := range map[string]string{
		loanField: "LoanNr_ChkDgt", "inception_date": "ApprovalDate", "charge_off_date": "ChgOffDate",
		"counterparty_name": "Name", currencyField: "Currency",
	} {
		if i := slices.Index(header, column); i >= 0 {
			columns[field] = i
		} else {
			missing = append(missing, field)
		}
	}
	return columns, missing
}

// tape is 400 real loans: none has a currency, 356 no date of a charge-off.
func tape(t testing.TB) file {
	body, err := os.ReadFile("../examples/tape/sba_7a_400.csv")
	check(t, err)
	return file{"loans.csv", body}
}

const tapeRows, tapeMissing = 400, 400 + 356

// drafted opens a deal and plans a portfolio with a tape in it.
func (w *world) drafted(docs ...file) deal.ID {
	w.t.Helper()
	ctx, c := context.Background(), w.members[seller].client
	o, err := c.Open(ctx)
	check(w.t, err)
	w.act(seller, o.ID, "", "draft.open")
	_, err = c.Plan(ctx, o.ID, planned(w.t, docs))
	check(w.t, err)
	return o.ID
}

func (w *world) count(id deal.ID, body io.Reader) (TapeReport, error) {
	return w.members[seller].client.CountTape(context.Background(), id, body, -1)
}

// A tape is counted before it is notarized, the act says how complete it is,
// and both parties' nodes show the same.
func TestTape(t *testing.T) {
	w := newWorld(t)
	f := tape(t)
	id := w.drafted(f, files()[0])
	report, err := w.count(id, bytes.NewReader(f.body))
	check(t, err)
	if report.SHA256 != planned(t, []file{f})[0].SHA256 || report.Tape == nil || report.Tape.Rows != tapeRows || report.Tape.Missing != tapeMissing {
		t.Fatalf("counted %+v", report.Tape)
	}
	if n := w.stored(seller); n != 0 {
		t.Errorf("%d blobs are kept of a document that was only counted", n)
	}
	_, err = w.try(seller, id, "", "documents.notarize", "tape_missing=0")
	wantKind(t, err, deal.Conflict)
	w.act(seller, id, "", "documents.notarize")
	act := w.desk.deals[id].Last("documents", "notarize").Act
	if act.Field("tape_rows").Count() != tapeRows || act.Field("tape_missing").Count() != tapeMissing {
		t.Errorf("the act says %s rows, %s missing", act.Field("tape_rows"), act.Field("tape_missing"))
	}
	check(t, w.upload(id, 0, f.body))
	check(t, w.upload(id, 1, files()[0].body))
	list, err := w.members[seller].client.Documents(context.Background(), id)
	check(t, err)
	wantTapes(t, list)
	w.act(seller, id, "", "mint.mint", "face=100000 USD", "due="+w.in(900*time.Hour))
	w.act(seller, id, "", "listing.publish", "until="+w.in(300*time.Hour))
	w.invited(id, buyer)
	list, err = w.members[buyer].client.RoomDocuments(context.Background(), id)
	check(t, err)
	wantTapes(t, list)
	w.sold(id)
	check(t, w.pull(id, w.released(id)))
	list, err = w.members[buyer].client.Documents(context.Background(), id)
	check(t, err)
	wantTapes(t, list)
}

// wantTapes wants the first of two documents to be the tape.
func wantTapes(t *testing.T, list []DocumentInfo) {
	t.Helper()
	list = slices.SortedFunc(slices.Values(list), func(a, b DocumentInfo) int { return int(a.Index) - int(b.Index) }) // a data room has them by number
	if len(list) != 2 || list[0].Tape == nil || list[0].Tape.Rows != tapeRows || list[0].Tape.Missing != tapeMissing || list[1].Tape != nil {
		t.Errorf("listed are %+v", list)
	}
}

// A tape that nobody had counted is counted when it is stored; the act says
// nothing of it.
func TestTapeNotCounted(t *testing.T) {
	w := newWorld(t)
	f := tape(t)
	id := w.drafted(f, files()[0])
	_, err := w.count(id, bytes.NewReader(append(bytes.Clone(f.body), "\n"...))) // other content, if the same rows
	check(t, err)
	w.act(seller, id, "", "documents.notarize")
	if v := w.desk.deals[id].Value("documents", "notarize", "tape_rows"); v.Kind() != "" {
		t.Errorf("the act says %s rows", v)
	}
	check(t, w.upload(id, 0, f.body))
	list, err := w.members[seller].client.Documents(context.Background(), id)
	check(t, err)
	wantTapes(t, list)
}

// A count by the rules of a pack that is no longer in effect is not signed.
func TestTapeUnderOtherRules(t *testing.T) {
	w := newWorld(t)
	f := tape(t)
	id := w.drafted(f)
	_, err := w.count(id, bytes.NewReader(f.body))
	check(t, err)
	w.act(seller, id, "", "rules.adopt", "pack="+newPack.String())
	_, err = w.try(seller, id, "", "documents.notarize")
	wantKind(t, err, deal.Conflict)
	_, err = w.count(id, bytes.NewReader(f.body))
	check(t, err)
	w.act(seller, id, "", "documents.notarize")
}

// A node that does not have the rules in effect yet says so, and does not take a
// tape for none.
func TestTapeBeforeItsRules(t *testing.T) {
	w := newWorld(t)
	f := tape(t)
	id := w.drafted(f)
	delete(w.packs, testPack)
	_, err := w.count(id, bytes.NewReader(f.body))
	wantKind(t, err, deal.Conflict)
	w.packs[testPack] = 1
	_, err = w.count(id, bytes.NewReader(f.body))
	check(t, err)
}

// What cannot be counted leaves nothing behind.
func TestCountTapeFails(t *testing.T) {
	w := newWorld(t)
	f := tape(t)
	id := w.drafted(f)
	for name, body := range map[string]io.Reader{
		"ragged": bytes.NewReader([]byte("LoanNr_ChkDgt,Name,ApprovalDate\n1,2\n")),
		"empty":  bytes.NewReader(nil),
	} {
		if _, err := w.count(id, body); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: have %v, want invalid", name, err)
		}
	}
	if _, err := w.count(id, io.MultiReader(bytes.NewReader(f.body), broken{})); err == nil {
		t.Error("a request that breaks off was counted")
	}
	if report, err := w.count(id, bytes.NewReader(files()[1].body)); err != nil || report.Tape != nil {
		t.Errorf("a list of two columns is a tape: %+v, %v", report.Tape, err)
	}
	_, err := w.count(deal.NewID(), bytes.NewReader(f.body))
	wantKind(t, err, deal.NotFound)
	count, err := w.members[seller].node.state.newestTape(context.Background(), vault.SHA256(f.body))
	if count != nil || err != nil {
		t.Errorf("kept %+v, %v", count, err)
	}
	w.members[seller].node.Tape = nil
	_, err = w.count(id, bytes.NewReader(f.body))
	wantKind(t, err, deal.Invalid)
}

// Deals under a plan from before there were tapes are notarized as they were.
func TestTapeInOlderPlan(t *testing.T) {
	d := &draft{action: deal.Action{Fields: []deal.Field{{ID: "root"}, {ID: "count"}}}}
	if err := d.fillTape(context.Background(), docSet{}); err != nil || len(d.act.Fields) > 0 {
		t.Errorf("have %v and the fields %v", err, d.act.Fields)
	}
}
