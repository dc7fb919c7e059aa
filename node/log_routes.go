package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"cession/deal"
)

// maxOwnEntries is how many entries with proofs one answer to a peer has.
const maxOwnEntries = 200

// LogPeers is what this node knows of other nodes' logs.
type LogPeers struct {
	Heads    []LogHead     `json:"heads"`    // the newest of each that was verified
	Forks    []Fork        `json:"forks"`    // logs that were rewritten, with the evidence
	Cosigned []CosignedLog `json:"cosigned"` // heads of this node's log that buyers signed
}

// Fork is two heads of one log, both signed, that do not follow each other.
type Fork struct {
	At    time.Time `json:"at"`
	Known LogHead   `json:"known"`
	Shown LogHead   `json:"shown"`
}

// CosignedLog is a head of this node's log in the receipt of a buyer.
type CosignedLog struct {
	Act   deal.Commitment `json:"act"`
	Deal  deal.ID         `json:"deal"`
	Party deal.PartyID    `json:"party"`
	Head  deal.Commitment `json:"head"`  // its EIP-712 digest
	Known bool            `json:"known"` // this node gave it out
}

// LogPeers lists what is known of other nodes' logs.
func (n *Node) LogPeers(ctx context.Context) (LogPeers, error) {
	l := LogPeers{Heads: []LogHead{}, Forks: []Fork{}, Cosigned: []CosignedLog{}}
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		l.Heads = append(l.Heads, LogHead{})
		return json.Unmarshal([]byte(text), &l.Heads[len(l.Heads)-1])
	}, "SELECT head FROM peer_heads ORDER BY party LIMIT ?", maxViews)
	if err != nil {
		return l, err
	}
	err = n.state.rows(ctx, func(r *sql.Rows) error {
		var at, known, shown string
		if err := r.Scan(&at, &known, &shown); err != nil {
			return err
		}
		var f Fork
		f.At, _ = time.Parse(time.RFC3339Nano, at)
		if err := json.Unmarshal([]byte(known), &f.Known); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(shown), &f.Shown)
		l.Forks = append(l.Forks, f)
		return err
	}, "SELECT at, known, shown FROM forks ORDER BY at LIMIT ?", maxViews)
	if err != nil {
		return l, err
	}
	return l, n.state.rows(ctx, func(r *sql.Rows) error {
		var c CosignedLog
		var act, head string
		if err := r.Scan(&act, &c.Deal, &c.Party, &head, &c.Known); err != nil {
			return err
		}
		if err := c.Act.UnmarshalText([]byte(act)); err != nil {
			return err
		}
		err := c.Head.UnmarshalText([]byte(head))
		l.Cosigned = append(l.Cosigned, c)
		return err
	}, "SELECT act, deal, party, head, known FROM cosigned ORDER BY rowid DESC LIMIT ?", maxViews)
}

// number reads a whole number of a request's query; without one it is 0.
func number(r *http.Request, name string) (uint64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 62)
	if err != nil {
		return 0, deal.Errorf(deal.Invalid, "%s: want a whole number from 0", name)
	}
	return n, nil
}

func (n *Node) getLog(w http.ResponseWriter, r *http.Request) error {
	from, err := number(r, "from")
	if err != nil {
		return err
	}
	list, err := n.LogEntries(r.Context(), from)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

func (n *Node) getLogHead(w http.ResponseWriter, r *http.Request) error {
	from, err := number(r, "from")
	if err != nil {
		return err
	}
	a, err := n.answerHead(r.Context(), from)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, a)
	return nil
}

func (n *Node) getLogPeers(w http.ResponseWriter, r *http.Request) error {
	l, err := n.LogPeers(r.Context())
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, l)
	return nil
}

func (n *Node) peerLogHead(w http.ResponseWriter, r *http.Request, _ deal.PartyID) error {
	return n.getLogHead(w, r)
}

// peerLogEntries gives a peer the entries that are about it, in one deal, with
// their proofs.
func (n *Node) peerLogEntries(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	size, err := number(r, "size")
	if err != nil {
		return err
	}
	from, err := number(r, "from")
	if err != nil {
		return err
	}
	list, err := n.state.logEntries(r.Context(), "party = ? AND deal = ? AND own = 0 AND position >= ? AND position < ? ORDER BY position LIMIT ?",
		peer, id, int64(from), int64(size), maxOwnEntries)
	if err != nil {
		return err
	}
	if list, err = n.proveEntries(r.Context(), list, size); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}
