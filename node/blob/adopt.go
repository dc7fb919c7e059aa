package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"cession/deal"
)

// ErrElsewhere is wrapped when a file cannot be adopted because it lies on
// another file system: put its content instead.
var ErrElsewhere = errors.New("the file lies on another file system")

// Adopter is a store that can take over a finished file without copying it.
type Adopter interface {
	Store

	// Adopt creates a blob from a file that nobody writes to any more. When it
	// returns without error the blob is durable. The file keeps its old name too,
	// until the caller removes it. Errors as of [Store], and invalid wrapping
	// [ErrElsewhere].
	Adopt(ctx context.Context, key, file string) error
}

// Adopt implements [Adopter] by a hard link.
func (s *File) Adopt(ctx context.Context, key, file string) error {
	if err := errors.Join(CheckKey(key), ctx.Err()); err != nil {
		return err
	}
	temp := path.Join(fileTemp, rand.Text())
	err := syncFile(file)
	if err == nil {
		err = os.Link(file, filepath.Join(s.root.Name(), filepath.FromSlash(temp)))
	}
	switch {
	case errors.Is(err, syscall.EXDEV):
		return deal.Errorf(deal.Invalid, "adopt blob: %w", ErrElsewhere)
	case err != nil:
		return fmt.Errorf("adopt blob: %w", pathless(err))
	}
	defer s.root.Remove(temp)
	if err := s.link(temp, path.Join(fileBlobs, key)); err != nil {
		return fmt.Errorf("adopt blob: %w", noSpace(err))
	}
	return nil
}

// syncFile makes a file durable; what is no plain file is none.
func syncFile(name string) error {
	info, err := os.Lstat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return deal.Errorf(deal.Invalid, "want a plain file")
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// pathless drops the paths from a file error.
func pathless(err error) error {
	var failed *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &failed):
		return failed.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
