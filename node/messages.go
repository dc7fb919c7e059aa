package node

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

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

// maxMessages bounds what one answer of a peer may bring.
const maxMessages = 1000

// Messages returns the texts of a bidder's room, after exchanging them with the
// other side: the bidder's node brings its texts to the seller's node and
// fetches the answers there. Without the other node it returns what is here.
func (n *Node) Messages(ctx context.Context, id deal.ID, bidder deal.PartyID) ([]Message, error) {
	if bidder == n.Party {
		if err := n.exchange(ctx, id); err != nil {
			n.Log.Warn("messages not exchanged", "deal", id, "kind", deal.KindOf(err), "code", reasonOf(err))
		}
	}
	return n.state.messages(ctx, "deal = ? AND room = ?", id, bidder)
}

// exchange brings own texts to the seller's node and fetches the seller's.
func (n *Node) exchange(ctx context.Context, id deal.ID) error {
	s, err := n.look(ctx, id)
	if err != nil {
		return err
	}
	room, err := s.at(n.Party)
	if err != nil {
		return err
	}
	peer, err := n.peer(ctx, room.Opening.Seller.ID)
	if err != nil {
		return err
	}
	path := "/peer/v1/deals/" + string(id) + "/messages"
	var theirs []Message
	if err := peer.get(ctx, path, maxMessages*(maxText+1024), &theirs); err != nil {
		return err
	}
	for _, m := range theirs {
		if err := n.keep(ctx, room, room.Opening.Seller.ID, m); err != nil {
			return err
		}
	}
	own, err := n.state.messages(ctx, "deal = ? AND room = ? AND party = ?", id, n.Party, n.Party)
	if err != nil {
		return err
	}
	for _, m := range own {
		if !taken(room, m.Act) {
			continue // refused, or not decided yet
		}
		resp, err := peer.do(ctx, http.MethodPost, path, nil, m)
		if err != nil {
			return err
		}
		resp.Body.Close()
	}
	return nil
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
// this room commits to.
func (n *Node) keep(ctx context.Context, room *deal.Progress, from deal.PartyID, m Message) error {
	for _, r := range room.Records {
		if r.Act.ID != m.Act {
			continue
		}
		v := r.Act.Field(m.Field)
		sum := deal.Commitment(deal.Reseal(m.Text, m.Salt).Commit(n.Hashes.Keccak))
		if r.Act.Party != from || v.Kind() != deal.KindSealed || v.Commitment() != sum || len(m.Text) > maxText {
			break
		}
		return n.state.tx(ctx, func(tx *sql.Tx) error {
			return insertText(ctx, tx, r.Act, m.Field, m.Salt, m.Text)
		})
	}
	return refuse(WrongText, "the text is not what an act of "+string(from)+" in this room commits to")
}

// peerMessages gives a bidder the seller's texts in the bidder's own room.
func (n *Node) peerMessages(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	list, err := n.state.messages(r.Context(), "deal = ? AND room = ? AND party = ?", id, peer, n.Party)
	if err != nil {
		return err
	}
	if err := n.logView(r.Context(), peer, id, "message", 0, nil); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

// peerPostMessage takes a bidder's text in, if an act it took says so.
func (n *Node) peerPostMessage(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	var m Message
	if err := readJSON(w, r, maxText+64<<10, &m); err != nil {
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
	s, err := n.look(ctx, id)
	if err != nil {
		return fmt.Errorf("look at the room: %w", err)
	}
	room, err := s.at(peer)
	if err != nil {
		return refuse(UnknownPeer, "this party has no room in the deal")
	}
	return n.keep(ctx, room, peer, m)
}

func (s *state) messages(ctx context.Context, where string, args ...any) ([]Message, error) {
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
	}, "SELECT act, field, party, salt, text FROM texts WHERE "+where+" ORDER BY rowid LIMIT ?", append(args, maxMessages)...)
	return list, err
}
