package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// Queries of [Lane]. Its updates and signals are in package activities.
const (
	QueryIntents = "intents" // -> lane.Listing
	QueryIntent  = "intent"  // deal.Commitment -> lane.Record
	QueryEntries = "entries" // -> []lane.Entry, what operators did, newest last
	QueryPlan    = "plan"    // lane.Command -> lane.Answer, what it would do
)

// serve registers the handlers through which deals, other lanes and operators
// reach the lane.
func (l *laneLoop) serve(ctx workflow.Context) error {
	return errors.Join(
		workflow.SetUpdateHandlerWithOptions(ctx, activities.LaneSubmit, l.submit,
			workflow.UpdateHandlerOptions{Validator: l.validateIntent, Description: "take an intent"}),
		workflow.SetUpdateHandlerWithOptions(ctx, activities.LaneOperate, l.operate,
			workflow.UpdateHandlerOptions{Validator: l.validateCommand, Description: "carry out an operator's command"}),
		workflow.SetQueryHandler(ctx, QueryIntents, func() (lane.Listing, error) { return l.state.List(), nil }),
		workflow.SetQueryHandler(ctx, QueryIntent, l.record),
		workflow.SetQueryHandler(ctx, QueryEntries, func() ([]lane.Entry, error) { return l.state.Entries(), nil }),
		workflow.SetQueryHandler(ctx, QueryPlan, func(c lane.Command) (lane.Answer, error) {
			//workflowcheck:ignore its JSON copies a pure value
			answer, err := l.state.Plan(c, workflow.Now(ctx))
			return answer, rejected(err)
		}),
	)
}

// validateIntent rejects what is malformed. A rejection leaves no trace and
// costs nothing.
func (l *laneLoop) validateIntent(_ workflow.Context, in lane.Submission) error {
	if l.rolling {
		return laneBusy("the lane is rolling over")
	}
	err := l.state.Check(in)
	if deal.KindOf(err) == deal.Conflict {
		return laneBusy(err.Error())
	}
	return rejected(err)
}

// laneBusy asks for the same again in a moment.
func laneBusy(why string) error { return temporal.NewApplicationError(why, activities.LaneBusy) }

// submit queues the intent and answers at once.
func (l *laneLoop) submit(ctx workflow.Context, in lane.Submission) (activities.Submitted, error) {
	receipt, done := l.state.Submit(in, workflow.Now(ctx))
	l.changed = true
	return activities.Submitted{Done: done, Receipt: receipt}, nil
}

// validateCommand rejects what is malformed. Whether policy allows the command
// was decided before; whether the lane can carry it out is part of its answer.
func (l *laneLoop) validateCommand(_ workflow.Context, c lane.Command) error {
	if l.rolling {
		return laneBusy("the lane is rolling over")
	}
	return rejected(c.Check())
}

// operate carries out a command. The same command has the same answer, also in
// a later run: the state remembers it.
func (l *laneLoop) operate(ctx workflow.Context, c lane.Command) (lane.Answer, error) {
	//workflowcheck:ignore its JSON copies a pure value
	answer, err := l.state.Operate(c, workflow.Now(ctx))
	l.changed = true
	return answer, rejected(err)
}

func (l *laneLoop) record(id deal.Commitment) (lane.Record, error) {
	r, ok := l.state.Record(id)
	if !ok {
		return r, rejected(deal.Errorf(deal.NotFound, "intent %s: not in this lane, or its outcome is too old", id.Short()))
	}
	return r, nil
}
