package vault

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"io"
	"slices"

	"cession/deal"
)

// RowReader reads a CSV document row by row, in memory that does not grow with
// the document: RFC 4180 with comma, semicolon, tab or bar between fields, the
// same number in every record, a byte order mark before it or not.
type RowReader struct {
	csv    *csv.Reader
	input  *failure
	text   *capture
	header []string
}

// maxRecord bounds what is read for one record, in bytes: a quote that is never
// closed would otherwise take the whole document in. maxColumns is how many
// columns a spreadsheet can have.
const (
	maxRecord  = 4 << 20
	maxColumns = 16_384
)

// NewRowReader reads the header. Errors: invalid wrapping [ErrDamaged]; those of
// r come back as they are.
func NewRowReader(r io.Reader) (*RowReader, error) {
	input := &failure{r: r}
	in := bufio.NewReaderSize(&bounded{r: input}, 64<<10)
	begin, _ := in.Peek(64 << 10) // what is wrong comes again with the first record
	rows := &RowReader{input: input, text: &capture{r: in}}
	if bytes.HasPrefix(begin, []byte(bom)) {
		_, _ = in.Discard(len(bom))
		rows.text.start(bom)
		begin = begin[len(bom):]
	}
	rows.csv = csv.NewReader(rows.text)
	rows.csv.Comma, rows.csv.ReuseRecord = delimiter(begin), true
	header, err := rows.csv.Read()
	if err != nil {
		return nil, input.damage()
	}
	if len(header) > maxColumns {
		return nil, errDamaged("it has more columns than a spreadsheet can have")
	}
	rows.header = slices.Clone(header)
	return rows, nil
}

// Header returns the names of the columns.
func (r *RowReader) Header() []string { return slices.Clone(r.header) }

// Next returns the fields of the next row, until the next call; io.EOF: there is
// none. Errors as of [NewRowReader].
func (r *RowReader) Next() ([]string, error) {
	r.text.drop(r.csv.InputOffset())
	row, err := r.csv.Read()
	if err != nil && err != io.EOF {
		return nil, r.input.damage()
	}
	return row, err
}

// Text returns the last row, or before the first one the header, as it stands
// in the document, with the end of its line and any byte order mark.
func (r *RowReader) Text() []byte { return r.text.upTo(r.csv.InputOffset()) }

// capture keeps what was read until it is dropped.
type capture struct {
	r       io.Reader
	kept    []byte
	dropped int64 // offset of kept in the input
	mark    int   // length of what is kept of before the input
}

func (c *capture) start(prefix string) { c.kept, c.mark = []byte(prefix), len(prefix) }

func (c *capture) Read(p []byte) (int, error) {
	if len(c.kept) > maxRecord {
		return 0, errLine
	}
	n, err := c.r.Read(p)
	c.kept = append(c.kept, p[:n]...)
	return n, err
}

func (c *capture) upTo(offset int64) []byte { return c.kept[:c.at(offset)] }

func (c *capture) drop(offset int64) {
	at := c.at(offset)
	c.kept, c.dropped, c.mark = c.kept[at:], offset, 0
}

func (c *capture) at(offset int64) int { return c.mark + int(offset-c.dropped) }

// RowLeaf returns the leaf hash (RFC 6962) of a row: hash(0x00 || salt ||
// canonical row). While the salt is kept secret nobody can guess the row from
// it, and destroying the salt is an erasure.
func RowLeaf(hash deal.Hash256, salt deal.Commitment, header, row []string) deal.Commitment {
	return hash(leafTag, salt[:], CanonicalRow(header, row))
}

// CanonicalRow returns the form of a row that is hashed: the names of the
// columns, then the fields, as RFC 4180 has them once parsed, so that quoting,
// delimiter and the ends of lines make no difference. Each list is its length,
// then each text its length in bytes and itself; lengths are 4 bytes, the most
// significant first. No two rows have the same form.
func CanonicalRow(header, row []string) []byte {
	size := 8
	for _, text := range slices.Concat(header, row) {
		size += 4 + len(text)
	}
	form := make([]byte, 0, size)
	for _, list := range [][]string{header, row} {
		form = binary.BigEndian.AppendUint32(form, uint32(len(list)))
		for _, text := range list {
			form = binary.BigEndian.AppendUint32(form, uint32(len(text)))
			form = append(form, text...)
		}
	}
	return form
}

// RowsRoot returns the RFC 6962 root over the leaf hashes of rows, in order.
func RowsRoot(hash deal.Hash256, leaves []deal.Commitment) deal.Commitment {
	return rootOf(hash, leafHashes(leaves))
}

// RowPath returns the audit path of a row under [RowsRoot] of the leaf hashes.
func RowPath(hash deal.Hash256, leaves []deal.Commitment, row uint64) ([]deal.Commitment, error) {
	if row >= uint64(len(leaves)) {
		return nil, deal.Errorf(deal.Invalid, "proof of row %d: there are %d rows", row, len(leaves))
	}
	var path []deal.Commitment
	for _, sibling := range auditPath(hash, int(row), leafHashes(leaves)) {
		path = append(path, sibling)
	}
	return path, nil
}

// VerifyRow checks that a row with this salt is row number of the tape that has
// the root and the number of rows. Errors are of kind invalid.
func VerifyRow(hash deal.Hash256, root, salt deal.Commitment, header, row []string, number, rows uint64, path []deal.Commitment) error {
	siblings := make([][32]byte, len(path))
	for i, p := range path {
		siblings[i] = p
	}
	return VerifyProof(hash, root, append(salt[:], CanonicalRow(header, row)...), number, rows, siblings)
}

func leafHashes(leaves []deal.Commitment) [][32]byte {
	hashes := make([][32]byte, len(leaves))
	for i, l := range leaves {
		hashes[i] = l
	}
	return hashes
}
