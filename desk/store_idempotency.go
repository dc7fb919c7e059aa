package desk

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cession/deal"
)

// idempotencyLife is how long a key is remembered.
const idempotencyLife = 24 * time.Hour

// workLimit is how long a request may be worked on: after it, one that left no
// response is taken to have died with its process.
const workLimit = 2 * time.Minute

// savedRequest is what is known of an idempotency key.
type savedRequest struct {
	hash        string // of method, path and body
	ref         string // identifier reserved for what the request makes
	status      int    // 0: no response yet
	contentType string
	response    string
}

// claim registers a request under its key or returns what is known of it.
// first is true if the caller is to carry the request out.
func (s *Store) claim(ctx context.Context, caller, key string, fresh savedRequest) (r savedRequest, first bool, err error) {
	now := s.now()
	err = s.write(ctx, "claim idempotency key", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM idempotency WHERE at < $1", millis(now.Add(-idempotencyLife))); err != nil {
			return err
		}
		var at int64
		err := tx.QueryRowContext(ctx, "SELECT request_hash, ref, status, content_type, response, at FROM idempotency WHERE caller = $1 AND idem_key = $2", caller, key).
			Scan(&r.hash, &r.ref, &r.status, &r.contentType, &r.response, &at)
		if errors.Is(err, sql.ErrNoRows) {
			r, first = fresh, true
			_, err = tx.ExecContext(ctx, `INSERT INTO idempotency (caller, idem_key, request_hash, ref, status, content_type, response, at)
				VALUES ($1, $2, $3, $4, 0, '', '', $5)`, caller, key, r.hash, r.ref, millis(now))
			return err
		}
		if err != nil || r.hash != fresh.hash || r.status != 0 {
			return err
		}
		if now.Sub(fromMillis(at)) < workLimit {
			return nil
		}
		first = true
		_, err = tx.ExecContext(ctx, "UPDATE idempotency SET at = $1 WHERE caller = $2 AND idem_key = $3", millis(now), caller, key)
		return err
	})
	return r, first, err
}

// settle keeps the response to a request, or with status 0 lets go of it: it
// may be sent again and keeps its reference.
func (s *Store) settle(ctx context.Context, caller, key string, r savedRequest) error {
	at := s.now()
	if r.status == 0 {
		at = at.Add(-workLimit)
	}
	return s.change(ctx, "keep response", deal.Errorf(deal.NotFound, "no such idempotency key"),
		"UPDATE idempotency SET status = $1, content_type = $2, response = $3, at = $4 WHERE caller = $5 AND idem_key = $6",
		r.status, r.contentType, r.response, millis(at), caller, key)
}
