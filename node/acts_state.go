package node

import (
	"context"
	"database/sql"
	"encoding/json"

	"cession/deal"
)

// status of an act of the node's own customer.
type status string

const (
	statusSigned  status = "signed"  // on disk, handed in or not: its outcome is unknown
	statusSettled status = "settled" // has an outcome
	statusFailed  status = "failed"  // can never be taken
)

// signedAct is an act with what became of it.
type signedAct struct {
	Act     deal.Act
	Status  status
	Request string // fingerprint of what the customer asked for
	Outcome deal.Outcome
}

const actColumns = "act, status, request, coalesce(outcome, '{}')"

// saveAct stores a signed act and the texts it commits to, before it is sent.
func (s *state) saveAct(ctx context.Context, a signedAct, key string, texts map[string]deal.Sealed, at string) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO acts VALUES (?, ?, ?, ?, nullif(?, ''), ?, ?, ?, NULL, ?)",
			a.Act.ID.String(), a.Act.Deal, a.Act.Room, a.Act.Name(), key, a.Request, jsonColumn(a.Act), statusSigned, at)
		for field, sealed := range texts {
			if err != nil {
				return err
			}
			text, salt := sealed.Open()
			err = insertText(ctx, tx, a.Act, field, salt, text)
		}
		return err
	})
}

func insertText(ctx context.Context, tx *sql.Tx, a deal.Act, field string, salt deal.Commitment, text string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		a.ID.String(), field, a.Deal, a.Room, a.Party, salt.String(), text)
	return err
}

func (s *state) settleAct(ctx context.Context, id deal.Commitment, st status, outcome any) error {
	return s.exec(ctx, "UPDATE acts SET status = ?, outcome = ? WHERE id = ?", st, jsonColumn(outcome), id.String())
}

func (s *state) acts(ctx context.Context, where string, args ...any) (list []signedAct, err error) {
	err = s.rows(ctx, func(r *sql.Rows) error {
		a, err := scanAct(r.Scan)
		list = append(list, a)
		return err
	}, "SELECT "+actColumns+" FROM acts WHERE "+where+" ORDER BY signed", args...)
	return list, err
}

func scanAct(scan func(...any) error) (a signedAct, err error) {
	var act, outcome string
	if err = scan(&act, &a.Status, &a.Request, &outcome); err != nil {
		return a, err
	}
	if err = json.Unmarshal([]byte(act), &a.Act); err != nil {
		return a, err
	}
	if a.Status == statusSettled {
		err = json.Unmarshal([]byte(outcome), &a.Outcome)
	}
	return a, err
}
