package desk

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

func historyOf(t *testing.T, s *Store, f TransactionFilter) (list []string) {
	t.Helper()
	kept, err := s.history(t.Context(), f, nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range kept {
		list = append(list, fmt.Sprintf("%d %s %s", numberOf(t, x.Intent), x.Lane[len(x.Lane)-1:], x.Status))
	}
	return list
}

func testPublishLane(t *testing.T, s *Store, url string) {
	failed := itemOf(1, lane.Failed)
	older := failed
	older.Version, older.Status, older.Fee = 2, lane.Final, 0
	huge := itemOf(2, lane.Final)
	huge.Fee, huge.Version = 1<<64-1, 1<<64-1
	for range 2 { // twice is harmless, in any order
		publishItems(t, s, laneB, itemOf(3, lane.Final))
		publishItems(t, s, laneA, failed, huge, itemOf(3, lane.Moved))
		publishItems(t, s, laneA, older)
	}
	publishItems(t, s, laneB, itemOf(3, lane.Moved)) // what ended here did not move
	want := []string{"3 b final", "2 a final", "1 a failed"}
	if have := historyOf(t, s, TransactionFilter{}); !slices.Equal(have, want) {
		t.Errorf("history %v, want %v", have, want)
	}
	newer := failed
	newer.Version, newer.Stuck, newer.Reason = 4, true, lane.Reorged
	publishItems(t, s, laneA, newer)
	for name, c := range map[string]struct {
		filter TransactionFilter
		want   []string
	}{
		"lane":   {TransactionFilter{Lane: laneB}, want[:1]},
		"status": {TransactionFilter{Status: lane.Failed}, want[2:]},
		"stuck":  {TransactionFilter{Stuck: true}, want[2:]},
		"deal":   {TransactionFilter{Deal: "d-bbbbbbbbbbbbbbbbbbbb"}, nil},
	} {
		if have := historyOf(t, s, c.filter); !slices.Equal(have, c.want) {
			t.Errorf("by %s: %v, want %v", name, have, c.want)
		}
	}
	sums, err := s.spent(t.Context(), dealA)
	if err != nil || sums[dealA].Transactions != 3 || sums[dealA].Wei != 1<<63-1+4e9 {
		t.Errorf("spent %+v, %v", sums, err)
	}
	for _, beginning := range []string{failed.Intent.String(), failed.Tx.String()[:12]} {
		if found, err := s.find(t.Context(), beginning, 10); err != nil || len(found) != 1 || found[0].Reason != lane.Reorged {
			t.Errorf("found by %s: %+v, %v", beginning, found, err)
		}
	}
	kept, err := s.kept(t.Context(), []deal.Commitment{counted("intent", 3), counted("intent", 50)})
	if here, there := kept[keptRow{counted("intent", 3), laneB}], kept[keptRow{counted("intent", 3), laneA}]; err != nil || len(kept) != 2 || !here || there {
		t.Errorf("kept %v, %v", kept, err)
	}
	again := openStore(t, url)
	if have := historyOf(t, again, TransactionFilter{}); !slices.Equal(have, want) {
		t.Errorf("after opening again: %v", have)
	}
	for name, p := range map[string]lane.Publish{"no lane": {}, "no intent": {Lane: laneA, Items: []lane.Item{{}}}} {
		if err := s.PublishLane(t.Context(), p); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v, want kind invalid", name, err)
		}
	}
	s.Close()
	if err := s.PublishLane(t.Context(), lane.Publish{Lane: laneA}); deal.KindOf(err) != deal.Lost {
		t.Errorf("a database that is closed: %v, want kind lost", err)
	}
}

