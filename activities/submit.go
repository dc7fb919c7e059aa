package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"cession/chain/lane"
	"cession/deal"
)

// How lanes are spoken to; workflows.Lane answers.
const (
	LaneWorkflow = "Lane"      // workflow type; input lane.Input
	LaneSubmit   = "submit"    // update: lane.Submission -> [Submitted]
	LaneOperate  = "operate"   // update: lane.Command -> lane.Answer; errors are of the kinds of package deal
	LaneTune     = "tune"      // signal: lane.Config, for the same address and chain
	LaneWake     = "wake"      // signal: look at the chain although nothing is in flight
	LaneBusy     = "lane busy" // type of the error that rejects an update that is to be repeated in a moment
)

// Submitted is the answer of a lane to an intent. The outcome comes by signal
// in any case, at least once.
type Submitted struct {
	Lane    string       `json:"lane,omitempty"` // id of the lane that has the intent
	Done    bool         `json:"done,omitempty"` // the outcome was known already
	Receipt deal.Receipt `json:"receipt,omitzero"`
}

// LaneClient is the part of Temporal's client that lanes are spoken to with.
type LaneClient interface {
	NewWithStartWorkflowOperation(client.StartWorkflowOptions, any, ...any) client.WithStartWorkflowOperation
	UpdateWithStartWorkflow(context.Context, client.UpdateWithStartWorkflowOptions) (client.WorkflowUpdateHandle, error)
	SignalWorkflow(ctx context.Context, workflow, run, signal string, arg any) error
}

// Submitter gives intents to lanes and starts a lane with its first intent.
type Submitter struct {
	Client    LaneClient
	Lanes     []lane.Config
	TaskQueue string
}

// SubmitIntent gives the intent to its lane and returns when the lane has it.
// Submitting it again is harmless, whatever became of the first time; a lane
// that handed it on passes the question on too.
func (s *Submitter) SubmitIntent(ctx context.Context, intent deal.Intent) (Submitted, error) {
	cfg, ok := s.lane(intent.Lane) // that has it already: lanes may have been added since
	if !ok {
		cfg, ok = s.lane(lane.For(intent.Deal, s.ids()))
	}
	if !ok {
		return Submitted{}, failure("submit intent", deal.Errorf(deal.Invalid, "no lane is configured"))
	}
	out, err := s.submit(ctx, cfg, lane.Submission{Intent: intent})
	out.Lane = cfg.ID()
	return out, again("submit intent", err)
}

// HandIntent gives an intent of one lane to another. Doing it again, also after
// an answer was lost, changes nothing: a lane takes an intent once.
func (s *Submitter) HandIntent(ctx context.Context, h lane.Hand) error {
	defer heartbeat(ctx)()
	cfg, ok := s.lane(h.To)
	if !ok {
		return failure("hand intent", deal.Errorf(deal.Invalid, "lane %.80q is not configured", h.To))
	}
	_, err := s.submit(ctx, cfg, h.Submission)
	return again("hand intent", err)
}

// submit gives a lane an intent, and starts the lane if it does not run.
func (s *Submitter) submit(ctx context.Context, cfg lane.Config, sub lane.Submission) (out Submitted, err error) {
	start := s.Client.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: cfg.ID(), TaskQueue: s.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "lane of " + cfg.Address.String(),
	}, LaneWorkflow, lane.Input{Config: cfg})
	handle, err := s.Client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			UpdateID: updateID(ctx, sub.Intent.ID), UpdateName: LaneSubmit, WorkflowID: cfg.ID(),
			Args: []any{sub}, WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	if err != nil {
		return out, err
	}
	return out, handle.Get(ctx, &out)
}

// updateID is the same for retries of one request and another for a later
// request: asking again for a known outcome must reach the lane, which tells it again.
func updateID(ctx context.Context, intent deal.Commitment) string {
	info := activity.GetInfo(ctx)
	return fmt.Sprintf("%s/%s/%s", intent, info.WorkflowExecution.RunID, info.ActivityID)
}

// again has a lane that is rolling over asked again at once.
func again(action string, err error) error {
	var rejected *temporal.ApplicationError
	if !errors.As(err, &rejected) {
		return failure(action, err)
	}
	if rejected.Type() != LaneBusy {
		return temporal.NewNonRetryableApplicationError(action+": "+rejected.Message(), rejected.Type(), nil)
	}
	return temporal.NewApplicationErrorWithOptions(action+": "+rejected.Message(), LaneBusy,
		temporal.ApplicationErrorOptions{NextRetryDelay: 200 * time.Millisecond, Category: temporal.ApplicationErrorCategoryBenign})
}

func (s *Submitter) ids() (ids []string) {
	for _, cfg := range s.Lanes {
		ids = append(ids, cfg.ID())
	}
	return ids
}

func (s *Submitter) lane(id string) (lane.Config, bool) {
	for _, cfg := range s.Lanes {
		if cfg.ID() == id {
			return cfg, true
		}
	}
	return lane.Config{}, false
}
