package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"cession/deal"
)

// perimeterPart is what a node remembers of a perimeter over rows, under its root.
type perimeterPart struct {
	Kept     []uint64        `json:"kept"` // documents that are sold, the tapes among them
	Tape     deal.Commitment `json:"tape"`
	Out      []uint64        `json:"out,omitempty"`
	Excerpts []ExcerptNote   `json:"excerpts,omitempty"`
	Sold     deal.Commitment `json:"sold"` // root over the rows that remain
}

// savePerimeter stores which documents are under a root, and the excerpts that
// are to be stored with it.
func (s *state) savePerimeter(ctx context.Context, id deal.ID, root deal.Commitment, documents []uint64, part perimeterPart, excerpts []document) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO perimeters (deal, root, documents, part) VALUES (?, ?, ?, ?) ON CONFLICT (deal, root) DO UPDATE SET part = excluded.part",
			id, root.String(), jsonColumn(documents), jsonColumn(part))
		if err != nil || len(excerpts) == 0 {
			return err
		}
		set, err := s.insertSet(ctx, tx, docSet{Deal: id, Root: root, Count: uint64(len(excerpts))}, excerpts)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE sets SET excerpts = 1 WHERE id = ?", set)
		return err
	})
}

// excerpts returns the excerpts of a perimeter, in order.
func (s *state) excerpts(ctx context.Context, id deal.ID, root deal.Commitment) ([]document, error) {
	var set int64
	ok, err := s.row(ctx, []any{&set}, "SELECT id FROM sets WHERE deal = ? AND root = ? AND excerpts = 1", id, root.String())
	if err != nil || !ok {
		return nil, err
	}
	return s.documents(ctx, set)
}

// perimeter returns what is remembered of a perimeter over rows; ok is false if
// none is known under the root, or it is of documents only.
func (s *state) perimeter(ctx context.Context, id deal.ID, root deal.Commitment) (ok bool, part perimeterPart, err error) {
	var text string
	ok, err = s.row(ctx, []any{&text}, "SELECT part FROM perimeters WHERE deal = ? AND root = ? AND part <> ''", id, root.String())
	if err != nil || !ok {
		return false, part, err
	}
	return true, part, json.Unmarshal([]byte(text), &part)
}

// samePerimeter looks for a perimeter of the same documents and rows.
func (s *state) samePerimeter(ctx context.Context, id deal.ID, want perimeterPart) (root deal.Commitment, part perimeterPart, err error) {
	err = s.rows(ctx, func(r *sql.Rows) error {
		var named, text string
		var p perimeterPart
		if err := r.Scan(&named, &text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return err
		}
		if p.Tape != want.Tape || !slices.Equal(p.Out, want.Out) || !slices.Equal(p.Kept, want.Kept) {
			return nil
		}
		part = p
		return root.UnmarshalText([]byte(named))
	}, "SELECT root, part FROM perimeters WHERE deal = ? AND part <> ''", id)
	return root, part, err
}
