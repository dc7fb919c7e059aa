package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cession/deal"
	"cession/node/translog"
)

// The audit log says who asked this node for what, what became of it, and what
// the node did of its own with rights, documents and keys. It is a Merkle log:
// nothing in it can be changed or taken out without another root, and the
// counterparty of a handover co-signs its head. No entry has the content or the
// name of a document in it: an entry stays for ever.

// LogEntry is an entry of the audit log where it stands.
type LogEntry struct {
	Position uint64            `json:"position"` // from 0
	Entry    json.RawMessage   `json:"entry"`    // exactly the bytes that were hashed: a [ViewEntry] with a salt
	Proof    []deal.Commitment `json:"proof,omitempty"`
}

// View reads the entry.
func (e LogEntry) View() (v ViewEntry, err error) { return v, json.Unmarshal(e.Entry, &v) }

// salted is an entry as it is hashed. The salt keeps the hash from telling
// anything to who gets it as a neighbor in a proof.
type salted struct {
	Salt deal.Commitment `json:"salt"`
	ViewEntry
}

// logEntry appends an entry with what became of the attempt it is about. It is
// on disk when logEntry returns.
func (n *Node) logEntry(ctx context.Context, e ViewEntry, failed error) error {
	e = n.complete(e, failed)
	return n.state.tx(context.WithoutCancel(ctx), func(tx *sql.Tx) error {
		return appendEntry(ctx, tx, e)
	})
}

// logOwn notes what this node did, or refused to do, by itself.
func (n *Node) logOwn(ctx context.Context, e ViewEntry, failed error) error {
	e.Own = true
	return n.logEntry(ctx, e, failed)
}

func (n *Node) complete(e ViewEntry, failed error) ViewEntry {
	e.At, e.Result = n.now(), resultOf(failed)
	if e.Party.Check() != nil {
		e.Party = ""
	}
	if e.Deal.Check() != nil {
		e.Deal = ""
	}
	if failed != nil {
		n.Log.Warn("refused", "party", e.Party, "deal", e.Deal, "what", e.What, "index", e.Index, "result", e.Result)
	}
	return e
}

// resultOf is "ok", a reason, or an error's kind.
func resultOf(failed error) string {
	switch {
	case failed == nil:
		return "ok"
	case reasonOf(failed) != "":
		return string(reasonOf(failed))
	case deal.KindOf(failed) != "":
		return string(deal.KindOf(failed))
	}
	return "error"
}

func appendEntry(ctx context.Context, tx *sql.Tx, e ViewEntry) error {
	ctx = context.WithoutCancel(ctx)
	entry := []byte(jsonColumn(salted{deal.NewSalt(), e}))
	position, err := translog.Append(ctx, tx, entry)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO log_entries (position, party, deal, own, entry) VALUES (?, ?, ?, ?, ?)",
		int64(position), e.Party, e.Deal, e.Own, string(entry))
	return err
}

// importViews takes over what versions before the Merkle log had logged.
func (n *Node) importViews(ctx context.Context) error {
	return n.state.tx(ctx, func(tx *sql.Tx) error {
		var old []ViewEntry
		rows, err := tx.QueryContext(ctx, "SELECT at, party, deal, what, idx, result FROM views ORDER BY id")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e ViewEntry
			var at string
			if err := rows.Scan(&at, &e.Party, &e.Deal, &e.What, &e.Index, &e.Result); err != nil {
				return err
			}
			e.At, _ = time.Parse(time.RFC3339Nano, at)
			old = append(old, e)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for _, e := range old {
			if err := appendEntry(ctx, tx, e); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM views")
		return err
	})
}

// maxLogPage is how many entries one answer has.
const maxLogPage = 500

// LogEntries returns entries from a position on, oldest first.
func (n *Node) LogEntries(ctx context.Context, from uint64) ([]LogEntry, error) {
	return n.state.logEntries(ctx, "position >= ? ORDER BY position LIMIT ?", int64(min(from, 1<<62)), maxLogPage)
}

func (s *state) logEntries(ctx context.Context, where string, args ...any) ([]LogEntry, error) {
	list := []LogEntry{}
	err := s.rows(ctx, func(r *sql.Rows) error {
		var position int64
		var entry string
		err := r.Scan(&position, &entry)
		list = append(list, LogEntry{Position: uint64(position), Entry: json.RawMessage(entry)})
		return err
	}, "SELECT position, entry FROM log_entries WHERE "+where, args...)
	return list, err
}

// logRefusal logs that the node did not sign what its customer asked for, where
// there is a reason that the customer did not make.
func (n *Node) logRefusal(ctx context.Context, req ActRequest, err error) error {
	if reasonOf(err) == "" {
		return err
	}
	e := ViewEntry{Party: n.Party, Deal: req.Deal, What: "act", Note: req.Step + "." + req.Action}
	return errors.Join(err, n.logOwn(ctx, e, err))
}
