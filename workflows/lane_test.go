package workflows

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

func TestLaneSubmitTwice(t *testing.T) {
	r := newLaneRun(t, &laneNode{})
	var answers []activities.Submitted
	keep := func(out activities.Submitted, err error) {
		if err != nil {
			t.Error(err)
		}
		answers = append(answers, out)
	}
	r.at(0, func() { r.submit("1", laneIntent(1), keep) })
	r.at(time.Millisecond, func() { r.submit("2", laneIntent(1), keep) })
	r.at(time.Minute, func() { r.submit("3", laneIntent(1), keep) })
	r.until(2*time.Minute, laneInput())

	if r.node.signed != 1 || r.node.sent != 1 || len(r.node.chain) != 1 {
		t.Errorf("signed %d, sent %d, mined %d; want one each", r.node.signed, r.node.sent, len(r.node.chain))
	}
	if len(answers) != 3 || answers[0].Done || answers[1].Done || !answers[2].Done || !answers[2].Receipt.OK {
		t.Errorf("answers %+v", answers)
	}
	if len(r.told) != 2 || r.told[0] != r.told[1] || r.told[0].Intent != laneIntent(1).ID {
		t.Errorf("told %+v, want the outcome once, and again when asked again", r.told)
	}
}

// TestLaneWhileLooking: an intent that comes while the lane waits for a block
// is sent at once.
func TestLaneWhileLooking(t *testing.T) {
	r := newLaneRun(t, &laneNode{minTip: 9})
	r.at(0, func() { r.submit("1", laneIntent(1), r.accepted) })
	r.at(500*time.Millisecond, func() { r.submit("2", laneIntent(2), r.accepted) })
	r.at(600*time.Millisecond, func() {
		if r.node.sent != 2 {
			t.Errorf("%d sent, want 2", r.node.sent)
		}
	})
	r.until(5*time.Second, laneInput())
}

func TestLaneBump(t *testing.T) {
	r := newLaneRun(t, &laneNode{minTip: 9})
	r.at(0, func() { r.submit("1", laneIntent(1), r.accepted) })
	r.at(9*time.Second, func() {
		if it := r.listing().Items[0]; it.Status != lane.Sent || it.Attempts != 1 {
			t.Errorf("too early: %+v", it)
		}
	})
	r.until(time.Minute, laneInput())
	if len(r.node.chain) != 1 || r.node.chain[0].tip != 9 || r.node.signed != 2 || len(r.told) != 1 {
		t.Errorf("mined %+v after %d signatures, told %d times", r.node.chain, r.node.signed, len(r.told))
	}
}

func TestLaneRewound(t *testing.T) {
	r := newLaneRun(t, &laneNode{})
	r.at(0, func() { r.submit("1", laneIntent(1), r.accepted) })
	r.at(time.Minute, func() {
		r.node.rewind()
		r.env.SignalWorkflow(activities.LaneWake, nil)
	})
	r.until(2*time.Minute, laneInput())
	if len(r.node.chain) != 1 || r.node.signed != 1 || r.node.sent != 2 || len(r.told) != 1 {
		t.Errorf("mined %d, signed %d, sent %d, told %d; want 1, 1, 2, 1", len(r.node.chain), r.node.signed, r.node.sent, len(r.told))
	}
}

func TestLaneReports(t *testing.T) {
	tests := map[string]struct {
		deaf int
		gone bool
		told int
	}{"told": {0, false, 1}, "told at last": {3, false, 1}, "nobody is there": {0, true, 0}}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := newLaneRun(t, &laneNode{})
			r.deaf, r.gone = test.deaf, test.gone
			r.at(0, func() { r.submit("1", laneIntent(1), r.accepted) })
			r.at(90*time.Second, func() {
				v, err := r.env.QueryWorkflow(QueryIntent, laneIntent(1).ID)
				var rec lane.Record
				if err != nil || v.Get(&rec) != nil || !rec.Reported || rec.Status != lane.Final {
					t.Errorf("record %+v, %v", rec, err)
				}
			})
			r.until(2*time.Minute, laneInput())
			if len(r.told) != test.told {
				t.Errorf("told %d times, want %d", len(r.told), test.told)
			}
		})
	}
}

