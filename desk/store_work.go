package desk

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"cession/deal"
)

// putWork replaces the work of a deal or room by what its snapshot has.
func putWork(ctx context.Context, tx *sql.Tx, p *deal.Progress) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM work WHERE deal = $1 AND room = $2", string(p.Opening.ID), string(p.Room())); err != nil {
		return err
	}
	for _, w := range itemsOfWork(p) {
		item, err := json.Marshal(w)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO work (deal, room, item_key, party, asker, state, due, item)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
			string(w.Deal), string(w.Room), w.Key, string(w.Party), string(w.By), string(w.State), millis(w.Due), string(item))
		if err != nil {
			return err
		}
	}
	return nil
}

// work lists what is in the caller's queue and what it was refused itself; to
// the operator all there is.
func (s *Store) work(ctx context.Context, c Caller, f WorkFilter) (page WorkPage, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	q, err := workQuery(c, f)
	if err != nil {
		return page, err
	}
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf("SELECT w.item FROM work w WHERE %s ORDER BY w.due, w.deal, w.room, w.item_key LIMIT %d",
		strings.Join(q.where, " AND "), f.Limit+1), q.args...)
	if err != nil {
		return page, stored("list work", err)
	}
	defer rows.Close()
	page.Work = []WorkItem{}
	for rows.Next() {
		if n := len(page.Work); n == f.Limit {
			page.Next = workPlaceOf(page.Work[n-1]).String()
			break
		}
		var text string
		var item WorkItem
		if err := rows.Scan(&text); err != nil {
			return page, stored("list work", err)
		}
		if err := json.Unmarshal([]byte(text), &item); err != nil {
			return page, stored("list work", err)
		}
		page.Work = append(page.Work, item)
	}
	return page, stored("list work", rows.Err())
}

func workQuery(c Caller, f WorkFilter) (*listQuery, error) {
	q := &listQuery{where: []string{"1 = 1"}}
	if !c.Operator {
		q.and(fmt.Sprintf("w.party = %[1]s OR w.asker = %[1]s", q.arg(string(c.Party))))
	}
	switch f.State {
	case "all":
	case "":
		q.and(fmt.Sprintf("w.state IN ('%s', '%s')", deal.WorkOpen, deal.WorkEscalated))
	default:
		q.and("w.state = " + q.arg(f.State))
	}
	if f.Deal != "" {
		q.and("w.deal = " + q.arg(string(f.Deal)))
	}
	if f.Cursor == "" {
		return q, nil
	}
	p, err := parseWorkPlace(f.Cursor)
	q.and(fmt.Sprintf("(w.due, w.deal, w.room, w.item_key) > (%s, %s, %s, %s)", q.arg(p.Due), q.arg(string(p.Deal)), q.arg(string(p.Room)), q.arg(p.Key)))
	return q, err
}

// workPlace is where an item stands in the list; the caller has seen it all.
type workPlace struct {
	Due  int64        `json:"t"` // Unix milliseconds
	Deal deal.ID      `json:"d"`
	Room deal.PartyID `json:"r,omitempty"`
	Key  string       `json:"k"`
}

func workPlaceOf(w WorkItem) workPlace { return workPlace{millis(w.Due), w.Deal, w.Room, w.Key} }

func (p workPlace) String() string {
	b, _ := json.Marshal(p) // a number and strings
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseWorkPlace(s string) (p workPlace, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 300 || json.Unmarshal(b, &p) != nil {
		return p, errCursor
	}
	return p, nil
}
