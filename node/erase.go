package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"cession/deal"
)

// Erasure destroys content for good: the file keys, salts, names and digests in
// the state, then the ciphertext. The leaves stay, and with them the proofs of
// everything else under the same roots. What an escrow may still need is not
// erased, nor what the terms say is kept.

// EraseRequest says what is to be destroyed: one document, one row of a data
// tape, or everything that this node has of a deal.
type EraseRequest struct {
	Document *uint64 `json:"document,omitempty"` // index
	Row      *uint64 `json:"row,omitempty"`      // number, from 0, through all tapes of the deal
	All      bool    `json:"all,omitempty"`      // documents, rows and texts
	Reason   string  `json:"reason"`             // one of [EraseReasons]: it is in the log for ever, so it names nobody
}

// EraseReasons are why something is erased: somebody whose data it is has asked,
// a law demands it, it should never have been brought in, or the terms of the
// sale say so.
var EraseReasons = []string{"request", "law", "mistake", "terms"}

// Erasure is something that was destroyed.
type Erasure struct {
	Deal   deal.ID   `json:"deal"`
	Scope  string    `json:"scope"` // "document", "row", "deal" or "sold"
	Index  uint64    `json:"index"` // of the document or row
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	Done   bool      `json:"done"` // the ciphertext is gone too

	// Earlier are the earlier versions of the tape whose row was erased, by index.
	// They are whole: whoever means the row there too erases those documents.
	Earlier []uint64 `json:"earlier,omitempty"`
}

func (r EraseRequest) check() error {
	given := 0
	for _, yes := range []bool{r.Document != nil, r.Row != nil, r.All} {
		if yes {
			given++
		}
	}
	if given != 1 {
		return deal.Errorf(deal.Invalid, "erase: say one of a document, a row, or all")
	}
	if !slices.Contains(EraseReasons, r.Reason) {
		return deal.Errorf(deal.Invalid, "erase: want a reason out of %v", EraseReasons)
	}
	return nil
}

// Erase destroys content of a deal that is over. The same again is no error.
// When it returns, keys and salts are gone from the state, and the ciphertext
// too unless the store does not answer: then [Node.tend] goes on with it.
// Errors: refused (the deal is running, or the terms say that it is kept).
func (n *Node) Erase(ctx context.Context, id deal.ID, req EraseRequest) (Erasure, error) {
	e := Erasure{Deal: id, Scope: "deal", Reason: req.Reason, At: n.now()}
	switch {
	case req.Document != nil:
		e.Scope, e.Index = "document", *req.Document
	case req.Row != nil:
		e.Scope, e.Index = "row", *req.Row
	}
	if err := req.check(); err != nil {
		return e, err
	}
	unlock, err := n.filling.lock(ctx, string(id))
	if err != nil {
		return e, err
	}
	defer unlock()
	err = n.erasable(ctx, id, e.Scope)
	if err == nil {
		err = n.destroy(ctx, e)
	}
	if err != nil {
		if logged := n.logOwn(ctx, e.entry(n.Party), err); logged != nil {
			return e, logged
		}
		return e, err
	}
	if e.Scope == "row" {
		if e.Earlier, err = n.earlierTapes(ctx, id, e.Index); err != nil {
			return e, err
		}
	}
	if err := n.finishErasures(ctx); err != nil {
		n.Log.Warn("erasure not finished yet", "deal", id, "kind", deal.KindOf(err))
		return e, nil
	}
	e.Done = true
	return e, nil
}

// entry is what the audit log says of an erasure.
func (e Erasure) entry(by deal.PartyID) ViewEntry {
	return ViewEntry{Party: by, Deal: e.Deal, What: "erase." + e.Scope, Index: e.Index, Note: e.Reason}
}

// destroy takes out of the state what is to be erased.
func (n *Node) destroy(ctx context.Context, e Erasure) error {
	var docs []document
	var err error
	switch e.Scope {
	case "row":
		return n.destroyRow(ctx, e)
	case "document":
		var d document
		if d, err = n.listed(ctx, e.Deal, e.Index); err == nil {
			docs, err = n.state.everywhere(ctx, e.Deal, d.Leaf)
		}
	default:
		docs, err = n.state.everywhere(ctx, e.Deal, deal.Commitment{})
	}
	if err != nil {
		return err
	}
	return n.destroyDocuments(ctx, e, docs)
}

// listed returns a document by the index under which this node lists it.
func (n *Node) listed(ctx context.Context, id deal.ID, index uint64) (document, error) {
	set, err := n.heldSet(ctx, id)
	if err != nil {
		return document{}, err
	}
	return n.state.document(ctx, set.id, index)
}

