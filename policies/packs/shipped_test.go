package packs

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"cession/deal"
	"cession/policies"
)

// earlier is the pack that a program before this one may have carried.
func earlier(t *testing.T) (bundle []byte, digest deal.Commitment) {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(policies.StandardFS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := fs.ReadFile(policies.StandardFS(), name)
		if name == "manifest.yaml" {
			b = bytes.Replace(b, []byte("version: "), []byte("version: 0."), 1)
		}
		files[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := policies.Load(files)
	if err == nil {
		bundle, err = Build(files)
	}
	if err != nil {
		t.Fatal(err)
	}
	return bundle, p.Digest()
}

// A deal stays with the pack it was opened under when the program is replaced
// by one that carries another.
func TestShippedPacksOutliveTheirProgram(t *testing.T) {
	dir := t.TempDir()
	bundle, digest := earlier(t)
	proofs := 0
	config := Config{Dir: dir, Now: time.Now, Prove: func(context.Context, *policies.Pack, fs.FS) error { proofs++; return nil }}
	open := func() (*Library, error) { return Open(t.Context(), config) }
	l, err := open()
	if err != nil {
		t.Fatal(err)
	}
	base, err := l.Current()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := l.Pack(digest); ok {
		t.Fatal("a pack nobody gave is at hand")
	}
	file := filepath.Join(dir, shippedDir, digest.String()+bundleEnd)
	if err := os.WriteFile(file, bundle, 0o600); err != nil {
		t.Fatal(err)
	}
	// As another process of the same program would find it.
	proven.Delete(base.Digest())
	proofs = 0
	if l, err = open(); err != nil {
		t.Fatal(err)
	}
	if proofs > 0 {
		t.Errorf("proved %d times more, want what was proved in this folder to stay so", proofs)
	}
	if p, ok := l.Pack(digest); !ok || p.Digest() != digest {
		t.Error("the earlier pack is not at hand")
	}
	if n, ok := l.Number(digest); n != 0 || !ok {
		t.Errorf("number %d, %v, want 0", n, ok)
	}
	if now, err := l.Current(); err != nil || now.Digest() != base.Digest() {
		t.Errorf("the earlier pack is in force: %v", err)
	}
	if err := os.Rename(file, filepath.Join(dir, shippedDir, deal.Commitment{1}.String()+bundleEnd)); err != nil {
		t.Fatal(err)
	}
	if _, err := open(); !errors.Is(err, ErrTampered) {
		t.Errorf("have %v, want a pack under another digest to be refused", err)
	}
}
