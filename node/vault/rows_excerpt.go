package vault

import "io"

// Excerpt returns the text of a CSV document with only the rows that are kept,
// by their number from 0: every one of them, and the header, to the byte as it
// was. It is read to its end or an error as of [NewRowReader].
func Excerpt(r io.Reader, keep func(row uint64) bool) io.Reader {
	return &excerpt{source: r, keep: keep}
}

type excerpt struct {
	source io.Reader
	rows   *RowReader
	keep   func(uint64) bool
	next   uint64
	rest   []byte // not read yet
	err    error
}

// Read implements [io.Reader].
func (e *excerpt) Read(p []byte) (int, error) {
	for len(e.rest) == 0 && e.err == nil {
		e.advance()
	}
	if len(e.rest) == 0 {
		return 0, e.err
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func (e *excerpt) advance() {
	if e.rows == nil {
		if e.rows, e.err = NewRowReader(e.source); e.err == nil {
			e.rest = e.rows.Text()
		}
		return
	}
	if _, e.err = e.rows.Next(); e.err != nil {
		return
	}
	if e.keep(e.next) {
		e.rest = e.rows.Text()
	}
	e.next++
}
