package workflows

import (
	"errors"
	"testing"
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/deal"
)

// TestContinueAsNew: an act that comes while another one keeps the deal from
// continuing as new is turned away as busy, and the next run knows every act.
func TestContinueAsNew(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	m.env.RegisterDelayedCallback(func() { m.env.SetContinueAsNewSuggested(true) }, m.at+300*time.Millisecond)
	m.at -= 10*time.Minute - 500*time.Millisecond // the chain takes a second for the act before
	var busy *temporal.ApplicationError
	m.act("", seller, "cancellation.cancel", nil, func(_ deal.Outcome, err error) { _ = errors.As(err, &busy) })
	m.env.ExecuteWorkflow(Deal, DealInput{Opening: m.opening})
	if busy == nil || busy.Type() != Busy || busy.NonRetryable() {
		t.Errorf("have %v, want a retryable %q", busy, Busy)
	}
	in := nextDeal(t, m.env.GetWorkflowError())
	if in.Progress == nil || len(in.Progress.Records) != 4 || in.Progress.Stage() != "selection" {
		t.Fatalf("the next run would start with %+v", in.Progress)
	}
	next := newMarket(t)
	next.opening, next.signed["/"+string(seller)] = m.opening, 4
	next.env.SetStartWorkflowOptions(startOptions(DealID(m.opening.ID)))
	known := in.Progress.Records[0]
	next.later(func() {
		next.send(known.Act, func(out deal.Outcome, err error) {
			if err != nil || out.Verdict != deal.Accepted || out.Act != known.Act.ID {
				t.Errorf("an act of the last run: %+v, %v", out, err)
			}
		})
	})
	next.ok("", seller, "cancellation.cancel", nil)
	next.env.ExecuteWorkflow(Deal, in)
	next.state("deal", deal.Cancelled)
}

// TestRollOverHearsSignals: a signal that comes with the very task in which a
// deal continues as new is not lost.
func TestRollOverHearsSignals(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	report := deal.Report{Bidder: party(red), State: "offered", Confirmed: true}
	m.later(func() { m.env.SignalWorkflowSkippingWorkflowTask(signalReport, report) })
	m.later(func() { m.env.SetContinueAsNewSuggested(true) })
	m.env.ExecuteWorkflow(Deal, DealInput{Opening: m.opening})
	if next := nextDeal(t, m.env.GetWorkflowError()); !next.Progress.Rooms[red].Confirmed {
		t.Errorf("the next run knows the rooms %+v", next.Progress.Rooms)
	}
}

// TestRollOverClosesTheRoom: nor is the word that the room is over.
func TestRollOverClosesTheRoom(t *testing.T) {
	m := newMarket(t)
	m.later(func() { m.env.SignalWorkflowSkippingWorkflowTask(signalClose, deal.NotSelected) })
	m.later(func() { m.env.SetContinueAsNewSuggested(true) })
	m.env.ExecuteWorkflow(Room, RoomInput{Opening: m.opening, Bidder: party(red)})
	err := m.env.GetWorkflowError()
	var again *workflow.ContinueAsNewError
	if errors.As(err, &again) {
		var in RoomInput
		if err := converter.GetDefaultDataConverter().FromPayloads(again.Input, &in); err != nil {
			t.Fatal(err)
		}
		if in.Progress.State != deal.NotSelected {
			t.Errorf("the next run of the room is %q, want %q", in.Progress.State, deal.NotSelected)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	m.state(string(red), deal.NotSelected)
}

// TestRollOverDuringTransfer: a node that is away, as long as it may be, does
// not keep the deal from continuing as new.
func TestRollOverDuringTransfer(t *testing.T) {
	m := newMarket(t)
	m.offline["PullDocuments"] = true
	m.toReleased(red)
	m.later(func() { m.env.SetContinueAsNewSuggested(true) })
	m.env.ExecuteWorkflow(Deal, DealInput{Opening: m.opening})
	if next := nextDeal(t, m.env.GetWorkflowError()); next.Progress.Received != nil || next.Progress.Stage() != "handover" {
		t.Errorf("the next run starts in %q", next.Progress.Stage())
	}
}

// TestActDuringTransfer: while documents are on their way, which can take
// hours, acts are taken although it is time to continue as new.
func TestActDuringTransfer(t *testing.T) {
	m := newMarket(t)
	m.pull.After(6 * time.Hour)
	m.toReleased(red)
	m.later(func() { m.env.SetContinueAsNewSuggested(true) })
	m.ok("", red, "refund.claim", nil)
	m.env.ExecuteWorkflow(Deal, DealInput{Opening: m.opening})
	m.state("deal", deal.Refunded)
}

func nextDeal(t *testing.T, err error) (in DealInput) {
	t.Helper()
	var again *workflow.ContinueAsNewError
	if !errors.As(err, &again) {
		t.Fatalf("have %v, want continue as new", err)
	}
	if err := converter.GetDefaultDataConverter().FromPayloads(again.Input, &in); err != nil {
		t.Fatal(err)
	}
	return in
}
