package chain

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"cession/deal"
)

// maxKeyFile bounds a keystore file; real ones have about 500 bytes.
const maxKeyFile = 16 << 10

func readKeyFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, deal.Errorf(deal.NotFound, "no wallet file: make one with wallet new or wallet import")
	}
	if err != nil {
		return nil, fmt.Errorf("open wallet: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("read wallet: %w", err)
	}
	if len(raw) > maxKeyFile {
		return nil, deal.Errorf(deal.Invalid, "wallet file of more than %d bytes: want a keystore file", maxKeyFile)
	}
	return raw, nil
}

// writeNew writes a file that was not there, wholly or not at all.
func writeNew(file string, content []byte) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make wallet folder: %w", err)
	}
	tmp, err := os.CreateTemp(dir, ".wallet-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write wallet: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("write wallet: %w", err)
	}
	// A hard link, unlike a rename, never replaces a file.
	if err := os.Link(tmp.Name(), file); errors.Is(err, fs.ErrExist) {
		return deal.Errorf(deal.Conflict, "this account is in the wallet folder already")
	} else if err != nil {
		return fmt.Errorf("write wallet: %w", err)
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write wallet: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("write wallet: %w", err)
	}
	return nil
}
