package activities

import (
	"context"
	"errors"
	"slices"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"cession/chain/lane"
	"cession/deal"
)

func handOnce(s *Submitter, to string) error {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(s)
	_, err := env.ExecuteActivity(s.HandIntent, lane.Hand{To: to, Submission: lane.Submission{
		Intent: testLaneIntent(), Via: []string{"lane/1/0xfe"},
	}})
	return err
}

func TestHandIntent(t *testing.T) {
	desk, lanes := &laneDesk{}, testLanes(2)
	to := lanes[1].ID()
	if err := handOnce(&Submitter{Client: desk, Lanes: lanes, TaskQueue: "cession"}, to); err != nil {
		t.Fatal(err)
	}
	start, update := desk.starts[0], desk.updates[0]
	sub := update.Args[0].(lane.Submission)
	if start.ID != to || update.WorkflowID != to || desk.inputs[0].Config.ID() != to || start.TaskQueue != "cession" {
		t.Errorf("start %+v, update %+v, want lane %s", start, update, to)
	}
	if update.UpdateName != LaneSubmit || sub.Intent.ID != testLaneIntent().ID || !slices.Equal(sub.Via, []string{"lane/1/0xfe"}) {
		t.Errorf("update %+v", update)
	}
}

func TestHandFailures(t *testing.T) {
	lanes := testLanes(1)
	for name, test := range map[string]struct {
		desk  laneDesk
		to    string
		kind  string
		retry bool
		taken int
	}{
		"rolling over":   {laneDesk{reject: temporal.NewApplicationError("rolling over", LaneBusy)}, lanes[0].ID(), LaneBusy, true, 0},
		"malformed":      {laneDesk{reject: temporal.NewNonRetryableApplicationError("no", string(deal.Invalid), nil)}, lanes[0].ID(), string(deal.Invalid), false, 0},
		"temporal down":  {laneDesk{fail: serviceerror.NewUnavailable("down")}, lanes[0].ID(), "wrapError", true, 0},
		"answer lost":    {laneDesk{lost: true}, lanes[0].ID(), "wrapError", true, 1},
		"not configured": {laneDesk{}, "lane/1/0xff", string(deal.Invalid), false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			err := handOnce(&Submitter{Client: &test.desk, Lanes: lanes}, test.to)
			var f *temporal.ApplicationError
			if !errors.As(err, &f) || f.Type() != test.kind || f.NonRetryable() == test.retry {
				t.Errorf("error %v, want type %s, retryable %t", err, test.kind, test.retry)
			}
			if test.desk.taken != test.taken {
				t.Errorf("taken %d times, want %d", test.desk.taken, test.taken)
			}
		})
	}
}

// TestSignalLanes: every lane is told, and one that never started is no error.
func TestSignalLanes(t *testing.T) {
	for name, test := range map[string]struct {
		fail error
		ok   bool
	}{"running": {nil, true}, "never started": {serviceerror.NewNotFound("no"), true}, "temporal down": {serviceerror.NewUnavailable("no"), false}} {
		t.Run(name, func(t *testing.T) {
			desk, lanes := &laneDesk{fail: test.fail}, testLanes(2)
			tune, wake := TuneLanes(t.Context(), desk, lanes), WakeLanes(t.Context(), desk, lanes)
			if (tune == nil) != test.ok || (wake == nil) != test.ok {
				t.Errorf("tune: %v; wake: %v", tune, wake)
			}
			want := []string{lanes[0].ID() + " tune", lanes[1].ID() + " tune", lanes[0].ID() + " wake", lanes[1].ID() + " wake"}
			if test.ok && (!slices.Equal(desk.signals, want) || len(desk.tuned) != 2 || desk.tuned[1].Limits != lanes[1].Limits) {
				t.Errorf("signals %v, configurations %+v", desk.signals, desk.tuned)
			}
		})
	}
}

// keeper is a read model that may fail before or after it has stored.
type keeper struct {
	before, after error
	kept          []lane.Publish
}

func (k *keeper) Publish(context.Context, deal.Progress) error { return k.before }

func (k *keeper) PublishLane(_ context.Context, p lane.Publish) error {
	if k.before == nil {
		k.kept = append(k.kept, p)
	}
	return errors.Join(k.before, k.after)
}

func TestPublishLane(t *testing.T) {
	for name, test := range map[string]struct {
		keeper keeper
		kept   int
		kind   string // of the error; "": none
		retry  bool
	}{
		"kept":         {keeper{}, 1, "", false},
		"down":         {keeper{before: errors.New("disk full")}, 0, "wrapError", true},
		"answer lost":  {keeper{after: context.DeadlineExceeded}, 1, "wrapError", true},
		"not its form": {keeper{before: deal.Errorf(deal.Invalid, "no lane")}, 0, string(deal.Invalid), false},
	} {
		t.Run(name, func(t *testing.T) {
			b := &Board{ReadModel: &test.keeper}
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestActivityEnvironment()
			env.RegisterActivity(b)
			_, err := env.ExecuteActivity(b.PublishLane, lane.Publish{Lane: "lane/1/0xa", Entries: []lane.Entry{{Seq: 1}}})
			var f *temporal.ApplicationError
			switch {
			case test.kind == "" && err != nil:
				t.Error(err)
			case test.kind != "" && (!errors.As(err, &f) || f.Type() != test.kind || f.NonRetryable() == test.retry):
				t.Errorf("error %v, want type %s, retryable %t", err, test.kind, test.retry)
			}
			if len(test.keeper.kept) != test.kept {
				t.Errorf("kept %d times, want %d", len(test.keeper.kept), test.kept)
			}
		})
	}
}
