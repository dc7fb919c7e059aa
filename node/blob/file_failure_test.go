package blob

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"cession/deal"
)

func openBroken(t *testing.T) *File {
	t.Helper()
	s, err := OpenFile(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// full is a disk on which only a few bytes are left.
type full struct {
	f    *os.File
	left int
	err  error
}

func (d *full) Write(p []byte) (int, error) {
	if len(p) > d.left {
		n, _ := d.f.Write(p[:d.left])
		return n, &fs.PathError{Op: "write", Path: "x", Err: d.err}
	}
	d.left -= len(p)
	return d.f.Write(p)
}

func TestFileDiskFull(t *testing.T) {
	for _, errno := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		s := openBroken(t)
		s.write = func(f *os.File) io.Writer { return &full{f, 10, errno} }
		_, err := s.Put(t.Context(), "a", strings.NewReader(strings.Repeat("x", 100)))
		if !errors.Is(err, ErrNoSpace) || !errors.Is(err, errno) || deal.KindOf(err) != "" {
			t.Errorf("put on a full disk: %v, want ErrNoSpace and no kind", err)
		}
		if left, _ := fs.ReadDir(s.root.FS(), fileTemp); len(left) != 0 {
			t.Errorf("%d temporary files left on a full disk", len(left))
		}
		s.write = func(f *os.File) io.Writer { return f }
		if _, err := s.Put(t.Context(), "a", strings.NewReader("x")); err != nil {
			t.Errorf("put after making room: %v", err)
		}
	}
}

// The blob is in its place, but whether it is durable nobody knows.
func TestFileNotKnownDurable(t *testing.T) {
	s := openBroken(t)
	failure := errors.New("disk failed")
	works := s.syncDir
	s.syncDir = func(string) error { return failure }
	_, err := s.Put(t.Context(), "a", strings.NewReader("x"))
	if deal.KindOf(err) != deal.Lost || !errors.Is(err, failure) {
		t.Errorf("put without durable folder: %v, want lost", err)
	}
	err = s.Delete(t.Context(), "a")
	if deal.KindOf(err) != deal.Lost || !errors.Is(err, failure) {
		t.Errorf("delete without durable folder: %v, want lost", err)
	}
	s.syncDir = works
	if _, err := s.Put(t.Context(), "a", strings.NewReader("y")); err != nil {
		t.Errorf("put after deletion: %v", err)
	}
}
