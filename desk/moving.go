package desk

import (
	"context"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"

	"cession/deal"
	"cession/workflows"
)

// Moving is how far the documents are on their way to the buyer, as the buyer's
// node last said.
type Moving struct {
	Documents uint64 `json:"documents"` // whole and verified
	Bytes     uint64 `json:"bytes"`     // of ciphertext, verified
	Attempt   int32  `json:"attempt"`   // from 1
}

// mover is an engine that knows how far a handover is.
type mover interface {
	Moving(ctx context.Context, id deal.ID) (*Moving, error)
}

// movingTimeout bounds the question how far a handover is; a view does not wait
// for it.
const movingTimeout = 2 * time.Second

// pullActivity is what the buyer's node runs.
const pullActivity = "PullDocuments"

// describer is the part of [client.Client] that tells what a workflow waits for.
type describer interface {
	DescribeWorkflowExecution(ctx context.Context, workflowID, runID string) (*workflowservice.DescribeWorkflowExecutionResponse, error)
}

var _ describer = client.Client(nil)

// Moving returns what the running pull of a deal said last, or nil without one.
func (t *Temporal) Moving(ctx context.Context, id deal.ID) (*Moving, error) {
	d, ok := t.client.(describer)
	if !ok {
		return nil, nil
	}
	answer, err := d.DescribeWorkflowExecution(ctx, workflows.DealID(id), "")
	if err != nil {
		return nil, engineError("look at handover", err)
	}
	for _, a := range answer.GetPendingActivities() {
		if a.GetActivityType().GetName() == pullActivity {
			return movingOf(a), nil
		}
	}
	return nil, nil
}

// movingOf reads a heartbeat; one that cannot be read says nothing.
func movingOf(a *workflowpb.PendingActivityInfo) *Moving {
	m := &Moving{Attempt: a.GetAttempt()}
	if a.GetHeartbeatDetails() != nil && converter.GetDefaultDataConverter().FromPayloads(a.GetHeartbeatDetails(), m) != nil {
		return &Moving{Attempt: a.GetAttempt()}
	}
	m.Attempt = a.GetAttempt()
	return m
}

// moving asks how far the handover of a deal is, while there is one.
func (s *Server) moving(ctx context.Context, p *deal.Progress) *Moving {
	engine, ok := s.deals.(mover)
	if !ok || p.Ended != nil || p.Received != nil || p.Last("handover", "release") == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, movingTimeout)
	defer cancel()
	m, err := engine.Moving(ctx, p.Opening.ID)
	if err != nil {
		return nil // the view is as good without it
	}
	return m
}
