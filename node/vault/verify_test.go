package vault

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"testing/iotest"

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
	if err := Verify(iotest.ErrReader(failed), v.Manifest, v.Key); !errors.Is(err, failed) || deal.KindOf(err) != "" {
		t.Errorf("a disk that fails gives %v", err)
	}
}
