package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"cession/deal"
)

// tokenPrefix lets secret scanners and people recognize a token.
const tokenPrefix = "cession_"

// NewToken draws an access token for a caller, valid for ttl. The token is
// returned this once; the store keeps its SHA-256.
func (s *Store) NewToken(ctx context.Context, c Caller, ttl time.Duration) (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	token := tokenPrefix + rand.Text()
	err := s.write(ctx, "issue token", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO tokens (hash, party, operator, subject, expires) VALUES ($1, $2, $3, $4, $5)",
			hashToken(token), string(c.Party), number(c.Operator), c.Subject, millis(s.now().Add(ttl)))
		return err
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// RevokeToken makes a token open nothing from now on.
func (s *Store) RevokeToken(ctx context.Context, token string) error {
	return s.change(ctx, "revoke token", deal.Errorf(deal.NotFound, "no such token"), "DELETE FROM tokens WHERE hash = $1", hashToken(token))
}

// tokenCaller returns whose token this is. The lookup is by hash, so its time
// tells nothing about how much of a guess was right.
func (s *Store) tokenCaller(ctx context.Context, token string) (c Caller, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	var operator int
	err = s.db.QueryRowContext(ctx, "SELECT party, operator, subject FROM tokens WHERE hash = $1 AND expires > $2", hashToken(token), millis(s.now())).
		Scan(&c.Party, &operator, &c.Subject)
	c.Operator = operator == 1
	if errors.Is(err, sql.ErrNoRows) {
		return Caller{}, errUnauthenticated
	}
	return c, stored("look up token", err)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
