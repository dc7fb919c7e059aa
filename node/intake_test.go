package node

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"cession/deal"
	"cession/node/blob"
	"cession/node/vault"
)

func dirEntries(dir string) (int, error) {
	list, err := os.ReadDir(filepath.Join(dir, incomingDir))
	return len(list), err
}

// stored counts the blobs of a node.
func (w *world) stored(of deal.PartyID) (count int) {
	for _, err := range w.members[of].blobs.List(context.Background(), "") {
		check(w.t, err)
		count++
	}
	return count
}

// notarized has a deal whose documents are planned and notarized, none uploaded.
func (w *world) notarized() deal.ID {
	w.t.Helper()
	o, err := w.members[seller].client.Open(context.Background())
	check(w.t, err)
	w.act(seller, o.ID, "", "draft.open")
	_, err = w.members[seller].client.Plan(context.Background(), o.ID, planned(w.t, files()))
	check(w.t, err)
	w.act(seller, o.ID, "", "documents.notarize")
	return o.ID
}

func (w *world) upload(id deal.ID, index uint64, body []byte) error {
	return w.members[seller].client.Upload(context.Background(), id, index, bytes.NewReader(body), int64(len(body)))
}

// What differs from what was hashed is refused and nothing of it stays; then
// the right document is taken.
func TestUploadChanged(t *testing.T) {
	w := newWorld(t)
	id := w.notarized()
	right := files()[0].body
	for name, body := range map[string][]byte{
		"one letter": append(bytes.Clone(right[:len(right)-1]), '!'),
		"shorter":    right[:len(right)-1],
		"longer":     append(bytes.Clone(right), '\n'),
		"empty":      {},
	} {
		wantKind(t, w.upload(id, 0, body), deal.Conflict)
		if n := w.stored(seller); n != 0 {
			t.Errorf("%s: %d blobs are kept, want none", name, n)
		}
	}
	check(t, w.upload(id, 0, right))
	check(t, w.upload(id, 0, right)) // again: the answer may have been lost
	wantKind(t, w.upload(id, 0, right[1:]), deal.Conflict)
	if n := w.stored(seller); n != 1 {
		t.Errorf("%d blobs are stored, want 1", n)
	}
	wantKind(t, w.upload(id, 3, right), deal.NotFound)
}

// A document is taken only once its root stands on the node's own view of the
// chain, and the title is minted only once all are there.
func TestUploadOrder(t *testing.T) {
	w := newWorld(t)
	id := w.notarized()
	w.chain.set(func() { clear(w.chain.anchors) })
	wantKind(t, w.upload(id, 0, files()[0].body), deal.Conflict)
	w.chain.set(func() { w.chain.anchors[w.desk.deals[id].Value("documents", "notarize", "root").Commitment()] = true })
	check(t, w.upload(id, 0, files()[0].body))
	_, err := w.try(seller, id, "", "mint.mint", "face=100000 USD", "due="+w.in(900))
	wantReason(t, err, NotHeld)
}

func TestUploadRefusesType(t *testing.T) {
	w := newWorld(t)
	o, err := w.members[seller].client.Open(context.Background())
	check(t, err)
	w.act(seller, o.ID, "", "draft.open")
	bad := []file{{"invoice.pdf", []byte("this is no PDF")}}
	_, err = w.members[seller].client.Plan(context.Background(), o.ID, planned(t, bad))
	check(t, err)
	w.act(seller, o.ID, "", "documents.notarize")
	wantKind(t, w.upload(o.ID, 0, bad[0].body), deal.Invalid)
	if n := w.stored(seller); n != 0 {
		t.Errorf("%d blobs are kept, want none", n)
	}
}

// The store runs full, or stores and loses the answer; the upload works later
// and leaves nothing behind.
func TestUploadStoreFails(t *testing.T) {
	for name, stored := range map[string]bool{"not stored": false, "stored, answer lost": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.notarized()
			w.members[seller].blobs.put = func(_ string, put func() (blob.Sum, error)) (sum blob.Sum, err error) {
				if stored {
					_, err = put()
					check(t, err)
				}
				return sum, blob.ErrNoSpace
			}
			err := w.members[seller].node.Upload(context.Background(), id, 0, bytes.NewReader(files()[0].body))
			if !errors.Is(err, blob.ErrNoSpace) {
				t.Errorf("have %v, want no space", err)
			}
			if held, _, _ := w.members[seller].node.Held(context.Background(), id, w.desk.deals[id].Value("documents", "notarize", "root").Commitment()); held != 0 {
				t.Errorf("%d documents are held, want none", held)
			}
			w.members[seller].blobs.put = nil
			check(t, w.upload(id, 0, files()[0].body))
			if n := w.stored(seller); n != 1 {
				t.Errorf("%d blobs are stored, want 1", n)
			}
		})
	}
}

