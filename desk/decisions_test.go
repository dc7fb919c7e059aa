package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cession/deal"
)

// chainRecord is a record as the tests seal it.
type chainRecord struct {
	Seq      uint64          `json:"seq"`
	Previous deal.Commitment `json:"previous"`
	Act      deal.Commitment `json:"act"`
	Name     string          `json:"name"`
	Decision deal.Decision   `json:"decision"`
	Document json.RawMessage `json:"document,omitempty"`
}

func chained(d DecisionRow, seq uint64, previous deal.Commitment) (Sealed, error) {
	b, err := json.Marshal(chainRecord{seq, previous, d.Act, d.Name, d.Decision, d.Document})
	return Sealed{sha256.Sum256(b), b}, err
}

// rowOf is a decision on act n of a chain.
func rowOf(chain string, n uint64, allow bool) DecisionRow {
	act := counted("act", n)
	d := figures(act, allow, fmt.Sprint("figure ", n))
	d.Pack = counted("pack", n%2)
	return DecisionRow{Chain: chain, Act: act, Name: "terms.propose", Party: seller, At: start.Add(time.Duration(n) * time.Hour),
		Decision: d, Document: json.RawMessage(`{"n":` + fmt.Sprint(n) + `}`)}
}

const chainA, chainB = "d-aaaaaaaaaaaaaaaaaaaa", "d-bbbbbbbbbbbbbbbbbbbb"

// checkChain checks that records follow each other without a gap.
func checkChain(t *testing.T, s *Store, chain string, want int) {
	t.Helper()
	page, err := s.decisions(t.Context(), DecisionFilter{Chain: chain, Limit: 1000})
	if err != nil || len(page.Decisions) != want {
		t.Fatalf("%s: %d decisions, %v; want %d", chain, len(page.Decisions), err, want)
	}
	var previous deal.Commitment
	for i, e := range page.Decisions {
		var r chainRecord
		if err := json.Unmarshal(e.Record, &r); err != nil {
			t.Fatal(err)
		}
		if e.Seq != uint64(i+1) || r.Seq != e.Seq || r.Previous != previous || deal.Commitment(sha256.Sum256(e.Record)) != e.Hash || e.Decision.Record != e.Hash {
			t.Errorf("%s: record %d has number %d, follows %s and not %s", chain, i+1, e.Seq, r.Previous.Short(), previous.Short())
		}
		previous = e.Hash
	}
}

func testDecisions(t *testing.T, s *Store, url string) {
	ctx := t.Context()
	first, err := s.AppendDecision(ctx, rowOf(chainA, 1, true), chained)
	if err != nil || first.Seq != 1 || first.Decision.Record != first.Hash || !first.Decision.Allow {
		t.Fatalf("first: %+v, %v", first, err)
	}
	// The answer to the first time was lost; by now policy would say something else.
	again, err := s.AppendDecision(ctx, rowOf(chainA, 1, false), chained)
	if err != nil || jsonOf(t, again) != jsonOf(t, first) {
		t.Errorf("again: %+v, %v", again, err)
	}
	for n := range uint64(4) {
		for _, chain := range []string{chainA, chainB, OperationsChain} {
			if _, err := s.AppendDecision(ctx, rowOf(chain, n, n%2 == 1), chained); err != nil {
				t.Fatal(err)
			}
		}
	}
	known, err := s.RecordedDecision(ctx, chainA, first.Act)
	if err != nil || jsonOf(t, known) != jsonOf(t, first) {
		t.Errorf("recorded: %+v, %v", known, err)
	}
	if _, err := s.RecordedDecision(ctx, chainA, counted("act", 50)); deal.KindOf(err) != deal.NotFound {
		t.Errorf("never decided: %v", err)
	}
	for _, chain := range []string{chainA, chainB, OperationsChain} {
		checkChain(t, s, chain, 4)
	}
	checkChain(t, openStore(t, url), chainA, 4)
	s.Close()
	if _, err := s.AppendDecision(ctx, rowOf(chainA, 9, true), chained); deal.KindOf(err) != deal.Lost {
		t.Errorf("a database that is closed: %v, want kind lost", err)
	}
}

