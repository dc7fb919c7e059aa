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
		o.Summary = laneSummary("prepare", a.Jobs[0].Intent, len(a.Jobs))
		return laneDo[lane.Prepared](ctx, o, do.PrepareTransactions, a)
	case lane.Replace:
		o.Summary = laneSummary(replaceVerb(a), a.Intent, 1)
		return laneDo[lane.Replaced](ctx, o, do.ReplaceTransaction, a)
	case lane.Broadcast:
		return laneDo[lane.Broadcasted](ctx, o, do.BroadcastTransactions, a)
	case lane.Observe:
		o.StartToCloseTimeout += a.Wait
		return laneDo[lane.Observation](ctx, o, do.ObserveChain, a)
	case lane.Report:
		return lane.Reported{Intent: a.Receipt.Intent}, laneTell(ctx, a.Reply, SignalReceipt, a.Receipt)
	case lane.Warn:
		return lane.Warned{Notice: a.Notice}, laneTell(ctx, a.Reply, SignalNotice, a.Notice)
	}
	return laneKeep(ctx, o, a)
}

// laneKeep does what has to do with neither chain nor requester.
func laneKeep(ctx workflow.Context, o workflow.ActivityOptions, a lane.Action) (lane.Event, error) {
	var submitter *activities.Submitter
	var board *activities.Board
	switch a := a.(type) {
	case lane.Hand:
		o.Summary = laneSummary("hand", a.Submission.Intent, 1) + " to " + a.To
		err := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, o), submitter.HandIntent, a).Get(ctx, nil)
		return lane.Handed{Intent: a.Submission.Intent.ID}, err
	case lane.Publish:
		err := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, o), board.PublishLane, a).Get(ctx, nil)
		return published(a), err
	}
	return nil, deal.Errorf(deal.Invalid, "unknown action %T", a)
}

func laneDo[E lane.Event](ctx workflow.Context, o workflow.ActivityOptions, activity, request any) (lane.Event, error) {
	var out E
	err := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, o), activity, request).Get(ctx, &out)
	return out, err
}

// laneSummary names the work for Temporal's UI: the first call, and that there are more.
func laneSummary(verb string, first deal.Intent, n int) string {
	s := verb
	if name := first.Call.Name(); name != "" {
		s += " " + name
	}
	s += " " + first.ID.Short()
	if n > 1 {
		s += " and others"
	}
	return s
}

func replaceVerb(r lane.Replace) string {
	if r.Blank {
		return "use the nonce of"
	}
	return "bump"
}

// laneTell signals a requester. One that is gone needs no answer.
func laneTell(ctx workflow.Context, reply, signal string, what any) error {
	err := workflow.SignalExternalWorkflow(ctx, reply, "", signal, what).Get(ctx, nil)
	var gone *temporal.UnknownExternalWorkflowExecutionError
	if errors.As(err, &gone) {
		return nil
	}
	return err
}

// published says what of an action is kept now.
func published(p lane.Publish) (out lane.Published) {
	for _, it := range p.Items {
		out.Intents = append(out.Intents, it.Intent)
	}
	for _, e := range p.Entries {
		out.Seq = max(out.Seq, e.Seq)
	}
	return out
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
