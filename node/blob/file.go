package blob

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"cession/deal"
)

const (
	fileBlobs = "blobs"        // one file per blob, at its key
	fileTemp  = "incoming"     // what is being put
	tempAge   = 24 * time.Hour // an older temporary file belongs to a process that died

	writeBytes = 256 << 10 // that go to a file at once
)

// File keeps blobs as files in a folder, for the owner's eyes only (0700, 0600).
// A Put writes a temporary file, syncs it, links it to its place (which fails if
// the place is taken, whoever was faster) and syncs the folder. Several
// processes may share the folder. It needs a file system with hard links.
type File struct {
	root *os.Root // nothing outside is reachable, not even by symbolic links

	// Replaced in tests only.
	syncDir func(dir string) error
	write   func(f *os.File) io.Writer
}

// OpenFile opens the folder, creates it if absent, and clears away what puts of
// dead processes left behind. Close it when done.
func OpenFile(dir string) (*File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create blob folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open blob folder: %w", err)
	}
	s := &File{root: root, write: func(f *os.File) io.Writer { return f }}
	s.syncDir = s.fsyncDir
	if err := s.prepare(); err != nil {
		root.Close()
		return nil, fmt.Errorf("prepare blob folder: %w", err)
	}
	return s, nil
}

func (s *File) prepare() error {
	for _, dir := range []string{fileBlobs, fileTemp} {
		if err := s.makeDir(dir); err != nil {
			return err
		}
	}
	left, err := fs.ReadDir(s.root.FS(), fileTemp)
	if err != nil {
		return err
	}
	for _, e := range left {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > tempAge {
			s.root.Remove(path.Join(fileTemp, e.Name()))
		}
	}
	return nil
}

// Close releases the folder.
func (s *File) Close() error { return s.root.Close() }

// Put implements [Store].
func (s *File) Put(ctx context.Context, key string, r io.Reader) (Sum, error) {
	if err := CheckKey(key); err != nil {
		return Sum{}, err
	}
	if _, err := s.Stat(ctx, key); err == nil {
		return Sum{}, errExists() // early, so that nothing is read in vain; the link decides
	}
	temp := path.Join(fileTemp, rand.Text())
	defer s.root.Remove(temp)
	src := newSource(ctx, r)
	if err := s.writeTemp(temp, src); err != nil {
		return Sum{}, fmt.Errorf("store blob: %w", noSpace(err))
	}
	if err := s.link(temp, path.Join(fileBlobs, key)); err != nil {
		return Sum{}, fmt.Errorf("store blob: %w", noSpace(err))
	}
	return src.sum(), nil
}

func (s *File) writeTemp(name string, src io.Reader) error {
	f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriterSize(s.write(f), writeBytes)
	if _, err := io.Copy(out, src); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

func (s *File) link(temp, name string) error {
	dir := path.Dir(name)
	if err := s.makeDir(dir); err != nil {
		return err
	}
	err := s.root.Link(temp, name)
	switch {
	case errors.Is(err, fs.ErrExist):
		return errExists()
	case errors.Is(err, syscall.ENOTDIR):
		return errNested()
	case err != nil:
		return err
	}
	if err := s.syncDir(dir); err != nil {
		// The blob can be seen, but a power failure may still take it away.
		return deal.Errorf(deal.Lost, "make blob durable: %w", err)
	}
	return nil
}

// makeDir creates a folder and its parents and makes the new entries durable.
func (s *File) makeDir(dir string) error {
	err := s.root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) && dir != "." {
		if err := s.makeDir(path.Dir(dir)); err != nil {
			return err
		}
		err = s.root.Mkdir(dir, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if errors.Is(err, syscall.ENOTDIR) {
		return errNested()
	}
	if err != nil {
		return err
	}
	return s.fsyncDir(path.Dir(dir))
}

func errNested() error {
	return deal.Errorf(deal.Invalid, "blob key runs through another blob: a key cannot be both blob and folder")
}

func (s *File) fsyncDir(dir string) error {
	f, err := s.root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

func noSpace(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w (%w)", ErrNoSpace, err)
	}
	return err
}

// ReadRange implements [Store].
func (s *File) ReadRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if err := errors.Join(CheckKey(key), checkRange(offset, length), ctx.Err()); err != nil {
		return nil, err
	}
	f, err := s.root.Open(path.Join(fileBlobs, key))
	if err != nil {
		return nil, s.readError("open blob", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errMissing()
	}
	if err == nil && offset > info.Size() {
		err = errBeyond(offset, info.Size())
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	if length < 0 || length > info.Size()-offset {
		length = info.Size() - offset
	}
	return section{ctxReader{ctx, io.NewSectionReader(f, offset, length)}, f}, nil
}

type section struct {
	io.Reader
	io.Closer
}

func (s *File) readError(action string, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return errMissing()
	}
	return fmt.Errorf("%s: %w", action, err)
}

// Stat implements [Store].
func (s *File) Stat(ctx context.Context, key string) (Info, error) {
	if err := errors.Join(CheckKey(key), ctx.Err()); err != nil {
		return Info{}, err
	}
	info, err := s.root.Lstat(path.Join(fileBlobs, key))
	if err != nil {
		return Info{}, s.readError("stat blob", err)
	}
	if !info.Mode().IsRegular() {
		return Info{}, errMissing()
	}
	return Info{key, info.Size(), info.ModTime().UTC()}, nil
}

// Delete implements [Store].
func (s *File) Delete(ctx context.Context, key string) error {
	if _, err := s.Stat(ctx, key); deal.KindOf(err) == deal.NotFound {
		return nil
	} else if err != nil {
		return err
	}
	name := path.Join(fileBlobs, key)
	if err := s.root.Remove(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("delete blob: %w", err)
	}
	if err := s.syncDir(path.Dir(name)); err != nil {
		return deal.Errorf(deal.Lost, "make deletion of blob durable: %w", err)
	}
	return nil
}
