package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"cession/deal"
)

// writeDurably replaces dir/name by way of dir/temp, so that after a crash the
// file is absent, old, or complete.
func writeDurably(dir, temp, name string, content []byte) error {
	path := filepath.Join(dir, temp)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return explain("write "+name, err)
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(path, filepath.Join(dir, name))
	}
	if err == nil {
		err = syncDir(dir)
	}
	return explain("write "+name, err)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func writeAt(file *os.File, s string) error {
	_, err := file.WriteAt([]byte(s), 0)
	return err
}

// explain wraps err with the action, and gives those that a person can put
// right a kind and words: disk full, port in use. It returns nil for nil.
func explain(action string, err error) error {
	var lite *sqlite.Error
	switch {
	case err == nil:
		return nil
	case deal.KindOf(err) != "":
		return fmt.Errorf("%s: %w", action, err)
	case errors.Is(err, syscall.ENOSPC), errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_FULL:
		return deal.Errorf(deal.Conflict, "%s: the disk is full, make room and start again: %w", action, err)
	case errors.Is(err, syscall.EADDRINUSE):
		return deal.Errorf(deal.Conflict, "%s: another program listens on this address, stop it or choose another port: %w", action, err)
	}
	return fmt.Errorf("%s: %w", action, err)
}
