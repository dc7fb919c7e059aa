package workflows

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// Queries of [Lane].
const (
	QueryIntents = "intents" // -> lane.Listing
	QueryIntent  = "intent"  // deal.Commitment -> lane.Record
)

// Lane sends the transactions of one signer on one chain. It is that signer's
// only writer, and its history is the log that is written ahead of each
// broadcast. It decides nothing: it asks [lane.State] what to do, does it, and
// says what came of it. It sleeps when nothing is in flight, and never ends.
func Lane(ctx workflow.Context, in lane.Input) error {
	l := &laneLoop{state: lane.New(in)}
	if err := l.setup(ctx); err != nil {
		return err
	}
	return l.run(ctx)
}

// laneLoop is a running lane.
type laneLoop struct {
	state    *lane.State
	running  int  // actions under way
	changed  bool // the state may want something new
	rolling  bool // continue-as-new is due; nothing new is taken or started
	stopLook workflow.CancelFunc
}

func (l *laneLoop) setup(ctx workflow.Context) error {
	err := workflow.SetUpdateHandlerWithOptions(ctx, activities.LaneSubmit, l.submit,
		workflow.UpdateHandlerOptions{Validator: l.validate, Description: "take an intent"})
	if err != nil {
		return err
	}
	if err := workflow.SetQueryHandler(ctx, QueryIntents, func() (lane.Listing, error) { return l.state.List(), nil }); err != nil {
		return err
	}
	err = workflow.SetQueryHandler(ctx, QueryIntent, func(id deal.Commitment) (lane.Record, error) {
		r, ok := l.state.Record(id)
		if !ok {
			return r, deal.Errorf(deal.NotFound, "intent %s: not in this lane, or its outcome is too old", id.Short())
		}
		return r, nil
	})
	if err != nil {
		return err
	}
	workflow.Go(ctx, l.wake)
	return nil
}

// validate rejects what is malformed, and everything for the moment the lane
// takes to roll over. A rejection leaves no trace and costs nothing.
func (l *laneLoop) validate(_ workflow.Context, in deal.Intent) error {
	if l.rolling {
		return temporal.NewApplicationError("the lane is rolling over", activities.LaneBusy)
	}
	err := l.state.Check(in)
	switch deal.KindOf(err) {
	case "":
		return err
	case deal.Conflict:
		return temporal.NewApplicationError(err.Error(), activities.LaneBusy)
	}
	return temporal.NewNonRetryableApplicationError(err.Error(), string(deal.KindOf(err)), nil)
}

// submit queues the intent and answers at once.
func (l *laneLoop) submit(ctx workflow.Context, in deal.Intent) (activities.Submitted, error) {
	receipt, done := l.state.Submit(in, workflow.Now(ctx))
	l.changed = true
	return activities.Submitted{Done: done, Receipt: receipt}, nil
}

// wake looks at the chain when somebody says that it may have changed.
func (l *laneLoop) wake(ctx workflow.Context) {
	for ch := workflow.GetSignalChannel(ctx, activities.LaneWake); ; {
		ch.Receive(ctx, nil)
		l.state.Rouse()
		l.changed = true
	}
}

func (l *laneLoop) run(ctx workflow.Context) error {
	for {
		l.changed = false
		for _, a := range l.state.Next(workflow.Now(ctx)) {
			l.start(ctx, a)
		}
		workflow.SetCurrentDetails(ctx, l.state.Headline())
		if err := l.sleep(ctx); err != nil {
			return err
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return l.rollOver(ctx)
		}
	}
}

// sleep waits until the state changes or something becomes due.
func (l *laneLoop) sleep(ctx workflow.Context) error {
	awake := func() bool { return l.changed }
	now := workflow.Now(ctx)
	due, ok := l.state.Due(now)
	if !ok {
		return workflow.Await(ctx, awake)
	}
	_, err := workflow.AwaitWithTimeout(ctx, due.Sub(now), awake)
	return err
}

// rollOver continues as new with the same state, once nothing is under way:
// the next run knows only what was applied. What waits for a block is not
// waited for.
func (l *laneLoop) rollOver(ctx workflow.Context) error {
	l.rolling = true
	if l.stopLook != nil {
		l.stopLook()
	}
	err := workflow.Await(ctx, func() bool { return l.running == 0 && workflow.AllHandlersFinished(ctx) })
	if err != nil {
		return err
	}
	return workflow.NewContinueAsNewError(ctx, Lane, lane.Input{Config: l.state.Config(), State: l.state})
}

// start does an action beside the others and applies what comes of it.
func (l *laneLoop) start(ctx workflow.Context, a lane.Action) {
	if _, ok := a.(lane.Observe); ok {
		ctx, l.stopLook = workflow.WithCancel(ctx)
	}
	l.running++
	workflow.Go(ctx, func(ctx workflow.Context) {
		l.finish(ctx, a)
		l.running--
		l.changed = true
	})
}

func (l *laneLoop) finish(ctx workflow.Context, a lane.Action) {
	event, err := laneAct(ctx, a)
	switch {
	case temporal.IsCanceledError(err):
		return // by rollOver; the next run does it again
	case err != nil:
		event = lane.Failure{Action: a, Reason: laneReason(err)}
	}
	l.state.Apply(event, workflow.Now(ctx))
}
