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
	var documents *activities.Documents
	var report activities.HoldReport
	err := d.onNode(ctx, d.p.Opening.Seller.ID, "hold documents", documents.HoldDocuments,
		activities.HoldRequest{Deal: d.p.Opening.ID, Root: terms.Root, Count: terms.Count}, &report)
	if err != nil {
		return nil, err
	}
	if !report.Complete() {
		return nil, rejected(deal.Errorf(deal.Conflict, "the seller's node holds %d of %d documents: upload the rest first", report.Held, terms.Count))
	}
	r, err := d.chain(ctx, act.Step, act.ID, deal.Call{Mint: &deal.Mint{Terms: terms, Signature: act.Field("authorization").Bytes()}})
	return []deal.Receipt{r}, err
}

// lookUp returns a party as the directory knows it.
func (e *engine) lookUp(ctx workflow.Context, id deal.PartyID) (p deal.Party, err error) {
	var gate *activities.Gate
	err = workflow.ExecuteLocalActivity(local(ctx), gate.LookUp, id).Get(ctx, &p)
	return p, err
}
