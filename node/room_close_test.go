package node

import (
	"context"
	"testing"

	"cession/deal"
)

// Reading rights are the seller's to take back: at once, whether or not the desk
// answers.
func TestRoomClosedWithoutTheDesk(t *testing.T) {
	for name, close := range map[string]func(*world, deal.ID){
		"at the node": func(w *world, id deal.ID) {
			check(w.t, w.members[seller].client.RoomClose(context.Background(), id, buyer))
		},
		"by an act that has no answer": func(w *world, id deal.ID) {
			_, err := w.try(seller, id, buyer, "leave.revoke")
			wantKind(w.t, err, deal.Lost)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.room()
			check(t, w.ask(buyer, roomPath(id)))
			w.desk.lose = func(int) (request, answer bool) { return true, true }
			close(w, id)
			wantReason(t, w.ask(buyer, roomPath(id)), GrantRevoked)
			if !w.found(seller, "grant.revoke", "ok") {
				t.Error("the revocation is not in the log")
			}
		})
	}
	w := newWorld(t)
	wantKind(t, w.members[seller].client.RoomClose(context.Background(), w.listed(), buyer), deal.NotFound)
}

// A grant that the operator holds back until the seller has ended the talks
// opens nothing.
func TestGrantAfterItsEnd(t *testing.T) {
	for name, end := range map[string]func(*world, deal.ID){
		"revoked":              func(w *world, id deal.ID) { w.act(seller, id, loser, "leave.revoke") },
		"talks ended":          func(w *world, id deal.ID) { w.act(seller, id, loser, "leave.dismiss") },
		"another was selected": func(w *world, id deal.ID) { w.sold(id) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.start(loser)
			id := w.room()
			w.invited(id, loser)
			n, held := w.members[seller].node, w.desk.rooms[id][loser].Clone() // as it stood then
			check(t, n.state.exec(context.Background(), "DELETE FROM grants WHERE bidder = ?", loser))
			end(w, id)
			wantReason(t, n.Grant(context.Background(), &held, held.Last("data_room", "open").Act), GrantRevoked)
			wantReason(t, w.ask(loser, roomPath(id)), NoGrant)
		})
	}
}

// A read is found by its id however much was read since.
func TestRoomViewsFindALeak(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.room()
	ctx, c := context.Background(), w.members[seller].client
	content, err := w.members[buyer].client.RoomContent(ctx, id, 0)
	read(t, content, err)
	leaked := w.roomLog(id)[0].Note
	flood := `INSERT INTO log_entries SELECT position + i, party, deal, own, json_set(entry, '$.note', 'flood') FROM log_entries,
		(WITH RECURSIVE c(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM c WHERE i <= ?) SELECT i FROM c)
		WHERE position = (SELECT max(position) FROM log_entries)`
	check(t, w.members[seller].node.state.exec(ctx, flood, maxRoomViews))
	for _, e := range w.roomLog(id) {
		if e.Note == leaked {
			t.Fatal("the read is among the newest still: the test is blind")
		}
	}
	found, err := c.RoomViews(ctx, id, ViewFilter{Read: leaked})
	if err != nil || len(found) != 1 || found[0].Party != buyer {
		t.Errorf("found %v, %v; want the buyer's read", found, err)
	}
	for bidder, some := range map[deal.PartyID]bool{buyer: true, loser: false} {
		found, err := c.RoomViews(ctx, id, ViewFilter{Bidder: bidder})
		if err != nil || (len(found) > 0) != some {
			t.Errorf("%s: %d reads, %v", bidder, len(found), err)
		}
	}
}

// A desk that shows a room as it was before the last agreement does not bring
// back what was taken out since.
func TestRoomPartIsNotRolledBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.narrowed() // documents 0 and 2 of 3
	ctx, n := context.Background(), w.members[seller].node
	_, err := n.Deal(ctx, id)
	check(t, err)
	older := w.desk.rooms[id][buyer].Clone()
	_, err = w.perimeter(seller, id, "propose", []uint64{0}, map[string]string{"face": "50000 USD"})
	check(t, err)
	_, err = w.perimeter(buyer, id, "agree", nil, nil)
	check(t, err)
	for _, forge := range []func(*View){nil, func(v *View) { v.Rooms = []deal.Progress{older.Clone()} }} {
		w.desk.forge = forge
		_, _ = n.Deal(ctx, id)
		docs, err := n.roomPart(ctx, id, buyer)
		if err != nil || len(docs) != 1 || docs[0].Index != 0 {
			t.Errorf("the room has %d documents, %v; want the first one", len(docs), err)
		}
	}
}
