package blob_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cession/deal"
	"cession/node/blob"
)

var _ blob.Adopter = (*blob.File)(nil)

func TestFileAdopts(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	s := openFile(t, filepath.Join(dir, "blobs"))
	file := filepath.Join(dir, "finished")
	if err := os.WriteFile(file, []byte("whole"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Adopt(ctx, "a/b", file); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatalf("the file lost its old name: %v", err)
	}
	r, err := s.ReadRange(ctx, "a/b", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, err := io.ReadAll(r); string(b) != "whole" || err != nil {
		t.Errorf("adopted %q, %v", b, err)
	}
	if left, _ := fs.ReadDir(os.DirFS(filepath.Join(dir, "blobs")), "incoming"); len(left) != 0 {
		t.Errorf("%d temporary names are left", len(left))
	}
}

func TestFileAdoptRefuses(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	s := openFile(t, filepath.Join(dir, "blobs"))
	file, link := filepath.Join(dir, "finished"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("whole"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, "taken", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		key, file string
		kind      deal.Kind
	}{
		"a key in use":    {"taken", file, deal.Conflict},
		"a bad key":       {"../out", file, deal.Invalid},
		"a symbolic link": {"a", link, deal.Invalid},
		"a folder":        {"a", dir, deal.Invalid},
		"no file":         {"a", file + "x", ""},
	} {
		err := s.Adopt(ctx, c.key, c.file)
		if err == nil || deal.KindOf(err) != c.kind {
			t.Errorf("%s: %v, want kind %q", name, err, c.kind)
		}
		if err != nil && strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the error tells a path", name)
		}
	}
	if r, err := s.ReadRange(ctx, "taken", 0, -1); err == nil {
		defer r.Close()
		if b, _ := io.ReadAll(r); string(b) != "x" {
			t.Errorf("a blob was overwritten with %q", b)
		}
	}
}
