package node

import (
	"context"
	"database/sql"
	"time"

	"cession/deal"
)

// ViewEntry is one line of the view log: who asked this node for what, and what
// became of it.
type ViewEntry struct {
	At     time.Time    `json:"at"`
	Party  deal.PartyID `json:"party"` // as proven, or as claimed where Result is "unknown_peer"
	Deal   deal.ID      `json:"deal"`
	What   string       `json:"what"`   // "room.list", "room.read", "message", "handover.list", "handover.range", "handover.done", "connect"
	Index  uint64       `json:"index"`  // of the document, from 0
	Result string       `json:"result"` // "ok", a [Reason], or an error's kind
}

// logView writes the log; what is refused is logged as well as what is let out.
// It returns the error that keeps the attempt from being logged: nothing goes
// out unlogged.
func (n *Node) logView(ctx context.Context, peer deal.PartyID, id deal.ID, what string, index uint64, failed error) error {
	result := "ok"
	switch {
	case failed == nil:
	case reasonOf(failed) != "":
		result = string(reasonOf(failed))
	case deal.KindOf(failed) != "":
		result = string(deal.KindOf(failed))
	default:
		result = "error"
	}
	if peer.Check() != nil {
		peer = ""
	}
	if id.Check() != nil {
		id = ""
	}
	if failed != nil {
		n.Log.Warn("refused to a peer", "peer", peer, "deal", id, "what", what, "index", index, "result", result)
	}
	ctx = context.WithoutCancel(ctx)
	err := n.state.exec(ctx, "INSERT INTO views (at, party, deal, what, idx, result) VALUES (?, ?, ?, ?, ?, ?)",
		stamp(n.now()), peer, id, what, int64(index), result)
	if err != nil || what != "connect" {
		return err
	}
	// strangers must not fill the disk
	return n.state.exec(ctx, `DELETE FROM views WHERE what = 'connect' AND id <=
		(SELECT id FROM views WHERE what = 'connect' ORDER BY id DESC LIMIT 1 OFFSET ?)`, maxViews)
}

// maxViews is how many entries [Node.Views] returns.
const maxViews = 1000

// Views returns the newest entries of the view log, newest first.
func (n *Node) Views(ctx context.Context) ([]ViewEntry, error) {
	list := []ViewEntry{}
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var e ViewEntry
		var at string
		if err := r.Scan(&at, &e.Party, &e.Deal, &e.What, &e.Index, &e.Result); err != nil {
			return err
		}
		e.At, _ = time.Parse(time.RFC3339Nano, at)
		list = append(list, e)
		return nil
	}, "SELECT at, party, deal, what, idx, result FROM views ORDER BY id DESC LIMIT ?", maxViews)
	return list, err
}
