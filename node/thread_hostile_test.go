package node

import (
	"context"
	"net/http"
	"testing"

	"cession/deal"
)

// post sends a text to the seller's node as the buyer's node would.
func (w *world) post(id deal.ID, m Message) error {
	c, err := w.members[buyer].node.peer(context.Background(), seller)
	check(w.t, err)
	resp, err := c.do(context.Background(), http.MethodPost, "/peer/v1/deals/"+string(id)+"/messages", nil, m)
	if err == nil {
		resp.Body.Close()
	}
	return err
}

// slip has the desk take an act of the buyer's, or the seller's, that its own
// node would not sign. It returns the act.
func (w *world) slip(by deal.PartyID, id deal.ID, like deal.Act, change func(*deal.Act)) deal.Act {
	w.t.Helper()
	act := w.sign(w.members[by].wallet, like, func(a *deal.Act) {
		a.ID, a.Deal, a.Room, a.Party = deal.Commitment{}, id, buyer, by
		a.Sequence = w.desk.rooms[id][buyer].NextSequence(by)
		change(a)
	})
	o, err := deskOf{w.desk, by}.Act(context.Background(), act)
	if err != nil || o.Verdict != deal.Accepted {
		w.t.Fatalf("%s past the node: %v %s", act.Name(), err, o.Verdict)
	}
	return act
}

// rooted gives an act the root that it has at the end of its thread.
func (w *world) rooted(id deal.ID, a *deal.Act) {
	room := w.desk.rooms[id][buyer].Clone()
	talk := w.members[seller].node.talkOf(&room)
	first, _ := talk.of(*a)
	a.Fields["thread"] = deal.Digest(talk.root(talk.threads[first], newTurn(*a)))
}

// A bidder whose node is not ours cannot put a text into the seller's node that
// is not what is on record, where it is on record, about what is in its room.
func TestHostileAsker(t *testing.T) {
	question, elsewhere := deal.Seal("Is this me?"), deal.Seal(`{"document":9,"leaf":"0x0000000000000000000000000000000000000000000000000000000000000001","version":1}`)
	said := func(act deal.Act, field string, s deal.Sealed) Message {
		text, salt := s.Open()
		return Message{Act: act.ID, Field: field, Party: buyer, Salt: salt, Text: text}
	}
	for name, c := range map[string]struct {
		change func(*world, deal.ID, *deal.Act)
		text   func(deal.Act) Message
		want   Reason
	}{
		"forged text": {nil, func(a deal.Act) Message {
			m := said(a, "question", question)
			m.Text = "Is this not me?"
			return m
		}, WrongText},
		"wrong salt": {nil, func(a deal.Act) Message {
			m := said(a, "question", question)
			m.Salt = deal.NewSalt()
			return m
		}, WrongText},
		"text of a field that is no text": {nil, func(a deal.Act) Message { return said(a, "thread", question) }, WrongText},
		"text of an act that is not on record": {nil, func(a deal.Act) Message {
			a.ID = deal.NewSalt()
			return said(a, "question", question)
		}, WrongText},
		"wrong thread root": {func(_ *world, _ deal.ID, a *deal.Act) { a.Fields["thread"] = deal.Digest(deal.NewSalt()) },
			func(a deal.Act) Message { return said(a, "question", question) }, WrongThread},
		"no thread root": {func(_ *world, _ deal.ID, a *deal.Act) { delete(a.Fields, "thread") },
			func(a deal.Act) Message { return said(a, "question", question) }, WrongThread},
		"follow-up to an act that is no question": {func(w *world, id deal.ID, a *deal.Act) {
			v, err := deal.NewValue(deal.KindAct, w.desk.rooms[id][buyer].Last("nda", "sign").Act.ID.String())
			check(w.t, err)
			a.Fields["about"] = v
		}, func(a deal.Act) Message { return said(a, "question", question) }, WrongThread},
		"place of a document that is not in the room": {func(w *world, id deal.ID, a *deal.Act) {
			a.Fields["place"] = sealedValue(w.t, elsewhere)
			w.rooted(id, a)
		}, func(a deal.Act) Message { return said(a, "place", elsewhere) }, WrongPlace},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.room()
			first := w.act(buyer, id, buyer, "questions.ask", "question=Late?").Act
			_, like, err := scene{rooms: map[deal.PartyID]*deal.Progress{buyer: w.desk.rooms[id][buyer]}}.act(first)
			check(t, err)
			act := w.slip(buyer, id, like, func(a *deal.Act) {
				a.Fields = map[string]deal.Value{"question": sealedValue(t, question)}
				w.rooted(id, a)
				if c.change != nil {
					c.change(w, id, a)
				}
			})
			wantReason(t, w.post(id, c.text(act)), c.want)
			if !w.logged(seller, "message", string(c.want)) {
				t.Error("the refusal is not in the view log")
			}
			talk := w.talkAt(seller, id)
			if q := talk.Questions[1]; len(q.Withheld) == 0 || q.Trouble == "" {
				t.Errorf("%+v, want a text withheld", q)
			}
			if _, err := w.try(seller, id, buyer, "questions.answer", "asked="+act.ID.String(), "answer=Yes."); deal.KindOf(err) != deal.Refused {
				t.Errorf("answered all the same: %v", err)
			}
			w.act(seller, id, buyer, "questions.answer", "asked="+first.String(), "answer=The deal goes on.")
		})
	}
}

