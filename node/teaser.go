package node

import (
	"context"
	"fmt"
	"net/http"

	"cession/deal"
)

// Title is what the desk tells whoever may see a deal about what is for sale.
type Title struct {
	Teaser deal.Commitment `json:"teaser,omitzero"` // to the seller's description for bidders
}

// Teaser is the seller's description of a portfolio for those it invited. The
// text comes from the seller's node, never from the desk.
type Teaser struct {
	Text string          `json:"text"`
	Salt deal.Commitment `json:"salt"`
	// Verified says that the text is what the seller committed to when the
	// portfolio was listed, by its signed act or, to a bidder, by the desk's word.
	Verified bool `json:"verified"`
}

// maxTeaser bounds the answer of a seller's node, in bytes.
const maxTeaser = maxText*6 + 1024 // every character escaped

// Teaser returns the description of what is for sale in a deal: this party's
// own, or that of the seller's node. Errors: notfound (there is none); refused
// (wrong_text: the seller's node sends another one than was committed to).
func (n *Node) Teaser(ctx context.Context, id deal.ID) (t Teaser, err error) {
	s, err := n.look(ctx, id)
	if err != nil {
		return t, err
	}
	seller, err := n.sellerOf(ctx, id)
	if err != nil {
		return t, err
	}
	if seller == n.Party {
		return n.ownTeaser(ctx, s)
	}
	peer, err := n.peer(ctx, seller)
	if err != nil {
		return t, err
	}
	if err := peer.get(ctx, "/peer/v1/deals/"+string(id)+"/teaser", maxTeaser, &t); err != nil {
		return t, err
	}
	want := s.teaser()
	sum := deal.Commitment(deal.Reseal(t.Text, t.Salt).Commit(n.Hashes.Keccak))
	if len(t.Text) > maxText || (!want.IsZero() && sum != want) {
		return Teaser{}, refuse(WrongText, "the description is not what the seller committed to")
	}
	t.Verified = !want.IsZero()
	return t, nil
}

// teaser returns what the seller committed to: from its signed act where this
// party sees it, or from what the desk says of the title. Zero: it is not known.
func (s scene) teaser() deal.Commitment {
	if s.deal != nil && s.deal.Last("listing", "publish") != nil {
		return s.deal.Value("listing", "publish", "teaser").Commitment()
	}
	if s.offered != nil {
		return s.offered.Teaser
	}
	return deal.Commitment{}
}

// ownTeaser returns the text of this party's own listing.
func (n *Node) ownTeaser(ctx context.Context, s scene) (t Teaser, err error) {
	none := deal.Errorf(deal.NotFound, "the seller of %s gave no description", s.id)
	if s.deal == nil {
		return t, none
	}
	published := s.deal.Last("listing", "publish")
	if published == nil {
		return t, none
	}
	texts, err := n.state.messages(ctx, "act = ? AND field = 'teaser'", published.Act.ID.String())
	if err != nil {
		return t, err
	}
	if len(texts) == 0 {
		return t, none
	}
	return Teaser{texts[0].Text, texts[0].Salt, true}, nil
}

func (n *Node) getTeaser(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	t, err := n.Teaser(r.Context(), id)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, t)
	return nil
}

// peerTeaser gives the description to a party that has a room in the deal.
func (n *Node) peerTeaser(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	t, err := n.teaserFor(r.Context(), id, peer)
	if logged := n.logView(r.Context(), peer, id, "teaser", 0, err); err == nil {
		err = logged
	}
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, t)
	return nil
}

func (n *Node) teaserFor(ctx context.Context, id deal.ID, peer deal.PartyID) (Teaser, error) {
	if o, err := n.knownOpening(ctx, id); err != nil || o.Seller.ID != n.Party {
		return Teaser{}, refuse(NoGrant, "this node offers nothing in that deal") // strangers cause no question to the desk
	}
	s, err := n.look(ctx, id)
	if err != nil {
		return Teaser{}, err
	}
	room, err := s.at(peer)
	if err != nil || room.Ended != nil {
		return Teaser{}, refuse(NoGrant, "this party has no open room in the deal")
	}
	return n.ownTeaser(ctx, s)
}

// introduce has this node look at a deal of its own party's that a stranger asks
// about: the stranger may have been invited, and nobody looked since.
func (n *Node) introduce(ctx context.Context, id deal.ID, stranger deal.PartyID) error {
	if _, met, err := n.walletOf(ctx, stranger); met || err != nil {
		return err
	}
	if o, err := n.knownOpening(ctx, id); err != nil || o.Seller.ID != n.Party {
		return nil // the stranger stays one
	}
	if _, err := n.look(ctx, id); err != nil {
		return fmt.Errorf("look for the peer's invitation: %w", err)
	}
	return nil
}
