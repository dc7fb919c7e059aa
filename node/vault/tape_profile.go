package vault

import (
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"time"
)

// ColumnKind is what the filled fields of a column are, all of them.
type ColumnKind string

// The kinds of column. A number has neither leading zeros nor a currency; a
// date is one in a form that fits the whole column.
const (
	NumberColumn ColumnKind = "number"
	DateColumn   ColumnKind = "date"
	TextColumn   ColumnKind = "text"
	EmptyColumn  ColumnKind = "empty"
)

// TapeProfile says what is in a data tape, column by column.
type TapeProfile struct {
	Rows    uint64          `json:"rows"`
	Columns []ColumnProfile `json:"columns"` // as they stand in the tape
}

// ColumnProfile says what is in a column.
type ColumnProfile struct {
	Name    string     `json:"name"`
	Field   string     `json:"field,omitempty"` // the pack's name of it, if it is on the pack's list
	Filled  uint64     `json:"filled"`          // rows
	Missing uint64     `json:"missing"`         // rows: blank, or - n/a na #n/a null none nan
	Kind    ColumnKind `json:"kind"`
	Min     string     `json:"min,omitempty"`   // of numbers and dates; a date as 2006-01-02
	Max     string     `json:"max,omitempty"`   //
	Sum     string     `json:"sum,omitempty"`   // of numbers, exact
	Minor   *int64     `json:"minor,omitempty"` // the same in hundredths, if it is whole ones: the minor units of money
}

// ProfileTape reads a CSV document and counts, column by column. Errors: invalid
// wrapping [ErrDamaged]; those of r come back as they are.
func ProfileTape(r io.Reader) (p TapeProfile, err error) {
	rows, err := NewRowReader(r)
	if err != nil {
		return p, err
	}
	columns := make([]columnCount, len(rows.header))
	for i := range columns {
		columns[i] = columnCount{number: true, dates: slices.Clone(dateForms)}
	}
	for {
		row, err := rows.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return TapeProfile{}, err
		}
		p.Rows++
		for i, field := range row {
			columns[i].add(strings.TrimSpace(field))
		}
	}
	for i, name := range rows.header {
		p.Columns = append(p.Columns, columns[i].profile(name))
	}
	return p, nil
}

// maxDistinct bounds the values that [Repeated] remembers.
const maxDistinct = 1 << 20

// Repeated counts the rows of a CSV document that have in a column, from 0, the
// value of an earlier row; of blanks none. Values beyond the first million
// different ones are compared with those only. Errors as of [ProfileTape].
func Repeated(r io.Reader, column int) (again uint64, err error) {
	rows, err := NewRowReader(r)
	if err != nil {
		return 0, err
	}
	seed, seen := maphash.MakeSeed(), map[uint64]bool{}
	for {
		row, err := rows.Next()
		if err == io.EOF {
			return again, nil
		}
		if err != nil {
			return 0, err
		}
		if column < 0 || column >= len(row) || Missing(row[column]) {
			continue
		}
		switch value := maphash.String(seed, strings.TrimSpace(row[column])); {
		case seen[value]:
			again++
		case len(seen) < maxDistinct:
			seen[value] = true
		}
	}
}

// dateForm is a way to write a date, with the first and the last of a column.
type dateForm struct {
	layout   string
	min, max time.Time
}

var dateForms = []dateForm{
	{layout: "2006-01-02"}, {layout: "2006/1/2"}, {layout: "2.1.2006"}, {layout: "2-Jan-2006"}, {layout: "2-Jan-06"},
	{layout: "2006-01-02 15:04:05"}, {layout: time.RFC3339}, {layout: "1/2/2006"}, {layout: "2/1/2006"},
}

// columnCount is a column as far as it was read. A kind that one field does not
// fit is out for all of them.
type columnCount struct {
	filled, missing uint64
	number          bool
	min, max        decimal
	minText         string
	maxText         string
	sum             sum
	dates           []dateForm
}

func (c *columnCount) add(field string) {
	if Missing(field) {
		c.missing++
		return
	}
	c.filled++
	if c.number {
		c.addNumber(field)
	}
	c.dates = slices.DeleteFunc(c.dates, func(f dateForm) bool {
		_, err := time.Parse(f.layout, field)
		return err != nil
	})
	for i := range c.dates {
		t, _ := time.Parse(c.dates[i].layout, field) // it fits
		f := &c.dates[i]
		if f.min.IsZero() || t.Before(f.min) {
			f.min = t
		}
		if t.After(f.max) {
			f.max = t
		}
	}
}

func (c *columnCount) addNumber(field string) {
	d, ok := parseDecimal(field)
	if !ok {
		c.number = false
		return
	}
	c.sum.add(d)
	if c.minText == "" || d.cmp(c.min) < 0 {
		c.min, c.minText = d, field
	}
	if c.maxText == "" || d.cmp(c.max) > 0 {
		c.max, c.maxText = d, field
	}
}

func (c *columnCount) profile(name string) ColumnProfile {
	p := ColumnProfile{Name: name, Filled: c.filled, Missing: c.missing, Kind: TextColumn}
	switch {
	case c.filled == 0:
		p.Kind = EmptyColumn
	case c.number:
		p.Kind, p.Min, p.Max, p.Sum = NumberColumn, c.minText, c.maxText, c.sum.String()
		if minor, ok := c.sum.minor(); ok {
			p.Minor = &minor
		}
	case len(c.dates) > 0:
		p.Kind = DateColumn
		if len(c.dates) == 1 { // else nobody can tell the day from the month
			p.Min, p.Max = c.dates[0].min.Format(time.DateOnly), c.dates[0].max.Format(time.DateOnly)
		}
	}
	return p
}
