package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"cession/deal"
)

// EntryKind says what an entry of the log tells.
type EntryKind string

// The kinds of entry.
const (
	EntryAct     EntryKind = "act"     // an act was taken
	EntryRefusal EntryKind = "refusal" // policy refused an act
	EntryState   EntryKind = "state"   // the deal or room reached a state or stage
	EntryWork    EntryKind = "work"    // something is to be done, or was; step and action are what it is for
)

// Entry is one line of a deal's history. ID is its place in the log, opaque,
// and where a stream or page goes on.
type Entry struct {
	ID       string          `json:"id"`
	Deal     deal.ID         `json:"deal"`
	Room     deal.PartyID    `json:"room,omitempty"`
	Kind     EntryKind       `json:"kind"`
	Act      deal.Commitment `json:"act,omitzero"`
	Step     string          `json:"step,omitempty"`
	Action   string          `json:"action,omitempty"`
	Party    deal.PartyID    `json:"party,omitempty"`
	State    deal.State      `json:"state,omitempty"` // of entries of kind state
	Stage    string          `json:"stage,omitempty"` // of entries of kind state
	At       time.Time       `json:"at"`
	Decision *deal.Decision  `json:"decision,omitempty"`
	Receipts []deal.Receipt  `json:"receipts,omitempty"`
	Work     *WorkEvent      `json:"work,omitempty"` // of entries of kind work; party is in whose queue it is

	position int64
	sold     bool // from the selection of the buyer on
}

// appendLog adds what the log does not hold yet.
func appendLog(ctx context.Context, tx *sql.Tx, p *deal.Progress, moved bool) error {
	known, err := loggedRefs(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, e := range append(namedByAct(entriesOf(p)), entriesOfWork(p)...) {
		if known[e.ref] {
			continue
		}
		if err := insertEntry(ctx, tx, e.Entry, e.ref); err != nil {
			return err
		}
	}
	ref := "state:" + strconv.FormatUint(p.Version, 10)
	if !moved || known[ref] {
		return nil
	}
	return insertEntry(ctx, tx, Entry{
		Deal: p.Opening.ID, Room: p.Room(), Kind: EntryState, State: p.State, Stage: p.Stage(), At: updated(p), sold: sold(p),
	}, ref)
}

// named is an entry with what it is known by in the log of its deal or room.
type named struct {
	Entry
	ref string
}

func namedByAct(entries []Entry) (list []named) {
	for _, e := range entries {
		list = append(list, named{e, e.Act.String()})
	}
	return list
}

func loggedRefs(ctx context.Context, tx *sql.Tx, p *deal.Progress) (map[string]bool, error) {
	rows, err := tx.QueryContext(ctx, "SELECT ref FROM log WHERE deal = $1 AND room = $2", string(p.Opening.ID), string(p.Room()))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[string]bool{}
	for rows.Next() {
		var ref string
		if err := rows.Scan(&ref); err != nil {
			return nil, err
		}
		known[ref] = true
	}
	return known, rows.Err()
}

// entriesOf returns the acts and refusals, oldest first.
func entriesOf(p *deal.Progress) (entries []Entry) {
	var after bool
	var soldAt *time.Time
	for _, r := range p.Records {
		if after = after || r.Act.Name() == selectAct; after && soldAt == nil {
			soldAt = &r.At
		}
		entries = append(entries, Entry{
			Deal: p.Opening.ID, Room: p.Room(), Kind: EntryAct, Act: r.Act.ID, Step: r.Act.Step, Action: r.Act.Action, Party: r.Act.Party,
			At: r.At, Decision: &r.Decision, Receipts: r.Receipts, sold: after,
		})
	}
	for _, r := range p.Refusals {
		entries = append(entries, Entry{
			Deal: p.Opening.ID, Room: p.Room(), Kind: EntryRefusal, Act: r.Act, Step: r.Step, Action: r.Action, Party: r.Party,
			At: r.At, Decision: &r.Decision, sold: soldAt != nil && !r.At.Before(*soldAt),
		})
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	return entries
}

func insertEntry(ctx context.Context, tx *sql.Tx, e Entry, ref string) error {
	decision, err := json.Marshal(e.Decision)
	if err != nil {
		return err
	}
	receipts, err := json.Marshal(e.Receipts)
	if err != nil {
		return err
	}
	work, err := json.Marshal(e.Work)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO log (deal, room, ref, kind, step, action, party, state, stage, sold, at, decision, receipts, work)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		string(e.Deal), string(e.Room), ref, string(e.Kind), e.Step, e.Action, string(e.Party), string(e.State), e.Stage,
		number(e.sold), e.At.UnixMicro(), string(decision), string(receipts), string(work))
	return err
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
