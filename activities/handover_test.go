package activities

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"cession/deal"
)

// fakeNode is a node whose answers a test chooses.
type fakeNode struct {
	held, count uint64
	err         error
	beats       [][2]uint64
}

func (f *fakeNode) Held(context.Context, deal.ID, deal.Commitment) (uint64, uint64, error) {
	return f.held, f.count, f.err
}
func (f *fakeNode) Grant(context.Context, *deal.Progress, deal.Act) error { return f.err }
func (f *fakeNode) Revoke(context.Context, deal.ID, deal.PartyID) error   { return f.err }
func (f *fakeNode) Arm(context.Context, *deal.Progress, deal.Act) error   { return f.err }
func (f *fakeNode) Pull(_ context.Context, _ *deal.Progress, _ deal.Act, beat func(documents, bytes uint64)) (deal.Commitment, uint64, error) {
	for _, b := range f.beats {
		beat(b[0], b[1])
	}
	return deal.Commitment{1}, f.count, f.err
}

func TestHoldDocuments(t *testing.T) {
	for name, c := range map[string]struct {
		node     fakeNode
		complete bool
		kind     deal.Kind
	}{
		"all":           {fakeNode{held: 3, count: 3}, true, ""},
		"some":          {fakeNode{held: 2, count: 3}, false, ""},
		"another count": {fakeNode{held: 2, count: 2}, false, deal.Conflict},
		"no such set":   {fakeNode{count: 3, err: deal.Errorf(deal.NotFound, "none")}, false, deal.NotFound},
	} {
		d := &Documents{Node: &c.node}
		report, err := d.HoldDocuments(context.Background(), HoldRequest{Count: 3})
		if report.Complete() != c.complete || typeOf(err) != string(c.kind) {
			t.Errorf("%s: complete %t, error %v", name, report.Complete(), err)
		}
	}
}

// Only what may turn out differently is tried again.
func TestNodeErrors(t *testing.T) {
	for kind, final := range map[deal.Kind]bool{deal.Refused: true, deal.Invalid: true, deal.Conflict: true, deal.NotFound: true, deal.Lost: false} {
		n := &fakeNode{err: deal.Errorf(kind, "no")}
		d, h := &Documents{Node: n}, &Handover{Seller: n, Buyer: n}
		for _, err := range []error{
			d.GrantAccess(context.Background(), GrantRequest{}), d.RevokeAccess(context.Background(), RevokeRequest{}),
			h.ArmRelease(context.Background(), ReleaseRequest{}),
		} {
			var app *temporal.ApplicationError
			if got := errors.As(err, &app) && app.NonRetryable() && app.Type() == string(kind); got != final {
				t.Errorf("%s: final %t, want %t: %v", kind, got, final, err)
			}
		}
	}
}

func TestPullDocuments(t *testing.T) {
	n := &fakeNode{count: 3, beats: [][2]uint64{{1, 100}, {3, 300}}}
	h := &Handover{Seller: n, Buyer: n}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(h)
	var last PullBeat
	env.SetOnActivityHeartbeatListener(func(_ *activity.Info, details converter.EncodedValues) {
		if err := details.Get(&last); err != nil {
			t.Error(err)
		}
	})
	v, err := env.ExecuteActivity(h.PullDocuments, PullRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var report PullReport
	if err := v.Get(&report); err != nil || report != (PullReport{deal.Commitment{1}, 3, 3}) {
		t.Errorf("report %+v, %v", report, err)
	}
	if last.Documents == 0 {
		t.Errorf("last heartbeat %+v, want documents", last)
	}
	n.err = errors.New("no answer")
	if _, err := env.ExecuteActivity(h.PullDocuments, PullRequest{}); err == nil || typeOf(err) == string(deal.Refused) {
		t.Errorf("a lost connection gives %v", err)
	}
}

// A bidder learns of no other one from what its node is shown.
func TestEvidence(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	seller, buyer := deal.Party{ID: "north-factor"}, deal.Party{ID: "alpine-bank"}
	p := deal.Begin(deal.Opening{ID: deal.NewID(), Plan: deal.Standard(), Seller: seller}, nil, now)
	for _, bidder := range []deal.PartyID{"alpine-bank", "delta-fund"} {
		act := deal.Act{Step: "invitations", Action: "invite", Party: seller.ID, Fields: map[string]deal.Value{"bidder": deal.Bidder(bidder)}}
		p.Records = append(p.Records, deal.Record{Act: act, Decision: deal.Decision{Allow: true}})
		p.Hear(deal.Report{Bidder: deal.Party{ID: bidder}})
	}
	p.Bidder = &buyer
	for to, want := range map[deal.PartyID]struct{ records, rooms int }{"alpine-bank": {1, 1}, "north-factor": {2, 1}, "delta-fund": {1, 1}} {
		e := Evidence(p, to)
		if len(e.Records) != want.records || len(e.Rooms) != want.rooms {
			t.Errorf("%s is shown %d acts and %d rooms, want %+v", to, len(e.Records), len(e.Rooms), want)
		}
		if e.Records[0].Decision.Allow || len(p.Rooms) != 2 || !p.Records[0].Decision.Allow {
			t.Errorf("%s: decisions are shown, or the deal itself was changed", to)
		}
	}
}

func typeOf(err error) string {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return app.Type()
	}
	return ""
}
