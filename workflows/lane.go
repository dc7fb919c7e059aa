package workflows

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/chain/lane"
)

// Lane sends the transactions of one signer on one chain. It is that signer's
// only writer, and its history is the log that is written ahead of each
// broadcast. It decides nothing: it asks [lane.State] what to do, does it, and
// says what came of it. It sleeps when nothing is in flight, and never ends.
func Lane(ctx workflow.Context, in lane.Input) error {
	l := &laneLoop{
		state: lane.New(in),
		woken: workflow.GetSignalChannel(ctx, activities.LaneWake),
		tuned: workflow.GetSignalChannel(ctx, activities.LaneTune),
	}
	if err := l.serve(ctx); err != nil {
		return err
	}
	return l.run(ctx)
}

// laneLoop is a running lane. Signals stay in their channels until the loop
// takes them: what a goroutine of its own had received, but not yet said, when
// the run ends would be lost.
type laneLoop struct {
	state        *lane.State
	woken, tuned workflow.ReceiveChannel
	running      int  // actions under way
	changed      bool // the state may want something new
	rolling      bool // continue-as-new is due; nothing new is taken or started
	stopLook     workflow.CancelFunc
}

func (l *laneLoop) run(ctx workflow.Context) error {
	for {
		l.changed = false
		l.hear()
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

// hear takes the signals that came.
func (l *laneLoop) hear() {
	for l.woken.ReceiveAsync(nil) {
		l.state.Rouse()
	}
	for {
		var cfg lane.Config
		if !l.tuned.ReceiveAsync(&cfg) {
			return
		}
		l.state.Configure(cfg)
	}
}

// sleep waits until the state changes or something becomes due.
func (l *laneLoop) sleep(ctx workflow.Context) error {
	awake := func() bool { return l.changed || l.woken.Len() > 0 || l.tuned.Len() > 0 }
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
	l.hear() // the next run does not get what this one was sent
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
