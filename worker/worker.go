// Package worker registers workflows and activities on their task queues, and
// nothing else.
package worker

import (
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"cession/activities"
	"cession/deal"
	"cession/workflows"
)

// TaskQueue is where the operator's workers poll.
const TaskQueue = workflows.TaskQueue

// Namespace is the Temporal namespace of the market.
const Namespace = "cession"

// StopTimeout is how long running activities may take after a worker was told to
// stop. Then their contexts end, and they are tried again elsewhere or later.
const StopTimeout = 10 * time.Second

// Operator is what the operator's worker does: it replays deals, rooms and
// lanes, asks policy, sends transactions and writes the read model.
type Operator struct {
	Gate      *activities.Gate
	Board     *activities.Board
	Lane      *activities.Lane
	Submitter *activities.Submitter
}

// NewOperator returns the operator's worker, not yet started.
func NewOperator(c client.Client, o Operator) worker.Worker {
	w := worker.New(c, workflows.TaskQueue, worker.Options{WorkerStopTimeout: StopTimeout})
	w.RegisterWorkflow(workflows.Deal)
	w.RegisterWorkflow(workflows.Room)
	w.RegisterWorkflow(workflows.Lane)
	w.RegisterActivity(o.Gate)
	w.RegisterActivity(o.Board)
	w.RegisterActivity(o.Lane)
	w.RegisterActivity(o.Submitter)
	return w
}

// NewNode returns the worker of a party's own node, not yet started. It polls
// the party's queue for activities and knows no workflow.
func NewNode(c client.Client, party deal.PartyID, d *activities.Documents, h *activities.Handover) worker.Worker {
	w := worker.New(c, workflows.NodeQueue(party), worker.Options{
		DisableWorkflowWorker: true,
		Identity:              workflows.NodeQueue(party),
		WorkerStopTimeout:     StopTimeout,
	})
	w.RegisterActivity(d)
	w.RegisterActivity(h)
	return w
}
