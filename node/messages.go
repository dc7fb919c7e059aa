package node

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"cession/deal"
)

// Message is a text that an act commits to: a question, an answer, a declaration.
type Message struct {
	Act   deal.Commitment `json:"act"`
	Field string          `json:"field"`
	Party deal.PartyID    `json:"party"`
	Salt  deal.Commitment `json:"salt"`
	Text  string          `json:"text"`
}

// maxMessages bounds what one answer of a peer may bring; there are more in the
// next one.
const maxMessages = 1000

// Messages returns the texts of a bidder's room, after exchanging with the other
// node what is outstanding. Without the other node it returns what is here.
func (n *Node) Messages(ctx context.Context, id deal.ID, bidder deal.PartyID) ([]Message, error) {
	if err := n.exchange(ctx, id, bidder); err != nil {
		n.Log.Warn("messages not exchanged", "deal", id, "kind", deal.KindOf(err), "code", reasonOf(err))
	}
	return n.state.messages(ctx, "deal = ? AND room = ? AND field <> 'delta'", id, bidder)
}

func taken(p *deal.Progress, act deal.Commitment) bool {
	for _, r := range p.Records {
		if r.Act.ID == act {
			return true
		}
	}
	return false
}

// keep stores a text of the other side, if it is what an act of that side in
// this room commits to, and the act stands where its thread says.
func (n *Node) keep(ctx context.Context, room *deal.Progress, talk *talk, from deal.PartyID, m Message) error {
	if gone, err := n.state.erasedDeal(ctx, room.Opening.ID); err != nil || gone {
		return cmp.Or(err, deal.Errorf(deal.Conflict, "the texts of the deal were destroyed here"))
	}
	for _, r := range room.Records {
		if r.Act.ID != m.Act {
			continue
		}
		v := r.Act.Field(m.Field)
		sum := deal.Commitment(deal.Reseal(m.Text, m.Salt).Commit(n.Hashes.Keccak))
		if r.Act.Party != from || v.Kind() != deal.KindSealed || v.Commitment() != sum || len(m.Text) > maxText {
			break
		}
		texts, err := n.state.textsOf(ctx, m.Act)
		if _, here := texts[m.Field]; here || err != nil {
			return err // it came before, and the answer was lost
		}
		if err := talk.holds(r.Act); err != nil {
			return err
		}
		if m.Field == "place" && room.Opening.Seller.ID == n.Party {
			if err := n.checkPlace(ctx, room.Opening.ID, from, m.Text); err != nil {
				return err
			}
		}
		return n.state.tx(ctx, func(tx *sql.Tx) error {
			return insertText(ctx, tx, r.Act, m.Field, m.Salt, m.Text)
		})
	}
	return refuse(WrongText, "the text is not what an act of "+string(from)+" in this room commits to")
}

