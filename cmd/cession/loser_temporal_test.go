//go:build !slim

package main

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"cession/deal"
	"cession/worker"
	"cession/workflows"
)

// temporal asks the engine with the key of the loser's node.
func (l *loser) temporal(ctx context.Context, s sale) error {
	key, err := readSecret(in(l.home, nodeKey))
	if err != nil {
		return err
	}
	c, err := dialTemporal(ctx, mustOperator(l.t, l.m.data).Temporal, key, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	own, rivals := workflows.RoomID(s.ID, l.id), workflows.RoomID(s.ID, l.cfg.Bidders[0])
	for name, id := range map[string]string{"deal": workflows.DealID(s.ID), "own room": own, "winner's room": rivals} {
		_, err = c.DescribeWorkflowExecution(ctx, id, "")
		l.note(s, denied(err), "engine: describe the %s", name)
		_, err = c.GetWorkflowHistory(ctx, id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT).Next()
		l.note(s, denied(err), "engine: history of the %s", name)
		_, err = c.QueryWorkflow(ctx, id, "", workflows.QueryProgress)
		l.note(s, denied(err), "engine: query the %s", name)
		_, err = c.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
			WorkflowID: id, UpdateName: workflows.UpdateAct, Args: []any{deal.Act{}}, WaitForStage: client.WorkflowUpdateStageCompleted,
		})
		l.note(s, denied(err), "engine: act in the %s", name)
		l.note(s, denied(c.SignalWorkflow(ctx, id, "", workflows.SignalReceipt, deal.Receipt{})), "engine: signal the %s", name)
		l.note(s, denied(c.TerminateWorkflow(ctx, id, "", "")), "engine: end the %s", name)
	}
	_, err = c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{})
	l.note(s, denied(err), "engine: list workflows")
	for name, queue := range map[string]string{"the operator's": workflows.TaskQueue, "the seller's": workflows.NodeQueue(l.cfg.Seller), "the winner's": workflows.NodeQueue(l.cfg.Bidders[0])} {
		_, err := c.WorkflowService().PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{
			Namespace: worker.Namespace, TaskQueue: &taskqueuepb.TaskQueue{Name: queue}, Identity: "loser",
		})
		l.note(s, denied(err), "engine: poll %s tasks", name)
	}
	return nil
}

// denied gives Temporal's no its kind.
func denied(err error) error {
	var no *serviceerror.PermissionDenied
	switch {
	case err == nil:
		return errOpen
	case errors.As(err, &no):
		return deal.Errorf(deal.Refused, "%w", err)
	}
	return err
}
