package activities

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"cession/chain/lane"
	"cession/deal"
)

// How lanes are spoken to; workflows.Lane answers.
const (
	LaneWorkflow = "Lane"      // workflow type; input lane.Input
	LaneSubmit   = "submit"    // update: deal.Intent -> [Submitted]
	LaneWake     = "wake"      // signal: look at the chain although nothing is in flight
	LaneBusy     = "lane busy" // type of the error that rejects a submission that is to be repeated
)

// Submitted is the answer of a lane to an intent. The outcome comes by signal
// in any case, at least once.
type Submitted struct {
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
// Submitting it again is harmless, whatever became of the first time.
func (s *Submitter) SubmitIntent(ctx context.Context, intent deal.Intent) (Submitted, error) {
	cfg, err := s.lane(intent.Deal)
	if err != nil {
		return Submitted{}, failure("submit intent", err)
	}
	start := s.Client.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: cfg.ID(), TaskQueue: s.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "lane of " + cfg.Address.String(),
	}, LaneWorkflow, lane.Input{Config: cfg})
	handle, err := s.Client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			UpdateID: updateID(ctx, intent.ID), UpdateName: LaneSubmit, WorkflowID: cfg.ID(),
			Args: []any{intent}, WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	if err != nil {
		return Submitted{}, resubmit(err)
	}
	var out Submitted
	return out, resubmit(handle.Get(ctx, &out))
}

// updateID is the same for retries of one request and another for a later
// request: asking again for a known outcome must reach the lane, which tells it again.
func updateID(ctx context.Context, intent deal.Commitment) string {
	info := activity.GetInfo(ctx)
	return fmt.Sprintf("%s/%s/%s", intent, info.WorkflowExecution.RunID, info.ActivityID)
}

// resubmit has a lane that is rolling over asked again at once.
func resubmit(err error) error {
	var rejected *temporal.ApplicationError
	if !errors.As(err, &rejected) {
		return failure("submit intent", err)
	}
	if rejected.Type() != LaneBusy {
		return temporal.NewNonRetryableApplicationError("submit intent: "+rejected.Message(), rejected.Type(), nil)
	}
	return temporal.NewApplicationErrorWithOptions("submit intent: "+rejected.Message(), LaneBusy,
		temporal.ApplicationErrorOptions{NextRetryDelay: 200 * time.Millisecond, Category: temporal.ApplicationErrorCategoryBenign})
}

// WakeLanes has the lanes look at the chain, which may have been rewound since
// they last did. Lanes that were never started are left alone.
func WakeLanes(ctx context.Context, c LaneClient, lanes []lane.Config) error {
	for _, cfg := range lanes {
		err := c.SignalWorkflow(ctx, cfg.ID(), "", LaneWake, nil)
		var none *serviceerror.NotFound
		if err != nil && !errors.As(err, &none) {
			return fmt.Errorf("wake %s: %w", cfg.ID(), err)
		}
	}
	return nil
}

func (s *Submitter) lane(id deal.ID) (lane.Config, error) {
	ids := make([]string, len(s.Lanes))
	for i, cfg := range s.Lanes {
		ids[i] = cfg.ID()
	}
	chosen := LaneFor(id, ids)
	for _, cfg := range s.Lanes {
		if cfg.ID() == chosen {
			return cfg, nil
		}
	}
	return lane.Config{}, deal.Errorf(deal.Invalid, "no lane is configured")
}

// LaneFor chooses the lane of a deal, or "" if there are none. All intents of a
// deal go through one lane, and adding a lane moves only the deals that the new
// one gets (rendezvous hashing).
func LaneFor(id deal.ID, lanes []string) (chosen string) {
	var best [32]byte
	for _, l := range lanes {
		weight := sha256.Sum256([]byte(string(id) + "\x00" + l))
		if chosen == "" || string(weight[:]) > string(best[:]) {
			chosen, best = l, weight
		}
	}
	return chosen
}
