package node

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cession/node/vault"
)

// sealed is a document as it is handed over.
func sealed(t testing.TB, size int) (Consignment, vault.FileKey, []byte) {
	t.Helper()
	e, err := vault.NewEncryptor(bytes.NewReader(bytes.Repeat([]byte{'x'}, size)), nil)
	check(t, err)
	cipher, err := io.ReadAll(e)
	check(t, err)
	v, err := e.Finish(vault.Text)
	check(t, err)
	return Consignment{Manifest: v.Manifest, Chunks: v.Chunks}, v.Key, cipher
}

func newPartial(t testing.TB, c Consignment, path string) *partial {
	t.Helper()
	p, err := openPartial(path, c, nil, func(bitmap, int64) error { return nil })
	check(t, err)
	t.Cleanup(func() { p.file.Close() })
	return p
}

// A document is opened as its chunks come in, whatever their order, and one that
// has a single byte too.
func TestPartialVerifiesAsItComes(t *testing.T) {
	for _, size := range []int{1, vault.ChunkSize / 2, vault.ChunkSize, 5*vault.ChunkSize + 7} {
		c, key, cipher := sealed(t, size)
		for range 20 {
			p := newPartial(t, c, filepath.Join(t.TempDir(), "part"))
			var arriving sync.WaitGroup
			for _, i := range rand.Perm(c.Manifest.Chunks()) {
				arriving.Go(func() {
					offset, length := c.Manifest.Chunk(i)
					check(t, p.keep(i, cipher[offset:offset+length]))
				})
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			check(t, p.verify(ctx, key))
			cancel()
			arriving.Wait()
		}
	}
}

// Damage is found wherever it is: in the header, in the middle, in the last
// chunk. So is a file that was cut short.
func TestPartialFindsDamage(t *testing.T) {
	c, key, cipher := sealed(t, 2*vault.ChunkSize+vault.ChunkSize/2)
	for name, spoil := range map[string]func(*partial) error{
		"header":    func(p *partial) error { _, err := p.file.WriteAt([]byte("?"), 3); return err },
		"middle":    func(p *partial) error { _, err := p.file.WriteAt([]byte("?"), vault.ChunkSize+5); return err },
		"last":      func(p *partial) error { _, err := p.file.WriteAt([]byte("?"), int64(len(cipher)-1)); return err },
		"cut short": func(p *partial) error { return p.file.Truncate(int64(len(cipher) - 1)) },
		"emptied":   func(p *partial) error { return p.file.Truncate(0) },
	} {
		p := newPartial(t, c, filepath.Join(t.TempDir(), "part"))
		for i := range c.Manifest.Chunks() {
			offset, length := c.Manifest.Chunk(i)
			check(t, p.keep(i, cipher[offset:offset+length]))
		}
		check(t, spoil(p))
		if err := p.verify(t.Context(), key); reasonOf(err) != WrongDocument {
			t.Errorf("%s: %v, want %s", name, err, WrongDocument)
		}
		lost, err := p.repair()
		if check(t, err); lost == 0 || p.here.count() != c.Manifest.Chunks()-lost {
			t.Errorf("%s: %d chunks are to be fetched again", name, lost)
		}
	}
}

// The opening of a document ends with its context: while it waits for a chunk,
// and when all is here, too.
func TestPartialEnds(t *testing.T) {
	c, key, cipher := sealed(t, 3*vault.ChunkSize)
	for _, have := range []int{0, 1, c.Manifest.Chunks()} {
		p := newPartial(t, c, filepath.Join(t.TempDir(), "part"))
		for i := range have {
			offset, length := c.Manifest.Chunk(i)
			check(t, p.keep(i, cipher[offset:offset+length]))
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errCut)
		if err := p.verify(ctx, key); !errors.Is(err, errCut) || reasonOf(err) != "" {
			t.Errorf("with %d chunks: %v, want what ended it", have, err)
		}
	}
}

// What is missing of a large document is not read: the file has its full length
// from the first chunk on.
func TestPartialSkipsHoles(t *testing.T) {
	c, _, _ := sealed(t, 1)
	c.Manifest.CipherSize = 64 << 30
	c.Chunks = make(vault.ChunkList, c.Manifest.Chunks())
	path := filepath.Join(t.TempDir(), "part")
	p := newPartial(t, c, path)
	last := c.Manifest.Chunks() - 1
	chunk := bytes.Repeat([]byte{1}, vault.ChunkSize)
	c.Chunks[last] = vault.SHA256([]byte{0}, chunk)
	check(t, p.keep(last, chunk))
	begun := time.Now()
	p = newPartial(t, c, path)
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("64 GiB of nothing took %v", took)
	}
	if p.here.count() != 1 || !p.here.has(last) {
		t.Errorf("%d chunks are here, want the one that was kept", p.here.count())
	}
}
