package node

import (
	"context"

	"cession/deal"
)

// titleSet returns the documents the title stands for: the list that was
// appended to it last, or that was notarized before the mint. Before anything
// is notarized it is the newest list that was planned.
func (n *Node) titleSet(ctx context.Context, id deal.ID) (docSet, error) {
	root, err := n.appendedRoot(ctx, id)
	if err != nil {
		return docSet{}, err
	}
	if root.IsZero() {
		if root, err = n.acceptedRoot(ctx, id, "documents.notarize"); err != nil {
			return docSet{}, err
		}
	}
	if root.IsZero() {
		return n.ownSet(ctx, id)
	}
	set, ok, err := n.state.set(ctx, id, "received = 0 AND root = ?", root.String())
	if err == nil && !ok {
		err = deal.Errorf(deal.NotFound, "this node does not have the documents that the title of %s stands for", id)
	}
	return set, err
}

// appendedRoot returns the root that the customer had the title take last, or
// zero.
func (n *Node) appendedRoot(ctx context.Context, id deal.ID) (deal.Commitment, error) {
	return n.acceptedRoot(ctx, id, "supplements.append")
}

// acceptedRoot returns the root in the customer's newest act of a name that was
// taken, or zero.
func (n *Node) acceptedRoot(ctx context.Context, id deal.ID, name string) (root deal.Commitment, err error) {
	acts, err := n.state.acts(ctx, "deal = ? AND name = ? AND status <> ?", id, name, statusFailed)
	newest := uint64(0)
	for _, a := range acts {
		if a.Outcome.Verdict == deal.Accepted && a.Act.Sequence > newest {
			root, newest = a.Act.Field("root").Commitment(), a.Act.Sequence
		}
	}
	return root, err
}

// supplement commits to the newest list that was planned: the documents the
// title stands for, unchanged, and those added.
func (d *draft) supplement(ctx context.Context) error {
	set, ok, err := d.state.set(ctx, d.act.Deal, "received = 0")
	if err != nil {
		return err
	}
	if !ok {
		return deal.Errorf(deal.NotFound, "no documents are planned for %s: plan those to be added", d.act.Deal)
	}
	if err := d.extends(ctx, set); err != nil {
		return err
	}
	return d.commitTo(ctx, set)
}

// extends refuses a list that is not the title's with documents added at its end.
func (d *draft) extends(ctx context.Context, longer docSet) error {
	title, _ := d.p.Documents()
	all, root, err := d.title(ctx, d.act.Deal)
	if err != nil {
		return err
	}
	if root != title {
		return refuse(RootDiffers, "this node has other documents than the title stands for")
	}
	docs, err := d.state.catalog(ctx, longer.id)
	if err != nil {
		return err
	}
	if len(docs) <= len(all) {
		return deal.Errorf(deal.Conflict, "no documents were added: plan those to be added first")
	}
	for i, earlier := range all {
		if docs[i].Leaf != earlier.Leaf {
			return refuse(RootDiffers, "the longer list replaces a document that the title stands for")
		}
	}
	return nil
}

// appendDocuments signs that the title stands for the list that was notarized
// last, once every document of it is here.
func (d *draft) appendDocuments(ctx context.Context) error {
	longer, err := d.longer(ctx)
	if err != nil {
		return err
	}
	if err := d.holdsAll(ctx, longer.New); err != nil {
		return err
	}
	if err := d.set("root", deal.KindCommitment, longer.New.String()); err != nil {
		return err
	}
	if err := d.set("count", deal.KindCount, deal.Number(longer.Count).String()); err != nil {
		return err
	}
	nonce, err := d.Chain.TokenPermitNonce(ctx, longer.Token)
	if err != nil {
		return err
	}
	return d.authorize("authorization", longer.TypedData(d.p.Opening.Market, nonce))
}

// longer returns the list that was notarized last, as what is appended to the
// title that this node finds on its own view of the chain.
func (d *draft) longer(ctx context.Context) (deal.Append, error) {
	notarized, minted := d.p.Last("supplements", "notarize"), d.p.ReceiptOf("receivable.mint")
	if notarized == nil || minted == nil {
		return deal.Append{}, deal.Errorf(deal.Conflict, "append documents: notarize the longer list first")
	}
	title, _ := d.p.Documents()
	longer := deal.Append{Token: minted.Result, Old: title,
		New: notarized.Act.Field("root").Commitment(), Count: notarized.Act.Field("count").Count()}
	set, ok, err := d.state.set(ctx, d.act.Deal, "received = 0 AND root = ?", longer.New.String())
	if err != nil {
		return longer, err
	}
	if !ok {
		return longer, deal.Errorf(deal.NotFound, "this node does not have the list that was notarized")
	}
	if err := d.extends(ctx, set); err != nil {
		return longer, err
	}
	return longer, d.sameTitle(ctx, longer)
}

// sameTitle refuses a token that is not the title minted for this deal, or that
// stands for other documents than the earlier list, or already the longer one.
func (d *draft) sameTitle(ctx context.Context, longer deal.Append) error {
	if err := d.isTitle(d.p, longer.Token); err != nil {
		return err
	}
	root, err := d.Chain.DocumentsRoot(ctx, longer.Token)
	if err == nil && root != longer.Old && root != longer.New {
		err = refuse(RootDiffers, "the title stands for other documents than were notarized")
	}
	return err
}
