package cases

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// Folder is where the cases of a pack are, in its own folder.
const Folder = "cases"

// harmlessFile names the mutations that are right to allow.
const harmlessFile = "harmless.yaml"

// What a pack may bring at most.
const (
	maxFile  = 1 << 20
	maxCases = 5000
	maxLikes = 8
)

// Read reads what a pack brings to be tried with: cases/*.yaml and cases/*.csv
// in its folder, and cases/harmless.yaml. Errors are of kind invalid, and name
// all faults it found, each with file, line and what was expected.
func Read(fsys fs.FS) ([]Case, error) {
	drafts, err := readDrafts(fsys)
	if err != nil {
		return nil, err
	}
	all, err := resolveAll(drafts)
	if err != nil {
		return nil, err
	}
	return all, readHarmless(fsys, all)
}

func readDrafts(fsys fs.FS) ([]draft, error) {
	files, err := caseFiles(fsys)
	if err != nil {
		return nil, err
	}
	var drafts []draft
	var errs []error
	for _, file := range files {
		b, err := readFile(fsys, file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		read := readYAML
		if strings.HasSuffix(file, ".csv") {
			read = readTable
		}
		found, faults := read(file, b)
		drafts, errs = append(drafts, found...), append(errs, faults...)
	}
	if len(drafts) > maxCases {
		errs = append(errs, deal.Errorf(deal.Invalid, "%s: %d cases, want at most %d", Folder, len(drafts), maxCases))
	}
	return drafts, errors.Join(errs...)
}

func caseFiles(fsys fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(fsys, Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "read cases: %w", err)
	}
	var files []string
	for _, e := range entries {
		if ext := path.Ext(e.Name()); e.Name() != harmlessFile && (ext == ".yaml" || ext == ".csv") {
			files = append(files, path.Join(Folder, e.Name()))
		}
	}
	return files, nil
}

func readFile(fsys fs.FS, file string) ([]byte, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "read cases: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
	case len(b) > maxFile:
		err = deal.Errorf(deal.Invalid, "%s: want at most %d bytes", file, maxFile)
	case !utf8.Valid(b):
		err = deal.Errorf(deal.Invalid, "%s: want text in UTF-8", file)
	}
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "read cases: %w", err)
	}
	return b, nil
}

// readYAML reads a list of cases.
func readYAML(file string, b []byte) (drafts []draft, faults []error) {
	items, err := sequence(file, b)
	if err != nil {
		return nil, []error{err}
	}
	for _, item := range items {
		d, err := readDraft(file, item)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		drafts = append(drafts, d)
	}
	return drafts, faults
}

// sequence reads a file that holds one list and nothing after it.
func sequence(file string, b []byte) ([]*yaml.Node, error) {
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(b))
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, deal.Errorf(deal.Invalid, "%s: %w", file, err)
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, deal.Errorf(deal.Invalid, "%s: want one list and nothing after it", file)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.SequenceNode {
		return nil, fault(file, doc.Line, "want a list of cases, each beginning with - name:")
	}
	return doc.Content[0].Content, nil
}
