package node

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cession/deal"
	"cession/node/blob"
	"cession/node/vault"
)

// longBody is a document of four parts, the last shorter.
var longBody = sync.OnceValue(func() []byte {
	line, body := []byte("one line of a very long document, and then another\n"), []byte{}
	for i := 0; len(body) < 3*vault.PartSize+vault.PartSize/3; i++ {
		body = append(append(body, byte('a'+i%26)), line...)
	}
	return body
})

// awaiting has a deal with one large document, notarized, not uploaded.
func (w *world) awaiting() deal.ID {
	w.t.Helper()
	id := w.drafted(file{"long.txt", longBody()})
	w.act(seller, id, "", "documents.notarize")
	return id
}

func (w *world) send(id deal.ID, moved func(int64)) error {
	return w.members[seller].client.UploadFile(context.Background(), id, 0, bytes.NewReader(longBody()), int64(len(longBody())), moved)
}

// arrived wants the document held as it is, and nothing left of its parts.
func (w *world) arrived(id deal.ID) {
	w.t.Helper()
	r, err := w.members[seller].client.Content(context.Background(), id, 0)
	check(w.t, err)
	defer r.Close()
	have, err := io.ReadAll(r)
	check(w.t, err)
	if !bytes.Equal(have, longBody()) {
		w.t.Errorf("the document has %d bytes, or others, want %d", len(have), len(longBody()))
	}
	if n := w.stored(seller); n != 1 {
		w.t.Errorf("%d blobs are stored, want 1", n)
	}
	if n := w.uploadFiles(); n != 0 {
		w.t.Errorf("%d files are left of the upload", n)
	}
}

// uploadFiles counts what lies in the folder of uploads.
func (w *world) uploadFiles() (count int) {
	err := filepath.WalkDir(filepath.Join(w.members[seller].dir, uploadsDir), func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			count++
		}
		return nil
	})
	check(w.t, err)
	return count
}

// link puts something between the seller's client and its node.
func (w *world) link(wrap func(next http.RoundTripper) http.RoundTripper) {
	c := w.members[seller].client
	c.http.Transport = wrap(c.http.Transport)
}

func isPart(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/upload/")
}

func (w *world) putPart(id deal.ID, part int, content, digestOf []byte) error {
	return w.members[seller].node.UploadPart(context.Background(), id, 0, part, vault.SHA256(digestOf), bytes.NewReader(content))
}

func partOf(i int) []byte {
	offset, length := vault.Part(int64(len(longBody())), i)
	return longBody()[offset : offset+length]
}

// Parts come in any order and several at once; each is listed when it is there.
func TestUploadPartsAnyOrder(t *testing.T) {
	w := newWorld(t)
	id := w.awaiting()
	n, ctx := w.members[seller].node, context.Background()
	wantKind(t, n.FinishUpload(ctx, id, 0), deal.Conflict)
	var workers sync.WaitGroup
	for _, part := range append(rand.Perm(4), rand.Perm(4)...) { // each twice
		workers.Go(func() { check(t, w.putPart(id, part, partOf(part), partOf(part))) })
	}
	workers.Wait()
	s, err := n.Uploaded(ctx, id, 0)
	check(t, err)
	if len(s.Parts) != 4 || s.Held || s.Size != int64(len(longBody())) || s.Parts[3].SHA256 != vault.SHA256(partOf(3)) {
		t.Errorf("the node lists %+v", s)
	}
	if raw := readAll(t, w.members[seller].dir); bytes.Contains(raw, longBody()[:100]) {
		t.Error("plaintext is on the node's disk")
	}
	for range 3 {
		workers.Go(func() { check(t, n.FinishUpload(ctx, id, 0)) })
	}
	workers.Wait()
	w.arrived(id)
	check(t, w.putPart(id, 0, partOf(0), partOf(0))) // late
	w.arrived(id)
}

// readAll returns every file under a folder, one after the other.
func readAll(t *testing.T, dir string) (all []byte) {
	t.Helper()
	check(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		all = append(all, b...)
		return err
	}))
	return all
}

func TestUploadPartRefuses(t *testing.T) {
	w := newWorld(t)
	id := w.awaiting()
	first := partOf(0)
	for name, c := range map[string]struct {
		part              int
		content, digestOf []byte
		want              deal.Kind
	}{
		"another digest":   {0, first, partOf(1), deal.Invalid},
		"shorter":          {0, first[1:], first[1:], deal.Invalid},
		"longer":           {0, append(bytes.Clone(first), 'x'), append(bytes.Clone(first), 'x'), deal.Invalid},
		"empty":            {0, nil, nil, deal.Invalid},
		"past the end":     {4, first, first, deal.Invalid},
		"before the start": {-1, first, first, deal.Invalid},
	} {
		if err := w.putPart(id, c.part, c.content, c.digestOf); deal.KindOf(err) != c.want {
			t.Errorf("%s: have %v, want %s", name, err, c.want)
		}
	}
	if n := w.uploadFiles(); n != 0 {
		t.Errorf("%d files are kept of parts that were refused", n)
	}
	check(t, w.putPart(id, 0, first, first))
	wantKind(t, w.putPart(id, 0, partOf(1), partOf(1)), deal.Conflict)
	for _, field := range []string{"", "sha-256=::", "sha-256=:" + strings.Repeat("A", 44), "md5=:AAAA:"} {
		_, err := parseDigest(field)
		wantKind(t, err, deal.Invalid)
	}
	w.chain.set(func() { clear(w.chain.anchors) })
	other := w.drafted(file{"long.txt", longBody()})
	wantKind(t, w.putPart(other, 0, first, first), deal.Conflict) // not notarized
}

