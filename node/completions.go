package node

import (
	"context"
	"crypto/sha256"
	"time"

	"cession/deal"
)

// completions fill in the fields a node knows itself and verify what the act
// commits the customer to, by the act's name. An act without one is taken as
// the customer gave it.
var completions = map[string]func(*draft, context.Context) error{
	"draft.open":           (*draft).underPlan,
	"documents.notarize":   (*draft).notarize,
	"mint.mint":            (*draft).mint,
	"supplements.notarize": (*draft).supplement,
	"supplements.append":   (*draft).appendDocuments,
	"nda.countersign":      (*draft).countersign,
	"questions.ask":        (*draft).ask,
	"questions.answer":     (*draft).answer,
	"perimeter.propose":    (*draft).proposePerimeter,
	"perimeter.agree":      (*draft).agreePerimeter,
	"offers.submit":        (*draft).offer,
	"offers.counter":       (*draft).offer,
	"offers.confirm":       (*draft).offer,
	"selection.select":     (*draft).selectOffer,
	"terms.approve":        (*draft).approve,
	"terms.propose":        (*draft).propose,
	"terms.accept":         (*draft).accept,
	"escrow.deposit":       (*draft).deposit,
	"escrow.fund":          (*draft).fund,
	"handover.request":     (*draft).requestDocuments,
	"handover.release":     (*draft).release,
	"handover.receipt":     (*draft).receipt,
	"settlement.settle":    (*draft).settle,
	"archive.archive":      (*draft).archive,
	"rules.adopt":          (*draft).adopt,
	"room_rules.adopt":     (*draft).adopt,
}

func (d *draft) underPlan(ctx context.Context) error {
	if err := d.set("plan", deal.KindCommitment, d.p.Opening.PlanHash.String()); err != nil {
		return err
	}
	return d.set("pack", deal.KindCommitment, d.p.Opening.Pack.String())
}

// notarize commits to the newest set of documents that was planned.
func (d *draft) notarize(ctx context.Context) error {
	set, err := d.ownSet(ctx, d.act.Deal)
	if err != nil {
		return err
	}
	return d.commitTo(ctx, set)
}

// commitTo names a set of documents in the act, and how complete its tapes are.
func (d *draft) commitTo(ctx context.Context, set docSet) error {
	if err := d.set("root", deal.KindCommitment, set.Root.String()); err != nil {
		return err
	}
	if err := d.set("count", deal.KindCount, deal.Number(set.Count).String()); err != nil {
		return err
	}
	return d.fillTape(ctx, set)
}

// mint signs the title once every document it stands for is here.
func (d *draft) mint(ctx context.Context) error {
	root := d.p.Value("documents", "notarize", "root").Commitment()
	if err := d.holdsAll(ctx, root); err != nil {
		return err
	}
	d.setDefault("title_salt", deal.Digest(deal.NewSalt()))
	return d.authorize("authorization", d.p.MintTerms(d.act.Fields).TypedData(d.p.Opening.Market))
}

// holdsAll refuses unless the notarized documents are all stored and their root
// stands on the node's own view of the chain.
func (d *draft) holdsAll(ctx context.Context, root deal.Commitment) error {
	held, count, err := d.Held(ctx, d.act.Deal, root)
	if err != nil {
		return err
	}
	if held < count {
		return refuse(NotHeld, deal.Number(count-held).String()+" documents have not been uploaded yet")
	}
	return d.anchored(ctx, root)
}

// countersign signs the agreement the bidder signed, not another one.
func (d *draft) countersign(context.Context) error {
	for _, id := range []string{"text", "until"} {
		if signed := d.p.Value("nda", "sign", id); signed.Kind() != "" {
			if err := d.set(id, signed.Kind(), signed.String()); err != nil {
				return err
			}
		}
	}
	return nil
}

// selectOffer names the bidder's binding offer, as the bidder signed it.
func (d *draft) selectOffer(context.Context) error {
	room, err := d.at(d.act.Field("bidder").Party())
	if err != nil {
		return err
	}
	offer := room.Last("offers", "confirm")
	if offer == nil {
		return deal.Errorf(deal.Conflict, "select %s: it has no binding offer standing", room.Room())
	}
	if err := pricesAgreed(room, offer.Act); err != nil {
		return err
	}
	if err := d.set("offer", deal.KindAct, offer.Act.ID.String()); err != nil {
		return err
	}
	return d.set("price", deal.KindAmount, offer.Act.Field("price").String())
}

func (d *draft) approve(ctx context.Context) error {
	price := d.p.Value("selection", "select", "price")
	if d.act.Field("price") != price { // a person says the figure; it is not filled in
		return refuse(PriceDiffers, "the agreed price is "+price.String())
	}
	return nil
}

func (d *draft) propose(ctx context.Context) error {
	if d.p.Opening.Market.Arbiter.IsZero() {
		d.setDefault("arbiter_by", deal.At(time.Unix(0, 0)))
	}
	terms, id, err := d.verifyTerms(ctx, d.act.Fields)
	if err != nil {
		return err
	}
	return d.signTerms(terms, id)
}

