package desk

import (
	"context"
	"errors"
	"time"

	"cession/deal"
	"cession/workflows"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
)

const (
	workflowType = "Deal"
	typeBusy     = "busy" // a validator's answer while the workflow is about to continue as new

	busyFirst = 20 * time.Millisecond // pause before an act is sent to a busy workflow again; doubles
	busyMost  = time.Second
)

// Temporal runs deals as workflows of a Temporal server.
type Temporal struct{ client temporalClient }

// temporalClient is the part of [client.Client] that is used.
type temporalClient interface {
	ExecuteWorkflow(ctx context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error)
	UpdateWorkflow(ctx context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error)
	QueryWorkflow(ctx context.Context, workflowID, runID, queryType string, args ...any) (converter.EncodedValue, error)
}

// NewTemporal returns the engine behind a client.
func NewTemporal(c client.Client) *Temporal { return &Temporal{c} }

// Open starts the deal's workflow. An id is used once, also after the workflow
// has ended.
func (t *Temporal) Open(ctx context.Context, o deal.Opening) error {
	_, err := t.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.DealID(o.ID), TaskQueue: workflows.TaskQueue,
		WorkflowIDConflictPolicy:                 enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowIDReusePolicy:                    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, workflowType, workflows.DealInput{Opening: o})
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &started) {
		return deal.Errorf(deal.Conflict, "open deal %s: that id was used before", o.ID)
	}
	return engineError("open deal", err)
}

// Act sends the act as an update whose id is the act's and waits for its
// outcome. A busy workflow is asked again until the context ends. A workflow
// that has ended answers for the acts it took.
func (t *Temporal) Act(ctx context.Context, act deal.Act) (deal.Outcome, error) {
	for pause := busyFirst; ; pause = min(2*pause, busyMost) {
		out, err := t.update(ctx, act)
		if !isBusy(err) {
			return t.finish(ctx, act, out, err)
		}
		select {
		case <-ctx.Done():
			return deal.Outcome{}, deal.Errorf(deal.Lost, "take act: the deal is busy, send the same act again")
		case <-time.After(pause):
		}
	}
}

func (t *Temporal) update(ctx context.Context, act deal.Act) (out deal.Outcome, err error) {
	handle, err := t.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: workflowID(act.Deal, act.Room), UpdateName: workflows.UpdateAct, UpdateID: act.ID.String(),
		WaitForStage: client.WorkflowUpdateStageCompleted, Args: []any{act},
	})
	if err != nil {
		return out, err
	}
	return out, handle.Get(ctx, &out)
}

// finish turns the answer to an update into the outcome of the act.
func (t *Temporal) finish(ctx context.Context, act deal.Act, out deal.Outcome, err error) (deal.Outcome, error) {
	err = engineError("take act", err)
	if deal.KindOf(err) != deal.NotFound {
		return out, err
	}
	p, queryErr := t.Progress(ctx, act.Deal, act.Room)
	if queryErr != nil {
		return deal.Outcome{}, queryErr
	}
	if out, ok := p.Find(act.ID); ok {
		return out, nil
	}
	if p.Ended == nil {
		return deal.Outcome{}, err
	}
	return deal.Outcome{}, deal.Errorf(deal.Conflict, "take act %s: this is over (%s)", act.Name(), p.State)
}

// Progress asks the workflow, which also answers after it has ended.
func (t *Temporal) Progress(ctx context.Context, id deal.ID, room deal.PartyID) (p deal.Progress, err error) {
	value, err := t.client.QueryWorkflow(ctx, workflowID(id, room), "", workflows.QueryProgress)
	if err != nil {
		return p, engineError("look at deal", err)
	}
	return p, value.Get(&p)
}

func workflowID(id deal.ID, room deal.PartyID) string {
	if room == "" {
		return workflows.DealID(id)
	}
	return workflows.RoomID(id, room)
}

func isBusy(err error) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.Type() == typeBusy
}

// engineError gives an error of the engine its kind. A workflow's own error
// carries it as its type; what the server says means notfound or lost; the rest
// stays without a kind.
func engineError(action string, err error) error {
	if err == nil {
		return nil
	}
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		switch kind := deal.Kind(app.Type()); kind {
		case deal.Invalid, deal.Conflict, deal.NotFound, deal.Refused, deal.Lost:
			return deal.Errorf(kind, "%s", app.Message())
		}
		if app.Type() == "AcceptedUpdateCompletedWorkflow" { // the run ended before the update did; the next one knows
			return deal.Errorf(deal.Lost, "%s: what was asked moved on meanwhile: %w", action, err)
		}
		return &engineFailure{action, err}
	}
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return deal.Errorf(deal.NotFound, "%s: %w", action, noDeal)
	}
	if isTransport(err) {
		return deal.Errorf(deal.Lost, "%s: the workflow engine did not answer in time: %w", action, err)
	}
	return &engineFailure{action, err}
}

// engineFailure is an error nobody planned for.
type engineFailure struct {
	action string
	cause  error
}

func (e *engineFailure) Error() string { return e.action + ": " + e.cause.Error() }

func (e *engineFailure) Unwrap() error { return e.cause }

func isTransport(err error) bool {
	var (
		deadline    *serviceerror.DeadlineExceeded
		canceled    *serviceerror.Canceled
		unavailable *serviceerror.Unavailable
		exhausted   *serviceerror.ResourceExhausted
		notReady    *serviceerror.WorkflowNotReady
		update      *client.WorkflowUpdateServiceTimeoutOrCanceledError
	)
	return errors.As(err, &deadline) || errors.As(err, &canceled) || errors.As(err, &unavailable) || errors.As(err, &exhausted) ||
		errors.As(err, &notReady) || errors.As(err, &update) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
