package workflows

import (
	"math/bits"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/deal"
)

// Search attributes, for operators' searches in Temporal itself. The desk's
// lists come from its read model.
var (
	AttributeState    = temporal.NewSearchAttributeKeyKeyword("CessionState")
	AttributeSeller   = temporal.NewSearchAttributeKeyKeyword("CessionSeller")
	AttributeBidder   = temporal.NewSearchAttributeKeyKeyword("CessionBidder")
	AttributeWaiting  = temporal.NewSearchAttributeKeyKeywordList("CessionWaitingOn")
	AttributeDeadline = temporal.NewSearchAttributeKeyTime("CessionNextDeadline")
	AttributeAmount   = temporal.NewSearchAttributeKeyInt64("CessionAmountBand")
)

func attributes(ctx workflow.Context, p *deal.Progress) {
	waiting := []string{}
	for _, r := range p.WaitingOn() {
		waiting = append(waiting, string(r))
	}
	updates := []temporal.SearchAttributeUpdate{
		AttributeState.ValueSet(string(p.State)),
		AttributeSeller.ValueSet(string(p.Opening.Seller.ID)),
		AttributeWaiting.ValueSet(waiting),
		AttributeAmount.ValueSet(Band(p.Value("mint", "mint", "face").Amount())),
	}
	if p.Bidder != nil {
		updates = append(updates, AttributeBidder.ValueSet(string(p.Bidder.ID)))
	}
	if due := p.Due(); due.IsZero() {
		updates = append(updates, AttributeDeadline.ValueUnset())
	} else {
		updates = append(updates, AttributeDeadline.ValueSet(due))
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		workflow.GetLogger(ctx).Error("search attributes not set", "error", err)
	}
	workflow.SetCurrentDetails(ctx, details(p))
}

// Band returns the order of magnitude of an amount: the number of binary
// digits of its whole units; 0 for none.
func Band(a deal.Amount) int64 { return int64(bits.Len64(uint64(max(0, a.Minor) / 100))) }

// workWords says what an item of work is. Ids only.
func workWords(w deal.Work) string {
	at := w.Due.UTC().Format(time.RFC3339)
	switch {
	case w.Need.Kind == deal.NeedWait:
		return at
	case w.State == deal.WorkEscalated:
		return w.Need.Act + " of " + string(w.Need.Party) + ", overdue since " + at
	}
	return w.Need.Act + " of " + string(w.Need.Party) + " until " + at
}

// details says in a line, for Temporal's own UI, what is waited for. Ids only.
func details(p *deal.Progress) string {
	line := "state " + string(p.State)
	if stage := p.Stage(); stage != "" {
		line += ", in " + stage + ", waiting on "
		for i, r := range p.WaitingOn() {
			if i > 0 {
				line += " or "
			}
			line += string(r)
		}
	}
	if due := p.Due(); !due.IsZero() {
		line += " until " + due.UTC().Format(time.RFC3339)
	}
	for _, w := range p.Work {
		if w.Wanted() {
			line += ", " + w.For + " waits for " + workWords(w)
		}
	}
	return line
}
