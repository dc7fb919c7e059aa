package node

import (
	"context"
	"fmt"
	"time"

	"cession/deal"
	"cession/node/translog"
)

// ViewEntry is one entry of the audit log: who asked this node for what, or what
// the node did itself, and what became of it.
type ViewEntry struct {
	At     time.Time       `json:"at"`
	Party  deal.PartyID    `json:"party,omitempty"` // as proven, or as claimed where What is "connect"
	Deal   deal.ID         `json:"deal,omitempty"`
	What   string          `json:"what"`           // "room.list", "room.read", "room.page", "message", "handover.list", "handover.range", "handover.done", "connect", …
	Index  uint64          `json:"index"`          // of the document, from 0
	Page   uint64          `json:"page,omitempty"` // of the document, from 1
	Result string          `json:"result"`         // "ok", a [Reason], or an error's kind
	Own    bool            `json:"own,omitempty"`  // of this node's own doing
	Ref    deal.Commitment `json:"ref,omitzero"`   // the act, the head of a log or the key that it is about
	Note   string          `json:"note,omitempty"` // one of a few words, or a short identifier
	Count  uint64          `json:"count,omitempty"`
}

// logView writes the log; what is refused is logged as well as what is let out.
// It returns the error that keeps the attempt from being logged: nothing goes
// out unlogged. Attempts to connect that fail and ranges of a document that go
// out are counted after the first.
func (n *Node) logView(ctx context.Context, peer deal.PartyID, id deal.ID, what string, index uint64, failed error) error {
	e := ViewEntry{Party: peer, Deal: id, What: what, Index: index}
	switch {
	case what == "connect":
		return n.tally(ctx, "connect/"+resultOf(failed), e, failed)
	case what == "handover.range" && failed == nil:
		return n.tally(ctx, fmt.Sprint("range/", peer, "/", id, "/", index), e, nil)
	}
	return n.logEntry(ctx, e, failed)
}

// maxViews is how many entries [Node.Views] returns.
const maxViews = 1000

// Views returns the newest entries about what others asked for, newest first.
func (n *Node) Views(ctx context.Context) ([]ViewEntry, error) {
	return n.state.views(ctx, "own = 0 ORDER BY position DESC LIMIT ?", maxViews)
}

// views returns entries of the log as they were written.
func (s *state) views(ctx context.Context, where string, args ...any) ([]ViewEntry, error) {
	entries, err := s.logEntries(ctx, where, args...)
	if err != nil {
		return nil, err
	}
	list := make([]ViewEntry, len(entries))
	for i, e := range entries {
		if list[i], err = e.View(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// schemaAudit is what version 4 added to the state of the audit log and of erasures.
const schemaAudit = translog.Schema + `
CREATE TABLE log_entries (
	position INTEGER PRIMARY KEY, party TEXT NOT NULL, deal TEXT NOT NULL, own INTEGER NOT NULL, entry TEXT NOT NULL);
CREATE INDEX log_entries_party ON log_entries(party, deal, position);
CREATE TABLE log_tallies (key TEXT PRIMARY KEY, since TEXT NOT NULL, entry TEXT NOT NULL, count INTEGER NOT NULL);
CREATE TABLE log_heads (size INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, head TEXT NOT NULL);
CREATE TABLE peer_heads (party TEXT PRIMARY KEY, head TEXT NOT NULL);
CREATE TABLE forks (party TEXT NOT NULL, at TEXT NOT NULL, known TEXT NOT NULL, shown TEXT NOT NULL, PRIMARY KEY (party, shown));
CREATE TABLE witnessed (release TEXT PRIMARY KEY, head TEXT NOT NULL, code TEXT NOT NULL);
CREATE TABLE cosigned (act TEXT PRIMARY KEY, deal TEXT NOT NULL, party TEXT NOT NULL, head TEXT NOT NULL, known INTEGER NOT NULL);
CREATE TABLE announcements (party TEXT PRIMARY KEY);
ALTER TABLE records ADD COLUMN previous TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
CREATE TABLE erasures (
	id INTEGER PRIMARY KEY, deal TEXT NOT NULL, scope TEXT NOT NULL, idx INTEGER NOT NULL, reason TEXT NOT NULL,
	at TEXT NOT NULL, blobs TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0);
`

func (n *Node) auditRoutes() []route {
	return []route{
		{pattern: "GET /v1/views", title: "Who asked this node for what", out: []ViewEntry{}, customer: n.getViews},
		{pattern: "GET /v1/decisions", title: "The decisions of this node", out: []DecisionEntry{}, customer: n.getDecisions},
		{pattern: "GET /v1/record", title: "The node record", out: Record{}, customer: n.getRecord},
		{pattern: "POST /v1/record/rotate", title: "Replace the node's keys", out: Record{}, customer: n.postRotate},
		{pattern: "POST /v1/record/revoke", title: "Have peers refuse this node", out: Record{}, customer: n.postRevoke},
		{pattern: "GET /peer/v1/record", title: "The node record", out: Record{}, peer: n.peerRecord},
		{pattern: "POST /v1/deals/{id}/erasures", title: "Destroy content of a deal that is over", in: EraseRequest{}, out: Erasure{}, customer: n.postErase},
		{pattern: "GET /v1/deals/{id}/erasures", title: "What was destroyed of a deal", out: []Erasure{}, customer: n.getErasures},
		{pattern: "GET /v1/log", title: "The audit log", out: []LogEntry{}, customer: n.getLog},
		{pattern: "GET /v1/log/head", title: "The signed head of the audit log", out: HeadAnswer{}, customer: n.getLogHead},
		{pattern: "GET /v1/log/proof", title: "An entry of the audit log with its proof", out: LogProof{}, customer: n.getLogProof},
		{pattern: "GET /v1/log/peers", title: "What is known of other nodes' logs", out: LogPeers{}, customer: n.getLogPeers},
		{pattern: "POST /v1/log/peers/{party}/accept", title: "Take a rewritten log of another node as it is now", out: LogPeers{}, customer: n.postAcceptLog},
		{pattern: "GET /peer/v1/log/head", title: "The signed head of the audit log", out: HeadAnswer{}, peer: n.peerLogHead},
		{pattern: "GET /peer/v1/deals/{id}/log", title: "What the audit log has of the peer's own reads", out: []LogEntry{}, peer: n.peerLogEntries},
	}
}
