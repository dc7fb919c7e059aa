package node

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"cession/deal"
)

// recordHeader carries a node's own record to a peer: its word on its keys needs
// no directory, for the wallet signed it.
const recordHeader = "Cession-Record"

// announceTime bounds one attempt to tell a peer.
const announceTime = 5 * time.Second

// Rotate replaces the node's TLS key and its age identity and says so in a new
// record, to the directory and to every peer. What was wrapped for the old
// identity still opens here, so a release that names it can still be pulled;
// the old TLS key is destroyed. A directory that does not answer is told later.
func (n *Node) Rotate(ctx context.Context) (Record, error) {
	endpoint, ok := n.endpoint.Load().(string)
	if !ok {
		return Record{}, deal.Errorf(deal.Conflict, "rotate keys: the node has not published its record yet")
	}
	unlock, err := n.acting.lock(ctx, "record")
	if err != nil {
		return Record{}, err
	}
	defer unlock()
	err = n.identity.rotate()
	logged := n.logOwn(ctx, ViewEntry{Party: n.Party, What: "node.rotate", Ref: n.Pin()}, err)
	if err != nil {
		return Record{}, errors.Join(err, logged)
	}
	n.peers.close() // they have the old certificate
	r, err := n.proclaim(ctx, func() error { return n.publishOwn(ctx, endpoint) })
	return r, errors.Join(logged, err) // logged or not: the keys are new, and nobody knows them before they are told
}

// RevokeNode tells the directory and every peer that this node is not to be
// trusted any more. From then on they refuse it, until its keys are rotated.
func (n *Node) RevokeNode(ctx context.Context) (Record, error) {
	unlock, err := n.acting.lock(ctx, "record")
	if err != nil {
		return Record{}, err
	}
	defer unlock()
	r, ok, err := n.storedRecord(ctx, n.Party)
	if err != nil {
		return r, err
	}
	if !ok {
		return r, deal.Errorf(deal.Conflict, "revoke node: it has not published a record yet")
	}
	if err := n.logOwn(ctx, ViewEntry{Party: n.Party, What: "node.revoke", Ref: n.Pin()}, nil); err != nil {
		return r, err
	}
	return n.proclaim(ctx, func() error {
		if r.Revoked {
			return n.Directory.Publish(ctx, r)
		}
		r.Revoked, r.Sequence, r.Expires = true, max(uint64(n.now().Unix()), r.Sequence+1), n.now().Add(revokedFor).Truncate(time.Second)
		return n.publish(ctx, r)
	})
}

// proclaim publishes a record and tells every peer. What cannot be told now is
// told by [Node.tend].
func (n *Node) proclaim(ctx context.Context, publish func() error) (Record, error) {
	err := n.state.exec(ctx, "INSERT INTO announcements SELECT party FROM records WHERE party <> ? ON CONFLICT DO NOTHING", n.Party)
	if err != nil {
		return Record{}, err
	}
	if err := publish(); err != nil {
		n.Log.Warn("new record not published yet", "kind", deal.KindOf(err))
		if err := n.state.exec(ctx, "INSERT INTO announcements VALUES ('') ON CONFLICT DO NOTHING"); err != nil {
			return Record{}, err
		}
	}
	n.announce(ctx)
	r, _, err := n.storedRecord(ctx, n.Party)
	return r, err
}

// announce tells peers, and the directory, of a new record who have not heard of
// it yet.
func (n *Node) announce(ctx context.Context) {
	var waiting []deal.PartyID
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var party deal.PartyID
		err := r.Scan(&party)
		waiting = append(waiting, party)
		return err
	}, "SELECT party FROM announcements")
	for _, party := range waiting {
		if err != nil || ctx.Err() != nil {
			return
		}
		own, _, failed := n.storedRecord(ctx, n.Party)
		if failed == nil {
			failed = n.announceTo(ctx, party, own)
		}
		if failed != nil {
			n.Log.Info("new record not told yet", "party", party, "kind", deal.KindOf(failed))
			continue
		}
		// unless there is a newer one to tell by now
		err = n.state.exec(ctx, "DELETE FROM announcements WHERE party = ? AND EXISTS (SELECT 1 FROM records WHERE party = ? AND sequence = ?)",
			party, n.Party, int64(own.Sequence))
	}
}

// announceTo brings the own record to a peer, or to the directory ("").
func (n *Node) announceTo(ctx context.Context, party deal.PartyID, r Record) error {
	ctx, cancel := context.WithTimeout(ctx, announceTime)
	defer cancel()
	if party == "" {
		return n.Directory.Publish(ctx, r)
	}
	peer, err := n.peer(ctx, party)
	if reasonOf(err) == RevokedRecord {
		return nil // it will come back with another record
	}
	if err != nil {
		return err
	}
	header := http.Header{recordHeader: {encodeRecord(r)}}
	resp, err := peer.do(ctx, http.MethodGet, "/peer/v1/record", header, nil)
	if r.Revoked && reasonOf(err) == RevokedRecord {
		return nil // it has heard
	}
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// encodeRecord gives a record the form that a header has.
func encodeRecord(r Record) string { return base64.StdEncoding.EncodeToString([]byte(jsonColumn(r))) }

// hear takes a record that a peer brought itself.
func (n *Node) hear(ctx context.Context, peer deal.PartyID, header string) error {
	raw, err := base64.StdEncoding.DecodeString(header)
	if err != nil || len(raw) > maxRecord {
		return refuse(ForgedRecord, "the record that the peer brought is malformed")
	}
	var r Record
	if err := json.Unmarshal(raw, &r); err != nil {
		return refuse(ForgedRecord, "the record that the peer brought is malformed")
	}
	last, _, err := n.storedRecord(ctx, peer)
	if err != nil || (r.Sequence <= last.Sequence && !last.Expires.IsZero()) {
		return err // heard before
	}
	if !n.heard.allow(n.now()) {
		return tooMany(time.Second)
	}
	return n.learnRecord(ctx, peer, r, last)
}

// maxRecord bounds a record in bytes.
const maxRecord = 32 << 10

func (n *Node) peerRecord(w http.ResponseWriter, r *http.Request, _ deal.PartyID) error {
	return n.getRecord(w, r)
}

func (n *Node) postRotate(w http.ResponseWriter, r *http.Request) error {
	record, err := n.Rotate(context.WithoutCancel(r.Context()))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, record)
	return nil
}

func (n *Node) postRevoke(w http.ResponseWriter, r *http.Request) error {
	record, err := n.RevokeNode(context.WithoutCancel(r.Context()))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, record)
	return nil
}

// wasKeyOf reports whether a key was that of the record before the newest: its
// holder is told to come with the new one, not that it is a stranger.
func (n *Node) wasKeyOf(ctx context.Context, peer deal.PartyID, pin deal.Commitment) bool {
	var text string
	ok, err := n.state.row(ctx, []any{&text}, "SELECT previous FROM records WHERE party = ?", peer)
	var r Record
	return ok && err == nil && json.Unmarshal([]byte(text), &r) == nil && r.SPKI == pin
}
