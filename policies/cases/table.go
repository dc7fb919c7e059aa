package cases

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// dropped is the cell that takes a place away.
const dropped = "drop"

// The columns of a table that are not places of the document.
const (
	columnName, columnLike, columnWhy = "name", "like", "why"
	columnAllow                       = "expect.allow"
	prefixRule, prefixList            = "expect.", "lists."
)

// readTable reads cases from a table, one in each row. Its columns are name,
// like, places of the document, lists.PATH for places of the pack's lists,
// expect.allow, and expect.RULE for the state of a rule. An empty cell says
// nothing; the word drop takes the place away. Lines that begin with # are for
// reading only. Columns are separated by commas or, as some spreadsheets write
// them, by semicolons.
func readTable(file string, b []byte) (drafts []draft, faults []error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	r.Comment, r.TrimLeadingSpace, r.Comma = '#', true, separator(b)
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, []error{deal.Errorf(deal.Invalid, "%s: %w", file, err)}
	}
	line, _ := r.FieldPos(0)
	if err := checkHeader(header); err != nil {
		return nil, []error{fault(file, line, "%w", err)}
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return drafts, faults
		}
		if err != nil { // a row of another length is named with its line by the reader
			return nil, append(faults, deal.Errorf(deal.Invalid, "%s: %w", file, err))
		}
		line, _ := r.FieldPos(0)
		d, err := readRow(file, line, header, row)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		drafts = append(drafts, d)
	}
}

// separator is what separates the columns of the first row.
func separator(b []byte) rune {
	for line := range bytes.Lines(b) {
		if !bytes.HasPrefix(line, []byte("#")) && len(bytes.TrimSpace(line)) > 0 {
			if bytes.ContainsRune(line, ';') && !bytes.ContainsRune(line, ',') {
				return ';'
			}
			return ','
		}
	}
	return ','
}

func checkHeader(header []string) error {
	for _, wanted := range []string{columnName, columnLike} {
		if !slices.Contains(header, wanted) {
			return deal.Errorf(deal.Invalid, "want a first row with the columns, among them %s", wanted)
		}
	}
	for i, column := range header {
		if column == "" || slices.Index(header, column) != i {
			return deal.Errorf(deal.Invalid, "column %d: want a name that no other column has, have %.60q", i+1, column)
		}
	}
	return nil
}

func readRow(file string, line int, header, row []string) (draft, error) {
	d, allow := draft{Case: Case{File: file, Line: line}, expects: true}, ""
	for i, column := range header {
		cell := strings.TrimSpace(row[i])
		if cell == "" {
			continue
		}
		var err error
		switch {
		case column == columnName:
			d.Name = cell
		case column == columnLike:
			d.like = cell
		case column == columnWhy:
			d.Why = cell
		case column == columnAllow:
			allow = cell
		case strings.HasPrefix(column, prefixRule):
			err = d.Expect.rule(column[len(prefixRule):], cell)
		case strings.HasPrefix(column, prefixList):
			err = d.listCell(column[len(prefixList):], cell)
		default:
			d.steps = append(d.steps, cellStep(column, line, cell))
		}
		if err != nil {
			return d, fault(file, line, "column %.80s: %w", column, err)
		}
	}
	if err := d.Expect.settle(allow); err != nil {
		return d, fault(file, line, "%w", err)
	}
	return d, d.check()
}

func cellStep(path string, line int, cell string) step {
	if cell == dropped {
		return step{path, line, nil}
	}
	return step{path, line, scalar(cell)}
}

func scalar(text string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: text} }

func (d *draft) listCell(path, cell string) error {
	c := Change{Path: path, Drop: cell == dropped}
	if !c.Drop {
		v, err := plainScalar(scalar(cell))
		if err != nil {
			return err
		}
		c.Value = v
	}
	d.Lists = append(d.Lists, c)
	return nil
}
