package vault

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// inspectCSV takes RFC 4180 with comma, semicolon, tab or bar between fields,
// the same number in every record. Any charset that keeps ASCII passes.
func inspectCSV(r *io.SectionReader) error {
	begin := head(r, 64<<10)
	if bytes.IndexByte(begin, 0) >= 0 || bytes.HasPrefix(begin, []byte("%PDF-")) {
		return errMismatch("CSV")
	}
	input := &recordReader{r: &bounded{r: r}}
	d := csv.NewReader(bufio.NewReaderSize(input, readAhead))
	d.Comma = delimiter(begin)
	d.ReuseRecord = true
	for records := 0; ; records++ {
		_, err := d.Read()
		input.begun = d.InputOffset()
		var syntax *csv.ParseError
		switch {
		case err == io.EOF && records > 0:
			return nil
		case err == io.EOF:
			return errMismatch("CSV")
		case errors.As(err, &syntax) && errors.Is(err, csv.ErrQuote) && d.InputOffset() >= r.Size():
			return errTruncated("a closing quote")
		case errors.As(err, &syntax) && errors.Is(err, csv.ErrFieldCount) && d.InputOffset() >= r.Size():
			return errTruncated("fields of its last record")
		case err != nil:
			return errDamaged("its records have quotes out of place or unequal numbers of fields")
		}
	}
}

// delimiter returns the one most used in the first line, a comma if none.
func delimiter(begin []byte) rune {
	line, _, _ := strings.Cut(string(begin), "\n")
	best, most := ',', 0
	for _, c := range ",;\t|" {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// recordReader fails on a record longer than [maxRecord]: encoding/csv gathers a
// record in memory, and a quote that is never closed is one to the end.
type recordReader struct {
	r           io.Reader
	read, begun int64 // bytes read, and before the record
}

func (r *recordReader) Read(p []byte) (int, error) {
	if r.read-r.begun > maxRecord+readAhead {
		return 0, errLine
	}
	n, err := r.r.Read(p)
	r.read += int64(n)
	return n, err
}

// maxLine bounds a line in bytes.
const maxLine = 1 << 20

var errLine = errors.New("line too long")

// bounded fails on a line longer than maxLine.
type bounded struct {
	r    io.Reader
	line int // bytes of the line so far
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	for rest := p[:n]; ; {
		before, after, found := bytes.Cut(rest, []byte("\n"))
		b.line += len(before)
		if b.line > maxLine {
			return 0, errLine
		}
		if !found {
			return n, err
		}
		b.line, rest = 0, after
	}
}
