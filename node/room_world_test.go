package node

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cession/deal"
	"cession/node/vault"
)

// exhibit is a document of a test data room.
type exhibit struct {
	about vault.Description
	body  []byte
}

// The exhibits, by their index.
const (
	invoicePDF   = iota // a real PDF
	scanPNG             // an image
	contractPDF         // a real PDF, view-only
	ledgerText          // text of several MiB
	salariesText        // text, view-only
)

func exhibits(t testing.TB) []exhibit {
	real := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("../examples/portfolio", name))
		check(t, err)
		return b
	}
	var picture bytes.Buffer
	check(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 300, 200))))
	return []exhibit{
		{vault.Description{Name: "invoice.pdf", Folder: "Invoices", Number: "2.10"}, real("EN16931_Einfach.pdf")},
		{vault.Description{Name: "scan.png", Folder: "Invoices", Number: "2.9"}, picture.Bytes()},
		{vault.Description{Name: "contract.pdf", Folder: "Contracts", Number: "1.1", ViewOnly: true}, real("EN16931_Elektron.pdf")},
		{vault.Description{Name: "ledger.txt", Folder: "Books", Number: "10.1"}, bytes.Repeat([]byte("an entry of a long ledger\n"), 200_000)},
		{vault.Description{Name: "salaries.txt", Folder: "Books", Number: "10.2", ViewOnly: true}, []byte("nobody's business\n")},
	}
}

// exhibited brings a deal to where it is listed with the exhibits.
func (w *world) exhibited(fields ...string) deal.ID {
	w.t.Helper()
	ctx, c := context.Background(), w.members[seller].client
	o, err := c.Open(ctx)
	check(w.t, err)
	w.act(seller, o.ID, "", "draft.open")
	var docs []PlannedDocument
	for _, x := range exhibits(w.t) {
		sum, err := vault.Hash(bytes.NewReader(x.body))
		check(w.t, err)
		docs = append(docs, PlannedDocument{x.about, sum})
	}
	_, err = c.Plan(ctx, o.ID, docs)
	check(w.t, err)
	w.act(seller, o.ID, "", "documents.notarize")
	for i, x := range exhibits(w.t) {
		check(w.t, c.Upload(ctx, o.ID, uint64(i), bytes.NewReader(x.body), int64(len(x.body))))
	}
	w.act(seller, o.ID, "", "mint.mint", "face=100000 USD", "due="+w.in(900*3600e9))
	w.act(seller, o.ID, "", "listing.publish", append(fields, "until="+w.in(300*3600e9))...)
	return o.ID
}

// openRoom has the exhibits in a data room that the buyer may read.
func (w *world) openRoom() deal.ID {
	w.t.Helper()
	id := w.exhibited()
	w.invited(id, buyer)
	return id
}

// read returns all of a document or page.
func read(t *testing.T, r io.ReadCloser, err error) []byte {
	t.Helper()
	check(t, err)
	defer r.Close()
	b, err := io.ReadAll(r)
	check(t, err)
	return b
}

// extracted returns the text of the pages of a PDF.
func extracted(t *testing.T, pdf []byte) []string {
	t.Helper()
	c := exec.Command("pdftotext", "-raw", "-", "-")
	c.Stdin = bytes.NewReader(pdf)
	out, err := c.Output()
	check(t, err)
	pages := strings.Split(string(out), "\f")
	return pages[:len(pages)-1]
}

// roomLog returns the entries of the seller's log of a data room, newest first.
func (w *world) roomLog(id deal.ID) []ViewEntry {
	w.t.Helper()
	list, err := w.members[seller].client.RoomViews(context.Background(), id, ViewFilter{})
	check(w.t, err)
	return list
}

// last wants the newest entry of the log to be this one.
func (w *world) last(id deal.ID, what string, index, page uint64, result string) ViewEntry {
	w.t.Helper()
	e := w.roomLog(id)[0]
	if e.What != what || e.Index != index || e.Page != page || e.Result != result {
		w.t.Errorf("the log ends with %s of page %d, want %s %d of page %d: %s", e, e.Page, what, index, page, result)
	}
	return e
}

func roomPath(id deal.ID, rest ...any) string {
	return "/peer/v1/deals/" + string(id) + "/room/documents" + fmt.Sprint(rest...)
}
