package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/iotest"

	"cession/node/blob"
	"cession/node/blob/blobtest"
)

// breaking is a store of one blob whose downloads can break after some bytes.
type breaking struct {
	blob.Store
	content []byte
	after   int // bytes; 0: never
	asked   int
}

func (b *breaking) ReadRange(_ context.Context, _ string, offset, length int64) (io.ReadCloser, error) {
	b.asked++
	part := b.content[min(offset, int64(len(b.content))):]
	part = part[:min(length, int64(len(part)))]
	if b.after > 0 && b.after < len(part) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(part[:b.after]), iotest.ErrReader(io.ErrUnexpectedEOF))), nil
	}
	return io.NopCloser(bytes.NewReader(part)), nil
}

// A download that breaks is no end of the blob.
func TestReaderAtBroken(t *testing.T) {
	b := &breaking{content: blobtest.Content(4 << 20), after: 1000}
	r := blob.ReaderAt(t.Context(), b, "a")
	if n, err := r.ReadAt(make([]byte, 2000), 0); n != 1000 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a broken download: %d bytes, %v", n, err)
	}
	if n, err := r.ReadAt(make([]byte, 500), 1000); n != 500 || err != nil {
		t.Errorf("what came before it broke: %d bytes, %v", n, err)
	}
	b.after = 0
	if n, err := r.ReadAt(make([]byte, 2000), 4<<20-1000); n != 1000 || err != io.EOF {
		t.Errorf("the end: %d bytes, %v", n, err)
	}
}

// Read from start to end, a blob takes few fetches; read at random, also by
// several at once, it is what it is.
func TestReaderAtAhead(t *testing.T) {
	b := &breaking{content: blobtest.Content(8<<20 + 123)}
	read, err := io.ReadAll(io.NewSectionReader(blob.ReaderAt(t.Context(), b, "a"), 0, int64(len(b.content))))
	if err != nil || !bytes.Equal(read, b.content) || b.asked > 12 {
		t.Errorf("%d bytes, %v, in %d fetches", len(read), err, b.asked)
	}
	s := openFile(t, t.TempDir())
	if _, err := s.Put(t.Context(), "a", bytes.NewReader(b.content)); err != nil {
		t.Fatal(err)
	}
	r := blob.ReaderAt(t.Context(), s, "a")
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			p := make([]byte, 100<<10)
			for range 200 {
				at := rand.Int64N(int64(len(b.content) - len(p)))
				for range 3 {
					if n, err := r.ReadAt(p, at); n != len(p) && err != io.EOF || !bytes.Equal(p[:n], b.content[at:at+int64(n)]) {
						t.Errorf("at %d: %d bytes, %v", at, n, err)
					}
					at = min(at+int64(len(p)), int64(len(b.content)))
				}
			}
		})
	}
	readers.Wait()
}
