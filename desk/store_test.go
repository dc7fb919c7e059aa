package desk

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"path/filepath"
	"sync"
	"testing"

	"cession/deal"

	"github.com/google/go-cmp/cmp"
)

// TestStore is the conformance suite that every database passes.
func TestStore(t *testing.T) {
	databases := map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "a desk%?.db") },
		"postgres": pg.database,
	}
	suite := map[string]func(*testing.T, *Store, string){
		"publish is idempotent by version": testPublish, "publish by several at once": testPublishConcurrently,
		"rebuild": testRebuild, "directory": testDirectory, "tokens": testTokens, "node records": testNodeRecords,
		"idempotency keys": testIdempotencyKeys, "list": testList, "log": testLog, "survives": testReopen,
		"lanes": testPublishLane, "lanes by several at once": testPublishLaneConcurrently, "operations": testOperations,
		"outcome of an operation": testOutcome, "upgrade of decisions": testUpgradeDecisions, "upgrade": testUpgrade,
		"decisions": testDecisions, "list of decisions": testDecisionList, "decisions by several at once": testDecisionsConcurrently,
		"decisions that fail": testDecisionsFail, "exposure": testExposure, "work": testWork, "upgrade of agreements": testUpgradeAgreed,
	}
	for database, address := range databases {
		for name, test := range suite {
			t.Run(database+"/"+name, func(t *testing.T) {
				url := address(t)
				test(t, openStore(t, url), url)
			})
		}
	}
}

func openStore(t *testing.T, url string) *Store {
	t.Helper()
	s, err := OpenStore(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newStore(t *testing.T) *Store {
	t.Helper()
	return openStore(t, "sqlite:"+filepath.Join(t.TempDir(), "desk.db"))
}

var operator = Caller{Operator: true}

func logOf(t *testing.T, s *Store, c Caller) []Entry {
	t.Helper()
	entries, _, err := s.entries(t.Context(), logQuery{caller: c, limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func testPublish(t *testing.T, s *Store, _ string) {
	st, _ := negotiated()
	room := *st.rooms[winner]
	older := room
	older.Records, older.Refusals, older.Version = room.Records[:2], nil, 2
	st.publish(t, s)
	before := logOf(t, s, operator)
	for _, p := range []deal.Progress{older, room, *st.deal} {
		if err := s.Publish(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	have, err := s.Snapshot(t.Context(), room.Opening.ID, winner)
	if err != nil {
		t.Fatal(err)
	}
	if have.Version != room.Version || have.State != room.State || len(have.Records) != len(room.Records) {
		t.Errorf("snapshot is version %d, state %s; want %d, %s", have.Version, have.State, room.Version, room.State)
	}
	if d := cmp.Diff(jsonOf(t, before), jsonOf(t, logOf(t, s, operator))); d != "" {
		t.Errorf("publishing again changed the log:\n%s", d)
	}
	acts := 0
	for _, e := range before {
		if e.Kind == EntryAct || e.Kind == EntryRefusal {
			acts++
		}
	}
	want := len(st.deal.Records) + len(st.deal.Refusals)
	for _, r := range st.rooms {
		want += len(r.Records) + len(r.Refusals)
	}
	if acts != want {
		t.Errorf("log has %d acts and refusals, want %d", acts, want)
	}
	if err := s.Publish(t.Context(), deal.Progress{Scope: deal.PerBidder}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a malformed progress: %v, want kind invalid", err)
	}
}

func testPublishConcurrently(t *testing.T, s *Store, _ string) {
	var wg sync.WaitGroup
	ids := []deal.ID{"d-aaaaaaaaaaaaaaaaaaaa", "d-bbbbbbbbbbbbbbbbbbbb", "d-cccccccccccccccccccc"}
	for _, id := range ids {
		st := newStory(id)
		st.list()
		for range 3 {
			wg.Go(func() {
				if err := s.Publish(context.Background(), *st.deal); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if n := len(logOf(t, s, operator)); n != len(ids)*6 { // four acts, one refusal, one state
		t.Errorf("log has %d entries, want %d", n, len(ids)*6)
	}
}

func testRebuild(t *testing.T, s *Store, _ string) {
	st := soldStory()
	broken := *st.deal
	broken.State = "broken"
	if err := s.Publish(t.Context(), broken); err != nil {
		t.Fatal(err)
	}
	all := append([]deal.Progress{*st.deal}, st.roomList()...)
	failing := errors.New("source failed")
	source := func(err error) iter.Seq2[deal.Progress, error] {
		return func(yield func(deal.Progress, error) bool) {
			for _, p := range all {
				if !yield(p, nil) {
					return
				}
			}
			if err != nil {
				yield(deal.Progress{}, err)
			}
		}
	}
	if n, err := s.Rebuild(t.Context(), source(failing)); n != 3 || !errors.Is(err, failing) {
		t.Errorf("rebuild from a failing source: %d, %v", n, err)
	}
	if n, err := s.Rebuild(t.Context(), source(nil)); n != 3 || err != nil {
		t.Errorf("rebuild: %d, %v", n, err)
	}
	p, err := s.Snapshot(t.Context(), st.deal.Opening.ID, "")
	if err != nil || p.State != st.deal.State {
		t.Errorf("snapshot after rebuild: state %s, %v; want %s", p.State, err, st.deal.State)
	}
	all[0].State, all[0].Version = "older", all[0].Version-1
	if _, err := s.Rebuild(t.Context(), source(nil)); err != nil {
		t.Fatal(err)
	}
	if p, _ := s.Snapshot(t.Context(), st.deal.Opening.ID, ""); p.State != st.deal.State {
		t.Error("an older version replaced a newer one")
	}
	if rooms, err := s.Rooms(t.Context(), st.deal.Opening.ID); err != nil || len(rooms) != 2 {
		t.Errorf("%d rooms, %v; want 2", len(rooms), err)
	}
}

func testReopen(t *testing.T, s *Store, url string) {
	st := soldStory()
	st.publish(t, s)
	before := jsonOf(t, logOf(t, s, operator))
	again := openStore(t, url)
	if d := cmp.Diff(before, jsonOf(t, logOf(t, again, operator))); d != "" {
		t.Errorf("log after opening again:\n%s", d)
	}
	if _, err := s.db.Exec("INSERT INTO schema_version (version, at) VALUES (1000, 0)"); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(t.Context(), url); deal.KindOf(err) != deal.Conflict {
		t.Errorf("data of a newer program: %v, want kind conflict", err)
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOpenStoreSaysWhatItWants(t *testing.T) {
	for url, want := range map[string]deal.Kind{
		"": deal.Invalid, "sqlite:": deal.Invalid, "mysql://x": deal.Invalid,
		"sqlite:/no/such/folder/desk.db":                         deal.Invalid,
		"postgres://u:secret@127.0.0.1:1/desk?connect_timeout=1": deal.Lost,
		"postgres://u:secret@[::1/desk":                          deal.Lost,
	} {
		s, err := OpenStore(t.Context(), url)
		if deal.KindOf(err) != want || s != nil {
			t.Errorf("%q: %v, want kind %s", url, err, want)
		}
	}
}
