package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/deal"
)

// Busy is the type of the error that asks a client to send its act again in a
// moment: the workflow is about to continue as new.
const Busy = "busy"

// engine takes acts for one deal or one room: check, decide, effect, record,
// change state. State changes last, so a crash repeats and never skips.
type engine struct {
	p        *deal.Progress
	lock     workflow.Mutex // held while an act or a deadline takes effect
	receipts map[deal.Commitment]deal.Receipt
	asked    map[deal.Commitment]bool // intents of this run that did not fail
	busy     int                      // coroutines that have work under way
	pulling  bool                     // the buyer's node fetches documents, which can take hours
	seen     uint64                   // version last published
	rollover bool                     // continue as new as soon as nothing is under way

	// effects are what the plan's effects mean in this scope.
	effects map[string]effect
	// applied is told of every act after it changed the state.
	applied func(ctx workflow.Context, act deal.Act)
}

// effect does what an act causes outside the deal and returns what the chain said.
type effect func(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error)

func newEngine(ctx workflow.Context, p *deal.Progress) *engine {
	return &engine{p: p, lock: workflow.NewMutex(ctx), receipts: map[deal.Commitment]deal.Receipt{}, asked: map[deal.Commitment]bool{}}
}

// serve registers the handlers through which people and lanes reach the engine.
func (e *engine) serve(ctx workflow.Context) error {
	err := workflow.SetUpdateHandlerWithOptions(ctx, UpdateAct, e.act, workflow.UpdateHandlerOptions{
		Validator: e.validate, Description: "A signed act of a party.",
	})
	if err != nil {
		return err
	}
	if err := workflow.SetQueryHandler(ctx, QueryProgress, func() (deal.Progress, error) { return *e.p, nil }); err != nil {
		return err
	}
	listen(ctx, SignalReceipt, func(r deal.Receipt) { e.receipts[r.Intent] = r })
	e.heed(ctx)
	return nil
}

// listen hands every signal of a name to a function, in order, for as long as
// the workflow runs.
func listen[T any](ctx workflow.Context, name string, hear func(T)) {
	ch := workflow.GetSignalChannel(ctx, name)
	workflow.GoNamed(ctx, name, func(ctx workflow.Context) {
		for {
			var v T
			ch.Receive(ctx, &v)
			hear(v)
		}
	})
}

// validate turns away what cannot be an act here, before it leaves a trace.
func (e *engine) validate(ctx workflow.Context, act deal.Act) error {
	if _, known := e.p.Find(act.ID); known {
		return nil
	}
	if e.due(ctx) {
		return temporal.NewApplicationError("about to continue as new: send the act again", Busy)
	}
	return rejected(e.p.Check(act, workflow.Now(ctx)))
}

// due reports whether the history is long enough to continue as new. While
// documents are fetched that has time: no act is turned away meanwhile.
func (e *engine) due(ctx workflow.Context) bool {
	e.rollover = e.rollover || workflow.GetInfo(ctx).GetContinueAsNewSuggested()
	return e.rollover && !e.pulling
}

func (e *engine) act(ctx workflow.Context, act deal.Act) (deal.Outcome, error) {
	if err := e.lock.Lock(ctx); err != nil {
		return deal.Outcome{}, err
	}
	defer e.lock.Unlock()
	if known, ok := e.p.Find(act.ID); ok {
		return known, nil
	}
	if err := e.p.Check(act, workflow.Now(ctx)); err != nil { // again: time passed since the validator
		return deal.Outcome{}, rejected(err)
	}
	decision, err := e.decide(ctx, act)
	if err != nil {
		return deal.Outcome{}, err
	}
	if !decision.Allow {
		e.p.Refuse(act, decision, workflow.Now(ctx))
		e.publish(ctx)
		return deal.Outcome{Act: act.ID, Verdict: deal.Rejected, Decision: decision, State: e.p.State}, nil
	}
	receipts, err := e.perform(ctx, act)
	if err != nil {
		e.publish(ctx)
		return deal.Outcome{}, err
	}
	e.p.Apply(act, decision, receipts, workflow.Now(ctx))
	if e.applied != nil {
		e.applied(ctx, act)
	}
	e.publish(ctx)
	return deal.Outcome{Act: act.ID, Verdict: deal.Accepted, Decision: decision, Receipts: receipts, State: e.p.State}, nil
}

// perform has the act's effect and notarizes its commitment.
func (e *engine) perform(ctx workflow.Context, act deal.Act) (receipts []deal.Receipt, err error) {
	_, action, err := e.p.Opening.Plan.Action(act.Step, act.Action)
	if err != nil {
		return nil, rejected(err)
	}
	if action.Effect != "" {
		have, ok := e.effects[action.Effect]
		if !ok {
			return nil, rejected(deal.Errorf(deal.Invalid, "the plan names effect %q, which this version does not have", action.Effect))
		}
		if receipts, err = have(ctx, act); err != nil {
			return receipts, err
		}
	}
	if !action.Record {
		return receipts, nil
	}
	anchored, err := e.chain(ctx, act.Step, act.ID, deal.Call{Anchor: &deal.Anchor{Root: act.ID, Count: 1}})
	return append(receipts, anchored), err
}

func (e *engine) decide(ctx workflow.Context, act deal.Act) (d deal.Decision, err error) {
	var gate *activities.Gate
	err = workflow.ExecuteLocalActivity(local(ctx), gate.Decide, activities.DecideRequest{
		Question: e.p.Question(act, workflow.Now(ctx)), Plan: e.p.Opening.Plan, Market: e.p.Opening.Market,
	}).Get(ctx, &d)
	return d, err
}

// publish tells the read model and the search attributes where this stands.
func (e *engine) publish(ctx workflow.Context) {
	if e.seen == e.p.Version && e.seen != 0 {
		return
	}
	e.seen = e.p.Version
	var board *activities.Board
	// a copy: a local activity is handed its arguments by reference
	//workflowcheck:ignore JSON of a pure value, and its result goes nowhere but into the activity
	if err := workflow.ExecuteLocalActivity(local(ctx), board.Publish, e.p.Clone()).Get(ctx, nil); err != nil {
		workflow.GetLogger(ctx).Error("read model not updated", "error", err)
		e.seen = 0
	}
	attributes(ctx, e.p)
}

// quiet reports whether no act, deadline or transfer is under way.
func (e *engine) quiet(ctx workflow.Context) bool {
	return e.busy == 0 && !e.lock.IsLocked() && workflow.AllHandlersFinished(ctx)
}

// rejected turns a deal error into an update error whose type is its kind.
func rejected(err error) error {
	if err == nil {
		return nil
	}
	return temporal.NewNonRetryableApplicationError(err.Error(), string(deal.KindOf(err)), nil)
}

// local returns the options of quick activities of the operator's own.
func local(ctx workflow.Context) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout: 15 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 200 * time.Millisecond, MaximumInterval: 30 * time.Second},
	})
}
