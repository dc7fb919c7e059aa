//go:build !slim

package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	sdk "go.temporal.io/sdk/worker"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
	"cession/workflows"
)

// lanePlay has the real workflow of a lane run on a real server.
type lanePlay struct {
	*scene   // its deal is told the outcomes
	chain    *stageChain
	own, two lane.Config
	commands int
}

// TestRecordedHistoriesOfLanes plays a lane through all it can do, replays its history and
// that of the lane it hands to, and with -update keeps them.
func TestRecordedHistoriesOfLanes(t *testing.T) {
	const exit = "lane"
	p := newLanePlay(t)
	p.course()
	if *update {
		if err := os.MkdirAll(fixtures, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := forget(exit); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]*historypb.History{exit + ".sibling": p.stage.runs(t, p.two.ID())[0]}
	for i, h := range p.stage.runs(t, p.own.ID()) {
		all[fmt.Sprintf("%s.own-%d", exit, i+1)] = h
	}
	if len(all) != 3 {
		t.Errorf("%d histories, want that of the sibling and two runs", len(all))
	}
	for name, h := range all {
		if err := replay(scrub(h)); err != nil {
			t.Errorf("replay %s: %v", name, err)
		}
		if *update {
			if err := save(name, h); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func newLanePlay(t *testing.T) *lanePlay {
	t.Helper()
	const queue = "lanes"
	s := openStage(t)
	p := &lanePlay{scene: s.openScene(t, nil), chain: newStageChain()}
	p.own = lane.Config{ChainID: 1, Address: stageAddress("lane"), BumpAfter: time.Hour}
	p.two = lane.Config{ChainID: 1, Address: stageAddress("sibling"), BumpAfter: time.Hour}
	w := sdk.New(s.client, queue, sdk.Options{})
	w.RegisterWorkflow(workflows.Lane)
	w.RegisterActivity(&activities.Lane{Chain: p.chain})
	w.RegisterActivity(&activities.Board{ReadModel: s})
	w.RegisterActivity(&activities.Submitter{Client: s.client, Lanes: []lane.Config{p.own, p.two}, TaskQueue: queue})
	runWorker(t, w)
	_, err := s.client.ExecuteWorkflow(p.soon(), client.StartWorkflowOptions{ID: p.own.ID(), TaskQueue: queue}, workflows.Lane, lane.Input{Config: p.own})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// course is what a lane goes through.
func (p *lanePlay) course() {
	p.t.Helper()
	for n := range byte(3) {
		p.submit(n)
	}
	p.reaches(2, lane.Final)
	p.replacements()
	p.rollOver()
	p.rewound()
	p.handsOver()
}

// replacements have an operator bump, cancel, want again and give up.
func (p *lanePlay) replacements() {
	p.t.Helper()
	p.chain.hold(true)
	p.submit(3)
	p.submit(4)
	p.reaches(4, lane.Sent)
	p.operate(p.about(lane.Raise, 3))
	p.operate(p.about(lane.Cancel, 3))
	p.operate(p.about(lane.GiveUp, 4))
	p.eventually(3, "its cancel is signed", func(r lane.Record) bool { return len(r.Attempts) >= 2 })
	p.chain.hold(false)
	p.eventually(3, "it is canceled", func(r lane.Record) bool { return r.Status == lane.Queued && r.Hold == lane.HoldCanceled })
	p.operate(p.about(lane.Retry, 3))
	p.reaches(3, lane.Final)
	p.reaches(4, lane.Failed)
}

// rewound has the chain lose what the deal was told of, and come back.
func (p *lanePlay) rewound() {
	p.t.Helper()
	p.chain.rewind(p.own.Address)
	p.signal(activities.LaneWake, nil)
	p.eventually(3, "it is missed", func(r lane.Record) bool { return r.Restore })
	p.chain.hold(false)
	p.eventually(3, "it is back", func(r lane.Record) bool { return !r.Restore })
}

// handsOver gives what comes to a paused lane to another one.
func (p *lanePlay) handsOver() {
	p.t.Helper()
	tuned := p.own
	tuned.Siblings = []string{p.two.ID()}
	p.signal(activities.LaneTune, tuned)
	c := p.command(lane.Pause)
	c.FourEyes = true
	p.operate(c)
	second := p.command(lane.Approve)
	second.Actor, second.Proposal = "bob", c.ID
	p.operate(second)
	p.submit(5)
	p.reaches(5, lane.Moved)
	p.operate(p.command(lane.Resume))
	p.submit(6)
	p.reaches(6, lane.Final)
}

func (p *lanePlay) intent(n byte) deal.Intent {
	return deal.NewIntent(p.opening.ID, "documents", deal.Commitment{n}, deal.Call{Anchor: &deal.Anchor{Root: deal.Commitment{n + 1}, Count: 1}},
		workflows.DealID(p.opening.ID))
}

func (p *lanePlay) submit(n byte) {
	p.t.Helper()
	var out activities.Submitted
	p.update(activities.LaneSubmit, fmt.Sprintf("submit-%d", n), lane.Submission{Intent: p.intent(n)}, &out)
}

func (p *lanePlay) operate(c lane.Command) {
	p.t.Helper()
	var out lane.Answer
	p.update(activities.LaneOperate, c.ID, c, &out)
	if out.ID != c.ID {
		p.t.Fatalf("%s: answer %+v", c.Verb, out)
	}
}

func (p *lanePlay) update(name, id string, arg, out any) {
	p.t.Helper()
	h, err := p.stage.client.UpdateWorkflow(p.soon(), client.UpdateWorkflowOptions{
		WorkflowID: p.own.ID(), UpdateName: name, UpdateID: id, Args: []any{arg}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = h.Get(p.soon(), out)
	}
	if err != nil {
		p.t.Fatalf("%s %s: %v", name, id, err)
	}
}

func (p *lanePlay) signal(name string, arg any) {
	p.t.Helper()
	if err := p.stage.client.SignalWorkflow(p.soon(), p.own.ID(), "", name, arg); err != nil {
		p.t.Fatal(err)
	}
}

func (p *lanePlay) query(out any, name string, args ...any) {
	p.t.Helper()
	v, err := p.stage.client.QueryWorkflow(p.soon(), p.own.ID(), "", name, args...)
	if err == nil {
		err = v.Get(out)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// command is one of the lane as it is now.
func (p *lanePlay) command(v lane.Verb) lane.Command {
	p.t.Helper()
	var l lane.Listing
	p.query(&l, workflows.QueryIntents)
	p.commands++
	return lane.Command{ID: fmt.Sprintf("c-%d", p.commands), Verb: v, Version: l.Version, Actor: "alice", Cause: lane.Exercise}
}

// about is a command on an intent as it is now.
func (p *lanePlay) about(v lane.Verb, n byte) lane.Command {
	p.t.Helper()
	c := p.command(v)
	c.Intent, c.Version = p.intent(n).ID, p.record(n).Version
	return c
}

func (p *lanePlay) record(n byte) (r lane.Record) {
	p.t.Helper()
	p.query(&r, workflows.QueryIntent, p.intent(n).ID)
	return r
}

func (p *lanePlay) reaches(n byte, s lane.Status) {
	p.t.Helper()
	p.eventually(n, "it is "+string(s), func(r lane.Record) bool { return r.Status == s })
}

func (p *lanePlay) eventually(n byte, what string, is func(lane.Record) bool) {
	p.t.Helper()
	for ctx := p.soon(); ; {
		r := p.record(n)
		if is(r) {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("intent %d: waited until %s: %+v", n, what, r)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// rollOver makes the history too heavy and waits for the next run.
func (p *lanePlay) rollOver() {
	p.t.Helper()
	run := func() string {
		d, err := p.stage.client.DescribeWorkflowExecution(p.soon(), p.own.ID(), "")
		if err != nil {
			p.t.Fatal(err)
		}
		return d.WorkflowExecutionInfo.Execution.RunId
	}
	last := run()
	for range 3 {
		p.signal(ballast, make([]byte, 1_500_000)) // the server takes at most 2 MB at once
	}
	for ctx := p.soon(); run() == last; p.signal(activities.LaneWake, nil) {
		select {
		case <-ctx.Done():
			p.t.Fatal("the lane does not continue as new")
		case <-time.After(100 * time.Millisecond):
		}
	}
}
