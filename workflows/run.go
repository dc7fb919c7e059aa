package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"cession/deal"
)

// run keeps a deal or room going until it ends: it waits for acts and lets
// deadlines pass. It returns true when the workflow is to continue as new.
func (e *engine) run(ctx workflow.Context, expire func(workflow.Context, deal.Step)) (again bool, err error) {
	for {
		e.publish(ctx) // what changed without an act: reports of rooms, transfers
		if e.due(ctx) && e.quiet(ctx) {
			if heard, err := e.hear(ctx); err != nil || !heard {
				return err == nil, err
			}
			continue
		}
		if e.p.Ended != nil && e.quiet(ctx) {
			return false, nil
		}
		if err := e.sleep(ctx, expire); err != nil {
			return false, err
		}
	}
}

// hear lets signals that came with the same task be heard, which the next run
// would not get, and reports whether there were any.
func (e *engine) hear(ctx workflow.Context) (heard bool, err error) {
	before, turned := e.p.Version, false
	workflow.Go(ctx, func(workflow.Context) { turned = true }) // runs after the listeners
	if err := workflow.Await(ctx, func() bool { return turned }); err != nil {
		return false, err
	}
	return e.p.Version != before || !e.quiet(ctx), nil
}

// sleep waits for something to change or for the next alarm, which it rings.
func (e *engine) sleep(ctx workflow.Context, expire func(workflow.Context, deal.Step)) error {
	before := e.p.Version
	stirred := func() bool {
		return e.p.Version != before || ((e.due(ctx) || e.p.Ended != nil) && e.quiet(ctx))
	}
	alarm, ok := e.p.NextAlarm()
	if !ok {
		return workflow.Await(ctx, stirred)
	}
	wait := max(alarm.At.Sub(workflow.Now(ctx)), 0)
	changed, err := workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{
		Timeout: wait, TimerOptions: workflow.TimerOptions{Summary: alarmWords(alarm)},
	}, stirred)
	if err != nil || changed {
		return err
	}
	return e.ring(ctx, alarm, expire)
}

func alarmWords(a deal.Alarm) string {
	what := a.Step
	if !a.Work.IsZero() {
		what = "the work for " + a.Step
	}
	if a.Remind {
		return "reminder of " + what
	}
	return "deadline of " + what
}

// ring has a reminder or deadline, of a step or of work, take effect, unless an
// act came first.
func (e *engine) ring(ctx workflow.Context, alarm deal.Alarm, expire func(workflow.Context, deal.Step)) error {
	if err := e.lock.Lock(ctx); err != nil {
		return err
	}
	defer e.lock.Unlock()
	if next, ok := e.p.NextAlarm(); !ok || next != alarm || workflow.Now(ctx).Before(alarm.At) {
		return nil
	}
	switch {
	case !alarm.Work.IsZero():
		e.p.Ring(workflow.Now(ctx))
	case alarm.Remind:
		e.p.Remind(alarm.Step)
	default:
		step, _ := e.p.Opening.Plan.Step(alarm.Step)
		expire(ctx, step)
	}
	e.publish(ctx)
	return nil
}

// pause waits a moment before something is tried again, unless the deal ends or
// is to continue as new.
func (e *engine) pause(ctx workflow.Context, d time.Duration) error {
	_, err := workflow.AwaitWithTimeout(ctx, d, func() bool { return e.p.Ended != nil || e.due(ctx) })
	return err
}
