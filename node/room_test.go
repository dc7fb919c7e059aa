package node

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"cession/deal"
)

// Whoever may not read in the data room is refused at every read, and logged.
func TestRoomGate(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*world, deal.ID)
		want   Reason
	}{
		"no grant":      {func(*world, deal.ID) {}, NoGrant},
		"grant expired": {func(w *world, id deal.ID) { w.invited(id, loser); w.clock.add(201 * time.Hour) }, GrantExpired},
		"revoked": {func(w *world, id deal.ID) {
			w.invited(id, loser)
			w.act(seller, id, loser, "leave.revoke")
		}, GrantRevoked},
		"talks ended": {func(w *world, id deal.ID) {
			w.invited(id, loser)
			w.act(seller, id, loser, "leave.dismiss")
		}, GrantRevoked},
		"another was selected": {func(w *world, id deal.ID) {
			w.invited(id, loser)
			w.sold(id)
		}, GrantRevoked},
		"revoked by the workflow": {func(w *world, id deal.ID) {
			w.invited(id, loser)
			check(w.t, w.members[seller].node.Revoke(context.Background(), id, loser))
		}, GrantRevoked},
		"policy changed its mind": {func(w *world, id deal.ID) {
			w.invited(id, loser)
			w.policy.say(true, "data_room.open")
		}, PolicyRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.start(loser)
			w.invitedLate(loser) // known to the seller, through another deal
			id := w.listed()
			w.invited(id, buyer)
			c.before(w, id)
			room := "/peer/v1/deals/" + string(id) + "/room/documents"
			wantReason(t, w.ask(loser, room), c.want)
			for i := range files() {
				wantReason(t, w.ask(loser, fmt.Sprint(room, "/", i)), c.want)
			}
			if !w.logged(seller, "room.list", string(c.want)) || !w.logged(seller, "room.read", string(c.want)) {
				t.Errorf("%s is not in the seller's view log", c.want)
			}
		})
	}
}

// A grant the operator makes up is not opened.
func TestGrantRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(w *world, room *deal.Progress, open *deal.Act)
		want  Reason
	}{
		"NDA signed by another": {func(w *world, room *deal.Progress, _ *deal.Act) {
			r := room.Last("nda", "sign")
			r.Act = w.sign(w.members[loser].wallet, r.Act, func(*deal.Act) {})
		}, ForgedAct},
		"no NDA": {func(_ *world, room *deal.Progress, _ *deal.Act) {
			room.Records = room.Records[:3]
		}, ForgedAct},
		"another bidder": {func(w *world, room *deal.Progress, _ *deal.Act) {
			other := w.partyOf(loser)
			room.Bidder = &other
		}, ForgedAct},
		"the bidder with another wallet": {func(w *world, room *deal.Progress, _ *deal.Act) {
			room.Bidder.Wallet = w.members[loser].wallet.address
		}, WalletChanged},
		"opened by the bidder": {func(w *world, _ *deal.Progress, open *deal.Act) {
			*open = w.sign(w.members[buyer].wallet, *open, func(a *deal.Act) { a.Party = buyer })
		}, ForgedAct},
		"opened for longer than signed": {func(w *world, _ *deal.Progress, open *deal.Act) {
			open.Fields = cloneFields(open.Fields)
			open.Fields["until"] = deal.At(w.clock.Now().Add(10_000 * time.Hour))
		}, ForgedAct},
		"room that is over": {func(w *world, room *deal.Progress, _ *deal.Act) {
			now := w.clock.Now()
			room.Ended = &now
		}, GrantRevoked},
		"policy says no": {func(w *world, _ *deal.Progress, _ *deal.Act) {
			w.policy.say(true, "data_room.open")
		}, PolicyRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.listed()
			w.invited(id, buyer)
			n := w.members[seller].node
			check(t, n.state.exec(context.Background(), "DELETE FROM grants")) // as before it was granted
			room := w.desk.rooms[id][buyer].Clone()
			open := room.Last("data_room", "open").Act
			c.spoil(w, &room, &open)
			wantReason(t, n.Grant(context.Background(), &room, open), c.want)
			wantReason(t, w.ask(buyer, "/peer/v1/deals/"+string(id)+"/room/documents"), NoGrant)
		})
	}
}

func TestGrantStaysRevoked(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	n, room := w.members[seller].node, w.desk.rooms[id][buyer]
	open := room.Last("data_room", "open").Act
	check(t, n.Grant(context.Background(), room, open))
	check(t, n.Revoke(context.Background(), id, buyer))
	wantReason(t, n.Grant(context.Background(), room, open), GrantRevoked)
}

// A grant outlives the deadline of the act that gave it.
func TestGrantOutlivesAct(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.clock.add(150 * time.Hour)
	check(t, w.ask(buyer, "/peer/v1/deals/"+string(id)+"/room/documents"))
}

// A text that its act does not commit to is not taken in, from either side.
func TestMessageForged(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	asked := w.act(buyer, id, buyer, "questions.ask", "question=Is it paid?")
	n := w.members[buyer].node
	own, err := n.state.messages(context.Background(), "deal = ?", id)
	check(t, err)
	for name, change := range map[string]func(*Message){
		"other text":  func(m *Message) { m.Text = "Is it due?" },
		"other salt":  func(m *Message) { m.Salt = deal.NewSalt() },
		"other act":   func(m *Message) { m.Act = deal.Commitment{1} },
		"other field": func(m *Message) { m.Field = "answer" },
	} {
		m := own[1]
		change(&m)
		wantReason(t, w.members[seller].node.receive(context.Background(), id, buyer, m), WrongText)
		list, err := w.members[seller].client.Messages(context.Background(), id, buyer)
		if err != nil || slices.Contains(list, m) {
			t.Errorf("%s: taken in, or %v", name, err)
		}
	}
	wantReason(t, w.members[seller].node.receive(context.Background(), id, loser, own[1]), UnknownPeer)
	if asked.Act != own[1].Act {
		t.Errorf("text belongs to act %s, want %s", own[1].Act, asked.Act)
	}
}
