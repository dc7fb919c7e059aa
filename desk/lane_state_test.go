package desk

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// stateLanes is one real lane without a chain: whatever it wants done stays undone.
type stateLanes struct {
	mu    sync.Mutex
	state *lane.State
}

func (l *stateLanes) Listings(context.Context) ([]lane.Listing, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return []lane.Listing{l.state.List()}, nil
}

func (l *stateLanes) Record(_ context.Context, _ string, intent deal.Commitment) (lane.Record, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.state.Record(intent); ok {
		return r, nil
	}
	return lane.Record{}, deal.Errorf(deal.NotFound, "no such intent")
}

func (l *stateLanes) Plan(_ context.Context, _ string, c lane.Command) (lane.Answer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Plan(c, time.Now())
}

func (l *stateLanes) Operate(_ context.Context, _ string, c lane.Command) (lane.Answer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Operate(c, time.Now())
}

// TestDeskOverALane goes through the verbs that need no chain on a lane as it
// is, and finds all of it on the record.
func TestDeskOverALane(t *testing.T) {
	lanes := &stateLanes{state: lane.New(lane.Input{Config: lane.Config{ChainID: 1337, Address: address(0xa)}})}
	call := deal.Call{Anchor: &deal.Anchor{Root: counted("root", 1), Count: 1}}
	intent := deal.NewIntent(dealA, "documents", counted("cause", 1), call, "reply")
	lanes.state.Submit(lane.Submission{Intent: intent}, time.Now())
	h := &laneHarness{}
	h.harness = newHarness(t, func(c *Config) { c.Lanes, c.Operate = lanes, h.gate })
	h.tokens["second"] = h.token(Caller{Operator: true, Subject: "second"})

	do := func(as deal.PartyID, r OperationRequest, want deal.Kind) lane.Answer {
		t.Helper()
		r.Reason = lane.Exercise
		if r.Version == 0 && !r.Intent.IsZero() {
			d, err := h.client("").Transaction(t.Context(), r.Intent.String())
			if err != nil || d.Record == nil || !slices.Contains(d.Arguments, Argument{"count", "1"}) {
				t.Fatalf("%+v, %v", d, err)
			}
			r.Version = d.Record.Version
		}
		if r.Version == 0 {
			r.Version = lanes.state.List().Version
		}
		dry := r
		dry.DryRun = true
		if r.Verb != lane.Approve {
			if out, err := h.client(as).Operate(t.Context(), dry); deal.KindOf(err) != want || err == nil && len(out.Answer.Effects) == 0 {
				t.Errorf("%s, dry: %+v, %v, want %q", r.Verb, out, err, want)
			}
		}
		out, err := h.client(as).Operate(t.Context(), r)
		if deal.KindOf(err) != want {
			t.Errorf("%s: %v, want %q", r.Verb, err, want)
		}
		return out.Answer
	}
	first := do("", OperationRequest{Verb: lane.Pause, Intent: intent.ID}, "")
	do("", OperationRequest{Verb: lane.Resume, Intent: intent.ID, Version: first.Version - 1}, deal.Conflict)
	do("", OperationRequest{Verb: lane.Resume, Intent: intent.ID, Version: first.Version + 1}, deal.Conflict)
	do("", OperationRequest{Verb: lane.Resume, Intent: intent.ID}, "")
	do("", OperationRequest{Verb: lane.Raise, Intent: intent.ID}, deal.Conflict) // nothing to bump
	proposal := do("", OperationRequest{Verb: lane.Edit, Lane: laneA, Limits: lane.Limits{PerGas: 7e9}}, "")
	if !proposal.Proposed || lanes.state.List().Limits.PerGas == 7e9 {
		t.Fatalf("%+v: want it proposed only", proposal)
	}
	do("", OperationRequest{Verb: lane.Approve, Proposal: proposal.ID}, deal.Refused)
	do("second", OperationRequest{Verb: lane.Approve, Proposal: proposal.ID}, "")
	if have := lanes.state.List().Limits.PerGas; have != 7e9 {
		t.Errorf("the limit is %d", have)
	}
	if err := h.store.PublishLane(t.Context(), lane.Publish{Lane: laneA, Entries: lanes.state.Entries()}); err != nil {
		t.Fatal(err)
	}
	states := map[OperationState]int{}
	for _, e := range h.operationList(OperationFilter{}) {
		if states[e.State]++; e.Decision == nil {
			t.Errorf("%s %s has no decision", e.Command.Verb, e.State)
		}
	}
	// Done: pause, resume, the limit, its approval. Failed: the stale resume, the
	// bump. Refused: the approval of one's own. A version yet to come is no command.
	want := map[OperationState]int{OperationDone: 4, OperationProposed: 1, OperationFailed: 2, OperationRefused: 1}
	if !maps.Equal(states, want) {
		t.Errorf("on the record %v, want %v", states, want)
	}
}
