package workflows

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// TestLanePause: a paused lane takes intents and signs none; what it was told
// is known, and published.
func TestLanePause(t *testing.T) {
	r := newLaneRun(t, &laneNode{})
	r.at(begun, func() { r.operate("p", r.command("c-1", lane.Pause), r.done) })
	r.at(time.Second, func() { r.submit("1", laneIntent(1), r.accepted) })
	r.at(time.Minute, func() {
		if l := r.listing(); r.node.signed != 0 || !l.Paused || l.Queued != 1 {
			t.Errorf("signed %d; %+v", r.node.signed, l)
		}
		r.operate("r", r.command("c-2", lane.Resume), r.done)
	})
	r.until(2*time.Minute, laneInput())
	if len(r.node.chain) != 1 || len(r.told) != 1 || r.listing().Paused {
		t.Errorf("mined %d, told %d", len(r.node.chain), len(r.told))
	}
	if e := r.entries(); len(e) != 2 || e[0].Command.Verb != lane.Pause || e[1].Command.ID != "c-2" || len(r.store.entries) != 2 {
		t.Errorf("entries %+v, published %d", e, len(r.store.entries))
	}
}

func TestLanePauseOneIntent(t *testing.T) {
	r := newLaneRun(t, &laneNode{minTip: 9})
	r.at(0, func() { r.submit("1", laneIntent(1), r.accepted) })
	r.at(5*time.Second, func() { r.operate("p", r.about("c-1", lane.Pause, laneIntent(1).ID), r.done) })
	r.at(time.Minute, func() {
		if r.node.signed != 1 {
			t.Errorf("a paused intent was bumped: %d signatures", r.node.signed)
		}
		r.operate("r", r.about("c-2", lane.Resume, laneIntent(1).ID), r.done)
	})
	r.until(3*time.Minute, laneInput())
	if len(r.node.chain) != 1 || len(r.told) != 1 {
		t.Errorf("mined %d, told %d", len(r.node.chain), len(r.told))
	}
}

// TestLaneOperateErrors: the caller learns from the error's type what to do.
func TestLaneOperateErrors(t *testing.T) {
	r := newLaneRun(t, &laneNode{})
	r.at(begun, func() {
		for name, test := range map[string]struct {
			change func(*lane.Command)
			kind   deal.Kind
		}{
			"another version": {func(c *lane.Command) { c.Version += 7 }, deal.Conflict},
			"not paused":      {func(c *lane.Command) { c.Verb = lane.Resume }, deal.Conflict},
			"no such intent":  {func(c *lane.Command) { c.Verb, c.Intent = lane.Retry, deal.Commitment{9} }, deal.NotFound},
			"no such verb":    {func(c *lane.Command) { c.Verb = "stop" }, deal.Invalid},
			"nobody":          {func(c *lane.Command) { c.Actor = "" }, deal.Invalid},
		} {
			c := r.command("c-1", lane.Pause)
			test.change(&c)
			r.operate(name, c, func(_ lane.Answer, err error) { wantKind(t, err, string(test.kind)) })
			if _, err := r.env.QueryWorkflow(QueryPlan, c); err == nil {
				t.Errorf("%s: the plan knows nothing of it", name)
			}
		}
	})
	r.until(time.Minute, laneInput())
	if e := r.entries(); len(e) != 0 || r.listing().Paused {
		t.Errorf("what failed left %+v", e)
	}
}

// TestLanePlan: a dry run says what would be done, and does nothing.
func TestLanePlan(t *testing.T) {
	r := newLaneRun(t, &laneNode{})
	r.at(begun, func() {
		before := r.listing()
		var plan lane.Answer
		r.query(&plan, QueryPlan, r.command("c-1", lane.Pause))
		if !plan.DryRun || len(plan.Effects) == 0 {
			t.Errorf("plan %+v", plan)
		}
		if after := r.listing(); !reflect.DeepEqual(before, after) {
			t.Errorf("the plan changed the lane: %+v, then %+v", before, after)
		}
	})
	r.until(time.Minute, laneInput())
}

