package vault

import (
	"io"
	"slices"
	"strings"
)

// TapeHeader reads the first row of a CSV document: in which column, from 0,
// each field of a data tape is, and which required ones are not there.
type TapeHeader func(header []string) (columns map[string]int, missing []string)

// minTapeColumns is how many columns of a CSV document must be fields of a data
// tape for it to be one.
const minTapeColumns = 3

// TapeCount says how complete a data tape is.
type TapeCount struct {
	Rows    uint64       `json:"rows"`
	Missing uint64       `json:"missing"` // values over all rows; a field without a column lacks one in each
	Columns []TapeColumn `json:"columns"` // one for each field, by their names
}

// TapeColumn says where a required value is, and in how many rows it is not.
type TapeColumn struct {
	Field   string `json:"field"`
	Column  string `json:"column,omitempty"` // its header; "" if there is none
	Missing uint64 `json:"missing"`
	at      int    // -1: nowhere
}

// CountTape reads a CSV document row by row. It is a data tape if at least three
// of its columns are fields of one; otherwise ok is false. Each row is also given
// to each, unless that is nil, which must not keep it. Errors: those of each;
// invalid wrapping [ErrDamaged]; those of r come back as they are.
func CountTape(r io.Reader, read TapeHeader, each func(header, row []string) error) (count TapeCount, ok bool, err error) {
	rows, err := NewRowReader(r)
	if err != nil {
		return count, false, err
	}
	columns, missing := read(rows.Header())
	if count.Columns, ok = layout(rows.header, columns, missing); !ok {
		return TapeCount{}, false, nil
	}
	for {
		row, err := rows.Next()
		if err == io.EOF {
			return count, true, nil
		}
		if err == nil && each != nil {
			err = each(rows.header, row)
		}
		if err != nil {
			return TapeCount{}, false, err
		}
		count.add(row)
	}
}

// layout lists the fields of a tape by name; ok is false if it is none.
func layout(header []string, columns map[string]int, missing []string) (list []TapeColumn, ok bool) {
	used := map[int]bool{}
	for field, i := range columns {
		if i >= 0 && i < len(header) {
			used[i] = true
			list = append(list, TapeColumn{Field: field, Column: header[i], at: i})
		}
	}
	for _, field := range missing {
		list = append(list, TapeColumn{Field: field, at: -1})
	}
	slices.SortFunc(list, func(a, b TapeColumn) int { return strings.Compare(a.Field, b.Field) })
	return list, len(used) >= minTapeColumns
}

// add counts one row.
func (c *TapeCount) add(row []string) {
	c.Rows++
	for i := range c.Columns {
		if at := c.Columns[i].at; at < 0 || Missing(row[at]) {
			c.Columns[i].Missing++
			c.Missing++
		}
	}
}

// Missing reports whether a value of a tape says that there is none: it is blank
// or one of -, n/a, na, #n/a, null, none, nan.
func Missing(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "-", "n/a", "na", "#n/a", "null", "none", "nan":
		return true
	}
	return false
}

// bom is what some programs put before a CSV file.
const bom = "\ufeff"

// damage returns what kept the document from being read, or says that it is no
// readable CSV.
func (f *failure) damage() error {
	if f.err != nil {
		return f.err
	}
	return errDamaged("its records have quotes out of place, unequal numbers of fields, or none")
}
