package vault

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"cession/deal"
)

func TestPartsOfADocument(t *testing.T) {
	for size, want := range map[int64]int{1: 1, PartSize: 1, PartSize + 1: 2, MaxSize: 8192} {
		n, sum := Parts(size), int64(0)
		for i := range n {
			offset, length := Part(size, i)
			if offset != sum || length <= 0 || length > PartSize {
				t.Errorf("part %d of %d bytes is %d at %d", i, size, length, offset)
			}
			sum += length
		}
		if n != want || sum != size {
			t.Errorf("%d bytes have %d parts of %d in all, want %d", size, n, sum, want)
		}
	}
}

// A part opens with any of the node's keys, and with no other one; an altered or
// cut one does not.
func TestSealPart(t *testing.T) {
	old, now, other := identity(t), identity(t), identity(t)
	content := bytes.Repeat([]byte("a part of a document\n"), 10_000)
	var sealed bytes.Buffer
	w, err := SealPart(&sealed, old.Recipient())
	if err == nil {
		_, err = w.Write(content)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	open := func(src io.Reader, by ...Identity) ([]byte, error) {
		r, err := OpenPart(src, by...)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	}
	if have, err := open(bytes.NewReader(sealed.Bytes()), now, old); err != nil || !bytes.Equal(have, content) {
		t.Errorf("%d bytes, %v", len(have), err)
	}
	altered := bytes.Clone(sealed.Bytes())
	altered[len(altered)/2] ^= 1
	for name, c := range map[string]struct {
		sealed []byte
		by     []Identity
	}{
		"another key": {sealed.Bytes(), []Identity{other}}, "no key": {sealed.Bytes(), nil}, "altered": {altered, []Identity{old}},
		"cut": {sealed.Bytes()[:sealed.Len()-1], []Identity{old}}, "nothing": {nil, []Identity{old}},
	} {
		_, err := open(bytes.NewReader(c.sealed), c.by...)
		expectKind(t, name, err, deal.Invalid)
	}
	failure := errors.New("disk failed")
	if _, err := open(io.MultiReader(bytes.NewReader(sealed.Bytes()[:70_000]), iotest.ErrReader(failure)), old); !errors.Is(err, failure) {
		t.Errorf("a disk that fails: %v", err)
	}
	_, err = SealPart(io.Discard, Recipient{})
	expectKind(t, "no recipient", err, deal.Invalid)
}

func identity(t *testing.T) Identity {
	t.Helper()
	i, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return i
}
