package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/deal"
)

// Signals between a deal and its rooms.
const (
	signalReport = "report" // room -> deal: deal.Report
	signalClose  = "close"  // deal -> room: deal.State in which the room ends
	signalTitle  = "title"  // deal -> room: deal.Portfolio, what is for sale now
)

// RoomInput starts a bidder's room; Progress is set when it continues as new.
type RoomInput struct {
	Opening  deal.Opening
	Bidder   deal.Party
	Progress *deal.Progress
	Title    *deal.Portfolio // what is for sale; missing in rooms from before there were supplements
}

// Room is one bidder's part of a deal, from the invitation to the last offer.
// It knows nothing of other rooms; it reports to its deal.
func Room(ctx workflow.Context, in RoomInput) (deal.State, error) {
	if in.Progress == nil {
		in.Progress = deal.Begin(in.Opening, &in.Bidder, workflow.Now(ctx))
		in.Progress.Title = in.Title
	}
	r := &room{newEngine(ctx, in.Progress)}
	if err := r.setup(ctx); err != nil {
		return "", err
	}
	again, err := r.run(ctx, func(_ workflow.Context, step deal.Step) { r.p.End(step.Expires.State, workflow.Now(ctx)) })
	if err != nil {
		return r.p.State, err
	}
	if again { // at once: while a report is delivered, a signal for the next run could come
		return r.p.State, workflow.NewContinueAsNewError(ctx, Room, RoomInput{Opening: in.Opening, Bidder: in.Bidder, Progress: r.p})
	}
	r.report(ctx)
	return r.p.State, r.shut(ctx)
}

type room struct{ *engine }

func (r *room) setup(ctx workflow.Context) error {
	r.effects = map[string]effect{"grant": r.grant, "revoke": r.revoke}
	r.applied = func(ctx workflow.Context, _ deal.Act) { r.report(ctx) }
	listen(ctx, signalClose, func(s deal.State) { r.close(ctx, s) })
	listen(ctx, signalTitle, r.p.Learn)
	return r.serve(ctx)
}

// close ends the room because the deal goes on without it, or with it.
func (r *room) close(ctx workflow.Context, s deal.State) {
	r.busy++
	workflow.Go(ctx, func(ctx workflow.Context) {
		defer func() { r.busy-- }()
		if err := r.lock.Lock(ctx); err != nil {
			return
		}
		defer r.lock.Unlock()
		r.p.End(s, workflow.Now(ctx))
	})
}

// shut takes the bidder's reading rights back, however the room ended, unless
// it ended because the bidder buys. While the seller's node is away it tries
// again, until the rights have run out by themselves.
func (r *room) shut(ctx workflow.Context) error {
	until := r.p.Value("data_room", "open", "until").Time()
	for r.p.State != deal.Selected && workflow.Now(ctx).Before(until) {
		_, err := r.revoke(ctx, deal.Act{})
		r.publish(ctx)
		if err == nil {
			return nil
		}
		if err := workflow.Sleep(ctx, 5*time.Minute); err != nil {
			return err
		}
	}
	return nil
}

// report tells the deal where the room stands. The deal may be over already.
func (r *room) report(ctx workflow.Context) {
	tell(ctx, DealID(r.p.Opening.ID), signalReport, r.p.Report())
}

// tell signals another workflow; one that is over is not told.
func tell(ctx workflow.Context, workflowID, signal string, what any) {
	err := workflow.SignalExternalWorkflow(ctx, workflowID, "", signal, what).Get(ctx, nil)
	var gone *temporal.UnknownExternalWorkflowExecutionError
	if err != nil && !errors.As(err, &gone) {
		workflow.GetLogger(ctx).Error("signal not delivered", "to", workflowID, "signal", signal, "error", err)
	}
}