// TestLaneCommandTwice: a command has one answer, also from a run after the one
// that carried it out, where Temporal no longer knows the update.
func TestLaneCommandTwice(t *testing.T) {
	first := newLaneRun(t, &laneNode{})
	var c lane.Command
	var answers []lane.Answer
	keep := func(a lane.Answer, err error) {
		first.done(a, err)
		answers = append(answers, a)
	}
	first.at(begun, func() { c = first.command("c-1", lane.Pause); first.operate("c-1", c, keep) })
	first.at(time.Second, func() { first.operate("another", c, keep) })
	first.at(2*time.Second, func() {
		first.env.SetContinueAsNewSuggested(true)
		first.submit("1", laneIntent(1), first.accepted)
	})
	first.env.ExecuteWorkflow(Lane, laneInput())
	in := continued(t, first.env.GetWorkflowError())

	second := newLaneRun(t, &laneNode{})
	second.at(0, func() { second.operate("c-1", c, keep) })
	second.at(time.Second, func() {
		other := c
		other.Verb = lane.Resync
		second.operate("c-1 again", other, func(_ lane.Answer, err error) { wantKind(t, err, string(deal.Conflict)) })
	})
	second.until(time.Minute, in)
	if len(answers) != 3 || answers[0].Version == 0 || !reflect.DeepEqual(answers[0], answers[1]) || !reflect.DeepEqual(answers[0], answers[2]) {
		t.Errorf("answers %+v, want the same three times", answers)
	}
	if e := second.entries(); len(e) != 1 || !second.listing().Paused {
		t.Errorf("entries %+v, want the pause once", e)
	}
}

// TestLaneBusyForOperators: a lane that rolls over takes no command either.
func TestLaneBusyForOperators(t *testing.T) {
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
		r.operate("p", r.command("c-1", lane.Pause), func(_ lane.Answer, err error) { rejected = err })
	})
	r.env.ExecuteWorkflow(Lane, laneInput())
	wantKind(t, rejected, activities.LaneBusy)
	if in := continued(t, r.env.GetWorkflowError()); len(in.State.Log) != 0 {
		t.Errorf("the next run starts with commands %+v", in.State.Log)
	}
}

// TestLaneTune: a running lane goes by the configuration it is sent, and keeps
// it when it continues as new. One for another lane changes nothing.
func TestLaneTune(t *testing.T) {
	r := newLaneRun(t, &laneNode{})
	tuned := laneInput().Config
	tuned.Limits.PerGas, tuned.Siblings = 7, []string{"lane/1/0xb"}
	foreign := siblingInput().Config
	foreign.Limits.PerGas = 9
	r.at(0, func() { r.env.SignalWorkflow(activities.LaneTune, tuned) })
	r.at(time.Second, func() { r.env.SignalWorkflow(activities.LaneTune, foreign) })
	r.at(2*time.Second, func() {
		if l := r.listing(); l.Limits.PerGas != 7 {
			t.Errorf("limits %+v", l.Limits)
		}
		r.env.SetContinueAsNewSuggested(true)
		r.submit("1", laneIntent(1), r.accepted)
	})
	r.env.ExecuteWorkflow(Lane, laneInput())
	if cfg := continued(t, r.env.GetWorkflowError()).Config; cfg.Limits.PerGas != 7 || len(cfg.Siblings) != 1 {
		t.Errorf("the next run has %+v", cfg)
	}
}

// TestLaneSignalsRollOver: signals that come with the very task in which a lane
// continues as new are not lost.
func TestLaneSignalsRollOver(t *testing.T) {
	for name, sleeping := range map[string]bool{"asleep": true, "with work under way": false} {
		t.Run(name, func(t *testing.T) {
			r := newLaneRun(t, &laneNode{minTip: 9})
			tuned := laneInput().Config
			tuned.Limits.PerGas = 7
			if !sleeping {
				r.at(0, func() { r.submit("0", laneIntent(9), r.accepted) })
			}
			r.at(time.Second, func() {
				r.env.SetContinueAsNewSuggested(true)
				r.env.SignalWorkflowSkippingWorkflowTask(activities.LaneWake, nil)
				r.env.SignalWorkflowSkippingWorkflowTask(activities.LaneTune, tuned)
				r.submit("1", laneIntent(1), r.accepted)
			})
			r.env.ExecuteWorkflow(Lane, laneInput())
			in := continued(t, r.env.GetWorkflowError())
			if !in.State.Roused || in.Config.Limits.PerGas != 7 {
				t.Errorf("roused %t, %+v", in.State.Roused, in.Config.Limits)
			}
		})
	}
}
