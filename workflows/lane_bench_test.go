package workflows

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// laneRun is a lane's workflow in the test environment.
type laneRun struct {
	t    *testing.T
	env  *testsuite.TestWorkflowEnvironment
	node *laneNode
	mu   sync.Mutex
	told []deal.Receipt
	deaf int // reports and warnings that fail before one succeeds
	gone bool

	warned []deal.Notice
	store  laneStore
	others otherLanes
}

func newLaneRun(t *testing.T, node *laneNode) *laneRun {
	var suite testsuite.WorkflowTestSuite
	r := &laneRun{t: t, env: suite.NewTestWorkflowEnvironment(), node: node}
	do := &activities.Lane{Chain: node}
	r.env.SetWorkerOptions(patient)
	r.env.RegisterWorkflow(Lane)
	r.env.RegisterActivity(do)
	r.env.RegisterActivity(&activities.Board{ReadModel: &r.store})
	r.env.RegisterActivity(&activities.Submitter{Client: &r.others, Lanes: []lane.Config{laneInput().Config, siblingInput().Config}})
	// A look takes a second of the workflow's time.
	r.env.OnActivity(do.ObserveChain, mock.Anything, mock.Anything).Return(
		func(ctx context.Context, o lane.Observe) (lane.Observation, error) { return node.Observe(ctx, o) }).After(time.Second).Maybe()
	r.env.OnSignalExternalWorkflow(mock.Anything, mock.Anything, "", SignalReceipt, mock.Anything).Return(
		func(_, _, _, _ string, arg any) error { return r.hear(arg) }).Maybe()
	r.env.OnSignalExternalWorkflow(mock.Anything, mock.Anything, "", SignalNotice, mock.Anything).Return(
		func(_, _, _, _ string, arg any) error { return r.hear(arg) }).Maybe()
	return r
}

func (r *laneRun) hear(arg any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gone {
		return &temporal.UnknownExternalWorkflowExecutionError{}
	}
	if r.deaf > 0 {
		r.deaf--
		return errors.New("no answer")
	}
	if n, ok := arg.(deal.Notice); ok {
		r.warned = append(r.warned, n)
		return nil
	}
	r.told = append(r.told, arg.(deal.Receipt))
	return nil
}

// at has something happen after a time.
func (r *laneRun) at(d time.Duration, f func()) { r.env.RegisterDelayedCallback(f, d) }

// submit gives the lane an intent and calls back with its answer.
func (r *laneRun) submit(update string, in deal.Intent, answer func(activities.Submitted, error)) {
	r.env.UpdateWorkflow(activities.LaneSubmit, update, &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: func(err error) { answer(activities.Submitted{}, err) },
		OnComplete: func(v any, err error) {
			out, _ := v.(activities.Submitted)
			answer(out, err)
		},
	}, lane.Submission{Intent: in})
}

func (r *laneRun) accepted(activities.Submitted, error) {}

func (r *laneRun) listing() (l lane.Listing) {
	r.t.Helper()
	v, err := r.env.QueryWorkflow(QueryIntents)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := v.Get(&l); err != nil {
		r.t.Fatal(err)
	}
	return l
}

// until ends the lane, which by itself never ends.
func (r *laneRun) until(d time.Duration, in lane.Input) {
	r.t.Helper()
	r.at(d, r.env.CancelWorkflow)
	r.env.ExecuteWorkflow(Lane, in)
	if err := r.env.GetWorkflowError(); !temporal.IsCanceledError(err) {
		r.t.Fatalf("the lane ended with %v", err)
	}
}

func laneInput() lane.Input {
	return lane.Input{Config: lane.Config{ChainID: 1, Address: deal.Address{1}, BumpAfter: 10 * time.Second}}
}

// siblingInput is another lane, to which the first may hand intents.
func siblingInput() lane.Input {
	in := laneInput()
	in.Config.Address = deal.Address{2}
	return in
}

// withSibling is the first lane when it knows the other one.
func withSibling() lane.Input {
	in := laneInput()
	in.Config.Siblings = []string{siblingInput().Config.ID()}
	return in
}

func laneIntent(n byte) deal.Intent {
	return deal.NewIntent("d-aaaaaaaaaaaaaaaaaaaa", "step", deal.Commitment{n},
		deal.Call{Anchor: &deal.Anchor{Root: deal.Commitment{n}, Count: 1}}, "deal/d-aaaaaaaaaaaaaaaaaaaa")
}
