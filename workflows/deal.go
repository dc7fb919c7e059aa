package workflows

import (
	"maps"
	"slices"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"cession/deal"
)

// DealInput starts a deal; Progress is set when it continues as new.
type DealInput struct {
	Opening  deal.Opening
	Progress *deal.Progress
}

// Deal is one deal, from the draft to the archive. Its rooms are workflows of
// their own.
func Deal(ctx workflow.Context, in DealInput) (deal.State, error) {
	if in.Progress == nil {
		in.Progress = deal.Begin(in.Opening, nil, workflow.Now(ctx))
	}
	d := &sale{newEngine(ctx, in.Progress)}
	if err := d.setup(ctx); err != nil {
		return "", err
	}
	again, err := d.run(ctx, d.expire)
	if err != nil {
		return d.p.State, err
	}
	if again {
		return d.p.State, workflow.NewContinueAsNewError(ctx, Deal, DealInput{in.Opening, d.p})
	}
	return d.p.State, nil
}

// sale is the seller's side of the engine: the deal itself.
type sale struct{ *engine }

func (d *sale) setup(ctx workflow.Context) error {
	d.effects = map[string]effect{
		"notarize_documents": d.notarizeDocuments,
		"mint":               d.mint,
		"append":             d.appendDocuments,
		"invite":             d.invite,
		"select":             d.selectBidder,
		"check_terms":        d.checkTerms,
		"open_escrow":        d.openEscrow,
		"fund_escrow":        d.fundEscrow,
		"transfer":           d.armRelease,
		"settle":             d.settle,
		"refund":             d.refund,
	}
	d.applied = d.follow
	listen(ctx, signalReport, func(r deal.Report) { d.p.Hear(r) })
	if err := d.serve(ctx); err != nil {
		return err
	}
	if d.transferring() {
		d.startTransfer(ctx)
	}
	return nil
}

// follow does what an act changes beyond its own step.
func (d *sale) follow(ctx workflow.Context, act deal.Act) {
	if d.p.Ended != nil {
		d.closeRooms(ctx, d.p.State)
		return
	}
	switch act.Name() {
	case "selection.select":
		d.p.Select(act.Field("bidder").Party())
		d.closeRooms(ctx, deal.NotSelected)
	case "supplements.append":
		d.tellRooms(ctx)
	case "handover.release":
		d.startTransfer(ctx)
	}
}

// tellRooms has the rooms know what is for sale now.
func (d *sale) tellRooms(ctx workflow.Context) {
	//workflowcheck:ignore the order of the map does not reach the history: the keys are sorted
	for _, id := range slices.Sorted(maps.Keys(d.p.Rooms)) {
		tell(ctx, RoomID(d.p.Opening.ID, id), signalTitle, *d.p.ForSale())
	}
}

// closeRooms ends the rooms that are still open; the buyer's own as selected.
func (d *sale) closeRooms(ctx workflow.Context, s deal.State) {
	//workflowcheck:ignore the order of the map does not reach the history: the keys are sorted
	for _, id := range slices.Sorted(maps.Keys(d.p.Rooms)) {
		state := s
		if d.p.Bidder != nil && d.p.Bidder.ID == id {
			state = deal.Selected
		}
		tell(ctx, RoomID(d.p.Opening.ID, id), signalClose, state)
	}
}

// expire has the deadline of a step end the deal, with what that takes.
func (d *sale) expire(ctx workflow.Context, step deal.Step) {
	state := step.Expires.State
	if step.Expires.Effect == "refund" {
		if err := d.certain(ctx); err != nil {
			return
		}
		if !d.p.Stands("escrow.open") {
			state = deal.Expired // nothing is in escrow
		} else if !d.refundUntilDone(ctx, step) {
			return
		}
	}
	d.p.End(state, workflow.Now(ctx))
	d.closeRooms(ctx, state)
}

// invite opens the bidder's room.
func (d *sale) invite(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	id := act.Field("bidder").Party()
	if _, invited := d.p.Rooms[id]; invited || id == d.p.Opening.Seller.ID {
		return nil, rejected(deal.Errorf(deal.Conflict, "%s has a room already or is the seller", id))
	}
	bidder, err := d.lookUp(ctx, id)
	if err != nil {
		return nil, err
	}
	child := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:        RoomID(d.p.Opening.ID, id),
		ParentClosePolicy: enums.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:     "room of " + string(id),
	}), Room, RoomInput{Opening: d.p.Opening, Bidder: bidder, Title: d.p.ForSale()})
	if err := child.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
		return nil, err
	}
	d.p.Hear(deal.Report{Bidder: bidder, State: deal.Open, Stage: "invitation", Pack: d.p.Opening.Pack})
	return nil, nil
}

// selectBidder refuses an offer of somebody who has left meanwhile, or made it
// under other rules than the deal's, which the buyer would not have adopted.
func (d *sale) selectBidder(_ workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	r, ok := d.p.Rooms[act.Field("bidder").Party()]
	if !ok || !r.Confirmed || slices.Contains([]deal.State{deal.Declined, deal.Withdrawn, deal.Expired}, r.State) {
		return nil, rejected(deal.Errorf(deal.Conflict, "%s has no binding offer standing", act.Field("bidder")))
	}
	if d.p.PackOf(r) != d.p.Pack() {
		return nil, rejected(deal.Errorf(deal.Conflict, "the room of %s is judged by policy pack %s, the deal by %s: adopt the same one first", r.Bidder.ID, d.p.PackOf(r).Short(), d.p.Pack().Short()))
	}
	return nil, nil
}
