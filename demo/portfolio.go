package demo

import (
	"errors"
	"fmt"

	"cession/node/vault"
)

// Document is a document of the seller's portfolio, inspected and hashed.
type Document struct {
	vault.File
	About vault.Description
	Sum   vault.Sum
}

// ReadPortfolio inspects and hashes every document in a folder. Everything that
// is wrong comes at once, by file, for the person whose files they are: errors
// of kind notfound (no folder) or invalid.
func ReadPortfolio(dir string) ([]Document, error) {
	files, err := ListPortfolio(dir)
	if err != nil {
		return nil, err
	}
	return ReadFiles(dir, files)
}

// ListPortfolio lists the documents in a folder; errors as of [ReadPortfolio].
func ListPortfolio(dir string) ([]vault.File, error) {
	files, err := vault.Portfolio(dir)
	if err != nil {
		return nil, fmt.Errorf("portfolio %s: %w", dir, named(err))
	}
	return files, nil
}

// ReadFiles inspects and hashes files of a folder; errors as of [ReadPortfolio].
func ReadFiles(dir string, files []vault.File) ([]Document, error) {
	docs := make([]Document, 0, len(files))
	var problems []error
	for _, f := range files {
		d, err := readDocument(f)
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

func readDocument(f vault.File) (Document, error) {
	about := f.About()
	if err := about.Check(); err != nil {
		return Document{}, fmt.Errorf("%s: %w", f.Name, err)
	}
	read, err := f.Read()
	if err != nil {
		return Document{}, fmt.Errorf("%s: %w", f.Name, err)
	}
	return Document{f, about, read.Sum}, nil
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