func TestLaneSignerDown(t *testing.T) {
	node := &laneNode{down: true}
	r := newLaneRun(t, node)
	r.at(0, func() { r.submit("1", laneIntent(1), r.accepted) })
	r.at(5*time.Second, func() {
		if got := r.listing().Reasons; !slices.Equal(got, []lane.Reason{lane.SignerDown}) {
			t.Errorf("reasons %v", got)
		}
		node.mu.Lock()
		node.down = false
		node.mu.Unlock()
	})
	r.until(2*time.Minute, laneInput())
	if len(r.told) != 1 {
		t.Errorf("told %d times, want once", len(r.told))
	}
}

// TestLaneContinuesAsNew: what is in flight goes along, whatever step it was
// at; the next run finishes it with the bytes of the first.
func TestLaneContinuesAsNew(t *testing.T) {
	node := &laneNode{minTip: 9}
	first := newLaneRun(t, node)
	begin := first.env.Now()
	first.at(0, func() { first.submit("1", laneIntent(1), first.accepted) })
	first.at(1500*time.Millisecond, func() {
		first.env.SetContinueAsNewSuggested(true)
		first.submit("2", laneIntent(2), first.accepted)
	})
	first.env.ExecuteWorkflow(Lane, laneInput())
	in := continued(t, first.env.GetWorkflowError())
	if len(in.State.Open) != 2 || in.State.Look.Reason != "" || in.State.Head.Number == 0 {
		t.Fatalf("%d intents go along, want 2; head %+v, reason %q", len(in.State.Open), in.State.Head, in.State.Look.Reason)
	}
	if took := first.env.Now().Sub(begin); took >= 2*time.Second {
		t.Errorf("it waited %s, until the look at the chain was over", took)
	}

	node.minTip = 0
	second := newLaneRun(t, node)
	second.until(time.Minute, in)
	if len(node.chain) != 2 || node.signed != 2 || len(first.told)+len(second.told) != 2 {
		t.Errorf("mined %d, signed %d, told %d; want 2 each", len(node.chain), node.signed, len(first.told)+len(second.told))
	}
}

// TestLaneBusy: while the lane waits for an activity to end before it rolls
// over, it takes nothing.
func TestLaneBusy(t *testing.T) {
	node := &laneNode{}
	r := newLaneRun(t, node)
	do := &activities.Lane{Chain: node}
	r.env.OnActivity(do.PrepareTransactions, mock.Anything, mock.Anything).Return(node.Prepare).After(5 * time.Second)
	var rejected error
	r.at(0, func() { r.submit("1", laneIntent(1), r.accepted) })
	r.at(time.Second, func() {
		r.env.SetContinueAsNewSuggested(true)
		r.submit("2", laneIntent(2), r.accepted)
	})
	r.at(2*time.Second, func() {
		r.submit("3", laneIntent(3), func(_ activities.Submitted, err error) { rejected = err })
	})
	r.env.ExecuteWorkflow(Lane, laneInput())
	in := continued(t, r.env.GetWorkflowError())
	if len(in.State.Open) != 2 || in.State.Open[0].Status != lane.Signed {
		t.Errorf("state %+v, want two intents, the first signed", in.State.Open)
	}
	var busy *temporal.ApplicationError
	if !errors.As(rejected, &busy) || busy.Type() != activities.LaneBusy || busy.NonRetryable() {
		t.Errorf("the third: %v, want a retryable %q", rejected, activities.LaneBusy)
	}
}

func continued(t *testing.T, err error) (in lane.Input) {
	t.Helper()
	var next *workflow.ContinueAsNewError
	if !errors.As(err, &next) {
		t.Fatalf("ended with %v, want to continue as new", err)
	}
	if err := converter.GetDefaultDataConverter().FromPayloads(next.Input, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestLaneRejects(t *testing.T) {
	r := newLaneRun(t, &laneNode{})
	bad := laneIntent(1)
	bad.Call = deal.Call{}
	var rejected error
	r.at(0, func() { r.submit("1", bad, func(_ activities.Submitted, err error) { rejected = err }) })
	r.until(time.Minute, laneInput())
	var invalid *temporal.ApplicationError
	if !errors.As(rejected, &invalid) || invalid.Type() != string(deal.Invalid) || !invalid.NonRetryable() {
		t.Errorf("rejected with %v", rejected)
	}
}
