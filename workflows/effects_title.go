package workflows

import (
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/deal"
)

// notarizeDocuments puts the root over the document commitments on chain, so
// that the seller's node can check each file against it.
func (d *sale) notarizeDocuments(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	r, err := d.chain(ctx, act.Step, act.Field("root").Commitment(), deal.Call{Anchor: &deal.Anchor{
		Root: act.Field("root").Commitment(), Count: act.Field("count").Count(),
	}})
	return []deal.Receipt{r}, err
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
