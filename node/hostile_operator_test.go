package node

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"cession/deal"
)

// attack is something that the operator does, with its desk, its directory and
// the network between the nodes.
type attack struct {
	attempt func(*world) error
	want    Reason
	at      deal.PartyID // whose node refuses
	what    string       // in that node's log
}

// Whatever the operator tries, a node refuses it for its own reason, and has it
// in its audit log.
func TestHostileOperator(t *testing.T) {
	for name, a := range map[string]attack{
		"forged route": {func(w *world) error {
			return w.misroute(seller, func(r Record) Record { r.Endpoint = w.directory.records[loser].Endpoint; return r })
		}, ForgedRecord, buyer, "record"},
		"own wallet under a party's name": {func(w *world) error {
			return w.misroute(seller, func(r Record) Record {
				m := w.members[loser]
				r.Endpoint, r.SPKI, r.Wallet, r.Signers = w.directory.records[loser].Endpoint, m.node.Pin(), m.wallet.address, []deal.Address{m.wallet.address}
				r.Signature, _ = m.wallet.SignTypedData(r.TypedData(testMarket.ChainID))
				return r
			})
		}, WalletChanged, buyer, "record"},
		"stale node record": {func(w *world) error {
			old := w.directory.records[seller] // without w.rotate, so that the record is not brought by the node
			return w.misroute(seller, func(r Record) Record { return w.replaced(old, r) })
		}, StaleRecord, buyer, "record"},
		"swapped receiving key": {(*world).swapKey, ForgedAct, seller, "handover.arm"},
		"swapped receiving key in the node record": {func(w *world) error {
			return w.misroute(seller, func(r Record) Record { r.Recipient = recipient(w.t).String(); return r })
		}, ForgedRecord, buyer, "record"},
		"replayed ticket": {func(w *world) error {
			id, release := w.handover()
			check(w.t, w.pull(id, release))
			return w.ask(buyer, ticketPath(id, release.ID))
		}, TicketUsed, seller, "handover.list"},
		"ticket before escrow": {func(w *world) error { return w.askAtEscrow(EscrowOpen) }, EscrowNotFunded, seller, "handover.list"},
		"ticket after refund":  {func(w *world) error { return w.askAtEscrow("refunded") }, EscrowOver, seller, "handover.list"},
		"ticket in a wrong deal": {func(w *world) error {
			_, release := w.handover()
			other := w.listed()
			w.invited(other, buyer)
			return w.ask(buyer, ticketPath(other, release.ID))
		}, WrongDeal, seller, "handover.list"},
		"altered manifest": {func(w *world) error {
			id, release := w.handover()
			w.network(buyer, tamper("/handover", func(b []byte) []byte { return bytes.Replace(b, []byte("rm -rf"), []byte("rm -rF"), 1) }))
			return w.pull(id, release)
		}, AlteredManifest, buyer, "handover.pull"},
		"withheld message": {(*world).withhold, WrongThread, seller, "message"},
		"another buyer's grant, asked for": {func(w *world) error {
			id := w.twoBidders()
			return w.ask(loser, "/peer/v1/deals/"+string(id)+"/room/documents")
		}, NoGrant, seller, "room.list"},
		"another buyer's grant, handed on": {(*world).handOn, ForgedAct, seller, "grant"},
		"forged log head": {func(w *world) error {
			id, release := w.handover()
			w.network(buyer, tamper("/log/head", func(b []byte) []byte { return bytes.Replace(b, []byte(`"size":`), []byte(`"size":1`), 1) }))
			check(w.t, w.pull(id, release))
			_, err := w.try(buyer, id, "", "handover.receipt")
			return err
		}, ForgedHead, buyer, "log.witness"},
		"hidden revocation": {(*world).hideRevocation, RevokedRecord, seller, "connect"},
		"revocation made up": {func(w *world) error {
			return w.misroute(seller, func(r Record) Record { r.Revoked, r.Sequence = true, r.Sequence+1; return r })
		}, ForgedRecord, buyer, "record"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			wantReason(t, a.attempt(w), a.want)
			if !w.found(a.at, a.what, string(a.want)) {
				t.Errorf("%s %s is not in the log of %s", a.what, a.want, a.at)
			}
			w.soundLog(a.at)
		})
	}
}

