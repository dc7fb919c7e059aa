package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// laneAct does an action. Each is tried twice at once, and then again when the
// lane says so, where the reason can be seen.
func laneAct(ctx workflow.Context, a lane.Action) (lane.Event, error) {
	o := workflow.ActivityOptions{
		StartToCloseTimeout: 20 * time.Second,
		HeartbeatTimeout:    5 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 200 * time.Millisecond, MaximumAttempts: 2},
	}
	var do *activities.Lane
	switch a := a.(type) {
	case lane.Prepare:
		o.Summary = laneSummary("prepare", a.Intents)
		return laneDo[lane.Prepared](ctx, o, do.PrepareTransactions, a)
	case lane.Replace:
		o.Summary = laneSummary("bump", []deal.Intent{a.Intent})
		return laneDo[lane.Replaced](ctx, o, do.ReplaceTransaction, a)
	case lane.Broadcast:
		return laneDo[lane.Broadcasted](ctx, o, do.BroadcastTransactions, a)
	case lane.Observe:
		o.StartToCloseTimeout += a.Wait
		return laneDo[lane.Observation](ctx, o, do.ObserveChain, a)
	case lane.Report:
		return lane.Reported{Intent: a.Receipt.Intent}, laneReport(ctx, a)
	}
	return nil, deal.Errorf(deal.Invalid, "unknown action %T", a)
}

func laneDo[E lane.Event](ctx workflow.Context, o workflow.ActivityOptions, activity, request any) (lane.Event, error) {
	var out E
	err := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, o), activity, request).Get(ctx, &out)
	return out, err
}

// laneSummary names the work for Temporal's UI: the call, and how many more.
func laneSummary(verb string, intents []deal.Intent) string {
	s := verb + " " + intents[0].Call.Name() + " " + intents[0].ID.Short()
	if len(intents) > 1 {
		s += " and others"
	}
	return s
}

// laneReport tells the requester. One that is gone needs no answer.
func laneReport(ctx workflow.Context, r lane.Report) error {
	err := workflow.SignalExternalWorkflow(ctx, r.Reply, "", SignalReceipt, r.Receipt).Get(ctx, nil)
	var gone *temporal.UnknownExternalWorkflowExecutionError
	if errors.As(err, &gone) {
		return nil
	}
	return err
}

// laneReason reads the reason from a failed activity: the error's type, or that
// nobody answered.
func laneReason(err error) lane.Reason {
	var f *temporal.ApplicationError
	if errors.As(err, &f) {
		for _, r := range lane.Reasons() {
			if f.Type() == string(r) {
				return r
			}
		}
	}
	return lane.RPCDown
}
