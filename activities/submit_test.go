package activities

import (
	"context"
	"errors"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"cession/chain/lane"
	"cession/deal"
)

// laneDesk stands for Temporal and the lanes behind it.
type laneDesk struct {
	starts  []client.StartWorkflowOptions
	inputs  []lane.Input
	updates []client.UpdateWorkflowOptions
	signals []string
	tuned   []lane.Config
	fail    error // of the request
	reject  error // of the lane
	lost    bool  // the lane took it, the answer is lost
	taken   int
}

func (d *laneDesk) NewWithStartWorkflowOperation(o client.StartWorkflowOptions, _ any, args ...any) client.WithStartWorkflowOperation {
	d.starts = append(d.starts, o)
	d.inputs = append(d.inputs, args[0].(lane.Input))
	return nil
}

func (d *laneDesk) UpdateWithStartWorkflow(_ context.Context, o client.UpdateWithStartWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	d.updates = append(d.updates, o.UpdateOptions)
	if d.fail != nil {
		return nil, d.fail
	}
	if d.reject == nil {
		d.taken++
	}
	if d.lost {
		return nil, context.DeadlineExceeded
	}
	return laneAnswer{d.reject}, nil
}

func (d *laneDesk) SignalWorkflow(_ context.Context, id, _, signal string, arg any) error {
	d.signals = append(d.signals, id+" "+signal)
	if cfg, ok := arg.(lane.Config); ok {
		d.tuned = append(d.tuned, cfg)
	}
	return d.fail
}

type laneAnswer struct{ err error }

func (laneAnswer) WorkflowID() string { return "" }
func (laneAnswer) RunID() string      { return "" }
func (laneAnswer) UpdateID() string   { return "" }
func (a laneAnswer) Get(_ context.Context, out any) error {
	if a.err == nil {
		*out.(*Submitted) = Submitted{Done: true, Receipt: deal.Receipt{OK: true}}
	}
	return a.err
}

func submitOnce(s *Submitter) (out Submitted, err error) {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(s)
	v, err := env.ExecuteActivity(s.SubmitIntent, testLaneIntent())
	if err == nil {
		err = v.Get(&out)
	}
	return out, err
}

func testLaneIntent() deal.Intent {
	return deal.NewIntent("d-aaaaaaaaaaaaaaaaaaaa", "mint", deal.Commitment{1}, deal.Call{Anchor: &deal.Anchor{}}, "deal/x")
}

func testLanes(n int) (out []lane.Config) {
	for i := range n {
		out = append(out, lane.Config{ChainID: 1, Address: deal.Address{byte(i + 1)}, Limits: lane.Limits{PerGas: 7}})
	}
	return out
}

func TestSubmitIntent(t *testing.T) {
	desk := &laneDesk{}
	s := &Submitter{Client: desk, Lanes: testLanes(3), TaskQueue: "cession"}
	out, err := submitOnce(s)
	if err != nil || !out.Done || !out.Receipt.OK {
		t.Fatalf("%+v, %v", out, err)
	}
	start, update := desk.starts[0], desk.updates[0]
	if start.ID != desk.inputs[0].Config.ID() || start.ID != update.WorkflowID || start.TaskQueue != "cession" {
		t.Errorf("start %+v, update %+v of lane %s", start, update, desk.inputs[0].Config.ID())
	}
	if start.WorkflowExecutionTimeout != 0 || start.WorkflowRunTimeout != 0 {
		t.Error("a lane has no timeout")
	}
	if sub := update.Args[0].(lane.Submission); update.UpdateName != LaneSubmit || sub.Intent.ID != testLaneIntent().ID || len(sub.Via) != 0 {
		t.Errorf("update %+v", update)
	}
}

func TestSubmitFailures(t *testing.T) {
	busy := temporal.NewApplicationError("rolling over", LaneBusy)
	malformed := temporal.NewNonRetryableApplicationError("no call", string(deal.Invalid), nil)
	tests := map[string]struct {
		desk  laneDesk
		lanes int
		kind  string
		retry bool
	}{
		"rolling over":  {laneDesk{reject: busy}, 1, LaneBusy, true},
		"malformed":     {laneDesk{reject: malformed}, 1, string(deal.Invalid), false},
		"temporal down": {laneDesk{fail: serviceerror.NewUnavailable("down")}, 1, "wrapError", true},
		"reply lost":    {laneDesk{lost: true}, 1, "wrapError", true},
		"no lane":       {laneDesk{}, 0, string(deal.Invalid), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := submitOnce(&Submitter{Client: &test.desk, Lanes: testLanes(test.lanes)})
			var f *temporal.ApplicationError
			if !errors.As(err, &f) || f.Type() != test.kind || f.NonRetryable() == test.retry {
				t.Errorf("error %v, want type %s, retryable %t", err, test.kind, test.retry)
			}
			if test.desk.lost && test.desk.taken != 1 {
				t.Errorf("taken %d times", test.desk.taken)
			}
		})
	}
}
