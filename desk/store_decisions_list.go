package desk

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"

	"cession/deal"
)

const mostBytes = 8 << 20 // of records in a page

// decisions returns a page of all decisions, in the order they were appended.
func (s *Store) decisions(ctx context.Context, f DecisionFilter) (page DecisionPage, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	after, err := s.cursors.open(f.Cursor)
	if err != nil {
		return page, err
	}
	q := decisionQuery(f, after)
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf("%s WHERE %s ORDER BY x.id LIMIT %d", selectDecisions, strings.Join(q.where, " AND "), f.Limit+1), q.args...)
	if err != nil {
		return page, stored("list decisions", err)
	}
	defer rows.Close()
	page.Decisions = []DecisionEntry{}
	for size := 0; rows.Next(); {
		if n := len(page.Decisions); n == f.Limit || size > mostBytes {
			page.Next = page.Decisions[n-1].ID
			break
		}
		e, err := s.scanDecision(rows)
		if err != nil {
			return page, stored("list decisions", err)
		}
		size += len(e.Record)
		page.Decisions = append(page.Decisions, e)
	}
	return page, stored("list decisions", rows.Err())
}

func decisionQuery(f DecisionFilter, after int64) *listQuery {
	q := &listQuery{}
	q.and("x.id > " + q.arg(after))
	for column, value := range map[string]string{"chain": f.Chain, "name": f.Name, "pack": textOf(f.Pack)} {
		if value != "" {
			q.and("x." + column + " = " + q.arg(value))
		}
	}
	if !f.From.IsZero() {
		q.and("x.at >= " + q.arg(millis(f.From)))
	}
	if !f.To.IsZero() {
		q.and("x.at < " + q.arg(millis(f.To)))
	}
	return q
}

// decisionsOf returns what the caller may see of a deal's decisions after a
// position, and the position up to which it was searched.
func (s *Store) decisionsOf(ctx context.Context, q logQuery) (list []DecisionEntry, upTo int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	soldFrom, of, err := s.saleOf(ctx, q.deal)
	if err != nil {
		return nil, q.after, err
	}
	rows, err := s.db.QueryContext(ctx, selectDecisions+` WHERE x.chain = $1 AND x.id > $2
		AND ($3 = 1 OR x.room = $4 OR x.room = '' AND $5 = $4) ORDER BY x.id LIMIT $6`,
		string(q.deal), q.after, number(q.caller.Operator || q.caller.Party == of.seller), string(q.caller.Party), string(of.buyer), q.limit)
	if err != nil {
		return nil, q.after, stored("read decisions", err)
	}
	defer rows.Close()
	upTo = q.after
	for rows.Next() {
		e, err := s.scanDecision(rows)
		if err != nil {
			return nil, q.after, stored("read decisions", err)
		}
		upTo = e.position
		if e, ok := viewDecision(e, e.Seq >= soldFrom, of, q.caller); ok {
			list = append(list, e)
		}
	}
	return list, upTo, stored("read decisions", rows.Err())
}

// saleOf returns the parties of a deal, and the number of the decision by which
// its buyer was selected.
func (s *Store) saleOf(ctx context.Context, id deal.ID) (from uint64, of parties, err error) {
	var seq sql.NullInt64
	err = s.db.QueryRowContext(ctx, `SELECT d.seller, d.bidder, (SELECT MIN(x.seq) FROM decisions x
			JOIN log l ON l.deal = x.chain AND l.room = '' AND l.kind = 'act' AND l.ref = x.act
			WHERE x.chain = d.deal AND x.name = $2 AND l.step = $3)
		FROM snapshots d WHERE d.deal = $1 AND d.room = ''`, string(id), selectAct, stepSelection).Scan(&of.seller, &of.buyer, &seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, of, noDeal
	}
	if from = math.MaxUint64; seq.Valid {
		from = uint64(seq.Int64)
	}
	return from, of, stored("read deal", err)
}