// A document whose parts do not make what was planned, or none that the node
// takes, leaves nothing behind.
func TestFinishUploadRefuses(t *testing.T) {
	changed := bytes.Clone(longBody())
	changed[len(changed)-1] = '!'
	for name, c := range map[string]struct {
		planned file
		sent    []byte
		want    deal.Kind
	}{
		"changed": {file{"long.txt", longBody()}, changed, deal.Conflict},
		"no PDF":  {file{"long.pdf", longBody()}, longBody(), deal.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.drafted(c.planned)
			w.act(seller, id, "", "documents.notarize")
			err := w.members[seller].client.UploadFile(context.Background(), id, 0, bytes.NewReader(c.sent), int64(len(c.sent)), nil)
			wantKind(t, err, c.want)
			if blobs, parts := w.stored(seller), w.uploadFiles(); blobs != 0 || parts != 0 {
				t.Errorf("%d blobs and %d parts are kept", blobs, parts)
			}
		})
	}
}

// The store is full when the document is put together: the parts stay, and later
// it works. A part that the disk lost is sent again.
func TestFinishUploadFails(t *testing.T) {
	w := newWorld(t)
	id := w.awaiting()
	m := w.members[seller]
	for i := range 4 {
		check(t, w.putPart(id, i, partOf(i), partOf(i)))
	}
	m.blobs.put = func(string, func() (blob.Sum, error)) (sum blob.Sum, err error) { return sum, blob.ErrNoSpace }
	if err := m.node.FinishUpload(context.Background(), id, 0); !errors.Is(err, blob.ErrNoSpace) {
		t.Errorf("have %v, want no space", err)
	}
	m.blobs.put = nil
	damage(t, filepath.Join(m.dir, uploadsDir), "2")
	check(t, w.send(id, nil))
	w.arrived(id)
}

// damage changes a byte of a file somewhere under a folder.
func damage(t *testing.T, dir, name string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*", name))
	if err != nil || len(found) != 1 {
		t.Fatalf("%d files %s: %v", len(found), name, err)
	}
	b, err := os.ReadFile(found[0])
	check(t, err)
	b[len(b)/2] ^= 1
	check(t, os.WriteFile(found[0], b, 0o600))
}

// Uploads that nobody goes on with are removed, as is what a crash left; others
// stay.
func TestSweepUploads(t *testing.T) {
	w := newWorld(t)
	id := w.awaiting()
	n := w.members[seller].node
	check(t, w.putPart(id, 0, partOf(0), partOf(0)))
	check(t, os.MkdirAll(filepath.Join(n.Dir, uploadsDir, "orphan"), 0o700))
	check(t, os.WriteFile(filepath.Join(n.Dir, uploadsDir, "orphan", "0"), []byte("x"), 0o600))
	check(t, n.sweepUploads(context.Background()))
	if left := w.uploadFiles(); left != 1 {
		t.Errorf("%d files are left, want the part", left)
	}
	w.clock.add(uploadLife + time.Minute)
	check(t, n.sweepUploads(context.Background()))
	s, err := n.Uploaded(context.Background(), id, 0)
	if err != nil || len(s.Parts) != 0 || w.uploadFiles() != 0 {
		t.Errorf("%d parts, %d files are left, %v", len(s.Parts), w.uploadFiles(), err)
	}
	check(t, w.putPart(id, 0, partOf(0), partOf(0)))
	check(t, n.AbandonUpload(context.Background(), id, 0))
	if w.uploadFiles() != 0 {
		t.Error("parts are left of an upload that was abandoned")
	}
	check(t, w.send(id, nil))
	w.arrived(id)
}

// There is room for so many uploads, and no more.
func TestUploadsBounded(t *testing.T) {
	w := newWorld(t)
	id := w.awaiting()
	n, ctx := w.members[seller].node, context.Background()
	set, err := n.ownSet(ctx, id)
	check(t, err)
	docs := make([]document, maxUploads)
	for i := range docs {
		docs[i] = document{set: set.id, Index: uint64(i + 1), About: vault.Description{Name: "x"}, Sum: vault.Sum{Size: 1}, Salt: deal.NewSalt(), Leaf: deal.NewSalt()}
		check(t, n.state.exec(ctx, "INSERT INTO documents (set_id, idx, name, size, sha256, salt, leaf) VALUES (?, ?, 'x', 1, '', '', '')", set.id, i+1))
		check(t, n.state.beginUpload(ctx, docs[i], "folder"+docs[i].Salt.String(), n.now()))
	}
	var later *TooManyError
	if err := w.putPart(id, 0, partOf(0), partOf(0)); !errors.As(err, &later) || deal.KindOf(err) != deal.Lost {
		t.Errorf("one upload too many: %v", err)
	}
}
