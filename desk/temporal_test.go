package desk

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"cession/deal"
	"cession/workflows"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
)

// fakeTemporal answers updates with the queued errors, then with an outcome.
type fakeTemporal struct {
	start   error
	updates []error // of UpdateWorkflow, in turn
	results []error // of the handle, in turn
	query   error
	state   deal.Progress

	started client.StartWorkflowOptions
	sent    []client.UpdateWorkflowOptions
	asked   []string
}

func (f *fakeTemporal) ExecuteWorkflow(_ context.Context, o client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error) {
	f.started = o
	if workflow != "Deal" || len(args) != 1 {
		return nil, errors.New("unexpected workflow")
	}
	return nil, f.start
}

func next(queue *[]error) (err error) {
	if len(*queue) > 0 {
		err, *queue = (*queue)[0], (*queue)[1:]
	}
	return err
}

func (f *fakeTemporal) UpdateWorkflow(_ context.Context, o client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	f.sent = append(f.sent, o)
	if err := next(&f.updates); err != nil {
		return nil, err
	}
	return &fakeHandle{act: o.Args[0].(deal.Act), err: next(&f.results)}, nil
}

func (f *fakeTemporal) QueryWorkflow(_ context.Context, id, _, queryType string, _ ...any) (converter.EncodedValue, error) {
	f.asked = append(f.asked, id+" "+queryType)
	return fakeValue{f.state}, f.query
}

type fakeHandle struct {
	client.WorkflowUpdateHandle
	act deal.Act
	err error
}

func (h *fakeHandle) Get(_ context.Context, out any) error {
	if h.err == nil {
		*out.(*deal.Outcome) = deal.Outcome{Act: h.act.ID, Verdict: deal.Accepted}
	}
	return h.err
}

type fakeValue struct{ v any }

func (f fakeValue) HasValue() bool { return true }

func (f fakeValue) Get(out any) error {
	b, err := json.Marshal(f.v)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, out)
}

func rejection(kind string) error { return temporal.NewApplicationError("why", kind) }

func TestTemporalOpen(t *testing.T) {
	o := newStory("d-aaaaaaaaaaaaaaaaaaaa").deal.Opening
	for want, err := range map[deal.Kind]error{
		"": nil, deal.Conflict: &serviceerror.WorkflowExecutionAlreadyStarted{}, deal.Lost: &serviceerror.Unavailable{},
	} {
		f := &fakeTemporal{start: err}
		if err := (&Temporal{f}).Open(t.Context(), o); deal.KindOf(err) != want {
			t.Errorf("open: %v, want %q", err, want)
		}
		if f.started.ID != workflows.DealID(o.ID) || f.started.TaskQueue != workflows.TaskQueue || f.started.WorkflowExecutionTimeout != 0 {
			t.Errorf("started as %+v", f.started)
		}
	}
}

func TestTemporalActErrors(t *testing.T) {
	s := newStory("d-aaaaaaaaaaaaaaaaaaaa")
	act := draftAct(s)
	for name, c := range map[string]struct {
		update, result error
		want           deal.Kind
	}{
		"taken":                     {nil, nil, ""},
		"invalid":                   {nil, rejection("invalid"), deal.Invalid},
		"conflict":                  {nil, rejection("conflict"), deal.Conflict},
		"refused":                   {nil, rejection("refused"), deal.Refused},
		"unavailable":               {&serviceerror.Unavailable{}, nil, deal.Lost},
		"too many":                  {&serviceerror.ResourceExhausted{}, nil, deal.Lost},
		"server deadline":           {&serviceerror.DeadlineExceeded{}, nil, deal.Lost},
		"own deadline":              {nil, context.DeadlineExceeded, deal.Lost},
		"update timeout":            {client.NewWorkflowUpdateServiceTimeoutOrCanceledError(context.DeadlineExceeded), nil, deal.Lost},
		"run ended meanwhile":       {nil, rejection("AcceptedUpdateCompletedWorkflow"), deal.Lost},
		"unknown":                   {nil, rejection("panic"), ""},
		"no workflow, act not over": {&serviceerror.NotFound{}, nil, deal.NotFound},
	} {
		f := &fakeTemporal{updates: []error{c.update}, results: []error{c.result}, state: *s.deal}
		out, err := (&Temporal{f}).Act(t.Context(), act)
		if deal.KindOf(err) != c.want || (err == nil) != (name == "taken") || err == nil && out.Act != act.ID {
			t.Errorf("%s: %v %v, want kind %q", name, out, err, c.want)
		}
		if o := f.sent[0]; o.UpdateID != act.ID.String() || o.UpdateName != workflows.UpdateAct || o.WaitForStage != client.WorkflowUpdateStageCompleted {
			t.Errorf("%s: sent as %+v", name, o)
		}
	}
}

func TestTemporalBusyIsAskedAgain(t *testing.T) {
	act := draftAct(newStory("d-aaaaaaaaaaaaaaaaaaaa"))
	f := &fakeTemporal{results: []error{rejection("busy"), rejection("busy")}}
	if out, err := (&Temporal{f}).Act(t.Context(), act); err != nil || out.Act != act.ID || len(f.sent) != 3 {
		t.Errorf("%v, %v after %d updates; want 3", out, err, len(f.sent))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	f = &fakeTemporal{results: make([]error, 100)}
	for i := range f.results {
		f.results[i] = rejection("busy")
	}
	if _, err := (&Temporal{f}).Act(ctx, act); deal.KindOf(err) != deal.Lost {
		t.Errorf("busy to the end: %v, want kind lost", err)
	}
}

// A workflow that has ended takes no updates, but it knows what it did.
func TestTemporalActAfterTheEnd(t *testing.T) {
	s, _ := negotiated()
	taken := s.deal.Records[0].Act
	s.deal.End(deal.Cancelled, s.now)
	for want, act := range map[deal.Kind]deal.Act{"": taken, deal.Conflict: s.act(s.deal, seller, "terms", "approve", nil)} {
		f := &fakeTemporal{updates: []error{&serviceerror.NotFound{}}, state: *s.deal}
		if out, err := (&Temporal{f}).Act(t.Context(), act); deal.KindOf(err) != want || err == nil && out.Act != act.ID {
			t.Errorf("%v, %v; want %q", out, err, want)
		}
	}
	f := &fakeTemporal{updates: []error{&serviceerror.NotFound{}}, query: &serviceerror.Unavailable{}}
	if _, err := (&Temporal{f}).Act(t.Context(), taken); deal.KindOf(err) != deal.Lost {
		t.Errorf("the end unknown: %v, want kind lost", err)
	}
}

func TestTemporalProgress(t *testing.T) {
	s, _ := negotiated()
	id := s.deal.Opening.ID
	f := &fakeTemporal{state: *s.rooms[winner]}
	p, err := (&Temporal{f}).Progress(t.Context(), id, winner)
	if err != nil || p.Room() != winner || f.asked[0] != workflows.RoomID(id, winner)+" "+workflows.QueryProgress {
		t.Errorf("progress of %s: %v; asked %v", p.Room(), err, f.asked)
	}
	f.query = &serviceerror.NotFound{}
	if _, err := (&Temporal{f}).Progress(t.Context(), id, ""); deal.KindOf(err) != deal.NotFound {
		t.Errorf("no workflow: %v", err)
	}
}
