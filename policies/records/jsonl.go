package records

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"

	"cession/deal"
)

// MaxLine bounds a record as a line of JSON, in bytes.
const MaxLine = 1 << 20

// Lines reads the lines of a file of records. A line that is empty, longer than
// [MaxLine] or without its newline is an error of kind invalid that names its
// number; so is anything else r returns, as it is. A line is valid until the
// next one is asked for.
func Lines(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		b := bufio.NewReaderSize(r, MaxLine+1)
		for n := 1; ; n++ {
			line, err := b.ReadSlice('\n')
			if errors.Is(err, io.EOF) && len(line) == 0 {
				return
			}
			if err == nil && len(bytes.TrimSpace(line)) > 0 {
				if !yield(bytes.TrimSuffix(line, []byte("\n")), nil) {
					return
				}
				continue
			}
			yield(nil, lineError(n, err))
			return
		}
	}
}

func lineError(n int, err error) error {
	switch {
	case err == nil:
		return deal.Errorf(deal.Invalid, "read records, line %d: empty", n)
	case errors.Is(err, bufio.ErrBufferFull):
		return deal.Errorf(deal.Invalid, "read records, line %d: longer than %d bytes", n, MaxLine)
	case errors.Is(err, io.EOF):
		return deal.Errorf(deal.Invalid, "read records, line %d: cut off before its end", n)
	}
	return err
}

// Read reads a file of records, one on each line, as [Decode] does.
func Read(r io.Reader) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		n := 0
		for line, err := range Lines(r) {
			n++
			var record Record
			if err == nil {
				if record, err = Decode(line); err != nil {
					err = deal.Errorf(deal.Invalid, "read records, line %d: %w", n, err)
				}
			}
			if !yield(record, err) || err != nil {
				return
			}
		}
	}
}

// Write writes records, one on each line, and stops at the first error of
// either side.
func Write(w io.Writer, records iter.Seq2[Record, error]) error {
	b := bufio.NewWriter(w)
	for r, err := range records {
		if err != nil {
			return err
		}
		line, err := Encode(r)
		if err != nil {
			return err
		}
		if len(line) >= MaxLine {
			return deal.Errorf(deal.Invalid, "write record %d of %.40q: longer than %d bytes", r.Seq, r.Chain, MaxLine)
		}
		if _, err := b.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return b.Flush()
}

// Of returns records that are in memory as a source of them.
func Of(records ...Record) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}