func testDecisionList(t *testing.T, s *Store, _ string) {
	for n := range uint64(6) {
		for _, chain := range []string{chainA, chainB} {
			if _, err := s.AppendDecision(t.Context(), rowOf(chain, n, true), chained); err != nil {
				t.Fatal(err)
			}
		}
	}
	list := func(f DecisionFilter) (have []string) {
		for {
			page, err := s.decisions(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Decisions {
				have = append(have, fmt.Sprint(e.Chain[2:3], e.Seq))
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				return have
			}
		}
	}
	all := []string{"a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4", "a5", "b5", "a6", "b6"}
	for limit := 1; limit <= 13; limit++ {
		if have := list(DecisionFilter{Limit: limit}); !slices.Equal(have, all) {
			t.Errorf("limit %d: %v", limit, have)
		}
	}
	for name, c := range map[string]struct {
		filter DecisionFilter
		want   []string
	}{
		"chain": {DecisionFilter{Chain: chainB}, []string{"b1", "b2", "b3", "b4", "b5", "b6"}},
		"pack":  {DecisionFilter{Pack: counted("pack", 0), Chain: chainA}, []string{"a1", "a3", "a5"}},
		"name":  {DecisionFilter{Name: "nda.sign"}, nil},
		"time":  {DecisionFilter{From: start.Add(time.Hour), To: start.Add(3 * time.Hour)}, all[2:6]},
	} {
		c.filter.Limit = 2
		if have := list(c.filter); !slices.Equal(have, c.want) {
			t.Errorf("by %s: %v, want %v", name, have, c.want)
		}
	}
	if _, err := s.decisions(t.Context(), DecisionFilter{Limit: 1, Cursor: "x"}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a bad cursor: %v", err)
	}
}

// Several processes on one database keep one chain, and one record per act.
func testDecisionsConcurrently(t *testing.T, s *Store, url string) {
	stores := []*Store{s, openStore(t, url)}
	var wg sync.WaitGroup
	for n := range uint64(16) {
		wg.Go(func() {
			e, err := stores[n%2].AppendDecision(context.Background(), rowOf(chainA, n/2, n%2 == 0), chained)
			if err != nil || e.Act != counted("act", n/2) {
				t.Errorf("act %d: %v", n/2, err)
			}
		})
	}
	wg.Wait()
	checkChain(t, s, chainA, 8)
}

// What fails before the end leaves nothing behind, and can be done again.
func testDecisionsFail(t *testing.T, s *Store, _ string) {
	failing := errors.New("it cannot be sealed")
	ctx, cancel := context.WithCancel(t.Context())
	for name, seal := range map[string]Seal{
		"a seal that fails":     func(DecisionRow, uint64, deal.Commitment) (Sealed, error) { return Sealed{}, failing },
		"a caller that is gone": func(d DecisionRow, n uint64, c deal.Commitment) (Sealed, error) { cancel(); return chained(d, n, c) },
		"no hash":               func(DecisionRow, uint64, deal.Commitment) (Sealed, error) { return Sealed{Record: []byte("{}")}, nil },
		"no JSON": func(DecisionRow, uint64, deal.Commitment) (Sealed, error) {
			return Sealed{counted("hash", 1), []byte("{")}, nil
		},
		"too large": func(DecisionRow, uint64, deal.Commitment) (Sealed, error) {
			return Sealed{counted("hash", 1), []byte(`"` + strings.Repeat("x", maxRecord) + `"`)}, nil
		},
	} {
		if _, err := s.AppendDecision(ctx, rowOf(chainA, 1, true), seal); err == nil {
			t.Errorf("%s: it is recorded", name)
		}
		ctx, cancel = context.WithCancel(t.Context())
	}
	defer cancel()
	for name, damage := range map[string]func(*DecisionRow){
		"no chain": func(d *DecisionRow) { d.Chain = "" }, "another chain": func(d *DecisionRow) { d.Chain = "lanes" },
		"no act": func(d *DecisionRow) { d.Act = deal.Commitment{} }, "another act": func(d *DecisionRow) { d.Act[0]++ },
		"no name": func(d *DecisionRow) { d.Name = "" }, "a name with spaces": func(d *DecisionRow) { d.Name = "Alpine Bank" },
		"no time": func(d *DecisionRow) { d.At = time.Time{} }, "a party's name": func(d *DecisionRow) { d.Party = "Alpine Bank" },
		"a room's name": func(d *DecisionRow) { d.Room = "Borea Fund" },
	} {
		d := rowOf(chainA, 1, true)
		damage(&d)
		if _, err := s.AppendDecision(t.Context(), d, chained); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v, want kind invalid", name, err)
		}
	}
	checkChain(t, s, chainA, 0)
	if _, err := s.AppendDecision(t.Context(), rowOf(chainA, 1, true), chained); err != nil {
		t.Error(err)
	}
	checkChain(t, s, chainA, 1)
}
