package workflows

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// laneStore is a read model that may fail before or after it has stored.
type laneStore struct {
	mu            sync.Mutex
	before, after int // calls that fail
	calls         int
	items         map[deal.Commitment]lane.Item
	entries       map[uint64]lane.Entry
}

func (s *laneStore) Publish(context.Context, deal.Progress) error { return nil }

func (s *laneStore) PublishLane(_ context.Context, p lane.Publish) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.before > 0 {
		s.before--
		return errors.New("disk full")
	}
	if s.items == nil {
		s.items, s.entries = map[deal.Commitment]lane.Item{}, map[uint64]lane.Entry{}
	}
	for _, it := range p.Items {
		s.items[it.Intent] = it
	}
	for _, e := range p.Entries {
		s.entries[e.Seq] = e
	}
	if s.after > 0 {
		s.after--
		return context.DeadlineExceeded
	}
	return nil
}

// otherLanes stands for the lanes that intents are handed to. A lane takes an
// intent once, as [lane.State] does.
type otherLanes struct {
	activities.LaneClient
	mu            sync.Mutex
	before, after int // requests that fail
	calls         int
	taken         []lane.Submission
	to            []string
}

func (o *otherLanes) NewWithStartWorkflowOperation(client.StartWorkflowOptions, any, ...any) client.WithStartWorkflowOperation {
	return nil
}

func (o *otherLanes) UpdateWithStartWorkflow(_ context.Context, u client.UpdateWithStartWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls++
	if o.before > 0 {
		o.before--
		return nil, errors.New("no connection")
	}
	sub := u.UpdateOptions.Args[0].(lane.Submission)
	if !slices.ContainsFunc(o.taken, func(x lane.Submission) bool { return x.Intent.ID == sub.Intent.ID }) {
		o.taken = append(o.taken, sub)
		o.to = append(o.to, u.UpdateOptions.WorkflowID)
	}
	if o.after > 0 {
		o.after--
		return nil, context.DeadlineExceeded
	}
	return taken{}, nil
}

type taken struct{ client.WorkflowUpdateHandle }

func (taken) Get(context.Context, any) error { return nil }

// begun is when a lane can be asked for sure: until there is nothing to do, the
// environment's clock is the machine's, and what is to happen within a moment
// may come before the workflow has begun.
const begun = 500 * time.Millisecond

// operate gives the lane a command and calls back with its answer.
func (r *laneRun) operate(update string, c lane.Command, answer func(lane.Answer, error)) {
	r.env.UpdateWorkflow(activities.LaneOperate, update, &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: func(err error) { answer(lane.Answer{}, err) },
		OnComplete: func(v any, err error) {
			out, _ := v.(lane.Answer)
			answer(out, err)
		},
	}, c)
}

// done is the answer of a command that must be carried out.
func (r *laneRun) done(a lane.Answer, err error) {
	if err != nil {
		r.t.Errorf("command %s: %v", a.ID, err)
	}
}

// command is one of the lane as it is now.
func (r *laneRun) command(id string, v lane.Verb) lane.Command {
	return lane.Command{ID: id, Verb: v, Version: r.listing().Version, Actor: "alice", Cause: lane.Exercise}
}

// about is a command on an intent as it is now.
func (r *laneRun) about(id string, v lane.Verb, intent deal.Commitment) lane.Command {
	return lane.Command{ID: id, Verb: v, Intent: intent, Version: r.record(intent).Version, Actor: "alice", Cause: lane.Exercise}
}

func (r *laneRun) record(id deal.Commitment) (rec lane.Record) {
	r.t.Helper()
	r.query(&rec, QueryIntent, id)
	return rec
}

func (r *laneRun) entries() (e []lane.Entry) {
	r.t.Helper()
	r.query(&e, QueryEntries)
	return e
}

func (r *laneRun) query(out any, name string, args ...any) {
	r.t.Helper()
	v, err := r.env.QueryWorkflow(name, args...)
	if err == nil {
		err = v.Get(out)
	}
	if err != nil {
		r.t.Error(err)
	}
}

func wantKind(t *testing.T, err error, kind string) {
	t.Helper()
	var f *temporal.ApplicationError
	if !errors.As(err, &f) || f.Type() != kind || f.NonRetryable() == (kind == activities.LaneBusy) {
		t.Errorf("have %v, want an error of type %q", err, kind)
	}
}
