package packs

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"cession/deal"
)

// What a bundle may be at most. An archive is read before anything in it is
// known to be signed.
const (
	MaxBundle  = 16 << 20 // bytes, compressed
	maxContent = 64 << 20 // bytes of all files
	maxFile    = 32 << 20
	maxEntries = 1000
	maxName    = 100 // what every tar format holds
)

// nameForm leaves no room for absolute names, "..", hidden files, or names
// that two systems spell differently.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$`)

// files are a bundle's by name.
type files map[string][]byte

// fsys presents files as a file system.
func (f files) fsys() fs.FS {
	m := make(fstest.MapFS, len(f))
	for name, content := range f {
		m[name] = &fstest.MapFile{Data: content, Mode: 0o444}
	}
	return m
}

// archive writes a tar.gz that depends on names and contents only.
func (f files) archive() ([]byte, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		header := tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(f[name])), Mode: 0o644, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		if err := w.WriteHeader(&header); err != nil {
			return nil, deal.Errorf(deal.Invalid, "write bundle: %w", err)
		}
		if _, err := w.Write(f[name]); err != nil {
			return nil, fmt.Errorf("write bundle: %w", err)
		}
	}
	if err := errors.Join(w.Close(), zip.Close()); err != nil {
		return nil, fmt.Errorf("write bundle: %w", err)
	}
	if out.Len() > MaxBundle {
		return nil, deal.Errorf(deal.Invalid, "write bundle: %w: %d bytes, want at most %d", ErrTooLarge, out.Len(), MaxBundle)
	}
	return out.Bytes(), nil
}

// unarchive reads a tar.gz that may come from anybody.
func unarchive(bundle []byte) (files, error) {
	if len(bundle) > MaxBundle {
		return nil, tooLarge("%d bytes, want at most %d", len(bundle), MaxBundle)
	}
	rest := bytes.NewReader(bundle)
	zip, err := gzip.NewReader(rest)
	if err != nil {
		return nil, badArchive("want a tar.gz: %w", err)
	}
	zip.Multistream(false)
	bounded := &io.LimitedReader{R: zip, N: maxContent + maxEntries*1024}
	found, err := readTar(tar.NewReader(bounded))
	if bounded.N <= 0 {
		return nil, tooLarge("unpacks to more than %d bytes", maxContent)
	}
	if err != nil {
		return nil, err
	}
	// The check sum of gzip is at its very end, behind tar's padding.
	if n, err := io.Copy(io.Discard, bounded); err != nil || n > 64<<10 || rest.Len() > 0 {
		return nil, badArchive("something follows its end, or its end is missing")
	}
	return found, nil
}

func readTar(r *tar.Reader) (files, error) {
	found, total := files{}, int64(0)
	for {
		header, err := r.Next()
		if err == io.EOF {
			return found, found.checkFolders()
		}
		if err != nil {
			return nil, badArchive("read entry: %w", err)
		}
		if err := found.checkHeader(header); err != nil {
			return nil, err
		}
		if total += header.Size; total > maxContent {
			return nil, tooLarge("unpacks to more than %d bytes", maxContent)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			return nil, badArchive("read %s: %w", header.Name, err)
		}
		found[header.Name] = content
	}
}

// checkHeader judges an entry before its content is read.
func (f files) checkHeader(h *tar.Header) error {
	_, twice := f[h.Name]
	switch {
	case len(f) >= maxEntries:
		return tooLarge("more than %d files", maxEntries)
	case h.Typeflag != tar.TypeReg:
		return badArchive("%.100q is a link, a folder or a device: want files only", h.Name)
	case !generated[h.Name] && checkName(h.Name) != nil:
		return badArchive("%w", checkName(h.Name))
	case twice:
		return badArchive("%s is in it twice", h.Name)
	case h.Size > maxFile:
		return tooLarge("%s has %d bytes, want at most %d", h.Name, h.Size, maxFile)
	}
	return nil
}

// checkFolders refuses a name that is both a file and a folder.
func (f files) checkFolders() error {
	for name := range f {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if _, both := f[dir]; both {
				return badArchive("%s is both a file and a folder", dir)
			}
		}
	}
	return nil
}

// reserved are names OPA gives a meaning that a pack must not use: it would
// decide differently in OPA than here.
var reserved = []string{"data.json", "data.yaml", "data.yml", "patch.json", "policy.wasm", "plan.json", "plan.pb"}

// checkName says what is wrong with the name of a pack's file.
func checkName(name string) error {
	switch base := path.Base(name); {
	case len(name) > maxName || !nameForm.MatchString(name):
		return fmt.Errorf("file name %.100q: want folders and names of letters, digits, points, dashes and underscores, at most %d, none beginning with a point", name, maxName)
	case slices.Contains(reserved, base):
		return fmt.Errorf("file name %s: OPA reads %s as something else, choose another", name, base)
	case strings.HasSuffix(name, ".rego") && base != name:
		return fmt.Errorf("file name %s: rules stand in the pack's own folder, not below it", name)
	}
	return nil
}

func badArchive(format string, args ...any) error {
	return deal.Errorf(deal.Invalid, "read bundle: %w: %w", ErrArchive, fmt.Errorf(format, args...))
}

func tooLarge(format string, args ...any) error {
	return deal.Errorf(deal.Invalid, "read bundle: %w: %s", ErrTooLarge, fmt.Sprintf(format, args...))
}
