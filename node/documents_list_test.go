package node

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"testing"

	"cession/deal"
	"cession/node/vault"
)

// manyDocuments are as many as a set may have, each of some MiB.
func manyDocuments(count int) []PlannedDocument {
	docs := make([]PlannedDocument, count)
	for i := range docs {
		docs[i] = PlannedDocument{
			vault.Description{Folder: fmt.Sprintf("loans/%03d", i%100), Name: fmt.Sprintf("loan agreement %05d.pdf", i), Kind: "agreement", Title: "Loan agreement", Dated: "2026-01-31"},
			vault.Sum{Size: 8 << 20, SHA256: vault.SHA256([]byte(fmt.Sprint(i)))},
		}
	}
	return docs
}

// holding has a deal with so many documents that are held, as far as the state
// knows.
func holding(tb testing.TB, n *Node, count int) deal.ID {
	tb.Helper()
	ctx := context.Background()
	o := deal.Opening{ID: deal.NewID(), Plan: deal.Standard(), Seller: deal.Party{ID: seller}}
	check(tb, n.state.exec(ctx, "INSERT INTO openings VALUES (?, ?)", o.ID, jsonColumn(o)))
	docs := manyDocuments(count)
	_, err := n.Plan(ctx, o.ID, docs)
	check(tb, err)
	e, err := vault.NewEncryptor((&longPDF{size: 8 << 20}).reader(), nil)
	check(tb, err)
	_, err = io.Copy(io.Discard, e)
	check(tb, err)
	v, err := e.Finish(vault.PDF)
	check(tb, err)
	wrapped, err := vault.WrapKey(v.Key, v.Manifest, n.identity.Recipient())
	check(tb, err)
	check(tb, n.state.exec(ctx, "UPDATE documents SET held = 1, blob = 'documents/' || idx, manifest = ?, wrapped = ?, chunks = ?",
		string(v.Manifest.Canonical()), []byte(wrapped), jsonColumn(v.Chunks)))
	return o.ID
}

// nowhere is a client that keeps nothing of its answer; read is called now and
// then while it comes.
type nowhere struct {
	header        http.Header
	status, bytes int
	writes        int
	read          func()
}

func (w *nowhere) Header() http.Header    { return w.header }
func (w *nowhere) WriteHeader(status int) { w.status = status }
func (w *nowhere) Write(b []byte) (int, error) {
	if w.writes++; w.read != nil && w.writes%100 == 0 {
		w.read()
	}
	w.bytes += len(b)
	return len(b), nil
}

// list asks a node's handler for the documents of a deal.
func (w *nowhere) list(n *Node, h http.Handler, id deal.ID) {
	w.header = http.Header{}
	r := httptest.NewRequest(http.MethodGet, "/v1/deals/"+string(id)+"/documents", nil)
	r.Header.Set("Authorization", "Bearer "+n.Token())
	h.ServeHTTP(w, r)
}

// BenchmarkListing answers with a list of as many documents as a set may have.
func BenchmarkListing(b *testing.B) {
	n := loneNode(b)
	id := holding(b, n, maxDocuments)
	handler := n.Handler()
	b.ReportAllocs()
	for b.Loop() {
		w := &nowhere{}
		w.list(n, handler, id)
		b.ReportMetric(float64(w.bytes), "answer-bytes")
	}
}

// While a node lists as many documents as a set may have, it has a page of them
// in memory.
func TestListingMemory(t *testing.T) {
	n := loneNode(t)
	id := holding(t, n, maxDocuments)
	use := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before, most := use(), int64(0)
	w := &nowhere{read: func() { most = max(most, use()-before) }}
	w.list(n, n.Handler(), id)
	t.Logf("%d bytes listed with at most %d KiB", w.bytes, most>>10)
	if w.status != http.StatusOK || w.bytes < 200*maxDocuments || most == 0 || most > 4<<20 {
		t.Errorf("status %d, %d bytes, listed with %d bytes of memory", w.status, w.bytes, most)
	}
}

// What is listed page by page is what it would be at once: versions are counted
// across pages.
func TestListingPages(t *testing.T) {
	n, ctx := loneNode(t), context.Background()
	id := holding(t, n, 2*pageSize+1)
	set, err := n.ownSet(ctx, id)
	check(t, err)
	for index, earlier := range map[int]int{1: 0, pageSize: 1, 2 * pageSize: pageSize} {
		check(t, n.state.exec(ctx, "UPDATE documents SET about = json_set(about, '$.supersedes', ?) WHERE set_id = ? AND idx = ?", earlier, set.id, index))
	}
	check(t, n.state.exec(ctx, "INSERT INTO tapes (sha256, pack, count) SELECT sha256, 'x', '{\"rows\":7}' FROM documents WHERE set_id = ? AND idx = ?", set.id, pageSize+3))
	docs, err := n.state.documents(ctx, set.id)
	check(t, err)
	want, err := n.infos(ctx, docs)
	check(t, err)
	have, err := n.Documents(ctx, id)
	check(t, err)
	if !reflect.DeepEqual(have, want) {
		t.Error("the pages are not the list")
	}
	last := have[2*pageSize]
	if last.Version != 4 || !last.Latest || have[pageSize].Latest || have[pageSize+3].Tape.Rows != 7 || have[2].Version != 1 {
		t.Errorf("the last is version %d", last.Version)
	}
}

// A list that cannot be ended does not end as if it were whole.
func TestListingBreaks(t *testing.T) {
	n := loneNode(t)
	id := holding(t, n, maxDocuments)
	w := &nowhere{read: func() { n.state.db.Close() }}
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler || w.bytes == 0 {
			t.Errorf("%v after %d bytes", cause, w.bytes)
		}
	}()
	w.list(n, n.Handler(), id)
}