func testPublishLaneConcurrently(t *testing.T, s *Store, _ string) {
	var wg sync.WaitGroup
	for n := range uint64(8) {
		wg.Go(func() {
			p := lane.Publish{Lane: laneA, Items: []lane.Item{itemOf(n/2, lane.Final), itemOf(7-n/2, lane.Final)},
				Entries: []lane.Entry{{Seq: n/2 + 1, At: noted, Command: lane.Command{ID: "op-1"}}}}
			if err := s.PublishLane(context.Background(), p); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	page, err := s.operations(t.Context(), OperationFilter{Limit: 100})
	if have := historyOf(t, s, TransactionFilter{}); len(have) != 8 || err != nil || len(page.Operations) != 4 {
		t.Errorf("%v; %d operations, %v; want 8 and 4", have, len(page.Operations), err)
	}
}

// judgeFor keeps a decision about command n.
func (s *Store) judgeFor(t *testing.T, n int, allow bool) judged {
	t.Helper()
	j := judged{request: fmt.Sprint("request ", n), at: noted.Add(time.Duration(n) * time.Second), lane: laneA,
		command: lane.Command{ID: fmt.Sprint("op-", n), Verb: lane.Retry, Intent: counted("intent", uint64(n))}, decision: figures(deal.Commitment{}, allow, fmt.Sprint(n))}
	j, err := s.judge(t.Context(), j, Operation{Intent: j.command.Intent, Deal: dealA}, nil, chained)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func testOperations(t *testing.T, s *Store, _ string) {
	first := s.judgeFor(t, 1, true)
	slower := s.judgeFor(t, 1, false) // somebody else asked at the same time
	if !slower.decision.Allow || slower.command.Decision != first.command.Decision || first.command.Decision.IsZero() {
		t.Errorf("the second decision counts: %+v", slower)
	}
	s.judgeFor(t, 2, false)
	s.judgeFor(t, 3, true)
	if err := s.conclude(t.Context(), "op-2", outcome{state: OperationDone}); err != nil {
		t.Fatal(err)
	}
	// A lane that was begun anew counts from 1 again: nothing is lost.
	for _, e := range []lane.Entry{
		{Seq: 1, At: noted.Add(time.Second), Command: first.command, Answer: lane.Answer{Proposed: true}},
		{Seq: 2, At: noted.Add(4 * time.Second), Command: first.command, Second: "second"},
		{Seq: 1, At: noted.Add(5 * time.Second), Command: lane.Command{ID: "op-x", Intent: counted("intent", 1)}},
	} {
		if err := s.PublishLane(t.Context(), lane.Publish{Lane: laneA, Entries: []lane.Entry{e}}); err != nil {
			t.Fatal(err)
		}
	}
	list := func(f OperationFilter) (have []string) {
		for {
			page, err := s.operations(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Operations {
				have = append(have, fmt.Sprintf("%s %d %s%s", e.Command.ID, e.Seq, e.State, e.Second))
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				return have
			}
		}
	}
	want := []string{"op-x 1 done", "op-1 2 donesecond", "op-3 0 unknown", "op-2 0 refused", "op-1 1 proposed"}
	for limit := range 6 {
		if have := list(OperationFilter{Limit: limit + 1}); !slices.Equal(have, want) {
			t.Errorf("limit %d: %v, want %v", limit+1, have, want)
		}
	}
	for name, c := range map[string]struct {
		filter OperationFilter
		want   []string
	}{
		"intent": {OperationFilter{Intent: counted("intent", 1)}, []string{want[0], want[1], want[4]}},
		"deal":   {OperationFilter{Deal: dealA}, want[1:]},
		"lane":   {OperationFilter{Lane: laneB}, nil},
		"state":  {OperationFilter{State: OperationRefused}, want[3:4]},
	} {
		c.filter.Limit = 2
		if have := list(c.filter); !slices.Equal(have, c.want) {
			t.Errorf("by %s: %v, want %v", name, have, c.want)
		}
	}
	// An approval is about what it carries out, although its own command names no intent.
	approval := judged{request: "approval", at: noted, lane: laneA, command: lane.Command{ID: "op-5", Verb: lane.Approve}, decision: figures(deal.Commitment{}, true, "5")}
	if _, err := s.judge(t.Context(), approval, Operation{Intent: counted("intent", 5)}, nil, nil); err != nil {
		t.Fatal(err)
	}
	entry := lane.Entry{Seq: 9, At: noted, Command: approval.command}
	if err := s.PublishLane(t.Context(), lane.Publish{Lane: laneA, Entries: []lane.Entry{entry}}); err != nil {
		t.Fatal(err)
	}
	if have := list(OperationFilter{Intent: counted("intent", 5), Limit: 2}); !slices.Equal(have, []string{"op-5 9 done"}) {
		t.Errorf("an approval: %v", have)
	}
	if _, err := s.operations(t.Context(), OperationFilter{Limit: 1, Cursor: "?"}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a bad cursor: %v", err)
	}
}

// What the lane answered is known before the lane publishes it, and does not change.
func testOutcome(t *testing.T, s *Store, _ string) {
	for n, o := range map[int]outcome{
		1: {OperationDone, &lane.Answer{ID: "op-1", Effects: []string{"send it"}}, ""},
		2: {OperationFailed, nil, "it is final"},
	} {
		s.judgeFor(t, n, true)
		for _, o := range []outcome{o, {OperationDone, &lane.Answer{}, "later"}} {
			if err := s.conclude(t.Context(), fmt.Sprint("op-", n), o); err != nil {
				t.Fatal(err)
			}
		}
	}
	page, err := s.operations(t.Context(), OperationFilter{Limit: 9})
	if err != nil || len(page.Operations) != 2 {
		t.Fatalf("%+v, %v", page, err)
	}
	failed, done := page.Operations[0], page.Operations[1]
	if failed.State != OperationFailed || failed.Failure != "it is final" || failed.Answer != nil {
		t.Errorf("failed: %+v", failed)
	}
	if done.State != OperationDone || done.Failure != "" || done.Answer == nil || !slices.Equal(done.Answer.Effects, []string{"send it"}) {
		t.Errorf("done: %+v", done)
	}
}

// A database of the release before is brought up to date and keeps what it has.
func testUpgrade(t *testing.T, s *Store, url string) {
	soldStory().publish(t, s)
	if _, err := s.db.Exec("DELETE FROM log WHERE kind = 'work'"); err != nil { // there was none
		t.Fatal(err)
	}
	before := jsonOf(t, logOf(t, s, operator))
	downgrade(t, s, 1, "DROP TABLE lane_transactions", "DROP TABLE lane_operations", "DROP TABLE lane_decisions")
	again := openStore(t, url)
	publishItems(t, again, laneA, itemOf(1, lane.Final))
	if have := historyOf(t, again, TransactionFilter{}); len(have) != 1 || jsonOf(t, logOf(t, again, operator)) != before {
		t.Errorf("after the upgrade: %v", have)
	}
}

// Decisions from before outcomes were kept with them are still listed.
func testUpgradeDecisions(t *testing.T, s *Store, url string) {
	s.judgeFor(t, 1, true)
	downgrade(t, s, 2, "ALTER TABLE lane_decisions DROP COLUMN answer", "ALTER TABLE lane_decisions DROP COLUMN failure")
	again := openStore(t, url)
	page, err := again.operations(t.Context(), OperationFilter{Limit: 9})
	if err != nil || len(page.Operations) != 1 || page.Operations[0].Answer != nil || page.Operations[0].Failure != "" || page.Operations[0].State != OperationUnknown {
		t.Errorf("%+v, %v", page, err)
	}
}

// downgrade takes a database back to a schema before decisions were recorded.
func downgrade(t *testing.T, s *Store, version int, undo ...string) {
	t.Helper()
	undo = append(undo, "DROP TABLE decisions", "DROP TABLE work", "DROP INDEX snapshots_agreed", "ALTER TABLE snapshots DROP COLUMN agreed",
		"ALTER TABLE log DROP COLUMN work", "ALTER TABLE parties DROP COLUMN kyc_since", "ALTER TABLE parties DROP COLUMN license",
		"ALTER TABLE parties DROP COLUMN license_until", "ALTER TABLE parties DROP COLUMN group_id",
		fmt.Sprintf("DELETE FROM schema_version WHERE version > %d", version))
	for _, statement := range undo {
		if _, err := s.db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}