func ticketPath(id deal.ID, release deal.Commitment) string {
	return fmt.Sprintf("/peer/v1/deals/%s/handover?ticket=%s", id, release)
}

// misroute has the directory give out another record of a party than its own,
// and the buyer pull.
func (w *world) misroute(of deal.PartyID, change func(Record) Record) error {
	w.start(loser)
	id, release := w.handover()
	w.clock.add(time.Minute) // the records seen are no longer fresh
	w.directory.set(func() {
		w.directory.forge = func(r Record) Record {
			if r.Party == of {
				return change(r)
			}
			return r
		}
	})
	return w.pull(id, release)
}

// replaced is a record of a party that it has replaced since.
func (w *world) replaced(old, now Record) Record {
	old.Sequence = now.Sequence - 1
	var err error
	old.Signature, err = w.members[old.Party].wallet.SignTypedData(old.TypedData(testMarket.ChainID))
	check(w.t, err)
	return old
}

// swapKey shows the seller's node the buyer's request with another receiving key.
func (w *world) swapKey() error {
	id, release := w.handover()
	n := w.members[seller].node
	check(w.t, n.state.exec(context.Background(), "DELETE FROM releases")) // as before it was armed
	sale := before(w.desk.deals[id], release.ID)
	sale.Last("handover", "request").Act.Fields["key"] = recipient(w.t)
	return n.Arm(context.Background(), &sale, release)
}

// askAtEscrow has the buyer use its ticket in another state of the escrow than
// that in which the documents may go.
func (w *world) askAtEscrow(state string) error {
	id, release := w.handover()
	w.chain.set(func() {
		for escrow := range w.chain.escrows {
			w.chain.escrows[escrow] = state
		}
	})
	return w.ask(buyer, ticketPath(id, release.ID))
}

// withhold hides a question from the seller, but not the one that follows it up.
func (w *world) withhold() error {
	id := w.listed()
	w.invited(id, buyer)
	first := w.act(buyer, id, buyer, "questions.ask", "question=Is loan 7 in default?").Act
	w.desk.forge = func(v *View) {
		if v.Deal == nil { // the buyer's own view
			return
		}
		for i := range v.Rooms {
			v.Rooms[i].Records = slices.DeleteFunc(v.Rooms[i].Records, func(r deal.Record) bool { return r.Act.ID == first })
		}
	}
	second := w.act(buyer, id, buyer, "questions.ask", "question=And loan 8?", "about="+first.String()).Act
	texts, err := w.members[buyer].node.state.messages(context.Background(), "act = ? AND field = 'question'", second.String())
	check(w.t, err)
	return w.post(id, texts[0])
}

// twoBidders has a deal with two bidders, of whom one may read.
func (w *world) twoBidders() deal.ID {
	w.start(loser)
	id := w.listed()
	w.invited(id, buyer)
	w.act(seller, id, "", "invitations.invite", "bidder="+string(loser))
	w.act(loser, id, loser, "invitation.accept")
	_, err := w.members[seller].client.Deal(context.Background(), id) // the seller's node meets the loser
	check(w.t, err)
	return id
}

// handOn has the seller's node open its data room to the loser under the act
// that opened it to the buyer.
func (w *world) handOn() error {
	id := w.twoBidders()
	room := w.desk.rooms[id][buyer].Clone()
	open := room.Last("data_room", "open").Act
	bidder := w.partyOf(loser)
	room.Bidder = &bidder
	return w.members[seller].node.Grant(context.Background(), &room, open)
}

// hideRevocation has the directory go on giving out the record of a node that
// was revoked.
func (w *world) hideRevocation() error {
	id := w.listed()
	w.invited(id, buyer)
	path := "/peer/v1/deals/" + string(id) + "/room/documents"
	check(w.t, w.ask(buyer, path))
	old := w.directory.records[buyer]
	w.directory.set(func() {
		w.directory.forge = func(r Record) Record {
			if r.Party == buyer {
				return old
			}
			return r
		}
	})
	_, err := w.members[buyer].client.RevokeNode(context.Background())
	check(w.t, err)
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Header.Get(recordHeader) != "" {
				w.t.Error("the thief tells of the revocation")
			}
			return next.RoundTrip(r)
		})
	})
	w.clock.add(time.Minute)
	return w.ask(buyer, path)
}