// The client goes away in the middle of an upload.
func TestUploadBroken(t *testing.T) {
	w := newWorld(t)
	id := w.notarized()
	body := io.MultiReader(bytes.NewReader(files()[2].body[:1<<20]), broken{})
	if err := w.members[seller].client.Upload(context.Background(), id, 2, body, int64(len(files()[2].body))); err == nil {
		t.Error("half an upload was taken")
	}
	check(t, w.upload(id, 2, files()[2].body))
	if n := w.stored(seller); n != 1 {
		t.Errorf("%d blobs are stored, want 1", n)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errHook }

func TestPlan(t *testing.T) {
	w := newWorld(t)
	ctx, c := context.Background(), w.members[seller].client
	o, err := c.Open(ctx)
	check(t, err)
	named := func(name string) PlannedDocument {
		return PlannedDocument{vault.Description{Name: name}, vault.Sum{Size: 5, SHA256: vault.Digest{1}}}
	}
	sized := func(size int64) PlannedDocument {
		return PlannedDocument{vault.Description{Name: "a.txt"}, vault.Sum{Size: size}}
	}
	for name, docs := range map[string][]PlannedDocument{
		"none": {}, "two of one name": {named("a.txt"), named("a.txt")}, "no name": {named("")}, "a path": {named("a/b.txt")},
		"up": {named("..")}, "backslash": {named(`a\b.txt`)}, "control": {named("a\n.txt")}, "long": {named(strings.Repeat("ü", 128))},
		"0 bytes": {sized(0)}, "huge": {sized(vault.MaxSize + 1)},
	} {
		if _, err := c.Plan(ctx, o.ID, docs); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: have %v, want invalid", name, err)
		}
	}
	_, err = w.members[buyer].client.Plan(ctx, o.ID, planned(t, files()))
	wantKind(t, err, deal.NotFound)

	first, err := c.Plan(ctx, o.ID, planned(t, files()[:2]))
	check(t, err)
	set, err := c.Plan(ctx, o.ID, planned(t, files()))
	check(t, err)
	again, err := c.Plan(ctx, o.ID, planned(t, files()))
	check(t, err)
	if set.Root != again.Root || first.Root == set.Root || set.Count != 3 {
		t.Errorf("roots %s, %s, %s of %d documents: want the last two equal, of 3", first.Root, set.Root, again.Root, set.Count)
	}
	if set.Leaves[0] == first.Leaves[0] {
		t.Error("the same document has the same leaf in two sets: its salt was used again")
	}
	w.act(seller, o.ID, "", "draft.open")
	w.act(seller, o.ID, "", "documents.notarize")
	_, err = c.Plan(ctx, o.ID, planned(t, files()[:1]))
	wantKind(t, err, deal.Conflict)
}

// A download from the store breaks while a document that came in parts is looked
// at: that says nothing about the document. Its parts stay, and later it works.
func TestFinishUploadDownloadBreaks(t *testing.T) {
	w := newWorld(t)
	id := w.awaiting()
	m, ctx := w.members[seller], context.Background()
	for i := range 4 {
		check(t, w.putPart(id, i, partOf(i), partOf(i)))
	}
	store := m.node.Blobs
	m.node.Blobs = brokenDownloads{store}
	if err := m.node.FinishUpload(ctx, id, 0); err == nil || deal.KindOf(err) != "" {
		t.Errorf("have %v, want an error to try again", err)
	}
	m.node.Blobs = store
	check(t, m.node.FinishUpload(ctx, id, 0))
	w.arrived(id)
}

// brokenDownloads is a store whose downloads break in the middle.
type brokenDownloads struct{ blob.Store }

func (b brokenDownloads) ReadRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	r, err := b.Store.ReadRange(ctx, key, offset, length)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(io.LimitReader(r, length/2), iotest.ErrReader(io.ErrUnexpectedEOF)), r}, nil
}