// peerMessages gives a bidder the seller's texts in the bidder's own room, and
// the seller those of this bidder: the first ones after a number of them.
func (n *Node) peerMessages(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	after, err := strconv.ParseUint(cmp.Or(r.URL.Query().Get("after"), "0"), 10, 31)
	if err != nil {
		return deal.Errorf(deal.Invalid, "after: want how many texts are known, from 0")
	}
	room, err := n.roomWith(r.Context(), id, peer)
	if err != nil {
		return errors.Join(err, n.logView(r.Context(), peer, id, "message", 0, err))
	}
	list, err := n.state.messagesAfter(r.Context(), after, maxMessages, "deal = ? AND room = ? AND party = ? AND field <> 'delta'", id, room, n.Party)
	if err == nil && len(list) == 0 { // as from a node that knows no such deal
		err = n.sharesRoom(r.Context(), id, room)
	}
	if logged := n.logView(r.Context(), peer, id, "message", 0, err); err == nil {
		err = logged
	}
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

// roomWith returns the room that this party shares with another one.
func (n *Node) roomWith(ctx context.Context, id deal.ID, peer deal.PartyID) (deal.PartyID, error) {
	o, err := n.knownOpening(ctx, id)
	switch {
	case deal.KindOf(err) == deal.NotFound || (err == nil && o.Seller.ID != peer && o.Seller.ID != n.Party):
		return "", refuse(UnknownPeer, "this party has no room in the deal with this node's")
	case o.Seller.ID == peer:
		return n.Party, err
	}
	return peer, err
}

// sharesRoom refuses a party that was never invited.
func (n *Node) sharesRoom(ctx context.Context, id deal.ID, room deal.PartyID) error {
	s, err := n.look(ctx, id)
	if err != nil {
		return fmt.Errorf("look at the room: %w", err)
	}
	if _, err := s.at(room); err != nil {
		return refuse(UnknownPeer, "this party has no room in the deal")
	}
	return nil
}

// peerPostMessage takes a text of the other party in, if an act it took says so.
func (n *Node) peerPostMessage(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	var m Message
	if err := readJSON(w, r, maxText*6+4096, &m); err != nil { // every character escaped
		return err
	}
	err = n.receive(r.Context(), id, peer, m)
	if logged := n.logView(r.Context(), peer, id, "message", 0, err); err == nil {
		err = logged
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (n *Node) receive(ctx context.Context, id deal.ID, peer deal.PartyID, m Message) error {
	with, err := n.roomWith(ctx, id, peer)
	if err != nil {
		return err
	}
	s, err := n.look(ctx, id)
	if err != nil {
		return fmt.Errorf("look at the room: %w", err)
	}
	room, err := s.at(with)
	if err != nil {
		return refuse(UnknownPeer, "this party has no room in the deal")
	}
	return n.keep(ctx, room, n.talkOf(room), peer, m)
}

// messages returns texts, the oldest first: as many as there are acts on record
// that commit to one.
func (s *state) messages(ctx context.Context, where string, args ...any) ([]Message, error) {
	return s.messagesAfter(ctx, 0, -1, where, args...)
}

// messagesAfter returns a number of texts, or with -1 all, after so many.
func (s *state) messagesAfter(ctx context.Context, after uint64, most int, where string, args ...any) ([]Message, error) {
	list := []Message{}
	err := s.rows(ctx, func(r *sql.Rows) error {
		var m Message
		var act, salt string
		if err := r.Scan(&act, &m.Field, &m.Party, &salt, &m.Text); err != nil {
			return err
		}
		if err := m.Act.UnmarshalText([]byte(act)); err != nil {
			return err
		}
		list = append(list, m)
		return list[len(list)-1].Salt.UnmarshalText([]byte(salt))
	}, "SELECT act, field, party, salt, text FROM texts WHERE "+where+" ORDER BY rowid LIMIT ? OFFSET ?", append(args, most, int64(after))...)
	return list, err
}

// textsOf returns the texts of an act that are here, by field.
func (s *state) textsOf(ctx context.Context, act deal.Commitment) (map[string]Message, error) {
	list, err := s.messages(ctx, "act = ?", act.String())
	texts := map[string]Message{}
	for _, m := range list {
		texts[m.Field] = m
	}
	return texts, err
}

// schemaTalk is what version 4 added to the state of questions and answers: the
// texts that the other node has confirmed, the rooms in which there is something
// to exchange, and the FAQ.
const schemaTalk = `
CREATE TABLE told  (act TEXT NOT NULL, field TEXT NOT NULL, PRIMARY KEY (act, field));
CREATE TABLE talks (deal TEXT NOT NULL, room TEXT NOT NULL, due TEXT NOT NULL, tries INTEGER NOT NULL, PRIMARY KEY (deal, room));
CREATE TABLE faq (
	deal TEXT NOT NULL, number INTEGER NOT NULL, entry TEXT NOT NULL, digest TEXT NOT NULL,
	act TEXT NOT NULL DEFAULT '', salt TEXT NOT NULL DEFAULT '', PRIMARY KEY (deal, number));
`

func (n *Node) talkRoutes() []route {
	return []route{
		{pattern: "GET /v1/deals/{id}/rooms/{bidder}/messages", title: "The texts of a bidder's room", out: []Message{}, customer: n.getMessages},
		{pattern: "GET /v1/deals/{id}/questions", title: "Questions and answers, what is overdue first", out: Talk{}, customer: n.getQuestions},
		{pattern: "GET /v1/deals/{id}/reveal/{act}", title: "One text, with what proves it to a third party", out: Reveal{}, customer: n.getReveal},
		{pattern: "POST /v1/deals/{id}/faq", title: "Tell all bidders what one was answered", in: FAQRequest{}, out: FAQEntry{}, customer: n.postFAQ},
		{pattern: "GET /v1/deals/{id}/faq", title: "What the seller told all bidders", out: FAQ{}, customer: n.getFAQ},
		{pattern: "GET /peer/v1/deals/{id}/faq", title: "The seller's FAQ after an entry", out: []FAQEntry{}, peer: n.peerFAQ},
		{pattern: "GET /peer/v1/deals/{id}/messages", title: "This node's texts in the room of both parties", out: []Message{}, peer: n.peerMessages},
		{pattern: "POST /peer/v1/deals/{id}/messages", title: "Bring a text that an act commits to", in: Message{}, peer: n.peerPostMessage},
	}
}
