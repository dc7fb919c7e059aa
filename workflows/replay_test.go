package workflows

import (
	"compress/gzip"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"cession/deal"
)

// recorded are histories from a real server, by the version of the standard plan
// they were recorded under. `make histories` writes the newest; those of earlier
// plans stay as they are.
const (
	recorded = "testdata/histories"
	newest   = "v3/"
)

// history reads a recorded history, such as "v1/archive.archive.deal".
func history(t *testing.T, name string) *historypb.History {
	t.Helper()
	f, err := os.Open(filepath.Join(recorded, name+".json.gz"))
	if err != nil {
		t.Fatalf("%v: record it with `make histories`", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	h, err := client.HistoryFromJSON(z, client.HistoryJSONOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func names(t *testing.T) (all []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(recorded, "*", "*.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		version, name := filepath.Split(filepath.ToSlash(file))
		all = append(all, filepath.Base(version)+"/"+strings.TrimSuffix(name, ".json.gz"))
	}
	return all
}

// replay runs a workflow type's code of today, or another one, over a history.
func replay(h *historypb.History, instead any) error {
	r := worker.NewWorkflowReplayer()
	r.RegisterWorkflow(Room)
	r.RegisterWorkflow(Lane)
	if instead == nil {
		instead = Deal
	}
	r.RegisterWorkflowWithOptions(instead, workflow.RegisterOptions{Name: "Deal"})
	return r.ReplayWorkflowHistory(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), h)
}

// TestReplay runs today's code over every recorded history, of all versions of
// the plan. A failure means that running deals would break: guard the change
// with workflow.GetVersion.
func TestReplay(t *testing.T) {
	events := 0
	for _, name := range names(t) {
		h := history(t, name)
		events += len(h.Events)
		if err := replay(h, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Logf("%d histories, %d events", len(names(t)), events)
}

// TestEarlierPlansReplayToo: deals that were opened under earlier plans are
// still there, unchanged, among what is replayed.
func TestEarlierPlansReplayToo(t *testing.T) {
	byVersion := map[int]int{}
	for _, name := range names(t) {
		if strings.Contains(name, "/lane.") {
			continue
		}
		h := history(t, name)
		was := edit(t, h, func(*deal.Plan) {})
		if want := fmt.Sprintf("v%d/", was.Version); !strings.HasPrefix(name, want) {
			t.Errorf("%s was recorded under plan version %d", name, was.Version)
		}
		for step, since := range map[string]int{"rules": 2, "supplements": 3} {
			if _, has := was.Step(step); has != (was.Version >= since) {
				t.Errorf("%s: plan version %d has a step %s: %t", name, was.Version, step, has)
			}
		}
		byVersion[was.Version]++
	}
	for version, want := range map[int]int{1: 52, 2: 61} {
		if byVersion[version] != want {
			t.Errorf("%d histories of deals and rooms under plan version %d, want the %d that were recorded", byVersion[version], version, want)
		}
	}
}

// ending is how a recorded workflow has to end.
type ending struct {
	history string
	state   deal.State // "": it continued as new
}

// endings lists a history for every way out of a plan, action or deadline, and
// for what else can happen to a deal.
func endings(plan deal.Plan) []ending {
	all := []ending{
		{"archive.archive.room-red-fund", deal.NotSelected},
		{"archive.archive.room-blue-fund", deal.Selected},
		{"escrow_never_opened.deal", deal.Expired},
		{"refused_by_policy.deal", deal.Cancelled},
		{"refused_by_chain.deal", deal.Cancelled},
		{"node_offline.deal", deal.Archived},
		{"continued_as_new.deal-1", ""}, {"continued_as_new.deal-2", ""}, {"continued_as_new.deal-3", deal.Archived},
		{"lane.own-1", ""},
		{"supplemented.deal", deal.Archived}, {"supplemented.room-blue-fund", deal.Selected},
		{"supplement_refused.deal", deal.Cancelled}, {"supplement_lost.deal", deal.Cancelled},
		{"supplemented_in_the_next_run.deal-1", ""}, {"supplemented_in_the_next_run.deal-2", deal.Cancelled},
		{"supplemented_in_the_next_run.room-blue-fund-1", ""}, {"supplemented_in_the_next_run.room-blue-fund-2", ""}, {"supplemented_in_the_next_run.room-blue-fund-3", deal.Cancelled},
		{"adopted.deal", deal.Withdrawn}, {"adopted.room-blue-fund", deal.Selected},
		{"approved.deal", deal.Cancelled}, {"escalated.deal", deal.Cancelled},
		{"escalated_in_the_next_run.deal-1", ""}, {"escalated_in_the_next_run.deal-2", deal.Cancelled},
		{"continued_as_new.room-blue-fund-1", ""}, {"continued_as_new.room-blue-fund-2", ""}, {"continued_as_new.room-blue-fund-3", deal.Selected},
	}
	for _, s := range plan.Steps {
		who := ".deal"
		if s.Scope == deal.PerBidder {
			who = ".room-blue-fund"
		}
		if s.Expires.State != "" {
			all = append(all, ending{s.ID + ".deadline" + who, s.Expires.State})
		}
		for _, a := range s.Actions {
			if a.Ends != "" {
				all = append(all, ending{s.ID + "." + a.ID + who, a.Ends})
			}
		}
	}
	return all
}

// TestEveryExitIsRecorded fails for a way out of the plan without a history.
func TestEveryExitIsRecorded(t *testing.T) {
	for _, want := range endings(deal.Standard()) {
		h := history(t, newest+want.history)
		last := h.Events[len(h.Events)-1]
		if want.state == "" {
			if last.GetWorkflowExecutionContinuedAsNewEventAttributes() == nil {
				t.Errorf("%s ends with %s", want.history, last.EventType)
			}
			continue
		}
		var state deal.State
		if err := converter.GetDefaultDataConverter().FromPayloads(last.GetWorkflowExecutionCompletedEventAttributes().GetResult(), &state); err != nil || state != want.state {
			t.Errorf("%s ends with %s as %q, want %q (%v)", want.history, last.EventType, state, want.state, err)
		}
	}
}

// chainFirst is Deal with two steps of the mint the other way round.
func chainFirst(ctx workflow.Context, in DealInput) (deal.State, error) {
	d := &sale{newEngine(ctx, deal.Begin(in.Opening, nil, workflow.Now(ctx)))}
	if err := d.setup(ctx); err != nil {
		return "", err
	}
	d.effects["mint"] = func(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
		minted, err := d.once(ctx, act, deal.Call{Mint: &deal.Mint{Terms: d.p.MintTerms(act.Fields)}})
		if err != nil {
			return nil, err
		}
		_, err = d.mint(ctx, act)
		return minted, err
	}
	_, err := d.run(ctx, d.expire)
	return d.p.State, err
}

// TestReplayNoticesChanges shows that the tests above can fail: code that does
// things in another order, and a history under another plan, do not replay.
func TestReplayNoticesChanges(t *testing.T) {
	const name = newest + "archive.archive.deal"
	if err := replay(history(t, name), chainFirst); !nondeterministic(err) {
		t.Errorf("a changed order: have %v, want a non-determinism error", err)
	}
	edited := history(t, name)
	edit(t, edited, func(p *deal.Plan) {
		documents, _ := p.Step("documents")
		documents.Actions[0].Record = false // of the plan itself: a step shares its actions
	})
	if err := replay(edited, nil); !nondeterministic(err) {
		t.Errorf("a changed plan in the input: have %v, want a non-determinism error", err)
	}
}

func nondeterministic(err error) bool {
	return err != nil && strings.Contains(err.Error(), "[TMPRL1100]") // Temporal's code for it
}

// TestARunningDealKeepsItsPlan: histories replay although the plan in the code
// is another one by now, and a deal goes by the plan it was opened with.
func TestARunningDealKeepsItsPlan(t *testing.T) {
	h := history(t, newest+"terms.deadline.deal")
	if was := edit(t, h, func(*deal.Plan) {}); was.Hash() == deal.Standard().Hash() {
		t.Error("the history was recorded under the plan of today: it shows nothing")
	}
	if err := replay(h, nil); err != nil {
		t.Error(err)
	}

	m := newMarket(t)
	m.opening.Plan = withSiteVisit(t)
	m.opening.PlanHash = m.opening.Plan.Hash()
	m.toListing()
	m.toOffer(red, 1_000_000)
	selected := fields{"bidder": deal.Bidder(red), "offer": value(deal.KindAct, hashOf("offer").String()), "price": eur(1_000_000)}
	m.no("", seller, "selection.select", selected, deal.Conflict)
	m.ok("", seller, "site_visit.agree", nil)
	m.ok("", seller, "selection.select", selected)
	m.no("", seller, "archive.archive", fields{"record": deal.Digest(hashOf("record"))}, deal.NotFound)
	m.ok("", red, "cancellation.withdraw", nil)
	m.run()
	m.state("deal", deal.Withdrawn)
}

// withSiteVisit returns the standard plan with a step more and a step less.
func withSiteVisit(t *testing.T) deal.Plan {
	t.Helper()
	p := deal.Standard()
	p.Steps = slices.DeleteFunc(p.Steps, func(s deal.Step) bool { return s.ID == "archive" })
	at := slices.IndexFunc(p.Steps, func(s deal.Step) bool { return s.ID == "selection" })
	p.Steps[at].After = []string{"site_visit"}
	p.Steps = slices.Insert(p.Steps, at, deal.Step{
		ID: "site_visit", Title: "Site visit", Doc: "The debtor's site is seen.", Scope: deal.PerDeal, After: []string{"listing"},
		Actions: []deal.Action{{ID: "agree", Title: "Agree on a date", By: []deal.Role{deal.Seller}, Closes: true}},
	})
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p
}

// edit changes the plan in the input of a recorded deal.
func edit(t *testing.T, h *historypb.History, change func(*deal.Plan)) (was deal.Plan) {
	t.Helper()
	start := h.Events[0].GetWorkflowExecutionStartedEventAttributes()
	var in DealInput
	if err := converter.GetDefaultDataConverter().FromPayloads(start.Input, &in); err != nil {
		t.Fatal(err)
	}
	was = in.Opening.Plan
	change(&in.Opening.Plan)
	input, err := converter.GetDefaultDataConverter().ToPayloads(in)
	if err != nil {
		t.Fatal(err)
	}
	start.Input = input
	return was
}
