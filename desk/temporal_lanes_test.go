package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
	"cession/workflows"

	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
)

// What the worker side expects of this package, by the names it uses.
var _ activities.ReadModel = (*Store)(nil)

func TestLaneNames(t *testing.T) {
	if updateOperate != activities.LaneOperate || typeLaneBusy != activities.LaneBusy {
		t.Errorf("lanes are spoken to as %q and %q, want %q and %q", updateOperate, typeLaneBusy, activities.LaneOperate, activities.LaneBusy)
	}
}

// laneServer answers for lanes as a Temporal server does.
type laneServer struct {
	temporalClient
	queries map[string]error // by workflow id
	updates []error          // of UpdateWorkflow, in turn
	results []error          // of the handle, in turn
	sent    []client.UpdateWorkflowOptions
}

func (f *laneServer) QueryWorkflow(ctx context.Context, id, _, queryType string, _ ...any) (converter.EncodedValue, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		return nil, errors.New("a query without a timeout")
	}
	if err := f.queries[id]; err != nil {
		return nil, err
	}
	switch queryType {
	case workflows.QueryIntents:
		return fakeValue{lane.Listing{Lane: id, Nonce: 7}}, nil
	case workflows.QueryIntent:
		return fakeValue{lane.Record{Version: 7}}, nil
	}
	return fakeValue{lane.Answer{Lane: id, DryRun: true}}, nil
}

func (f *laneServer) UpdateWorkflow(ctx context.Context, o client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		return nil, errors.New("an update without a timeout")
	}
	f.sent = append(f.sent, o)
	if err := next(&f.updates); err != nil {
		return nil, err
	}
	return &answerHandle{err: next(&f.results), answer: lane.Answer{ID: o.Args[0].(lane.Command).ID}}, nil
}

type answerHandle struct {
	client.WorkflowUpdateHandle
	answer lane.Answer
	err    error
}

func (h *answerHandle) Get(_ context.Context, out any) error {
	if h.err == nil {
		*out.(*lane.Answer) = h.answer
	}
	return h.err
}

// queryFailed is what the error of a query handler looks like from outside.
func queryFailed(kind string) error { return queryFailedAs("why", kind) }

func queryFailedAs(text, kind string) error {
	return serviceerror.NewQueryFailedWithFailure(text+" (type: "+kind+")", &failurepb.Failure{Message: text, FailureInfo: &failurepb.Failure_ApplicationFailureInfo{
		ApplicationFailureInfo: &failurepb.ApplicationFailureInfo{Type: kind}}})
}

// queryText is the same as it looks when the query was answered along with a
// workflow task: text alone.
func queryText(kind string) error {
	return serviceerror.NewQueryFailed(temporal.NewNonRetryableApplicationError("why", kind, nil).Error())
}

func TestTemporalListings(t *testing.T) {
	ids := []string{laneA, laneB}
	f := &laneServer{}
	lists, err := (&TemporalLanes{f, ids}).Listings(t.Context())
	if err != nil || len(lists) != 2 || lists[1].Lane != laneB || lists[1].Nonce != 7 {
		t.Errorf("%+v, %v", lists, err)
	}
	f.queries = map[string]error{laneA: &serviceerror.NotFound{}}
	lists, err = (&TemporalLanes{f, ids}).Listings(t.Context())
	if err != nil || len(lists) != 2 || lists[0].Lane != laneA || lists[0].ChainID != 1337 || lists[0].Address != address(0xa) || lists[0].Items == nil {
		t.Errorf("a lane that was never started: %+v, %v", lists, err)
	}
	for _, err := range []error{&serviceerror.Unavailable{}, context.DeadlineExceeded, errors.New("unheard of")} {
		f.queries[laneA] = err
		lists, err := (&TemporalLanes{f, ids}).Listings(t.Context())
		var silent *SilentError
		if !errors.As(err, &silent) || !slices.Equal(silent.Lanes, ids[:1]) || deal.KindOf(err) != deal.Lost || len(lists) != 1 || lists[0].Lane != laneB {
			t.Errorf("a lane that does not answer: %+v, %v", lists, err)
		}
	}
}

