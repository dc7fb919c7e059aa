package node

import (
	"context"
	"testing"

	"cession/deal"
)

// A whole deal through three nodes over TLS: intake, data room, questions,
// terms, escrow, handover, settlement, archive.
func TestDeal(t *testing.T) {
	w := newWorld(t)
	w.start(loser)
	ctx := context.Background()
	id := w.listed()
	w.invited(id, buyer)
	w.invited(id, loser)

	b := w.members[buyer].client
	list, err := b.RoomDocuments(ctx, id)
	check(t, err)
	for i, f := range files() {
		if list[i].Name != f.name || !list[i].Held {
			t.Errorf("data room lists %+v, want %q held", list[i], f.name)
		}
	}
	w.sameFiles(buyer, b.RoomContent, id)
	w.talk(id)

	w.sold(id)
	release := w.released(id)
	check(t, w.pull(id, release))
	check(t, w.pull(id, release)) // an activity whose answer was lost runs again
	w.sameFiles(buyer, b.Content, id)
	documents, done, err := w.members[seller].node.Delivered(ctx, release.ID)
	if err != nil || documents != 3 || !done {
		t.Errorf("seller's node says %d documents delivered, done %t, %v; want 3, true", documents, done, err)
	}
	w.act(buyer, id, "", "handover.receipt")
	w.act(buyer, id, "", "settlement.settle")
	w.act(seller, id, "", "archive.archive")
	for _, e := range []string{"room.list", "room.read", "handover.list", "handover.range", "handover.done", "message"} {
		if !w.logged(seller, e, "ok") {
			t.Errorf("%s is not in the seller's view log", e)
		}
	}
}

// talk has a question asked and answered, each text at both nodes.
func (w *world) talk(id deal.ID) {
	w.t.Helper()
	asked := w.act(buyer, id, buyer, "questions.ask", "question=Is invoice 7 disputed?")
	ctx := context.Background()
	_, err := w.members[buyer].client.Messages(ctx, id, buyer) // brings the question over
	check(w.t, err)
	w.act(seller, id, buyer, "questions.answer", "asked="+asked.Act.String(), "answer=No, since March.")
	for _, party := range []deal.PartyID{buyer, seller} {
		list, err := w.members[party].client.Messages(ctx, id, buyer)
		check(w.t, err)
		if len(list) != 3 || list[0].Field != "text" || list[1].Text != "Is invoice 7 disputed?" || list[2].Text != "No, since March." {
			w.t.Errorf("%s has %d messages, want the agreement, question and answer", party, len(list))
		}
	}
}