// destroyRow notes what is to be done, and does it; after a crash it goes on.
func (n *Node) destroyRow(ctx context.Context, e Erasure) error {
	t, err := n.tapesHere(ctx, e.Deal)
	if err != nil {
		return err
	}
	if e.Index >= uint64(len(t.rows)) {
		return deal.Errorf(deal.NotFound, "row %d: the tape has %d rows", e.Index, len(t.rows))
	}
	if err := n.state.tx(ctx, func(tx *sql.Tx) error { return noteErasure(ctx, tx, e, n.Party, nil) }); err != nil {
		return err
	}
	return n.destroyNoted(ctx, e.Deal, e.Index)
}

func (n *Node) destroyNoted(ctx context.Context, id deal.ID, row uint64) error {
	if err := n.eraseRows(ctx, id, []uint64{row}); err != nil {
		return err
	}
	return n.state.exec(ctx, "UPDATE erasures SET blobs = '[]' WHERE deal = ? AND scope = 'row' AND idx = ? AND blobs = 'null'", id, int64(row))
}

// destroyNotedRows goes on with rows that were to be erased.
func (n *Node) destroyNotedRows(ctx context.Context) error {
	type noted struct {
		id  deal.ID
		row int64
	}
	var list []noted
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var e noted
		err := r.Scan(&e.id, &e.row)
		list = append(list, e)
		return err
	}, "SELECT deal, idx FROM erasures WHERE scope = 'row' AND blobs = 'null' ORDER BY id")
	for _, e := range list { // one that fails does not keep the others
		unlock, failed := n.filling.lock(ctx, string(e.id))
		if failed == nil {
			failed = n.destroyNoted(ctx, e.id, uint64(e.row))
			unlock()
		}
		err = errors.Join(err, failed)
	}
	return err
}

func (n *Node) destroyDocuments(ctx context.Context, e Erasure, docs []document) error {
	for _, d := range docs {
		if err := n.dropUpload(ctx, d); err != nil {
			return err
		}
	}
	if err := n.dropPartial(ctx, e.Deal, docs); err != nil {
		return err
	}
	return n.state.tx(ctx, func(tx *sql.Tx) error {
		if err := scrubDocuments(ctx, tx, e.Deal, docs); err != nil {
			return err
		}
		if err := scrubListings(ctx, tx, e.Deal, docs, e.Scope == "deal"); err != nil {
			return err
		}
		if e.Scope == "deal" {
			if err := scrubTexts(ctx, tx, e.Deal); err != nil {
				return err
			}
		}
		blobs, err := orphans(ctx, tx, docs)
		if err != nil {
			return err
		}
		return noteErasure(ctx, tx, e, n.Party, blobs)
	})
}

func noteErasure(ctx context.Context, tx *sql.Tx, e Erasure, by deal.PartyID, blobs []string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO erasures (deal, scope, idx, reason, at, blobs) VALUES (?, ?, ?, ?, ?, ?)",
		e.Deal, e.Scope, int64(e.Index), e.Reason, stamp(e.At), jsonColumn(blobs))
	if err != nil {
		return err
	}
	entry := e.entry(by)
	entry.At, entry.Result, entry.Own = e.At, "ok", true
	return appendEntry(ctx, tx, entry)
}

// Erasures lists what was destroyed of a deal.
func (n *Node) Erasures(ctx context.Context, id deal.ID) ([]Erasure, error) {
	list := []Erasure{}
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		e := Erasure{Deal: id}
		var at string
		var index int64
		err := r.Scan(&e.Scope, &index, &e.Reason, &at, &e.Done)
		e.Index = uint64(index)
		e.At, _ = time.Parse(time.RFC3339Nano, at)
		list = append(list, e)
		return err
	}, "SELECT scope, idx, reason, at, done = 1 FROM erasures WHERE deal = ? ORDER BY id", id)
	return list, err
}

func (n *Node) postErase(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	var req EraseRequest
	if err := readJSON(w, r, maxBody, &req); err != nil {
		return err
	}
	if req.Reason == "terms" {
		return deal.Errorf(deal.Invalid, "erase: the node itself acts on terms")
	}
	e, err := n.Erase(context.WithoutCancel(r.Context()), id, req)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, e)
	return nil
}

func (n *Node) getErasures(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	list, err := n.Erasures(r.Context(), id)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

// strip takes a document out of a listing that is stored, but for its index.
func strip(listing string, indexes map[uint64]bool) (string, error) {
	var l struct {
		Release   deal.Commitment   `json:"release"`
		Root      deal.Commitment   `json:"root"`
		Documents []json.RawMessage `json:"documents"`
		Signature deal.Bytes        `json:"signature"`
	}
	if err := json.Unmarshal([]byte(listing), &l); err != nil {
		return "", err
	}
	for i, raw := range l.Documents {
		var c struct {
			Index uint64 `json:"index"`
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			return "", err
		}
		if indexes == nil || indexes[c.Index] {
			l.Documents[i] = json.RawMessage(jsonColumn(c))
		}
	}
	return jsonColumn(l), nil
}
