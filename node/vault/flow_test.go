package vault_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"

	"cession/deal"
	"cession/node/blob"
	"cession/node/vault"
)

func open(t *testing.T) *blob.File {
	t.Helper()
	s, err := blob.OpenFile(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Intake into a store and inspection out of it: no plaintext touches the disk.
func TestIntake(t *testing.T) {
	files, err := vault.Portfolio("../../examples/portfolio")
	if err != nil {
		t.Fatal(err)
	}
	document, err := files[0].Read()
	if err != nil {
		t.Fatal(err)
	}
	upload, err := files[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer upload.Close()
	s := open(t)
	e, err := vault.NewEncryptor(upload, &document.Sum)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := s.Put(t.Context(), "a", e)
	if err != nil {
		t.Fatal(err)
	}
	v, err := e.Finish(document.MediaType)
	if err != nil || v.Manifest.Sum() != document.Sum || v.Manifest.CipherSHA256 != vault.Digest(stored.SHA256) || v.Manifest.CipherSize != stored.Size {
		t.Fatalf("manifest %+v of %+v: %v", v.Manifest, stored, err)
	}
	r, err := vault.Open(blob.ReaderAt(t.Context(), s, "a"), v.Manifest, v.Key)
	if err != nil {
		t.Fatal(err)
	}
	if media, err := vault.Inspect(r, v.Manifest.Size, files[0].Name); err != nil || media != vault.PDF {
		t.Errorf("inspect out of the store: %q, %v", media, err)
	}
}

// A document that is not the one that was signed leaves nothing behind.
func TestIntakeOfWrongDocument(t *testing.T) {
	promised, err := vault.Hash(bytes.NewReader([]byte("promised")))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		content string
		want    *vault.Sum
		is      error
		kind    deal.Kind
	}{
		{"another", &promised, vault.ErrChanged, deal.Conflict}, {"", &promised, vault.ErrChanged, deal.Conflict}, {"", nil, vault.ErrEmpty, deal.Invalid},
	} {
		s := open(t)
		e, err := vault.NewEncryptor(bytes.NewReader([]byte(c.content)), c.want)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Put(t.Context(), "a", e); !errors.Is(err, c.is) || deal.KindOf(err) != c.kind {
			t.Errorf("intake of %q: %v, want %v", c.content, err, c.is)
		}
		if _, err := s.Stat(t.Context(), "a"); deal.KindOf(err) != deal.NotFound {
			t.Errorf("intake of %q left something: %v", c.content, err)
		}
	}
}

// Memory must not grow with the document.
func TestEncryptionStreams(t *testing.T) {
	allocated := func(size int64) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		e, err := vault.NewEncryptor(io.LimitReader(zeros{}, size), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, e); err != nil {
			t.Fatal(err)
		}
		v, err := e.Finish(vault.PDF)
		if err != nil || v.Manifest.Size != size {
			t.Fatalf("finish: %v", err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	small, big := allocated(1<<20), allocated(64<<20)
	if big > small+1<<20 {
		t.Errorf("64 MiB allocate %d bytes in all, 1 MiB %d", big, small)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