// accept signs the seller's proposal if it is what the node comes to by itself.
func (d *draft) accept(ctx context.Context) error {
	proposal := d.p.Last("terms", "propose")
	if proposal == nil {
		return deal.Errorf(deal.Conflict, "accept terms: the seller has not proposed them yet")
	}
	terms, id, err := d.verifyTerms(ctx, proposal.Act.Fields)
	if err != nil {
		return err
	}
	if proposal.Act.Field("escrow").Commitment() != id {
		return refuse(TermsDiffer, "the seller's proposal names another escrow than its terms have")
	}
	digest, err := d.Hashes.Digest(terms.TypedData(d.p.Opening.Market))
	if err != nil {
		return err
	}
	if err := d.Verifier.VerifyDigest(ctx, terms.Seller, digest, proposal.Act.Field("authorization").Bytes()); err != nil {
		return err
	}
	return d.signTerms(terms, id)
}

func (d *draft) signTerms(terms deal.EscrowTerms, id deal.Commitment) error {
	if err := d.set("escrow", deal.KindCommitment, id.String()); err != nil {
		return err
	}
	return d.authorize("authorization", terms.TypedData(d.p.Opening.Market))
}

// deposit permits the escrow to take the title.
func (d *draft) deposit(ctx context.Context) error {
	terms, _, err := d.signedTerms()
	if err != nil {
		return err
	}
	nonce, err := d.Chain.TokenPermitNonce(ctx, terms.Token)
	if err != nil {
		return err
	}
	d.setDefault("permit_until", deal.At(terms.FundBy))
	until := d.act.Field("permit_until").Time()
	return d.authorize("permit", deal.TokenPermitTypedData(d.p.Opening.Market, terms.Token, nonce, until))
}

// fund permits the escrow to take the price, once the title is in it.
func (d *draft) fund(ctx context.Context) error {
	terms, id, err := d.signedTerms()
	if err != nil {
		return err
	}
	if err := d.escrowIs(ctx, id, EscrowOpen); err != nil {
		return err
	}
	nonce, err := d.Chain.PaymentPermitNonce(ctx, terms.Buyer)
	if err != nil {
		return err
	}
	name, err := d.Chain.CurrencyName(ctx)
	if err != nil {
		return err
	}
	d.setDefault("permit_until", deal.At(terms.FundBy))
	until := d.act.Field("permit_until").Time()
	return d.authorize("permit", deal.PaymentPermitTypedData(d.p.Opening.Market, name, terms.Buyer, terms.Price, nonce, until))
}

// requestDocuments names the node's own key. The wallet itself signs it: the
// seller's node takes the word of no other signer for where documents go.
func (d *draft) requestDocuments(context.Context) error {
	if d.signer != d.Wallet {
		return deal.Errorf(deal.Invalid, "handover.request: want the wallet as signer, it vouches for the receiving key")
	}
	return d.set("key", deal.KindKey, d.identity.Recipient().String())
}

// release verifies all that arming the release will verify again.
func (d *draft) release(ctx context.Context) error {
	terms, id, err := d.signedTerms()
	if err != nil {
		return err
	}
	if err := d.set("key", deal.KindKey, d.p.Value("handover", "request", "key").String()); err != nil {
		return err
	}
	if err := d.set("root", deal.KindCommitment, d.p.Perimeter().String()); err != nil {
		return err
	}
	d.setDefault("until", deal.At(terms.SettleBy))
	return d.releasable(ctx, d.p, d.act, terms, id)
}

// receipt confirms what this node has verified, nothing else.
func (d *draft) receipt(ctx context.Context) error {
	pulled, err := d.pulled(ctx, d.p)
	if err != nil {
		return err
	}
	if err := d.set("root", deal.KindCommitment, pulled.Root.String()); err != nil {
		return err
	}
	if err := d.set("count", deal.KindCount, deal.Number(pulled.Count).String()); err != nil {
		return err
	}
	return d.cosign(ctx, pulled.Release)
}

// settle signs the receipt that releases title and price. It names the title's
// documents, as the contract wants it, also where a part of them was sold.
func (d *draft) settle(ctx context.Context) error {
	terms, id, err := d.signedTerms()
	if err != nil {
		return err
	}
	pulled, err := d.pulled(ctx, d.p)
	if err != nil {
		return err
	}
	if pulled.Root != d.p.Perimeter() {
		return refuse(RootDiffers, "other documents were sold than those that arrived")
	}
	if err := d.rightTitle(ctx, terms.Token); err != nil {
		return err
	}
	if err := d.escrowIs(ctx, id, EscrowFunded); err != nil {
		return err
	}
	title, _ := d.p.Documents()
	return d.authorize("authorization", deal.ReceiptTypedData(d.p.Opening.Market, id, title))
}

// archive commits to the acts of the deal, in order; invitations are left out,
// which the buyer does not see, so that both parties come to the same digest.
func (d *draft) archive(context.Context) error {
	h := sha256.New()
	for _, r := range d.p.Records {
		if r.Act.Step != "invitations" {
			h.Write(r.Act.ID[:])
		}
	}
	d.setDefault("record", deal.Digest(deal.Commitment(h.Sum(nil))))
	return nil
}
