package packs

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"cession/deal"
)

// Folder is a source in the file system, by its path. Links out of it are not
// followed.
type Folder string

// String returns the path.
func (f Folder) String() string { return string(f) }

// Read implements [Source].
func (f Folder) Read(ctx context.Context, file string, limit int64) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, folderError(err)
	}
	defer root.Close()
	// A pipe would block for ever, so look before opening.
	info, err := root.Stat(file)
	if err != nil {
		return nil, folderError(err)
	}
	if !info.Mode().IsRegular() {
		return nil, invalid(ErrSource, "%s is no plain file", file)
	}
	r, err := root.Open(file)
	if err != nil {
		return nil, folderError(err)
	}
	defer r.Close()
	return readAll(r, limit)
}

func folderError(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return deal.Errorf(deal.NotFound, "%w: %w", ErrSource, err)
	}
	return undelivered(err)
}
