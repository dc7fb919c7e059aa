package workflows

import (
	"crypto/sha256"

	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/deal"
)

// notarizeDocuments puts the root over the document commitments on chain, so
// that the seller's node can check each file against it.
func (d *sale) notarizeDocuments(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	root := act.Field("root").Commitment()
	r, err := d.chain(ctx, act.Step, d.rootCause(ctx, act), deal.Call{Anchor: &deal.Anchor{Root: root, Count: act.Field("count").Count()}})
	return []deal.Receipt{r}, err
}

// rootCause names what causes the root to be anchored: the root itself, apart
// from the act, which is anchored too. After a refusal it is the act that tries
// again, or the same root would have the outcome of the first time for ever.
func (d *sale) rootCause(ctx workflow.Context, act deal.Act) deal.Commitment {
	root := act.Field("root").Commitment()
	if !d.p.Troubled(deal.ChainRefuse, "") || workflow.GetVersion(ctx, "anchor root again", workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return root
	}
	return sha256.Sum256(append(root[:], act.ID[:]...))
}

// mint makes the title once the seller's node says that it holds the documents.
func (d *sale) mint(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	terms := d.p.MintTerms(act.Fields)
	if err := d.held(ctx, terms.Root, terms.Count); err != nil {
		return nil, err
	}
	r, err := d.chain(ctx, act.Step, act.ID, deal.Call{Mint: &deal.Mint{Terms: terms, Signature: act.Field("authorization").Bytes()}})
	return []deal.Receipt{r}, err
}

// held refuses unless the seller's node says that it has every document under
// the root.
func (d *sale) held(ctx workflow.Context, root deal.Commitment, count uint64) error {
	var documents *activities.Documents
	var report activities.HoldReport
	err := d.onNode(ctx, d.p.Opening.Seller.ID, "hold documents", documents.HoldDocuments,
		activities.HoldRequest{Deal: d.p.Opening.ID, Root: root, Count: count}, &report)
	if err != nil {
		return err
	}
	if !report.Complete() {
		return rejected(deal.Errorf(deal.Conflict, "the seller's node holds %d of %d documents: upload the rest first", report.Held, count))
	}
	return nil
}

// appendDocuments has the title stand for the list of documents that was
// notarized last, once the seller's node says that it holds them all.
func (d *sale) appendDocuments(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	longer, err := d.supplement(act)
	if err != nil {
		return nil, rejected(err)
	}
	if err := d.held(ctx, longer.New, longer.Count); err != nil {
		return nil, err
	}
	r, err := d.chain(ctx, act.Step, act.ID, deal.Call{Append: &longer})
	return []deal.Receipt{r}, err
}

// supplement returns what an act appends to the title. That the earlier
// documents are among them unchanged is the nodes' to verify: they have the
// leaves, the deal has the roots.
func (d *sale) supplement(act deal.Act) (deal.Append, error) {
	minted, notarized := d.p.ReceiptOf("receivable.mint"), d.p.Last("supplements", "notarize")
	if minted == nil || notarized == nil {
		return deal.Append{}, deal.Errorf(deal.Conflict, "append documents: want a title, and the longer list notarized")
	}
	root, count := d.p.Documents()
	longer := deal.Append{Token: minted.Result, Old: root, New: act.Field("root").Commitment(), Count: act.Field("count").Count(),
		Signature: act.Field("authorization").Bytes()}
	if longer.New != notarized.Act.Field("root").Commitment() || longer.Count != notarized.Act.Field("count").Count() {
		return longer, deal.Errorf(deal.Conflict, "append documents: the list notarized last is another one")
	}
	if longer.Count <= count || longer.New == root {
		return longer, deal.Errorf(deal.Conflict, "append documents: the title stands for %d already, want more", count)
	}
	return longer, nil
}

// lookUp returns a party as the directory knows it.
func (e *engine) lookUp(ctx workflow.Context, id deal.PartyID) (p deal.Party, err error) {
	var gate *activities.Gate
	err = workflow.ExecuteLocalActivity(local(ctx), gate.LookUp, id).Get(ctx, &p)
	return p, err
}
