package node

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cession/deal"
)

// Every decision is on disk before anything goes on: where it cannot be
// written, nothing is signed and nothing leaves.
func TestUnrecordedDecision(t *testing.T) {
	for name, c := range map[string]struct{ fail, mend func(*world, *testing.T) }{
		"recorder": {
			func(w *world, _ *testing.T) { w.recorder.set(true) },
			func(w *world, _ *testing.T) { w.recorder.set(false) },
		},
		"store": {
			func(w *world, t *testing.T) { w.alter(t, "ALTER TABLE decisions RENAME TO away") },
			func(w *world, t *testing.T) { w.alter(t, "ALTER TABLE away RENAME TO decisions") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id, release := w.handover()
			c.fail(w, t)
			acts, signed := w.desk.acts, w.members[seller].wallet.signed.Load()
			if _, err := w.try(seller, id, "", "cancellation.cancel"); err == nil {
				t.Error("an act was taken without a record of the decision")
			}
			if _, err := w.members[buyer].client.RoomDocuments(context.Background(), id); err == nil {
				t.Error("the data room was listed without a record of the decision")
			}
			if r, err := w.members[buyer].client.RoomContent(context.Background(), id, 0); err == nil {
				r.Close()
				t.Error("a document was read without a record of the decision")
			}
			if err := w.pull(id, release); err == nil {
				t.Error("documents were handed over without a record of the decision")
			}
			if w.desk.acts != acts || w.members[seller].wallet.signed.Load() != signed {
				t.Error("something was signed or sent")
			}
			c.mend(w, t)
			_, err := w.members[buyer].client.RoomDocuments(context.Background(), id)
			check(t, err)
			check(t, w.pull(id, release))
		})
	}
}

func (w *world) alter(t *testing.T, statement string) {
	t.Helper()
	check(t, w.members[seller].node.state.exec(context.Background(), statement))
}

// The records of a deal are one chain, whatever else goes on, across restarts;
// they are listed page by page.
func TestDecisionChain(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	other := w.listed()
	w.restart(seller)
	w.invited(id, buyer)
	ctx, c := context.Background(), w.members[seller].client
	list, err := c.Decisions(ctx, id, 0)
	check(t, err)
	for i, e := range list {
		if e.Seq != uint64(i+1) || e.Deal != id || e.Hash.IsZero() {
			t.Fatalf("decision %d of %s is number %d of %s", i+1, id, e.Seq, e.Deal)
		}
		if i > 0 && !strings.Contains(string(e.Record), list[i-1].Hash.String()) {
			t.Fatalf("record %d does not name the hash of the one before", i+1)
		}
	}
	all, err := c.Decisions(ctx, "", 0)
	check(t, err)
	rest, err := c.Decisions(ctx, "", all[4].Row)
	check(t, err)
	others, err := c.Decisions(ctx, other, 0)
	check(t, err)
	if len(all) != len(list)+len(others) || len(rest) != len(all)-5 || rest[0].Row != all[5].Row {
		t.Errorf("%d decisions in all, %d and %d of the deals, %d after the fifth", len(all), len(list), len(others), len(rest))
	}
	_, err = c.Decisions(ctx, "no-such-id", 0)
	wantKind(t, err, deal.Invalid)
}

// Readers that come at once do not break the chain.
func TestDecisionChainUnderReads(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	earlier, err := w.members[seller].client.Decisions(context.Background(), id, 0)
	check(t, err)
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for range 5 {
				if _, err := w.members[buyer].client.RoomDocuments(context.Background(), id); err != nil {
					t.Errorf("read: %v", err)
				}
			}
		})
	}
	readers.Wait()
	list, err := w.members[seller].client.Decisions(context.Background(), id, 0)
	check(t, err)
	if len(list) != len(earlier)+40 {
		t.Errorf("%d decisions, want one for each of 40 reads after %d", len(list), len(earlier))
	}
	for i, e := range list {
		if e.Seq != uint64(i+1) || (i > 0 && !strings.Contains(string(e.Record), list[i-1].Hash.String())) {
			t.Fatalf("decision %d does not follow the one before", i+1)
		}
	}
}

// BenchmarkJudge is what asking and recording cost beside the policy itself.
func BenchmarkJudge(b *testing.B) {
	ctx := context.Background()
	s, err := openState(ctx, filepath.Join(b.TempDir(), stateFile))
	if err != nil {
		b.Fatal(err)
	}
	defer s.db.Close()
	body := json.RawMessage(`"` + strings.Repeat("d", 4000) + `"`)
	n := &Node{Config: Config{Party: seller, Recorder: func(h Head, d Decided) (deal.Commitment, []byte, error) {
		return deal.Commitment{byte(h.Seq + 1)}, body, nil
	}}, state: s}
	act := deal.Act{Deal: deal.NewID(), Step: "data_room", Action: "open"}
	for b.Loop() {
		e := Evaluation{Parts: []Judgment{{Document: body}}}
		if err := n.recordAll(ctx, act, ToRead, &e); err != nil {
			b.Fatal(err)
		}
	}
}
