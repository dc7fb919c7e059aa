package node

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"cession/deal"
	"cession/node/translog"
)

// A seller's log that was rewritten, cut or leaves out what the buyer read is
// not co-signed, and the buyer's node has it on record with the evidence.
func TestForkedLog(t *testing.T) {
	shown := func(change func(*world, *HeadAnswer)) func(*world) {
		return func(w *world) {
			w.network(buyer, tamper("/log/head", func(b []byte) []byte {
				var a HeadAnswer
				check(w.t, json.Unmarshal(b, &a))
				change(w, &a)
				out, err := json.Marshal(a)
				check(w.t, err)
				return out
			}))
		}
	}
	sign := func(w *world, a *HeadAnswer) {
		var err error
		a.Head.Signature, err = w.members[seller].wallet.SignTypedData(a.Head.TypedData(testMarket.ChainID))
		check(w.t, err)
	}
	for name, c := range map[string]struct {
		spoil func(*world)
		want  Reason
		fork  bool // evidence of it is kept
	}{
		"rewritten": {func(w *world) { w.rewriteLog(seller) }, ForkedLog, true},
		"shrunk": {shown(func(w *world, a *HeadAnswer) {
			head, err := translog.At(context.Background(), w.members[seller].node.state.db, 2)
			check(w.t, err)
			a.Head.Size, a.Head.Root, a.Consistency = head.Size, head.Root, nil
			sign(w, a)
		}), ForkedLog, true},
		"another proof": {shown(func(w *world, a *HeadAnswer) { a.Consistency = append(a.Consistency, deal.Commitment{1}) }), ForkedLog, true},
		"not signed":    {shown(func(w *world, a *HeadAnswer) { a.Head.Root[0] ^= 1 }), ForgedHead, false},
		"of another party": {shown(func(w *world, a *HeadAnswer) {
			a.Head.Party = loser
			sign(w, a)
		}), ForgedHead, false},
		"an entry left out": {func(w *world) {
			w.network(buyer, tamper("/log", func(b []byte) []byte {
				var list []LogEntry
				if json.Unmarshal(b, &list) != nil || len(list) == 0 {
					return b
				}
				return []byte("[]")
			}))
		}, LogIncomplete, false},
		"an entry altered": {func(w *world) {
			w.network(buyer, tamper("/log", func(b []byte) []byte { return []byte(strings.ReplaceAll(string(b), `"room.read"`, `"room.list"`)) }))
		}, LogIncomplete, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			check(t, w.readAll(id))
			w.seenHead(id, release) // the buyer's node has seen the seller's log before
			c.spoil(w)
			check(t, w.pull(id, release))
			_, err := w.try(buyer, id, "", "handover.receipt")
			wantReason(t, err, c.want)
			if !w.found(buyer, "log.witness", string(c.want)) {
				t.Errorf("%s is not in the buyer's log", c.want)
			}
			peers, err := w.members[buyer].client.LogPeers(context.Background())
			check(t, err)
			if (len(peers.Forks) > 0) != c.fork {
				t.Errorf("%d forks on record", len(peers.Forks))
			}
		})
	}
}

// seenHead has the buyer's node see the seller's log as it is.
func (w *world) seenHead(id deal.ID, release deal.Act) {
	w.t.Helper()
	n := w.members[buyer].node
	peer, err := n.peer(context.Background(), seller)
	check(w.t, err)
	var a HeadAnswer
	check(w.t, peer.get(context.Background(), "/peer/v1/log/head", maxBody, &a))
	check(w.t, n.checkHead(context.Background(), seller, a))
}

// rewriteLog gives a member's node another history of the same length.
func (w *world) rewriteLog(of deal.PartyID) {
	w.t.Helper()
	ctx, n := context.Background(), w.members[of].node
	size := len(w.wholeLog(of))
	for _, table := range []string{"log_nodes", "log_entries", "log_heads"} {
		check(w.t, n.state.exec(ctx, "DELETE FROM "+table))
	}
	for i := range size {
		check(w.t, n.logEntry(ctx, ViewEntry{Party: loser, What: "room.read", Index: uint64(i)}, nil))
	}
}

// A node that does not show its log does not keep the buyer from settling.
func TestNoLogToWitness(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "/log") {
				return nil, errHook
			}
			return next.RoundTrip(r)
		})
	})
	check(t, w.pull(id, release))
	w.act(buyer, id, "", "handover.receipt")
	if log := w.desk.deals[id].Value("handover", "receipt", "log"); log.Kind() != "" {
		t.Errorf("the receipt names the log %s that nobody saw", log)
	}
	if !w.found(buyer, "log.witness", "error") {
		t.Error("that the log was not seen is not in the buyer's log")
	}
}

// A receipt that names a head that the seller's node never gave out is noted.
func TestForeignHeadInReceipt(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	check(t, w.pull(id, release))
	n := w.members[buyer].node
	check(t, n.state.exec(context.Background(), `INSERT INTO witnessed VALUES (?1, ?2, '') ON CONFLICT DO UPDATE SET head = ?2, code = ''`,
		release.ID.String(), deal.Commitment{7}.String()))
	w.act(buyer, id, "", "handover.receipt")
	_, err := w.members[seller].client.Deal(context.Background(), id)
	check(t, err)
	if !w.found(seller, "log.cosigned", string(ForgedHead)) {
		t.Error("the head that is not the seller's is not in its log")
	}
}
