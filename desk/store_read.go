package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cession/deal"
)

// Snapshot returns where a deal (room "") or a room stood when it was last
// published, or notfound.
func (s *Store) Snapshot(ctx context.Context, id deal.ID, room deal.PartyID) (p deal.Progress, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	var body string
	err = s.db.QueryRowContext(ctx, "SELECT progress FROM snapshots WHERE deal = $1 AND room = $2", string(id), string(room)).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return p, noDeal
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &p)
	}
	return p, stored("read deal", err)
}

// Rooms returns where the rooms of a deal stand, by bidder.
func (s *Store) Rooms(ctx context.Context, id deal.ID) (rooms []deal.Progress, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	rows, err := s.db.QueryContext(ctx, "SELECT progress FROM snapshots WHERE deal = $1 AND room <> '' ORDER BY room", string(id))
	if err != nil {
		return nil, stored("read rooms", err)
	}
	defer rows.Close()
	for rows.Next() {
		var body string
		var p deal.Progress
		if err := rows.Scan(&body); err != nil {
			return nil, stored("read rooms", err)
		}
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			return nil, stored("read rooms", err)
		}
		rooms = append(rooms, p)
	}
	return rooms, stored("read rooms", rows.Err())
}

// noDeal is what strangers hear, whether the deal exists or not.
var noDeal = deal.Errorf(deal.NotFound, "no such deal, or no part in it")

// logQuery asks for entries after a position in the log.
type logQuery struct {
	caller Caller
	deal   deal.ID // "" for all
	after  int64
	limit  int
}

// entries returns what the caller may see of the log, oldest first, and the
// position up to which it was searched.
func (s *Store) entries(ctx context.Context, q logQuery) (entries []Entry, upTo int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	// Asked first: an entry that is written while the rows are read is left to the next query.
	if upTo, err = s.logEnd(ctx); err != nil || upTo <= q.after {
		return nil, max(upTo, q.after), err
	}
	rows, err := s.db.QueryContext(ctx, `
		SELECT l.id, l.deal, l.room, l.ref, l.kind, l.step, l.action, l.party, l.state, l.stage, l.sold, l.at, l.decision, l.receipts, l.work,
			d.seller, d.bidder
		FROM log l JOIN snapshots d ON d.deal = l.deal AND d.room = ''
		WHERE l.id > $1 AND l.id <= $2 AND (l.deal = $3 OR $4 = 1)
			AND ($5 = 1 OR d.seller = $6 OR l.room = $6 OR l.room = '' AND d.bidder = $6)
		ORDER BY l.id LIMIT $7`,
		q.after, upTo, string(q.deal), number(q.deal == ""), number(q.caller.Operator), string(q.caller.Party), q.limit)
	if err != nil {
		return nil, q.after, stored("read log", err)
	}
	defer rows.Close()
	scanned := 0
	last := q.after
	for rows.Next() {
		e, of, err := s.scanEntry(rows)
		if err != nil {
			return nil, q.after, stored("read log", err)
		}
		scanned, last = scanned+1, e.position
		if e, ok := viewEntry(e, of, q.caller); ok {
			entries = append(entries, e)
		}
	}
	if scanned == q.limit {
		upTo = last
	}
	return entries, upTo, stored("read log", rows.Err())
}

// logEnd returns the position of the newest entry, or 0.
func (s *Store) logEnd(ctx context.Context) (end int64, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT COALESCE(MAX(id), 0) FROM log").Scan(&end)
	return end, stored("read log", err)
}

func (s *Store) scanEntry(rows *sql.Rows) (e Entry, of parties, err error) {
	var ref, decision, receipts, work string
	var sold int
	var at int64
	err = rows.Scan(&e.position, &e.Deal, &e.Room, &ref, &e.Kind, &e.Step, &e.Action, &e.Party, &e.State, &e.Stage, &sold, &at,
		&decision, &receipts, &work, &of.seller, &of.buyer)
	if err != nil {
		return e, of, err
	}
	e.ID, e.sold, e.At = s.cursors.seal(e.position), sold == 1, time.UnixMicro(at).UTC()
	if e.Kind == EntryAct || e.Kind == EntryRefusal {
		if e.Act, err = deal.ParseCommitment(ref); err != nil {
			return e, of, err
		}
	}
	if err := json.Unmarshal([]byte(decision), &e.Decision); err != nil {
		return e, of, err
	}
	return e, of, errors.Join(json.Unmarshal([]byte(receipts), &e.Receipts), json.Unmarshal([]byte(work), &e.Work))
}
