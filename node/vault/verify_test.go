package vault

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"cession/deal"
)

func TestVerify(t *testing.T) {
	v, cipher := encrypt(t, random(3*ChunkSize/2))
	other, _ := encrypt(t, random(ChunkSize))
	spoiled := slices.Clone(cipher)
	spoiled[len(spoiled)/2] ^= 1
	failed := errors.New("disk failed")
	for name, c := range map[string]struct {
		cipher []byte
		key    FileKey
		sum    Digest
		kind   deal.Kind
	}{
		"the document":     {cipher, v.Key, v.Manifest.SHA256, ""},
		"another's key":    {cipher, other.Key, v.Manifest.SHA256, deal.Invalid},
		"altered":          {spoiled, v.Key, v.Manifest.SHA256, deal.Invalid},
		"cut short":        {cipher[:len(cipher)-1], v.Key, v.Manifest.SHA256, deal.Invalid},
		"another document": {cipher, v.Key, other.Manifest.SHA256, deal.Invalid},
	} {
		m := v.Manifest
		m.SHA256 = c.sum // of another size it would not be opened at all
		err := Verify(bytes.NewReader(c.cipher), m, c.key)
		if deal.KindOf(err) != c.kind || (err == nil) != (c.kind == "") {
			t.Errorf("%s: %v, want kind %q", name, err, c.kind)
		}
	}
	for _, good := range []int64{0, ChunkSize} {
		if err := Verify(failsFrom{bytes.NewReader(cipher), good, failed}, v.Manifest, v.Key); !errors.Is(err, failed) || deal.KindOf(err) != "" {
			t.Errorf("a disk that fails from byte %d on gives %v", good, err)
		}
	}
}

// failsFrom fails to read anything between a byte and the end of the document.
type failsFrom struct {
	io.ReaderAt
	from int64
	err  error
}

func (f failsFrom) ReadAt(p []byte, offset int64) (int, error) {
	n, err := f.ReaderAt.ReadAt(p, offset)
	if f.from == 0 || (offset > f.from && err == nil) {
		return 0, f.err
	}
	return n, err
}
