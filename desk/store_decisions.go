package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cession/deal"
)

// AppendDecision adds a decision to its chain and returns it as it is recorded,
// with the record's hash in its [deal.Decision]. If the act was decided in that
// chain before, it returns what was recorded then and adds nothing: so does a
// call that is repeated because its answer was lost.
func (s *Store) AppendDecision(ctx context.Context, d DecisionRow, seal Seal) (e DecisionEntry, err error) {
	err = s.write(ctx, "record decision", func(ctx context.Context, tx *sql.Tx) error {
		e, err = s.appendDecision(ctx, tx, d, seal)
		return err
	})
	return e, err
}

// RecordedDecision returns what was decided on an act in a chain, or notfound.
func (s *Store) RecordedDecision(ctx context.Context, chain string, act deal.Commitment) (DecisionEntry, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	e, err := s.scanDecision(s.db.QueryRowContext(ctx, selectDecisions+" WHERE x.chain = $1 AND x.act = $2", chain, act.String()))
	if errors.Is(err, sql.ErrNoRows) {
		return e, deal.Errorf(deal.NotFound, "no decision on %s in %.40s", act.Short(), chain)
	}
	return e, stored("read decision", err)
}

// appendDecision is called by writers, who take turns: nobody else can add to
// the chain before the transaction ends.
func (s *Store) appendDecision(ctx context.Context, tx *sql.Tx, d DecisionRow, seal Seal) (DecisionEntry, error) {
	if err := d.check(); err != nil {
		return DecisionEntry{}, err
	}
	known := selectDecisions + " WHERE x.chain = $1 AND x.act = $2"
	e, err := s.scanDecision(tx.QueryRowContext(ctx, known, d.Chain, d.Act.String()))
	if !errors.Is(err, sql.ErrNoRows) {
		return e, err
	}
	seq, previous, err := headOf(ctx, tx, d.Chain)
	if err != nil {
		return e, err
	}
	sealed, err := seal(d, seq+1, previous)
	if err == nil {
		err = sealed.check(d.Chain)
	}
	if err != nil {
		return e, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO decisions (chain, seq, room, act, name, party, at, allow, pack, hash, record)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		d.Chain, int64(seq+1), string(d.Room), d.Act.String(), d.Name, string(d.Party), millis(d.At), number(d.Decision.Allow),
		d.Decision.Pack.String(), sealed.Hash.String(), string(sealed.Record))
	if err != nil {
		return e, err
	}
	return s.scanDecision(tx.QueryRowContext(ctx, known, d.Chain, d.Act.String()))
}

// headOf returns the number and hash of the newest record of a chain, or zeros.
func headOf(ctx context.Context, tx *sql.Tx, chain string) (seq uint64, hash deal.Commitment, err error) {
	var n int64
	var text string
	err = tx.QueryRowContext(ctx, "SELECT seq, hash FROM decisions WHERE chain = $1 ORDER BY seq DESC LIMIT 1", chain).Scan(&n, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, hash, nil
	}
	if err == nil {
		hash, err = deal.ParseCommitment(text)
	}
	return uint64(n), hash, err
}

const selectDecisions = `SELECT x.id, x.chain, x.seq, x.room, x.act, x.name, x.party, x.at, x.hash, x.record FROM decisions x`

// scanner is a row or rows.
type scanner interface{ Scan(into ...any) error }

func (s *Store) scanDecision(row scanner) (e DecisionEntry, err error) {
	var at, seq int64
	var act, hash, record string
	if err := row.Scan(&e.position, &e.Chain, &seq, &e.Room, &act, &e.Name, &e.Party, &at, &hash, &record); err != nil {
		return e, err
	}
	e.ID, e.Seq, e.At, e.Record = s.cursors.seal(e.position), uint64(seq), fromMillis(at), json.RawMessage(record)
	if e.Act, err = deal.ParseCommitment(act); err != nil {
		return e, err
	}
	if e.Hash, err = deal.ParseCommitment(hash); err != nil {
		return e, err
	}
	var inside struct {
		Decision deal.Decision   `json:"decision"`
		Document json.RawMessage `json:"document"`
	}
	if err := json.Unmarshal(e.Record, &inside); err != nil {
		return e, err
	}
	e.Decision, e.Document = inside.Decision, inside.Document
	e.Decision.Record = e.Hash
	return e, nil
}
