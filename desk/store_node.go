package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"time"

	"cession/deal"
)

// NodeMeta is what the desk reads off a node record. A record with a higher
// sequence replaces one with a lower.
type NodeMeta struct {
	Sequence uint64
	Expires  time.Time
}

// maxNodeRecord bounds a node record in bytes: it says where a node is, and
// nothing can be kept in it beside.
const maxNodeRecord = 32 << 10

// PutNodeRecord stores a party's signed node record, which was checked before.
// The same record again changes nothing; another one with a sequence that is
// not higher is a conflict. One that is too large, or has a sequence of more than
// 63 bits, is invalid.
func (s *Store) PutNodeRecord(ctx context.Context, party deal.PartyID, record json.RawMessage, meta NodeMeta) error {
	if len(record) > maxNodeRecord || meta.Sequence > math.MaxInt64 {
		return deal.Errorf(deal.Invalid, "node record of %s: %d bytes, sequence %d; want at most %d bytes and a sequence of 63 bits", party, len(record), meta.Sequence, maxNodeRecord)
	}
	return s.write(ctx, "store node record of "+string(party), func(ctx context.Context, tx *sql.Tx) error {
		var have int64
		var text string
		err := tx.QueryRowContext(ctx, "SELECT sequence, record FROM node_records WHERE party = $1", string(party)).Scan(&have, &text)
		switch {
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		case err == nil && text == string(record):
			return nil
		case err == nil && meta.Sequence <= uint64(have):
			return deal.Errorf(deal.Conflict, "node record of %s: sequence %d is there, want a higher one than that", party, have)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO node_records (party, sequence, expires, record) VALUES ($1, $2, $3, $4)
			ON CONFLICT (party) DO UPDATE SET sequence = excluded.sequence, expires = excluded.expires, record = excluded.record`,
			string(party), int64(meta.Sequence), millis(meta.Expires), string(record))
		return err
	})
}

// NodeRecord returns a party's node record as it was stored, or notfound if
// there is none or it has expired. Who reads it checks its signature.
func (s *Store) NodeRecord(ctx context.Context, party deal.PartyID) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	var text string
	err := s.db.QueryRowContext(ctx, "SELECT record FROM node_records WHERE party = $1 AND expires > $2", string(party), millis(s.now())).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, deal.Errorf(deal.NotFound, "no valid node record of %.40q", string(party))
	}
	return json.RawMessage(text), stored("read node record", err)
}
