package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"cession/deal"
)

func (s *state) ticket(ctx context.Context, release deal.Commitment) (t ticket, ok bool, err error) {
	var root, escrow, until, listing string
	ok, err = s.row(ctx, []any{&t.Deal, &t.Buyer, &root, &escrow, &until, &listing, &t.Revoked, &t.Delivered, &t.sale, &t.release},
		"SELECT deal, buyer, root, escrow, until, listing, revoked, delivered, sale, release FROM releases WHERE act = ?", release.String())
	if !ok || err != nil {
		return t, false, err
	}
	t.Act = release
	if t.Root, err = deal.ParseCommitment(root); err != nil {
		return t, false, err
	}
	if t.Escrow, err = deal.ParseCommitment(escrow); err != nil {
		return t, false, err
	}
	if t.Until, err = time.Parse(time.RFC3339Nano, until); err != nil {
		return t, false, err
	}
	return t, true, json.Unmarshal([]byte(listing), &t.Listing)
}

// sentWhole notes that the last byte of a document was served.
func (s *state) sentWhole(ctx context.Context, release deal.Commitment, index uint64) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO sent VALUES (?, ?) ON CONFLICT DO NOTHING", release.String(), int64(index))
		return err
	})
}
