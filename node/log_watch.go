package node

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"time"

	"cession/deal"
)

// Between handovers, too, nodes look at the heads of each other's logs: who
// rewrites a log is found out within the hour, with the evidence.

const (
	watchPause = time.Hour       // between two looks at the same log
	watchTime  = 5 * time.Second // for one look
	maxWatched = 5               // logs looked at in one round, so that nodes that are down do not hold up the rest
)

// watchLogs looks at the logs of the nodes this one knows, but for those on
// record as rewritten already.
func (n *Node) watchLogs(ctx context.Context) error {
	var parties []deal.PartyID
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var party deal.PartyID
		err := r.Scan(&party)
		parties = append(parties, party)
		return err
	}, `SELECT party FROM records WHERE party <> ? AND NOT EXISTS (
		SELECT 1 FROM forks JOIN peer_heads ON peer_heads.party = forks.party AND peer_heads.head = forks.known
		WHERE forks.party = records.party)`, n.Party)
	looked := 0
	for _, party := range parties {
		if at, ok := n.watched.Load(party); ok && n.now().Sub(at.(time.Time)) < watchPause {
			continue
		}
		if err != nil || looked == maxWatched || ctx.Err() != nil {
			break
		}
		n.watched.Store(party, n.now())
		looked++
		err = n.watchLog(ctx, party)
	}
	return err
}

// watchLog takes the head of one node's log. A node that does not answer, or
// does not know this one, is nothing to log; a log that was rewritten is.
func (n *Node) watchLog(ctx context.Context, party deal.PartyID) error {
	look, cancel := context.WithTimeout(ctx, watchTime)
	defer cancel()
	peer, err := n.peer(look, party)
	if err == nil {
		_, err = n.nextHead(look, peer, party)
	}
	if code := reasonOf(err); code == ForkedLog || code == ForgedHead {
		e := ViewEntry{Party: party, What: "log.watch", Own: true}
		return n.tally(ctx, "watch/"+string(party)+"/"+string(code), e, err)
	}
	return nil
}

// nextHead takes the head of a peer's log, which has to follow the last one. One
// at a time: two answers that cross would look like a log that has shrunk.
func (n *Node) nextHead(ctx context.Context, peer *peerClient, party deal.PartyID) (LogHead, error) {
	unlock, err := n.acting.lock(ctx, "head of "+string(party))
	if err != nil {
		return LogHead{}, err
	}
	defer unlock()
	last, _, err := n.lastHead(ctx, party)
	if err != nil {
		return last, err
	}
	var a HeadAnswer
	if err := peer.get(ctx, fmt.Sprintf("/peer/v1/log/head?from=%d", last.Size), maxBody, &a); err != nil {
		return last, err
	}
	return a.Head, n.checkHead(ctx, party, a)
}

// AcceptLog takes the log of a party as it is now, though it was rewritten: at
// the customer's word, when the party has said why, as that its node was restored
// from a backup. The two heads stay on record. Errors: notfound (the log is not
// known as rewritten).
func (n *Node) AcceptLog(ctx context.Context, party deal.PartyID) error {
	unlock, err := n.acting.lock(ctx, "head of "+string(party))
	if err != nil {
		return err
	}
	defer unlock()
	last, _, err := n.lastHead(ctx, party)
	if err != nil {
		return err
	}
	var one int
	forked, err := n.state.row(ctx, []any{&one}, "SELECT 1 FROM forks WHERE party = ? AND known = ?", party, jsonColumn(last))
	if err != nil {
		return err
	}
	if !forked {
		return deal.Errorf(deal.NotFound, "the log of %.40q is not known to be rewritten since it was last accepted", string(party))
	}
	digest, err := n.Hashes.Digest(last.TypedData(n.Market.ChainID))
	if err != nil {
		return err
	}
	if err := n.logOwn(ctx, ViewEntry{Party: party, What: "log.accept", Ref: digest}, nil); err != nil {
		return err
	}
	return n.state.exec(ctx, "DELETE FROM peer_heads WHERE party = ?", party)
}

func (n *Node) postAcceptLog(w http.ResponseWriter, r *http.Request) error {
	party := deal.PartyID(r.PathValue("party"))
	if err := party.Check(); err != nil {
		return err
	}
	if err := n.AcceptLog(context.WithoutCancel(r.Context()), party); err != nil {
		return err
	}
	return n.getLogPeers(w, r)
}
