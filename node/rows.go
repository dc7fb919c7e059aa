package node

import (
	"context"
	"database/sql"
	"io"
	"slices"

	"cession/deal"
	"cession/node/vault"
)

// Every row of a data tape is a salted leaf of its own, under a root that is
// notarized with the documents: so one loan can be proven to somebody who sees
// nothing of the others, taken out of what is sold, or erased.

// maxRows bounds the rows that get leaves. A longer tape can only be sold whole.
const maxRows = 250_000

// rowDrawer draws a salt for each row of a tape while it is counted.
type rowDrawer struct {
	hash deal.Hash256
	rows []tapeRow
	over bool // more than maxRows
}

func (d *rowDrawer) add(header, row []string) error {
	if len(d.rows) == maxRows {
		d.over = true
	}
	if d.over {
		return nil
	}
	salt := deal.NewSalt()
	d.rows = append(d.rows, tapeRow{salt, vault.RowLeaf(d.hash, salt, header, row)})
	return nil
}

// keepRows stores the salts that were drawn for a tape of the node's own.
func (n *Node) keepRows(ctx context.Context, id deal.ID, sum vault.Digest, d rowDrawer) error {
	if d.over || len(d.rows) == 0 {
		return nil
	}
	return n.state.tx(ctx, func(tx *sql.Tx) error { return n.state.saveTape(ctx, tx, id, sum.String(), -1, d.rows) })
}

// rowTapes returns the tapes among a deal's own documents, in order: of a tape
// that was superseded only the newest version. ok is false if there is one whose
// rows have no leaves, because it was counted by an earlier program or is too long.
func (n *Node) rowTapes(ctx context.Context, id deal.ID, docs []document) (list []rowTape, ok bool, err error) {
	versions, next := versionsOf(docs), uint64(0)
	for i, d := range docs {
		if !versions[i].latest {
			continue
		}
		t, found, err := n.state.rowTape(ctx, id, d.Sum.SHA256)
		if err != nil {
			return nil, false, err
		}
		if !found {
			if counted, err := n.state.newestTape(ctx, d.Sum.SHA256); err != nil || (counted != nil && counted.Rows > 0) {
				return nil, false, err
			}
			continue
		}
		t.document, t.first = d.Index, next
		next += t.rows
		list = append(list, t)
	}
	return list, true, nil
}

// tapeOf is the rows of all tapes of a deal.
type tapeOf struct {
	tapes []rowTape
	rows  []tapeRow // of all of them, by number
	root  deal.Commitment
}

func (n *Node) loadRows(ctx context.Context, tapes []rowTape) (t tapeOf, err error) {
	t.tapes = tapes
	for _, tape := range tapes {
		rows, err := n.state.tapeRows(ctx, tape.id)
		if err != nil {
			return t, err
		}
		t.rows = append(t.rows, rows...)
	}
	t.root = vault.RowsRoot(n.Hashes.Keccak, t.leaves())
	return t, nil
}

func (t tapeOf) leaves() []deal.Commitment {
	list := make([]deal.Commitment, len(t.rows))
	for i, r := range t.rows {
		list[i] = r.Leaf
	}
	return list
}

// tape returns the tape with a row.
func (t tapeOf) tape(row uint64) (rowTape, bool) {
	i := slices.IndexFunc(t.tapes, func(tape rowTape) bool { return tape.has(row) })
	if i < 0 {
		return rowTape{}, false
	}
	return t.tapes[i], true
}

// ownRows returns the rows of the tapes that the title of a deal stands for, as
// they were notarized. Errors: conflict (they were not), notfound (no tape).
func (n *Node) ownRows(ctx context.Context, id deal.ID) (t tapeOf, docs []document, err error) {
	docs, _, err = n.title(ctx, id)
	if err != nil {
		return t, nil, err
	}
	tapes, ok, err := n.rowTapes(ctx, id, docs)
	if err != nil {
		return t, nil, err
	}
	if !ok {
		return t, nil, deal.Errorf(deal.Conflict, "the rows of the data tape have no leaves: it was notarized by an earlier program, or is longer than %d rows", maxRows)
	}
	if len(tapes) == 0 {
		return t, nil, deal.Errorf(deal.NotFound, "%s has no data tape that was counted before its documents were notarized", id)
	}
	t, err = n.loadRows(ctx, tapes)
	return t, docs, err
}

// eachRow reads the rows of a tape as it stands at this node: those of numbers,
// in order, have their content in it.
func eachRow(content io.Reader, numbers []uint64, do func(number uint64, header, row []string) error) error {
	r, err := vault.NewRowReader(content)
	if err != nil {
		return err
	}
	header := r.Header()
	for _, number := range numbers {
		row, err := r.Next()
		if err == io.EOF {
			return deal.Errorf(deal.Invalid, "the data tape has fewer rows than it should")
		}
		if err != nil {
			return err
		}
		if err := do(number, header, row); err != nil {
			return err
		}
	}
	if _, err := r.Next(); err != io.EOF {
		if err == nil {
			err = deal.Errorf(deal.Invalid, "the data tape has more rows than it should")
		}
		return err
	}
	return nil
}

// numbers returns the rows of a tape that a condition holds for, by number.
func (t tapeOf) numbers(tape rowTape, keep func(row uint64) bool) (list []uint64) {
	for row := tape.first; row < tape.first+tape.rows; row++ {
		if keep(row) {
			list = append(list, row)
		}
	}
	return list
}

// here reports whether the content of a row is at this node.
func (t tapeOf) here(row uint64) bool { return !t.rows[row].Salt.IsZero() }
