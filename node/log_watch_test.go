package node

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

// knownLogs has the seller and the buyer know each other, and each the other's log.
func (w *world) knownLogs() deal.ID {
	w.t.Helper()
	id := w.listed()
	w.invited(id, buyer)
	check(w.t, w.readAll(id))
	for _, of := range []deal.PartyID{seller, buyer} {
		check(w.t, w.members[of].node.logOwn(context.Background(), ViewEntry{Party: of, What: "reveal"}, nil)) // no log is empty
	}
	for _, of := range []deal.PartyID{seller, buyer} {
		w.lookAtLogs(of)
	}
	return id
}

// lookAtLogs has a member's node look at the logs it knows, an hour later.
func (w *world) lookAtLogs(of deal.PartyID) {
	w.t.Helper()
	w.clock.add(watchPause + time.Second)
	check(w.t, w.members[of].node.watchLogs(context.Background()))
}

// A log that is rewritten is found out without a handover, by either side, and
// is on record once.
func TestWatchedLogRewritten(t *testing.T) {
	for by, of := range map[deal.PartyID]deal.PartyID{seller: buyer, buyer: seller} {
		t.Run("by "+string(by), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ctx := context.Background()
			w.knownLogs()
			peers, err := w.members[by].client.LogPeers(ctx)
			check(t, err)
			if len(peers.Heads) != 1 || peers.Heads[0].Party != of || len(peers.Forks) != 0 {
				t.Fatalf("known are %+v, want the log of %s", peers, of)
			}
			before := len(w.wholeLog(by))
			w.lookAtLogs(by)
			if have := len(w.wholeLog(by)); have != before {
				t.Errorf("a log that goes on made %d entries", have-before)
			}
			w.rewriteLog(of)
			for range 3 {
				w.lookAtLogs(by)
			}
			if !w.found(by, "log.watch", string(ForkedLog)) {
				t.Error("the rewritten log is not in the log of who found it")
			}
			if peers, err = w.members[by].client.LogPeers(ctx); err != nil || len(peers.Forks) != 1 {
				t.Errorf("forks are %+v, %v, want one", peers.Forks, err)
			}
		})
	}
}

// Who says why its log was rewritten can be trusted again, by the customer's
// word alone; that it was stays on record.
func TestAcceptLog(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id, release := w.handover()
	w.seenHead(id, release)
	_, err := w.members[buyer].client.AcceptLog(ctx, seller) // there is nothing to accept
	wantKind(t, err, deal.NotFound)
	w.rewriteLog(seller)
	check(t, w.pull(id, release))
	_, err = w.try(buyer, id, "", "handover.receipt")
	wantReason(t, err, ForkedLog)
	peers, err := w.members[buyer].client.AcceptLog(ctx, seller)
	check(t, err)
	onRecord := len(peers.Forks)
	if onRecord == 0 || !w.found(buyer, "log.accept", "ok") {
		t.Errorf("%d forks are on record, or the log does not say that it was accepted", onRecord)
	}
	w.act(buyer, id, "", "handover.receipt")
	_, err = w.members[buyer].client.AcceptLog(ctx, seller) // once
	wantKind(t, err, deal.NotFound)
	w.rewriteLog(seller)
	w.lookAtLogs(buyer)
	if peers, err = w.members[buyer].client.LogPeers(ctx); err != nil || len(peers.Forks) != onRecord+1 {
		t.Errorf("%d forks, %v, want one more than %d", len(peers.Forks), err, onRecord)
	}
}

// A node that does not answer is looked at again later, and is no entry.
func TestWatchedNodeDown(t *testing.T) {
	w := newWorld(t)
	w.knownLogs()
	w.members[seller].stop()
	before := len(w.wholeLog(buyer))
	w.lookAtLogs(buyer)
	if have := len(w.wholeLog(buyer)); have != before {
		t.Errorf("%d entries", have-before)
	}
	w.start(seller)
	w.lookAtLogs(buyer)
}

// Two looks at one log whose answers cross are no fork.
func TestLooksThatCross(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.knownLogs()
	n, crossed := w.members[buyer].node, make(chan error, 1)
	first := true
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if !first || err != nil || !strings.HasSuffix(r.URL.Path, "/log/head") {
				return resp, err
			}
			first = false
			b, err := io.ReadAll(resp.Body)
			resp.Body = io.NopCloser(bytes.NewReader(b))
			check(t, w.members[seller].node.logEntry(ctx, ViewEntry{Party: buyer, Deal: id, What: "room.list"}, nil)) // the log goes on
			go func() { crossed <- n.watchLog(ctx, seller) }()
			select {
			case early := <-crossed:
				crossed <- early
			case <-time.After(200 * time.Millisecond):
			}
			return resp, err
		})
	})
	check(t, w.members[seller].node.logEntry(ctx, ViewEntry{Party: buyer, Deal: id, What: "room.list"}, nil))
	check(t, n.watchLog(ctx, seller))
	check(t, <-crossed)
	peers, err := w.members[buyer].client.LogPeers(ctx)
	check(t, err)
	if first || len(peers.Forks) != 0 {
		t.Errorf("%d forks of a log that only grew", len(peers.Forks))
	}
}
