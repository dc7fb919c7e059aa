package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"strings"

	"cession/deal"
)

// lastRow keeps of each intent the row of the lane in which it ended, or of the
// one that had it last.
const lastRow = `NOT EXISTS (SELECT 1 FROM lane_transactions o WHERE o.intent = t.intent AND o.lane <> t.lane
	AND (o.ended, o.changed, o.lane) > (t.ended, t.changed, t.lane))`

// history lists what ended, newest first, behind a place in that order; nil is
// the beginning.
func (s *Store) history(ctx context.Context, f TransactionFilter, behind *place, limit int) ([]Transaction, error) {
	q := &listQuery{}
	q.and(lastRow)
	for column, value := range map[string]string{"deal": string(f.Deal), "lane": f.Lane, "status": string(f.Status)} {
		if value != "" {
			q.and("t." + column + " = " + q.arg(value))
		}
	}
	if f.Stuck {
		q.and("t.stuck = 1")
	}
	if behind != nil {
		q.and(fmt.Sprintf("(t.changed, t.intent) < (%s, %s)", q.arg(behind.At), q.arg(behind.Ref)))
	}
	return s.items(ctx, q, limit)
}

// find returns what ended whose intent or transaction begins with the text.
func (s *Store) find(ctx context.Context, beginning string, limit int) ([]Transaction, error) {
	q := &listQuery{}
	q.and(lastRow)
	from, to := q.arg(beginning), q.arg(beginning+"g") // no hex digit comes after it
	q.and(fmt.Sprintf("t.intent >= %[1]s AND t.intent < %[2]s OR t.tx >= %[1]s AND t.tx < %[2]s", from, to))
	return s.items(ctx, q, limit)
}

func (s *Store) items(ctx context.Context, q *listQuery, limit int) (list []Transaction, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf("SELECT t.lane, t.item FROM lane_transactions t WHERE %s ORDER BY t.changed DESC, t.intent DESC LIMIT %d",
		strings.Join(q.where, " AND "), limit), q.args...)
	if err != nil {
		return nil, stored("list transactions", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Transaction
		var item string
		if err := rows.Scan(&t.Lane, &item); err != nil {
			return nil, stored("list transactions", err)
		}
		if err := json.Unmarshal([]byte(item), &t.Item); err != nil {
			return nil, stored("list transactions", err)
		}
		list = append(list, t.complete())
	}
	return list, stored("list transactions", rows.Err())
}

// keptRow names a row of what ended.
type keptRow struct {
	intent deal.Commitment
	lane   string
}

// kept returns which rows of the intents there are, and whether the intent
// ended there.
func (s *Store) kept(ctx context.Context, intents []deal.Commitment) (map[keptRow]bool, error) {
	rowsOf := map[keptRow]bool{}
	if len(intents) == 0 {
		return rowsOf, nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	q := &listQuery{}
	var places []string
	for _, id := range intents {
		places = append(places, q.arg(id.String()))
	}
	rows, err := s.db.QueryContext(ctx, "SELECT intent, lane, ended FROM lane_transactions WHERE intent IN ("+strings.Join(places, ", ")+")", q.args...)
	if err != nil {
		return nil, stored("look up transactions", err)
	}
	defer rows.Close()
	for rows.Next() {
		var intent string
		var ended int
		var k keptRow
		if err := rows.Scan(&intent, &k.lane, &ended); err != nil {
			return nil, stored("look up transactions", err)
		}
		if k.intent, err = deal.ParseCommitment(intent); err != nil {
			return nil, stored("look up transactions", err)
		}
		rowsOf[k] = ended == 1
	}
	return rowsOf, stored("look up transactions", rows.Err())
}

// gwei splits sums of wei, which together may not fit a column.
const gwei = 1_000_000_000

// spent returns what was paid per deal, or for one deal.
func (s *Store) spent(ctx context.Context, id deal.ID) (map[deal.ID]Spending, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf(`
		SELECT deal, COUNT(*), CAST(SUM(gas) AS BIGINT), CAST(SUM(fee / %[1]d) AS BIGINT), CAST(SUM(fee %% %[1]d) AS BIGINT)
		FROM lane_transactions WHERE fee > 0 AND (deal = $1 OR $2 = 1) GROUP BY deal`, gwei), string(id), number(id == ""))
	if err != nil {
		return nil, stored("sum spending", err)
	}
	defer rows.Close()
	sums := map[deal.ID]Spending{}
	for rows.Next() {
		p, err := scanSpending(rows)
		if err != nil {
			return nil, stored("sum spending", err)
		}
		sums[p.Deal] = p
	}
	return sums, stored("sum spending", rows.Err())
}

func scanSpending(rows *sql.Rows) (p Spending, err error) {
	var whole, rest uint64
	err = rows.Scan(&p.Deal, &p.Transactions, &p.Gas, &whole, &rest)
	p.Wei = plus(times(whole, gwei), rest)
	return p, err
}

// plus returns a sum, at most 2^64-1.
func plus(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return sum
}

// times returns a product, at most 2^64-1.
func times(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	if high != 0 {
		return math.MaxUint64
	}
	return low
}
