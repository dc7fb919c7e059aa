package demo

import (
	"errors"
	"fmt"
	"strings"

	"cession/deal"
	"cession/node"
	"cession/node/vault"
)

// Document is a document of the seller's portfolio, inspected and hashed.
type Document struct {
	vault.File
	Name string // as the parties know it: without folders
	Sum  vault.Sum
}

// ReadPortfolio inspects and hashes every document in a folder. Everything that
// is wrong comes at once, by file, for the person whose files they are: errors
// of kind notfound (no folder) or invalid.
func ReadPortfolio(dir string) ([]Document, error) {
	files, err := vault.Portfolio(dir)
	if err != nil {
		return nil, fmt.Errorf("portfolio %s: %w", dir, named(err))
	}
	docs := make([]Document, 0, len(files))
	names := map[string]string{}
	var problems []error
	for _, f := range files {
		d, err := readDocument(f, names)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		docs = append(docs, d)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("portfolio %s: %w", dir, errors.Join(problems...))
	}
	return docs, nil
}

func readDocument(f vault.File, names map[string]string) (Document, error) {
	name := strings.ReplaceAll(f.Name, "/", "_")
	if err := node.CheckName(name); err != nil {
		return Document{}, fmt.Errorf("%s: %w", f.Name, err)
	}
	folded := vault.Fold(name)
	if other, ok := names[folded]; ok {
		return Document{}, deal.Errorf(deal.Invalid, "%s: has the same name as %s, once folders are left out: rename one", f.Name, other)
	}
	names[folded] = f.Name
	read, err := f.Read()
	if err != nil {
		return Document{}, fmt.Errorf("%s: %w", f.Name, err)
	}
	return Document{f, name, read.Sum}, nil
}

// named puts the path in front of every file error; [vault.FileError] leaves it out.
func named(err error) error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, named(e))
		}
		return errors.Join(all...)
	}
	var file *vault.FileError
	if errors.As(err, &file) {
		return fmt.Errorf("%s: %w", file.Path, err)
	}
	return err
}

// changed reports whether the file is no longer what was hashed.
func (d Document) changed() bool {
	now, err := d.Read()
	return err != nil || now.Sum != d.Sum
}
