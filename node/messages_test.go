package node

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cession/deal"
)

// talkative puts more questions of the buyer's on a room's record, and their
// texts into the buyer's node, than one answer of a node brings.
func (w *world) talkative(id deal.ID) *deal.Progress {
	w.t.Helper()
	n, room := w.members[buyer].node, w.desk.rooms[id][buyer].Clone()
	check(w.t, n.state.tx(context.Background(), func(tx *sql.Tx) error {
		for i := range maxMessages + 1 {
			text := deal.Seal(fmt.Sprintf("Question %d?", i))
			act := deal.Act{ID: deal.NewSalt(), Deal: id, Room: buyer, Party: buyer, Step: "questions", Action: "ask",
				Fields: map[string]deal.Value{"question": sealedValue(w.t, text)}}
			act.Fields["thread"] = deal.Digest(n.talkOf(&deal.Progress{}).root(nil, newTurn(act)))
			room.Records = append(room.Records, deal.Record{Act: act})
			words, salt := text.Open()
			if err := insertText(context.Background(), tx, act, "question", salt, words); err != nil {
				return err
			}
		}
		return nil
	}))
	return &room
}

// A room may have more texts than one answer brings: all are fetched and shown.
func TestManyMessages(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.room()
	room := w.talkative(id)
	n := w.members[seller].node
	fetch := func() int {
		peer, err := n.peer(ctx, buyer)
		check(t, err)
		check(t, n.fetchTexts(ctx, peer, "/peer/v1/deals/"+string(id)+"/messages", room, buyer))
		list, err := n.Messages(ctx, id, buyer)
		check(t, err)
		count := 0
		for _, m := range list {
			if m.Field == "question" {
				count++
			}
		}
		return count
	}
	asked := 0
	c, err := n.peer(ctx, buyer)
	check(t, err)
	next := c.http.Transport
	c.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/messages") {
			r.URL.RawQuery = "" // as a node that knows no pages is asked
			asked++
		}
		return next.RoundTrip(r)
	})
	if have := fetch(); have > maxMessages || asked > 2 {
		t.Errorf("from a node without pages: %d texts, asked %d times; want at most %d, asked twice", have, asked, maxMessages)
	}
	n.peers.close()
	if have := fetch(); have != maxMessages+1 {
		t.Errorf("%d texts came, want %d", have, maxMessages+1)
	}
}

// A text that is brought again, for its answer was lost, is taken for what it
// is: also where the document it is about left the data room since.
func TestMessageBroughtAgain(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.room()
	w.act(buyer, id, buyer, "questions.ask", "question=Late?", `place={"document":1}`)
	list, err := w.members[buyer].client.Messages(ctx, id, buyer)
	check(t, err)
	check(t, w.members[seller].node.state.exec(ctx, "INSERT INTO room_parts VALUES (?, ?, '', ?)", id, buyer, deal.NewSalt().String()))
	for _, m := range list {
		if m.Field == "place" || m.Field == "question" {
			check(t, w.post(id, m))
		}
	}
}

// A text may be all characters that JSON escapes.
func TestEscapedMessage(t *testing.T) {
	w := newWorld(t)
	id := w.room()
	text := strings.Repeat("<", maxText)
	asked := w.act(buyer, id, buyer, "questions.ask", "question="+text).Act
	if have := w.heldAt(seller, asked); have != text {
		t.Errorf("%d bytes were brought, want %d", len(have), len(text))
	}
}

// A party that was not invited is told nothing, not even that there is a deal.
func TestMessagesOfAStranger(t *testing.T) {
	w := newWorld(t)
	w.start(loser)
	w.invitedLate(loser)
	id := w.listed()
	for _, d := range []deal.ID{id, deal.NewID()} {
		wantReason(t, w.ask(loser, "/peer/v1/deals/"+string(d)+"/messages"), UnknownPeer)
	}
	w.act(seller, id, "", "invitations.invite", "bidder="+string(loser))
	check(t, w.ask(loser, "/peer/v1/deals/"+string(id)+"/messages"))
}
