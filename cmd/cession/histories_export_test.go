//go:build !slim

package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/converter"
	sdk "go.temporal.io/sdk/worker"

	"cession/deal"
	"cession/workflows"
)

// fixtures is where the replay test of package workflows finds its histories, by
// the version of the plan they were recorded under.
const fixtures = "../../workflows/testdata/histories/v3"

// histories returns the histories of the deal and of its rooms, by the name of
// the fixture: "<exit>.<deal or room-party>", with the number of the run if it
// continued as new.
func (c *scene) histories(exit string) map[string]*historypb.History {
	c.t.Helper()
	all := map[string]*historypb.History{}
	rooms := []deal.PartyID{""}
	for id := range c.progress("").Rooms {
		rooms = append(rooms, id)
	}
	for _, room := range rooms {
		who := "deal"
		if room != "" {
			who = "room-" + string(room)
		}
		runs := c.runs(room)
		for i, h := range runs {
			name := exit + "." + who
			if len(runs) > 1 {
				name = fmt.Sprintf("%s-%d", name, i+1)
			}
			all[name] = scrub(h)
		}
	}
	return all
}

func (c *scene) runs(room deal.PartyID) []*historypb.History {
	c.t.Helper()
	return c.stage.runs(c.t, c.workflow(room))
}

// runs returns the histories of all runs of a workflow, oldest first.
func (s *stage) runs(t *testing.T, id string) (runs []*historypb.History) {
	t.Helper()
	ctx := limit(t, 3*time.Minute)
	for run := ""; ; {
		h := &historypb.History{}
		events := s.client.GetWorkflowHistory(ctx, id, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			if err != nil {
				t.Fatal(err)
			}
			h.Events = append(h.Events, event)
		}
		runs = append(runs, h)
		if run = h.Events[0].GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId(); run == "" {
			slices.Reverse(runs)
			return runs
		}
	}
}

// scrub takes out of a history what only this machine has: its name, in the
// names of sticky queues, and the ballast of a forced continue-as-new.
func scrub(h *historypb.History) *historypb.History {
	for _, e := range h.Events {
		if queue := e.GetWorkflowTaskScheduledEventAttributes().GetTaskQueue(); queue.GetKind() == enumspb.TASK_QUEUE_KIND_STICKY {
			queue.Name, queue.NormalName, queue.Kind = queue.NormalName, "", enumspb.TASK_QUEUE_KIND_NORMAL
		}
		if signal := e.GetWorkflowExecutionSignaledEventAttributes(); signal.GetSignalName() == ballast {
			signal.Input = nil
		}
	}
	return h
}

// replay runs today's code over a history.
func replay(h *historypb.History) error {
	r := sdk.NewWorkflowReplayer()
	r.RegisterWorkflow(workflows.Deal)
	r.RegisterWorkflow(workflows.Room)
	r.RegisterWorkflow(workflows.Lane)
	return r.ReplayWorkflowHistory(nil, h)
}

// result returns the state in which a workflow ended, or "" if this run did not.
func result(t *testing.T, h *historypb.History) (state deal.State) {
	t.Helper()
	end := h.Events[len(h.Events)-1].GetWorkflowExecutionCompletedEventAttributes()
	if end == nil {
		return ""
	}
	if err := converter.GetDefaultDataConverter().FromPayloads(end.Result, &state); err != nil {
		t.Fatal(err)
	}
	return state
}

// save writes a history as Temporal's own tools export it, compressed.
func save(name string, h *historypb.History) error {
	text, err := temporalproto.CustomJSONMarshalOptions{}.Marshal(h)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	_, err = z.Write(text)
	if err = errors.Join(err, z.Close()); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(fixtures, name+".json.gz"), b.Bytes(), 0o644)
}

// forget removes the fixtures of an exit.
func forget(exit string) error {
	old, err := filepath.Glob(filepath.Join(fixtures, exit+".*.json.gz"))
	for _, file := range old {
		err = errors.Join(err, os.Remove(file))
	}
	return err
}
