package node

import (
	"context"
	"maps"
	"slices"

	"cession/deal"
)

// verifyTerms recomputes the escrow terms and their id from the verified acts,
// and checks them against the binding offer, the agreed perimeter and the title
// on the node's own view of the chain.
func (d *draft) verifyTerms(ctx context.Context, fields map[string]deal.Value) (deal.EscrowTerms, deal.Commitment, error) {
	terms, err := d.p.EscrowTerms(fields)
	if err != nil {
		return terms, deal.Commitment{}, err
	}
	if !d.now().Before(terms.FundBy) || terms.SettleBy.Before(terms.FundBy) {
		return terms, deal.Commitment{}, deal.Errorf(deal.Invalid, "escrow terms: want now < fund_by <= settle_by")
	}
	if err := d.agreedPrice(); err != nil {
		return terms, deal.Commitment{}, err
	}
	if err := d.agreedPerimeter(ctx); err != nil {
		return terms, deal.Commitment{}, err
	}
	if err := d.rightTitle(ctx, terms.Token); err != nil {
		return terms, deal.Commitment{}, err
	}
	id, err := d.Hashes.StructHash(terms.TypedData(d.p.Opening.Market))
	return terms, id, err
}

// agreedPrice refuses a selection that is not of the bidder's binding offer.
func (d *draft) agreedPrice() error {
	room, err := d.at(d.p.Bidder.ID)
	if err != nil {
		return err
	}
	offer := room.Last("offers", "confirm")
	if offer == nil ||
		offer.Act.ID != d.p.Value("selection", "select", "offer").Commitment() ||
		offer.Act.Field("price") != d.p.Value("selection", "select", "price") {
		return refuse(PriceDiffers, "what was selected is not the bidder's binding offer")
	}
	return nil
}

// agreedPerimeter refuses terms over a perimeter that was not both proposed and
// agreed to, or whose documents the seller's own node does not know. The terms
// commit to the perimeter: what is verified here holds until the handover.
func (d *draft) agreedPerimeter(ctx context.Context) error {
	room, err := d.at(d.p.Bidder.ID)
	if err != nil {
		return err
	}
	if err := d.nothingWithheld(ctx, room); err != nil {
		return err
	}
	if offer := room.Last("offers", "confirm"); offer != nil {
		if err := pricesAgreed(room, offer.Act); err != nil {
			return err
		}
	}
	proposed, agreed := standing(room)
	if agreed == nil {
		return nil
	}
	if proposed == nil || !maps.Equal(agreed.Fields, proposed.Fields) {
		return refuse(PerimeterDiffers, "the bidder agreed to another perimeter than the seller proposed")
	}
	if err := d.agreedRows(ctx, *agreed); err != nil || d.p.Opening.Seller.ID != d.Party {
		return err
	}
	docs, err := d.part(ctx, d.act.Deal, agreed.Field("root").Commitment())
	if err == nil && uint64(len(docs)) != agreed.Field("count").Count() {
		err = refuse(PerimeterDiffers, "the agreed perimeter has another number of documents than its root")
	}
	return err
}

// nothingWithheld refuses a room in which an accepted act of this party on the
// perimeter is missing.
func (d *draft) nothingWithheld(ctx context.Context, room *deal.Progress) error {
	own, err := d.state.acts(ctx, "status = ? AND deal = ? AND room = ? AND name IN ('perimeter.propose', 'perimeter.agree')",
		statusSettled, d.act.Deal, room.Room())
	if err != nil {
		return err
	}
	for _, a := range own {
		shown := slices.ContainsFunc(room.Records, func(r deal.Record) bool { return r.Act.ID == a.Act.ID })
		if a.Outcome.Verdict == deal.Accepted && !shown {
			return refuse(ForgedAct, "the desk withholds an act of this party on the perimeter")
		}
	}
	return nil
}

// rightTitleOf refuses a token that is not the title minted for this deal, or
// that stands for other documents than were notarized.
func (n *Node) rightTitleOf(ctx context.Context, p *deal.Progress, token deal.Commitment) error {
	if err := n.isTitle(p, token); err != nil {
		return err
	}
	root, err := n.Chain.DocumentsRoot(ctx, token)
	if err != nil {
		return err
	}
	if documents, _ := p.Documents(); root != documents {
		return refuse(RootDiffers, "the title stands for other documents than were notarized")
	}
	return nil
}

// isTitle refuses a token that is not the title minted for this deal.
func (n *Node) isTitle(p *deal.Progress, token deal.Commitment) error {
	mint := p.Last("mint", "mint")
	if mint == nil {
		return deal.Errorf(deal.Conflict, "there is no title yet")
	}
	id, err := n.Hashes.StructHash(p.MintTerms(mint.Act.Fields).TypedData(p.Opening.Market))
	if err == nil && id != token {
		err = refuse(TermsDiffer, "the token is not the title that the seller signed")
	}
	return err
}

func (d *draft) rightTitle(ctx context.Context, token deal.Commitment) error {
	return d.rightTitleOf(ctx, d.p, token)
}

func (d *draft) signedTerms() (deal.EscrowTerms, deal.Commitment, error) { return d.termsOf(d.p) }

// termsOf returns the escrow terms both parties signed, and their id.
func (n *Node) termsOf(p *deal.Progress) (deal.EscrowTerms, deal.Commitment, error) {
	terms, err := p.SignedTerms()
	if err != nil {
		return terms, deal.Commitment{}, err
	}
	id, err := n.Hashes.StructHash(terms.TypedData(p.Opening.Market))
	if err != nil {
		return terms, id, err
	}
	for _, action := range []string{"propose", "accept"} {
		if p.Value("terms", action, "escrow").Commitment() != id {
			return terms, id, refuse(TermsDiffer, "terms."+action+" names another escrow than the terms have")
		}
	}
	return terms, id, nil
}

// escrowIs refuses unless the escrow is in a state on the node's own view.
func (n *Node) escrowIs(ctx context.Context, id deal.Commitment, want string) error {
	state, err := n.Chain.EscrowState(ctx, id)
	switch {
	case err != nil:
		return err
	case state == want:
		return nil
	case state == EscrowNone || state == EscrowOpen:
		return refuse(EscrowNotFunded, "the escrow is "+state+" on this node's view of the chain, want "+want)
	}
	return refuse(EscrowOver, "the escrow is "+state+" on this node's view of the chain, want "+want)
}

// anchored refuses unless a root is notarized on the node's own view.
func (n *Node) anchored(ctx context.Context, root deal.Commitment) error {
	receipt, ok, err := n.Chain.Anchored(ctx, root)
	if err != nil {
		return err
	}
	if !ok || !receipt.OK {
		return deal.Errorf(deal.Conflict, "the documents are not notarized on this node's view of the chain: take documents.notarize first, or wait for the block")
	}
	return nil
}
