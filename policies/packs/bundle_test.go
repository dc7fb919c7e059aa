package packs

import (
	"bytes"
	"testing"

	"cession/policies"
)

func TestBundleIsDeterministic(t *testing.T) {
	a, b := built(t, small()), built(t, edited())
	if !bytes.Equal(a, b) {
		t.Error("the same files give different bundles")
	}
	p, err := policies.Load(small())
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(signed(t, small(), "anna"), trust(t), today)
	if err != nil {
		t.Fatal(err)
	}
	if s.Digest != p.Digest() || s.Maker != "anna" || s.Pack.Name() != p.Name() {
		t.Errorf("read %s by %s, want %s by anna", s.Digest, s.Maker, p.Digest())
	}
}
