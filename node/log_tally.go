package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"
)

// tallyWindow is how long like attempts are counted before the count becomes an
// entry.
const tallyWindow = time.Hour

// tally logs the first of a run of attempts that are alike, and counts the
// others: a log from which nothing can be deleted must not grow at the will of
// strangers, nor by every range of a large document.
func (n *Node) tally(ctx context.Context, key string, e ViewEntry, failed error) error {
	e = n.complete(e, failed)
	ctx = context.WithoutCancel(ctx)
	return n.state.tx(ctx, func(tx *sql.Tx) error {
		t, err := readTally(tx.QueryRowContext(ctx, "SELECT key, since, entry, count FROM log_tallies WHERE key = ?", key))
		if err != nil && err != sql.ErrNoRows {
			return err
		}
		if err == nil && e.At.Sub(t.since) < tallyWindow {
			_, err = tx.ExecContext(ctx, "UPDATE log_tallies SET count = count + 1 WHERE key = ?", key)
			return err
		}
		if err == nil {
			if err := t.close(ctx, tx, e.At); err != nil {
				return err
			}
		}
		if err := appendEntry(ctx, tx, e); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO log_tallies (key, since, entry, count) VALUES (?, ?, ?, 0)", key, stamp(e.At), jsonColumn(e))
		return err
	})
}

// tallied is a run of attempts that are alike.
type tallied struct {
	key   string
	since time.Time
	entry ViewEntry
	count int64 // after the first
}

func readTally(row interface{ Scan(...any) error }) (t tallied, err error) {
	var since, entry string
	if err = row.Scan(&t.key, &since, &entry, &t.count); err != nil {
		return t, err
	}
	if t.since, err = time.Parse(time.RFC3339Nano, since); err != nil {
		return t, err
	}
	return t, json.Unmarshal([]byte(entry), &t.entry)
}

// close logs the count and ends the run.
func (t tallied) close(ctx context.Context, tx *sql.Tx, now time.Time) error {
	if t.count > 0 {
		t.entry.At, t.entry.Count = now, uint64(t.count)
		if err := appendEntry(ctx, tx, t.entry); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM log_tallies WHERE key = ?", t.key)
	return err
}

// closeTallies ends the runs whose time is over.
func (n *Node) closeTallies(ctx context.Context) error {
	var over []tallied
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		t, err := readTally(r)
		over = append(over, t)
		return err
	}, "SELECT key, since, entry, count FROM log_tallies WHERE since <= ?", stamp(n.now().Add(-tallyWindow)))
	for _, t := range over {
		if err == nil {
			err = n.state.tx(ctx, func(tx *sql.Tx) error {
				t, err := readTally(tx.QueryRowContext(ctx, "SELECT key, since, entry, count FROM log_tallies WHERE key = ?", t.key))
				if err == sql.ErrNoRows {
					return nil
				}
				if err != nil {
					return err
				}
				return t.close(ctx, tx, n.now())
			})
		}
	}
	return err
}