// A seller whose node is not ours cannot answer in another thread than it signs.
func TestHostileAnswerer(t *testing.T) {
	for name, change := range map[string]func(w *world, a *deal.Act, one, two deal.Act){
		"answer to another thread's question": func(w *world, a *deal.Act, one, two deal.Act) {
			w.rooted(one.Deal, a) // for the first, and then said of the second
			a.Fields["asked"] = actValue(w.t, two.ID)
		},
		"answer to an act that is no question": func(w *world, a *deal.Act, one, two deal.Act) {
			a.Fields["asked"] = actValue(w.t, w.desk.rooms[one.Deal][buyer].Last("nda", "sign").Act.ID)
		},
		"answer that leaves the question out": func(w *world, a *deal.Act, one, two deal.Act) {
			talk := w.members[seller].node.talkOf(w.desk.rooms[one.Deal][buyer])
			a.Fields["thread"] = deal.Digest(talk.root(nil, newTurn(*a)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.room()
			w.act(buyer, id, buyer, "questions.ask", "question=One?")
			w.act(buyer, id, buyer, "questions.ask", "question=Two?")
			records := w.desk.rooms[id][buyer].Clone().Records
			one, two := records[len(records)-2].Act, records[len(records)-1].Act
			text := deal.Seal("Sure.")
			like := deal.Act{Step: "questions", Action: "answer"}
			act := w.slip(seller, id, like, func(a *deal.Act) {
				a.Fields = map[string]deal.Value{"asked": actValue(t, one.ID), "answer": sealedValue(t, text)}
				w.rooted(id, a)
				change(w, a, one, two)
			})
			said, salt := text.Open()
			n := w.members[seller].node
			check(t, n.state.exec(context.Background(), "INSERT INTO texts VALUES (?, 'answer', ?, ?, ?, ?, ?)",
				act.ID.String(), id, buyer, seller, salt.String(), said))
			talk := w.talkAt(buyer, id)
			if w.heldAt(buyer, act.ID) != "" || talk.Unheard[buyer] != string(WrongThread) {
				t.Errorf("unheard %v, want the answer refused", talk.Unheard)
			}
			if !w.found(buyer, "message.fetch", string(WrongThread)) {
				t.Error("the refusal is not in the view log")
			}
			for _, q := range talk.Questions {
				if q.State != QuestionOpen {
					t.Errorf("%+v, want it open", q)
				}
			}
		})
	}
}

func actValue(t testing.TB, id deal.Commitment) deal.Value {
	t.Helper()
	v, err := deal.NewValue(deal.KindAct, id.String())
	check(t, err)
	return v
}

// Nobody but the two parties of a room exchanges texts with their nodes.
func TestMessagesAreOfTwo(t *testing.T) {
	w := newWorld(t)
	id, _ := w.answered()
	ctx := context.Background()
	check(t, w.members[loser].node.meet(ctx, buyer, w.members[buyer].wallet.address)) // they know each other from elsewhere
	check(t, w.members[buyer].node.meet(ctx, loser, w.members[loser].wallet.address))
	at, err := w.members[loser].node.peer(ctx, buyer)
	check(t, err)
	path := "/peer/v1/deals/" + string(id) + "/messages"
	wantReason(t, at.get(ctx, path, maxListing, new([]Message)), UnknownPeer)
	_, err = at.do(ctx, http.MethodPost, path, nil, Message{Act: deal.NewSalt(), Field: "answer", Party: seller, Text: "x"})
	wantReason(t, err, UnknownPeer)
	if !w.logged(buyer, "message", string(UnknownPeer)) {
		t.Error("the refusals are not in the view log")
	}
	at, err = w.members[loser].node.peer(ctx, seller)
	check(t, err)
	var list []Message
	check(t, at.get(ctx, path, maxListing, &list))
	for _, m := range list {
		t.Errorf("the seller's node shows the loser the %s of %s", m.Field, m.Act.Short())
	}
}
