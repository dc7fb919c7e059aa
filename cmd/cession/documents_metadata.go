package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"cession/deal"
	"cession/demo"
	"cession/node/vault"
)

// readAddition inspects and hashes the documents of a folder, described as the
// metadata says, if there are any. Everything wrong with the metadata is told
// before the first document is read.
func readAddition(add addition) ([]demo.Document, error) {
	if add.metadata == "" {
		return demo.ReadPortfolio(add.dir)
	}
	described, err := readMetadata(add.metadata)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", add.metadata, err)
	}
	files, err := demo.ListPortfolio(add.dir)
	if err != nil {
		return nil, err
	}
	files = without(files, add.metadata)
	if err := matched(files, described); err != nil {
		return nil, fmt.Errorf("%s: %w", add.metadata, err)
	}
	docs, err := demo.ReadFiles(add.dir, files)
	for i := range docs {
		docs[i].About = described[docs[i].Name].Description
	}
	return docs, err
}

func readMetadata(path string) (vault.Metadata, error) {
	file, err := os.Open(path)
	if err != nil {
		var failed *os.PathError
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return nil, err
	}
	defer file.Close()
	return vault.ReadMetadata(file)
}

// without leaves the metadata file itself out, if it lies in the folder.
func without(files []vault.File, metadata string) []vault.File {
	own, err := os.Stat(metadata)
	return slices.DeleteFunc(files, func(f vault.File) bool {
		info, failed := os.Stat(f.Path)
		return err == nil && failed == nil && os.SameFile(own, info)
	})
}

// matched wants a file for every line and a line for every file.
func matched(files []vault.File, described vault.Metadata) error {
	var problems []error
	there := map[string]bool{}
	for _, f := range files {
		there[f.Name] = true
		if _, ok := described[f.Name]; !ok {
			problems = append(problems, deal.Errorf(deal.Invalid, "%s is in the folder, but has no line", f.Name))
		}
	}
	lines := make([]string, 0, len(described))
	for name := range described {
		lines = append(lines, name)
	}
	slices.SortFunc(lines, func(a, b string) int { return described[a].Line - described[b].Line })
	for _, name := range lines {
		if !there[name] {
			problems = append(problems, deal.Errorf(deal.Invalid, "line %d: there is no file %s in the folder", described[name].Line, filepath.FromSlash(name)))
		}
	}
	return errors.Join(problems...)
}
