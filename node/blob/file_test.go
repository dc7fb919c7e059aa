package blob_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/blob"
	"cession/node/blob/blobtest"
)

func openFile(t *testing.T, dir string) *blob.File {
	t.Helper()
	s, err := blob.OpenFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestFile(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return openFile(t, t.TempDir()) })
}

func TestFilePermissions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "blobs")
	if _, err := openFile(t, dir).Put(t.Context(), "a/b/c", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = 0o700
		}
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode(), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFileSurvivesReopening(t *testing.T) {
	dir := t.TempDir()
	one := openFile(t, dir)
	if _, err := one.Put(t.Context(), "a", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	two := openFile(t, dir) // at the same time, like another process
	if info, err := two.Stat(t.Context(), "a"); err != nil || info.Size != 1 {
		t.Errorf("after reopening: %+v, %v", info, err)
	}
	if _, err := two.Put(t.Context(), "a", strings.NewReader("y")); deal.KindOf(err) != deal.Conflict {
		t.Errorf("put from a second process: %v, want conflict", err)
	}
}

// Only what a dead process left is cleared away, not what a live one is writing.
func TestFileClearsLeftovers(t *testing.T) {
	dir := t.TempDir()
	openFile(t, dir)
	old, fresh := filepath.Join(dir, "incoming", "OLD"), filepath.Join(dir, "incoming", "FRESH")
	for _, name := range []string{old, fresh} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	yesterday := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(old, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	openFile(t, dir)
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("leftover of a dead process: %v", err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Errorf("temporary file of a live process: %v", err)
	}
}

func TestFileFollowsNoLinkOutside(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openFile(t, dir)
	for name, target := range map[string]string{"folder": outside, "file": filepath.Join(outside, "secret")} {
		if err := os.Symlink(target, filepath.Join(dir, "blobs", name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"file", "folder/secret"} {
		if r, err := s.ReadRange(t.Context(), key, 0, -1); err == nil {
			r.Close()
			t.Errorf("read %s through a link that leads outside", key)
		}
	}
	if _, err := s.Put(t.Context(), "folder/new", strings.NewReader("x")); err == nil {
		t.Error("wrote through a link that leads outside")
	}
}

func TestFileNestedKeys(t *testing.T) {
	s := openFile(t, t.TempDir())
	for _, key := range []string{"a", "b/c"} {
		if _, err := s.Put(t.Context(), key, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	_, inside := s.Put(t.Context(), "a/b", strings.NewReader("y"))
	_, above := s.Put(t.Context(), "b", strings.NewReader("y"))
	if deal.KindOf(inside) == "" || deal.KindOf(above) == "" {
		t.Errorf("keys both blob and folder: %v, %v; want errors of a kind", inside, above)
	}
	if info, err := s.Stat(t.Context(), "b/c"); err != nil || info.Size != 1 {
		t.Errorf("a blob was lost: %v", err)
	}
}