func TestTemporalRecord(t *testing.T) {
	for name, c := range map[string]struct {
		lane string
		err  error
		want deal.Kind
	}{
		"known":         {laneA, nil, ""},
		"unknown":       {laneA, queryFailed("notfound"), deal.NotFound},
		"conflict":      {laneA, queryFailed("conflict"), deal.Conflict},
		"no answer":     {laneA, context.DeadlineExceeded, deal.Lost},
		"never started": {laneA, &serviceerror.NotFound{}, deal.NotFound},
		"not a lane":    {workflows.DealID(dealA), nil, deal.NotFound},
		"panic":         {laneA, serviceerror.NewQueryFailed("panic"), ""},

		"unknown, as text":  {laneA, queryText("notfound"), deal.NotFound},
		"conflict, as text": {laneA, queryText("conflict"), deal.Conflict},
		"invalid, as text":  {laneA, queryText("invalid"), deal.Invalid},
		"refused, as text":  {laneA, queryText("refused"), deal.Refused},
		"retryable":         {laneA, serviceerror.NewQueryFailed("why (type: conflict, retryable: true)"), deal.Conflict},
		"in lines":          {laneA, serviceerror.NewQueryFailed("why\nand how (type: conflict, retryable: false)"), deal.Conflict},
		"kind in the text":  {laneA, queryFailedAs("why (type: conflict, retryable: false)", "panic"), ""},
		"not at its end":    {laneA, serviceerror.NewQueryFailed("why (type: conflict, retryable: false) and more"), ""},
		"no kind, as text":  {laneA, serviceerror.NewQueryFailed("why (type: PanicError, retryable: false)"), ""},
	} {
		lanes := &TemporalLanes{&laneServer{queries: map[string]error{laneA: c.err}}, []string{laneA}}
		r, err := lanes.Record(t.Context(), c.lane, counted("intent", 1))
		if deal.KindOf(err) != c.want || (err == nil) != (name == "known") || err == nil && r.Version != 7 {
			t.Errorf("%s: %+v, %v, want kind %q", name, r, err, c.want)
		}
		if c.want != "" && strings.Contains(err.Error(), "(type:") {
			t.Errorf("%s: the words of the engine come along: %v", name, err)
		}
		a, err := lanes.Plan(t.Context(), c.lane, lane.Command{Verb: lane.Retry})
		if deal.KindOf(err) != c.want || err == nil && !a.DryRun {
			t.Errorf("%s: plan %+v, %v, want kind %q", name, a, err, c.want)
		}
	}
}

func TestTemporalOperate(t *testing.T) {
	command := lane.Command{ID: "op-1", Verb: lane.Retry}
	for name, c := range map[string]struct {
		update, result error
		want           deal.Kind
	}{
		"done":                {nil, nil, ""},
		"invalid":             {rejection("invalid"), nil, deal.Invalid},
		"conflict":            {nil, rejection("conflict"), deal.Conflict},
		"refused":             {nil, rejection("refused"), deal.Refused},
		"unavailable":         {&serviceerror.Unavailable{}, nil, deal.Lost},
		"answer lost":         {nil, context.DeadlineExceeded, deal.Lost},
		"run ended meanwhile": {nil, rejection("AcceptedUpdateCompletedWorkflow"), deal.Lost},
		"never started":       {&serviceerror.NotFound{}, nil, deal.NotFound},
		"unknown":             {nil, rejection("panic"), ""},
	} {
		f := &laneServer{updates: []error{c.update}, results: []error{c.result}}
		a, err := (&TemporalLanes{f, []string{laneA}}).Operate(t.Context(), laneA, command)
		if deal.KindOf(err) != c.want || (err == nil) != (name == "done") || err == nil && a.ID != "op-1" {
			t.Errorf("%s: %+v, %v, want kind %q", name, a, err, c.want)
		}
		if o := f.sent[0]; o.UpdateID != "op-1" || o.WorkflowID != laneA || o.WaitForStage != client.WorkflowUpdateStageCompleted {
			t.Errorf("%s: sent as %+v", name, o)
		}
	}
	f := &laneServer{}
	if _, err := (&TemporalLanes{f, []string{laneA}}).Operate(t.Context(), workflows.DealID(dealA), command); deal.KindOf(err) != deal.NotFound || len(f.sent) != 0 {
		t.Errorf("a workflow that is no lane: %v, sent %d", err, len(f.sent))
	}
}

func TestTemporalBusyLaneIsAskedAgain(t *testing.T) {
	f := &laneServer{updates: []error{rejection(activities.LaneBusy)}, results: []error{rejection(activities.LaneBusy)}}
	lanes := &TemporalLanes{f, []string{laneA}}
	if a, err := lanes.Operate(t.Context(), laneA, lane.Command{ID: "op-1"}); err != nil || a.ID != "op-1" || len(f.sent) != 3 {
		t.Errorf("%+v, %v after %d updates; want 3", a, err, len(f.sent))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	f.updates = slices.Repeat([]error{rejection(activities.LaneBusy)}, 100)
	if _, err := lanes.Operate(ctx, laneA, lane.Command{ID: "op-1"}); deal.KindOf(err) != deal.Lost {
		t.Errorf("busy to the end: %v, want kind lost", err)
	}
}
