package node

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cession/deal"
	"cession/node/vault"
)

func (s *state) ticket(ctx context.Context, release deal.Commitment) (t ticket, ok bool, err error) {
	var root, escrow, until string
	ok, err = s.row(ctx, []any{&t.Deal, &t.Buyer, &root, &escrow, &until, &t.Revoked, &t.Delivered, &t.sale, &t.release},
		"SELECT deal, buyer, root, escrow, until, revoked, delivered, sale, release FROM releases WHERE act = ?", release.String())
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
	t.Until, err = time.Parse(time.RFC3339Nano, until)
	return t, true, err
}

// listing returns what is handed over under a release, as it was signed.
func (s *state) listing(ctx context.Context, release deal.Commitment) (text string, err error) {
	_, err = s.row(ctx, []any{&text}, "SELECT listing FROM releases WHERE act = ?", release.String())
	return text, err
}

// sentRange notes that a range of a document went out: the chunks that are
// whole in it, and the document when all of them are out.
func (s *state) sentRange(ctx context.Context, release deal.Commitment, index uint64, size, offset, length int64) error {
	const chunk = vault.ChunkSize
	chunks := int((size + chunk - 1) / chunk)
	return s.tx(ctx, func(tx *sql.Tx) error {
		var out bitmap
		err := tx.QueryRowContext(ctx, "SELECT bitmap FROM outgoing WHERE release = ? AND idx = ?", release.String(), int64(index)).Scan((*[]byte)(&out))
		if errors.Is(err, sql.ErrNoRows) {
			out, err = newBitmap(chunks), nil
		}
		if err != nil {
			return err
		}
		for i := int((offset + chunk - 1) / chunk); i < chunks && min(int64(i+1)*chunk, size) <= offset+length; i++ {
			out.set(i)
		}
		whole := out.count() == chunks
		bytes := min(int64(out.count())*chunk, size)
		if !whole && out.has(chunks-1) {
			bytes -= int64(chunks)*chunk - size
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO outgoing VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
			SET bitmap = excluded.bitmap, bytes = excluded.bytes`, release.String(), int64(index), []byte(out), size, bytes); err != nil || !whole {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO sent VALUES (?, ?) ON CONFLICT DO NOTHING", release.String(), int64(index))
		return err
	})
}
