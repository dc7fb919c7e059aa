package vault

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"cession/deal"

	"golang.org/x/text/unicode/norm"
)

// maxMetadata bounds a list of descriptions, in bytes.
const maxMetadata = 16 << 20

// metadataColumns of a list of descriptions; the first is required.
var metadataColumns = []string{"file", "number", "title", "kind", "date", "note", "view_only", "supersedes"}

// Metadata is a list of descriptions, by the files' names relative to their
// folder, "/" between.
type Metadata map[string]Described

// Described is one line of such a list.
type Described struct {
	Description
	Line int // from 1
}

// ReadMetadata reads descriptions from CSV (RFC 4180, UTF-8): a first line with
// the names of the columns, which are file and any of number, title, kind, date,
// note, view_only and supersedes, then one line per document. Everything that is
// wrong comes at once, by line: errors of kind invalid.
func ReadMetadata(r io.Reader) (Metadata, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxMetadata+1))
	if err != nil {
		return nil, fmt.Errorf("read metadata: %w", err)
	}
	if len(text) > maxMetadata {
		return nil, deal.Errorf(deal.Invalid, "metadata: want at most %d MiB", maxMetadata>>20)
	}
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	rows.FieldsPerRecord = -1 // counted below, to say what is wanted
	header, err := rows.Read()
	if err == io.EOF {
		return nil, deal.Errorf(deal.Invalid, "metadata: the list is empty: want a first line with the names of columns")
	}
	if err != nil {
		return nil, errRow(err)
	}
	if err := checkColumns(header); err != nil {
		return nil, err
	}
	return readRows(rows, header)
}

func checkColumns(header []string) error {
	known := strings.Join(metadataColumns, ", ")
	for i, name := range header {
		if !slices.Contains(metadataColumns, name) {
			return deal.Errorf(deal.Invalid, "line 1: unknown column %.40q: want %s, separated by commas", name, known)
		}
		if slices.Contains(header[:i], name) {
			return deal.Errorf(deal.Invalid, "line 1: column %q is there twice", name)
		}
	}
	if !slices.Contains(header, "file") {
		return deal.Errorf(deal.Invalid, "line 1: want a column file")
	}
	return nil
}

func errRow(err error) error {
	var malformed *csv.ParseError
	if errors.As(err, &malformed) {
		return deal.Errorf(deal.Invalid, "line %d: no CSV: %w", malformed.Line, malformed.Err)
	}
	return fmt.Errorf("read metadata: %w", err)
}

func readRows(rows *csv.Reader, header []string) (Metadata, error) {
	list, numbers := Metadata{}, map[string]int{}
	var problems []error
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, errors.Join(append(problems, errRow(err))...)
		}
		line, _ := rows.FieldPos(0)
		name, d, err := readRow(header, row)
		earlier, twice := list[name]
		switch {
		case err != nil:
		case twice:
			err = deal.Errorf(deal.Invalid, "the file of line %d is here again", earlier.Line)
		case d.Number != "" && numbers[d.Number] > 0:
			err = deal.Errorf(deal.Invalid, "index number %s is that of line %d", d.Number, numbers[d.Number])
		default:
			list[name] = Described{d, line}
			numbers[d.Number] = line
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("line %d: %w", line, err))
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return list, nil
}

func readRow(header, row []string) (name string, d Description, err error) {
	if len(row) != len(header) {
		return "", d, deal.Errorf(deal.Invalid, "%d values: want %d, as many as there are columns", len(row), len(header))
	}
	for i, column := range header {
		if err := d.fill(column, strings.TrimSpace(row[i])); err != nil {
			return "", d, err
		}
	}
	name = d.Path()
	return name, d, d.Check()
}

// fill sets what a column says.
func (d *Description) fill(column, text string) error {
	switch column {
	case "file":
		folder, name := path.Split(norm.NFC.String(text))
		d.Folder, d.Name = strings.TrimSuffix(folder, "/"), name
	case "number":
		d.Number = text
	case "title":
		d.Title = text
	case "kind":
		d.Kind = text
	case "date":
		d.Dated = text
	case "note":
		d.Note = text
	case "view_only":
		switch strings.ToLower(text) {
		case "", "no", "false", "0":
		case "yes", "true", "1":
			d.ViewOnly = true
		default:
			return deal.Errorf(deal.Invalid, "view_only %.40q: want yes or no", text)
		}
	case "supersedes":
		if text == "" {
			return nil
		}
		index, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return deal.Errorf(deal.Invalid, "supersedes %.40q: want the index of the earlier version", text)
		}
		d.Supersedes = &index
	}
	return nil
}
