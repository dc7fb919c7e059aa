package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"cession/deal"
)

// Recorder makes a decision record that follows the head of its chain: its
// hash, and the record as one line of JSON.
type Recorder func(head Head, d Decided) (hash deal.Commitment, line []byte, err error)

// Head is where a chain of decision records ends; before the first, it has the
// deal only.
type Head struct {
	Chain deal.ID
	Seq   uint64
	Hash  deal.Commitment
}

// Decided is what a decision record is made from.
type Decided struct {
	Side     deal.PartyID // the node's party
	Act      deal.Act
	Judgment Judgment
}

// DecisionEntry is a decision of this node, as it was recorded before anything
// went on.
type DecisionEntry struct {
	Row     uint64          `json:"row"` // position at this node, from 1
	Deal    deal.ID         `json:"deal"`
	Seq     uint64          `json:"seq"` // in the chain of the deal, from 1
	Purpose Purpose         `json:"purpose"`
	Own     bool            `json:"own"` // by the party's own pack
	Allow   bool            `json:"allow"`
	Act     deal.Commitment `json:"act"`
	Name    string          `json:"name"` // "step.action"
	At      time.Time       `json:"at"`
	Hash    deal.Commitment `json:"hash"`
	Record  json.RawMessage `json:"record"` // the whole decision record
}

// recordAll appends what each pack said to the deal's chain, on disk when it
// returns, and notes the last record in the joint decision.
func (n *Node) recordAll(ctx context.Context, act deal.Act, why Purpose, e *Evaluation) error {
	if len(e.Parts) == 0 {
		return deal.Errorf(deal.Invalid, "record decision on %s: the policy gave none", act.Name())
	}
	ctx = context.WithoutCancel(ctx)
	err := n.state.tx(ctx, func(tx *sql.Tx) error {
		head, err := chainHead(ctx, tx, act.Deal)
		if err != nil {
			return err
		}
		for _, j := range e.Parts {
			hash, line, err := n.Recorder(head, Decided{n.Party, act, j})
			if err != nil {
				return err
			}
			head = Head{act.Deal, head.Seq + 1, hash}
			_, err = tx.ExecContext(ctx, "INSERT INTO decisions (deal, seq, purpose, own, allow, act, name, at, hash, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				act.Deal, int64(head.Seq), why, j.Own, j.Decision.Allow, act.ID.String(), act.Name(), stamp(j.Decision.At), hash.String(), string(line))
			if err != nil {
				return err
			}
		}
		e.Decision.Record = head.Hash
		return nil
	})
	if err != nil {
		return fmt.Errorf("record decision on %s: %w", act.Name(), err)
	}
	return nil
}

func chainHead(ctx context.Context, tx *sql.Tx, id deal.ID) (Head, error) {
	h := Head{Chain: id}
	var seq int64
	var hash string
	err := tx.QueryRowContext(ctx, "SELECT seq, hash FROM decisions WHERE deal = ? ORDER BY seq DESC LIMIT 1", id).Scan(&seq, &hash)
	if err == sql.ErrNoRows {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	h.Seq = uint64(seq)
	h.Hash, err = deal.ParseCommitment(hash)
	return h, err
}

// refusedActs returns the acts of a deal that a pack refused when they were to
// be signed.
func (s *state) refusedActs(ctx context.Context, id deal.ID) (map[deal.Commitment]bool, error) {
	refused := map[deal.Commitment]bool{}
	err := s.rows(ctx, func(r *sql.Rows) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		act, err := deal.ParseCommitment(text)
		refused[act] = true
		return err
	}, "SELECT act FROM decisions WHERE deal = ? AND purpose = ? AND allow = 0", id, ToSign)
	return refused, err
}

// maxDecisions is how many entries [Node.Decisions] returns.
const maxDecisions = 500

// Decisions returns the decisions of this node after a row, oldest first: of
// one deal, or with id "" of all. The last entry's row asks for more.
func (n *Node) Decisions(ctx context.Context, id deal.ID, after uint64) ([]DecisionEntry, error) {
	list := []DecisionEntry{}
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var e DecisionEntry
		var row, seq int64
		var act, at, hash, record string
		if err := r.Scan(&row, &e.Deal, &seq, &e.Purpose, &e.Own, &e.Allow, &act, &e.Name, &at, &hash, &record); err != nil {
			return err
		}
		e.Row, e.Seq, e.Record = uint64(row), uint64(seq), json.RawMessage(record)
		var err error
		if e.Act, err = deal.ParseCommitment(act); err != nil {
			return err
		}
		if e.Hash, err = deal.ParseCommitment(hash); err != nil {
			return err
		}
		e.At, err = time.Parse(time.RFC3339Nano, at)
		list = append(list, e)
		return err
	}, `SELECT id, deal, seq, purpose, own, allow, act, name, at, hash, record FROM decisions
		WHERE id > ? AND (? = '' OR deal = ?) ORDER BY id LIMIT ?`, int64(min(after, 1<<62)), id, id, maxDecisions)
	return list, err
}

func (n *Node) getDecisions(w http.ResponseWriter, r *http.Request) error {
	id := deal.ID(r.URL.Query().Get("deal"))
	if id != "" {
		if err := id.Check(); err != nil {
			return err
		}
	}
	var after uint64
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseUint(text, 10, 62); err != nil {
			return deal.Errorf(deal.Invalid, "after: want the row of an entry")
		}
	}
	list, err := n.Decisions(r.Context(), id, after)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}
