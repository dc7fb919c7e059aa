package node

import (
	"context"
	"fmt"
	"testing"

	"cession/deal"
	"cession/node/translog"
)

// wholeLog returns all entries of a member's log.
func (w *world) wholeLog(of deal.PartyID) (all []LogEntry) {
	w.t.Helper()
	for {
		page, err := w.members[of].client.Log(context.Background(), uint64(len(all)))
		check(w.t, err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// found reports whether a member's log, own doings included, has an entry.
func (w *world) found(at deal.PartyID, what, result string) bool {
	w.t.Helper()
	for _, e := range w.wholeLog(at) {
		v, err := e.View()
		check(w.t, err)
		if v.What == what && v.Result == result {
			return true
		}
	}
	return false
}

// soundLog checks that a member's entries are what its signed head stands for.
func (w *world) soundLog(of deal.PartyID) {
	w.t.Helper()
	var built translog.Builder
	entries := w.wholeLog(of)
	for i, e := range entries {
		if e.Position != uint64(i) {
			w.t.Fatalf("entry %d stands at %d", i, e.Position)
		}
		check(w.t, built.Add(e.Entry))
	}
	head, err := built.Head()
	check(w.t, err)
	a, err := w.members[of].client.LogHead(context.Background(), 0)
	check(w.t, err)
	if a.Head.head() != head {
		w.t.Errorf("the head of %s is %v, its entries have %v", of, a.Head.head(), head)
	}
	check(w.t, w.members[of].node.signedHead(context.Background(), of, a.Head))
}

// A deal leaves in both logs who did what, each entry provable by itself; the
// buyer's receipt names the head of the seller's log.
func TestAuditLog(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id, release := w.handover()
	check(t, w.readAll(id))
	check(t, w.pull(id, release))
	w.act(buyer, id, "", "handover.receipt")
	for _, of := range []deal.PartyID{seller, buyer} {
		w.soundLog(of)
	}
	for _, what := range []string{"room.list", "room.read", "handover.list", "handover.range", "handover.done"} {
		if !w.found(seller, what, "ok") {
			t.Errorf("%s is not in the seller's log", what)
		}
	}
	p, err := w.members[seller].client.LogProof(ctx, 2)
	check(t, err)
	check(t, translog.VerifyInclusion(p.Head.head(), 2, p.Entry.Entry, p.Entry.Proof))

	log := w.desk.deals[id].Value("handover", "receipt", "log").Commitment()
	if log.IsZero() {
		t.Fatal("the receipt does not name the seller's log")
	}
	_, err = w.members[seller].client.Deal(ctx, id) // has the seller's node see the receipt
	check(t, err)
	peers, err := w.members[seller].client.LogPeers(ctx)
	check(t, err)
	if len(peers.Cosigned) != 1 || peers.Cosigned[0].Head != log || !peers.Cosigned[0].Known || peers.Cosigned[0].Party != buyer {
		t.Errorf("co-signed are %+v, want the head of the receipt", peers.Cosigned)
	}
	if peers, err = w.members[buyer].client.LogPeers(ctx); err != nil || len(peers.Heads) != 1 || peers.Heads[0].Party != seller {
		t.Errorf("the buyer knows the heads %+v, %v", peers.Heads, err)
	}
}

// readAll has the buyer read the data room.
func (w *world) readAll(id deal.ID) error {
	docs, err := w.members[buyer].client.RoomDocuments(context.Background(), id)
	if err != nil {
		return err
	}
	for _, d := range docs {
		body, err := w.members[buyer].client.RoomContent(context.Background(), id, d.Index)
		if err != nil {
			return err
		}
		body.Close()
	}
	return nil
}

// Strangers cannot make the log grow, nor can the ranges of a document; how many
// there were is in the log once their time is over.
func TestTallies(t *testing.T) {
	w := newWorld(t)
	ctx, n := context.Background(), w.members[seller].node
	before := len(w.wholeLog(seller))
	stranger := refuse(UnknownPeer, "a stranger")
	for i := range 300 {
		check(t, n.logView(ctx, deal.PartyID(fmt.Sprint("stranger-", i)), deal.NewID(), "connect", 0, stranger))
		check(t, n.logView(ctx, buyer, "deal-1", "handover.range", 1, nil))
	}
	if have := len(w.wholeLog(seller)) - before; have != 2 {
		t.Errorf("300 attempts of each of two kinds made %d entries, want 2", have)
	}
	w.clock.add(tallyWindow)
	check(t, n.closeTallies(ctx))
	counts := map[string]uint64{}
	for _, e := range w.wholeLog(seller)[before:] {
		v, err := e.View()
		check(t, err)
		counts[v.What] += v.Count
	}
	if counts["connect"] != 299 || counts["handover.range"] != 299 {
		t.Errorf("counted are %v, want 299 of each after the first", counts)
	}
	check(t, n.logView(ctx, loser, "", "connect", 0, stranger)) // a new run is logged again
	if have := len(w.wholeLog(seller)) - before; have != 5 {
		t.Errorf("%d entries, want 5", have)
	}
	w.soundLog(seller)
}

// What versions before the Merkle log had logged is taken over, once.
func TestImportViews(t *testing.T) {
	w := newWorld(t)
	ctx, n := context.Background(), w.members[seller].node
	before := len(w.wholeLog(seller))
	for i := range 3 {
		check(t, n.state.exec(ctx, "INSERT INTO views (at, party, deal, what, idx, result) VALUES (?, ?, ?, 'room.read', ?, 'ok')",
			stamp(w.clock.Now()), buyer, "deal-1", i))
	}
	for range 2 {
		w.restart(seller)
	}
	list := w.wholeLog(seller)[before:]
	if len(list) != 3 {
		t.Fatalf("%d entries, want the 3 old ones once", len(list))
	}
	if v, err := list[2].View(); err != nil || v.Index != 2 || v.Party != buyer || !v.At.Equal(w.clock.Now()) {
		t.Errorf("taken over as %+v, %v", v, err)
	}
	w.soundLog(seller)
}

// A peer sees of the log what is about itself, and nothing of others.
func TestPeerSeesItsOwnEntries(t *testing.T) {
	w := newWorld(t)
	w.start(loser)
	id := w.listed()
	w.invited(id, buyer)
	w.invited(id, loser)
	check(t, w.readAll(id))
	c, err := w.members[loser].node.peer(context.Background(), seller)
	check(t, err)
	check(t, w.ask(loser, "/peer/v1/deals/"+string(id)+"/room/documents"))
	size := len(w.wholeLog(seller))
	var list []LogEntry
	check(t, c.get(context.Background(), fmt.Sprintf("/peer/v1/deals/%s/log?size=%d", id, size), maxBody, &list))
	if len(list) == 0 {
		t.Fatal("the loser does not see its own read")
	}
	for _, e := range list {
		if v, err := e.View(); err != nil || v.Party != loser {
			t.Errorf("the loser is shown %+v, %v", v, err)
		}
	}
	var none []LogEntry
	check(t, c.get(context.Background(), fmt.Sprintf("/peer/v1/deals/%s/log?size=%d", deal.NewID(), size), maxBody, &none))
	if len(none) > 0 {
		t.Errorf("%d entries of a deal that is not there", len(none))
	}
}
