package node

import (
	"context"
	"database/sql"
	"fmt"

	"cession/deal"
	"cession/node/vault"
)

// schemaTape is what version 4 added to the state of data tapes and perimeters
// row by row. A salt is gone where the row was erased, or never came here.
const schemaTape = `
CREATE TABLE row_tapes (
	id INTEGER PRIMARY KEY, deal TEXT NOT NULL, sha256 TEXT NOT NULL, document INTEGER NOT NULL DEFAULT -1,
	rows INTEGER NOT NULL, UNIQUE (deal, sha256));
CREATE TABLE tape_rows (
	tape INTEGER NOT NULL REFERENCES row_tapes(id), row INTEGER NOT NULL, salt TEXT, leaf TEXT NOT NULL,
	PRIMARY KEY (tape, row)) WITHOUT ROWID;
CREATE TABLE shreds (blob TEXT PRIMARY KEY);
ALTER TABLE perimeters ADD COLUMN part TEXT NOT NULL DEFAULT '';
ALTER TABLE sets ADD COLUMN excerpts INTEGER NOT NULL DEFAULT 0;
`

// rowTape is a data tape among a deal's documents, with a salted leaf for each
// of its rows. Rows are counted through all tapes of the deal, in the order of
// their documents.
type rowTape struct {
	id       int64
	sha256   string
	document uint64 // index in the title
	first    uint64 // number of its first row
	rows     uint64
}

// has reports whether a row is one of the tape's.
func (t rowTape) has(row uint64) bool { return row >= t.first && row-t.first < t.rows }

// tapeRow is a row without its content.
type tapeRow struct {
	Salt deal.Commitment // zero: erased, or it never came here
	Leaf deal.Commitment
}

// rowTape returns the tape with this content, if its rows have leaves.
func (s *state) rowTape(ctx context.Context, id deal.ID, sum vault.Digest) (t rowTape, ok bool, err error) {
	var document, rows int64
	ok, err = s.row(ctx, []any{&t.id, &t.sha256, &document, &rows},
		"SELECT id, sha256, document, rows FROM row_tapes WHERE deal = ? AND sha256 = ?", id, sum.String())
	t.document, t.rows = uint64(document), uint64(rows)
	return t, ok, err
}

// receivedTapes returns the tapes that came with a handover, in order.
func (s *state) receivedTapes(ctx context.Context, id deal.ID) (list []rowTape, err error) {
	next := uint64(0)
	err = s.rows(ctx, func(r *sql.Rows) error {
		var t rowTape
		var document, rows int64
		err := r.Scan(&t.id, &t.sha256, &document, &rows)
		t.document, t.rows, t.first = uint64(document), uint64(rows), next
		next += t.rows
		list = append(list, t)
		return err
	}, "SELECT id, sha256, document, rows FROM row_tapes WHERE deal = ? AND document >= 0 ORDER BY document", id)
	return list, err
}

// tapeRows returns the rows of a tape, in order.
func (s *state) tapeRows(ctx context.Context, tape int64) (list []tapeRow, err error) {
	err = s.rows(ctx, func(r *sql.Rows) error {
		var salt, leaf string
		if err := r.Scan(&salt, &leaf); err != nil {
			return err
		}
		var row tapeRow
		if salt != "" {
			if err := row.Salt.UnmarshalText([]byte(salt)); err != nil {
				return err
			}
		}
		err := row.Leaf.UnmarshalText([]byte(leaf))
		list = append(list, row)
		return err
	}, "SELECT coalesce(salt, ''), leaf FROM tape_rows WHERE tape = ? ORDER BY row", tape)
	return list, err
}

// saveTape stores the rows of a tape, unless they have leaves already: a leaf
// never changes. document is -1 for a tape of the node's own.
func (s *state) saveTape(ctx context.Context, tx *sql.Tx, id deal.ID, sum string, document int64, rows []tapeRow) error {
	r, err := tx.ExecContext(ctx, "INSERT INTO row_tapes (deal, sha256, document, rows) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", id, sum, document, len(rows))
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n == 0 || err != nil {
		return err
	}
	tape, err := r.LastInsertId()
	if err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO tape_rows VALUES (?, ?, nullif(?, ''), ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for i, row := range rows {
		salt := ""
		if !row.Salt.IsZero() {
			salt = row.Salt.String()
		}
		if _, err := insert.ExecContext(ctx, tape, i, salt, row.Leaf.String()); err != nil {
			return fmt.Errorf("store row %d: %w", i, err)
		}
	}
	return nil
}
