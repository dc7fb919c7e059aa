package workflows

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// twoLanes are two lanes that know each other, each with a signer of its own.
type twoLanes struct {
	*laneRun
	nodes map[deal.Address]*laneNode
	asked int
}

// both runs two lanes until it is canceled.
func both(ctx workflow.Context, inputs []lane.Input) error {
	for _, in := range inputs {
		ctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: in.Config.ID()})
		workflow.ExecuteChildWorkflow(ctx, Lane, in)
	}
	return workflow.Await(ctx, func() bool { return false })
}

func newTwoLanes(t *testing.T) *twoLanes {
	r := &twoLanes{laneRun: &laneRun{t: t}, nodes: map[deal.Address]*laneNode{}}
	var suite testsuite.WorkflowTestSuite
	r.env = suite.NewTestWorkflowEnvironment()
	r.env.SetWorkerOptions(patient)
	r.env.SetTestTimeout(time.Minute)
	r.env.RegisterWorkflow(both)
	r.env.RegisterWorkflow(Lane)
	do := &activities.Lane{Chain: r}
	r.env.RegisterActivity(do)
	r.env.RegisterActivity(&activities.Board{ReadModel: &r.store})
	r.env.RegisterActivity(&activities.Submitter{Client: r, Lanes: []lane.Config{first().Config, second().Config}})
	r.env.OnActivity(do.ObserveChain, mock.Anything, mock.Anything).Return(r.Observe).After(time.Second).Maybe()
	r.env.OnSignalExternalWorkflow(mock.Anything, mock.Anything, "", SignalReceipt, mock.Anything).Return(
		func(_, _, _, _ string, arg any) error { return r.hear(arg) }).Maybe()
	for _, in := range []lane.Input{first(), second()} {
		r.nodes[in.Config.Address] = &laneNode{}
	}
	return r
}

func first() lane.Input { return withSibling() }

func second() lane.Input {
	in := siblingInput()
	in.Config.Siblings = []string{laneInput().Config.ID()}
	return in
}

func (r *twoLanes) Prepare(ctx context.Context, p lane.Prepare) (lane.Prepared, error) {
	return r.nodes[p.From].Prepare(ctx, p)
}

func (r *twoLanes) Replace(ctx context.Context, p lane.Replace) (lane.Replaced, error) {
	return r.nodes[p.From].Replace(ctx, p)
}

func (r *twoLanes) Broadcast(ctx context.Context, b lane.Broadcast) (lane.Broadcasted, error) {
	return r.nodes[b.From].Broadcast(ctx, b)
}

func (r *twoLanes) Observe(ctx context.Context, o lane.Observe) (lane.Observation, error) {
	return r.nodes[o.From].Observe(ctx, o)
}

func (r *twoLanes) NewWithStartWorkflowOperation(client.StartWorkflowOptions, any, ...any) client.WithStartWorkflowOperation {
	return nil
}

func (r *twoLanes) SignalWorkflow(_ context.Context, id, _, signal string, arg any) error {
	return r.env.SignalWorkflowByID(id, signal, arg)
}

// UpdateWithStartWorkflow sends an update to the other lane and waits for its answer.
func (r *twoLanes) UpdateWithStartWorkflow(ctx context.Context, o client.UpdateWithStartWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	answer := make(chan error, 1)
	u := o.UpdateOptions
	r.env.RegisterDelayedCallback(func() {
		r.asked++
		r.update(u.WorkflowID, u.UpdateName, fmt.Sprint(u.UpdateID, r.asked), func(_ any, err error) { answer <- err }, u.Args...)
	}, 0)
	select {
	case err := <-answer:
		return taken{}, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *twoLanes) update(id, name, update string, answer func(any, error), args ...any) {
	err := r.env.UpdateWorkflowByID(id, name, update, &testsuite.TestUpdateCallback{
		OnAccept: func() {}, OnReject: func(err error) { answer(nil, err) }, OnComplete: answer,
	}, args...)
	if err != nil {
		answer(nil, err)
	}
}

func (r *twoLanes) must(_ any, err error) {
	if err != nil {
		r.t.Error(err)
	}
}

func (r *twoLanes) record(in lane.Input, id deal.Commitment) (rec lane.Record) {
	r.t.Helper()
	v, err := r.env.QueryWorkflowByID(in.Config.ID(), QueryIntent, id)
	if err = errors.Join(err, v.Get(&rec)); err != nil {
		r.t.Error(err)
	}
	return rec
}

// TestTwoLanes: while one lane is held, its intents go through the other one,
// once each, whoever is asked how often, and the requesters are told.
func TestTwoLanes(t *testing.T) {
	r := newTwoLanes(t)
	pause := lane.Command{ID: "c-1", Verb: lane.Pause, Actor: "alice", Cause: lane.Exercise}
	r.at(time.Second, func() { r.update(first().Config.ID(), activities.LaneOperate, "p", r.must, pause) })
	ids := []deal.Intent{laneIntent(1), laneIntent(2), laneIntent(3)}
	for i, in := range ids {
		sub := lane.Submission{Intent: in}
		r.at(2*time.Second, func() { r.update(first().Config.ID(), activities.LaneSubmit, fmt.Sprint("s", i), r.must, sub) })
		r.at(2*time.Minute, func() {
			if moved, done := r.record(first(), in.ID), r.record(second(), in.ID); moved.Status != lane.Moved || done.Status != lane.Final {
				t.Errorf("intent %d: %s in the first lane, %s in the second", i, moved.Status, done.Status)
			}
			r.update(first().Config.ID(), activities.LaneSubmit, fmt.Sprint("again", i), r.must, sub)
		})
	}
	r.at(4*time.Minute, r.env.CancelWorkflow)
	r.env.ExecuteWorkflow(both, []lane.Input{first(), second()})
	one, two := r.nodes[first().Config.Address], r.nodes[second().Config.Address]
	if one.signed != 0 || two.signed != 3 || len(two.chain) != 3 {
		t.Errorf("the first signed %d, the second %d, of which %d mined", one.signed, two.signed, len(two.chain))
	}
	told := map[deal.Commitment]int{}
	for _, x := range r.told {
		told[x.Intent]++
	}
	for i, in := range ids {
		if told[in.ID] != 2 {
			t.Errorf("intent %d was told %d times, want once, and again when asked again", i, told[in.ID])
		}
	}
}
