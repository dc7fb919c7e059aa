package local

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"cession/deal"
)

// DataVersion is the version of everything in a data folder: layout, Temporal
// schema, chain database. It is raised when a program can no longer read what
// an older one wrote; there is no migration.
const DataVersion = 2

const (
	versionFile = "VERSION"
	versionTemp = "VERSION.new"
	lockFile    = "LOCK"
	versionMark = "cession-data "

	// minFree is the least free space to start with: SQLite and geth handle a
	// full disk badly, so they are not started on one. Unit: bytes.
	minFree = 256 << 20
)

// Folder is a locked data folder of this [DataVersion]. One process owns it
// from [OpenFolder] to Close, or to its death.
type Folder struct {
	dir  string
	lock *os.File
}

// OpenFolder creates the folder if needed, with mode 0700, and locks it.
// It fails with [deal.Conflict] if another process holds it, if it was written
// by another version, if it holds something else, or if the disk is nearly full.
func OpenFolder(dir string) (*Folder, error) { return openFolder(dir, freeSpace) }

func openFolder(dir string, free func(string) (uint64, error)) (_ *Folder, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("open data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, explain("create data folder", err)
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			lock.Close()
		}
	}()
	if err := checkSpace(dir, free); err != nil {
		return nil, err
	}
	if err := checkVersion(dir); err != nil {
		return nil, err
	}
	return &Folder{dir: dir, lock: lock}, nil
}

// Path joins the elements to the folder's absolute path.
func (f *Folder) Path(elem ...string) string {
	return filepath.Join(append([]string{f.dir}, elem...)...)
}

// Close gives the folder up.
func (f *Folder) Close() error { return f.lock.Close() }

func lockFolder(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, explain("lock data folder", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder, _ := io.ReadAll(io.LimitReader(file, 32))
		file.Close()
		return nil, deal.Errorf(deal.Conflict, "data folder %s is in use by process %s: stop it, or choose another folder",
			dir, cmp.Or(strings.TrimSpace(string(holder)), "(unknown)"))
	}
	if err == nil {
		err = errors.Join(file.Truncate(0), writeAt(file, strconv.Itoa(os.Getpid())+"\n"))
	}
	if err != nil {
		file.Close()
		return nil, explain("lock data folder", err)
	}
	return file, nil
}

func checkVersion(dir string) error {
	want := versionMark + strconv.Itoa(DataVersion)
	raw, err := os.ReadFile(filepath.Join(dir, versionFile))
	if errors.Is(err, os.ErrNotExist) {
		if err := checkEmpty(dir); err != nil {
			return err
		}
		return writeDurably(dir, versionTemp, versionFile, []byte(want+"\n"))
	}
	if err != nil {
		return fmt.Errorf("read data version: %w", err)
	}
	if got := strings.TrimSpace(string(raw)); got != want {
		return deal.Errorf(deal.Conflict, "data folder %s is %.40q, this program reads %q: use the program that wrote it, or choose an empty folder",
			dir, got, want)
	}
	return nil
}

// checkEmpty protects a folder that is somebody's home, and tolerates what a
// process killed in OpenFolder leaves behind.
func checkEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read data folder: %w", err)
	}
	for _, e := range entries {
		if e.Name() != lockFile && e.Name() != versionTemp {
			return deal.Errorf(deal.Conflict, "folder %s holds other files and no %s file: choose an empty folder, or one made by cession", dir, versionFile)
		}
	}
	return nil
}

func checkSpace(dir string, free func(string) (uint64, error)) error {
	n, err := free(dir)
	if err != nil {
		return fmt.Errorf("read free space of data folder: %w", err)
	}
	if n < minFree {
		return deal.Errorf(deal.Conflict, "data folder %s has %d MiB of free space, %d MiB are needed: make room, or choose a folder on another disk",
			dir, n>>20, uint64(minFree)>>20)
	}
	return nil
}

func freeSpace(dir string) (uint64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}
