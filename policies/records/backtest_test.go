package records_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
)

const decisions = 5000

func TestReplayIsIdentical(t *testing.T) {
	all := file(t, sample(t, decisions))
	r, err := records.Replay(context.Background(), records.ReplayConfig{
		Lines: lines(all), Judge: func(d deal.Decision) (records.Judge, error) { return pack(t), nil },
	})
	if err != nil || r.Decisions != decisions || r.Identical != decisions || r.Different > 0 || len(r.NotComparable) > 0 {
		t.Errorf("%v\n%s", err, r.Text())
	}
}

func TestReplayNamesWhatDiffers(t *testing.T) {
	some := slices.Clone(sample(t, 300))
	some[7].Decision.Allow = !some[7].Decision.Allow
	some[9].Decision.Rules = slices.Clone(some[9].Decision.Rules)
	some[9].Decision.Rules[1].Actual = "otherwise"
	some[11].Decision.Pack = deal.Commitment{1}
	some[13].Document = []byte("null")
	some[14].Document = changed(t, some[14].Document, map[string]any{"stranger": 1})
	some[15].Decision.Lists = []deal.ListUsed{{Name: "sanctions"}}
	r, err := records.Replay(context.Background(), records.ReplayConfig{
		Lines: lines(file(t, some)), Workers: 3,
		Judge: func(d deal.Decision) (records.Judge, error) {
			if d.Pack != pack(t).Digest() {
				return nil, deal.Errorf(deal.NotFound, "no such pack")
			}
			return pack(t), nil
		},
	})
	if err != nil || r.Identical != 294 || r.Different != 3 || len(r.Differences) != 3 || len(r.NotComparable) != 3 {
		t.Fatalf("%v\n%s", err, r.Text())
	}
	if !slices.Equal(r.Differences[0].Where, []string{"allow"}) || r.Differences[0].Act != some[7].Act ||
		!slices.Equal(r.Differences[1].Where, []string{"rule " + some[9].Decision.Rules[1].ID}) || !slices.Equal(r.Differences[2].Where, []string{"document"}) {
		t.Errorf("differences %+v", r.Differences)
	}
	for _, words := range []string{"294 identical byte for byte, 3 different", "pack it was made under is not at hand", "another edition", "no document was recorded"} {
		if !strings.Contains(r.Text(), words) {
			t.Errorf("no %q in\n%s", words, r.Text())
		}
	}
}

func TestReplayStopsAtErrors(t *testing.T) {
	gone := errors.New("gone")
	all := file(t, sample(t, 300))
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	own := func(deal.Decision) (records.Judge, error) { return pack(t), nil }
	for name, try := range map[string]struct {
		ctx  context.Context
		c    records.ReplayConfig
		want error
	}{
		"no library":   {context.Background(), records.ReplayConfig{Lines: lines(all), Judge: func(deal.Decision) (records.Judge, error) { return nil, gone }}, gone},
		"source fails": {context.Background(), records.ReplayConfig{Lines: func(yield func([]byte, error) bool) { yield(nil, gone) }, Judge: own}, gone},
		"ended":        {ended, records.ReplayConfig{Lines: lines(all), Judge: own}, context.Canceled},
	} {
		if _, err := records.Replay(try.ctx, try.c); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
	if _, err := records.Replay(context.Background(), records.ReplayConfig{Lines: lines(all[:len(all)-10]), Judge: own}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a file cut off: %v", err)
	}
}

// counted is what a backtest should find, counted one by one.
type counted struct {
	refused, allowed, obliged int
	deals                     map[string]bool
}

func count(t *testing.T, all []records.Record, candidate *policies.Pack) (c counted) {
	t.Helper()
	c.deals = map[string]bool{}
	for _, r := range all {
		document := bytes.ReplaceAll(r.Document, []byte(r.Decision.Pack.String()), []byte(candidate.Digest().String()))
		after, err := candidate.Again(context.Background(), document)
		if err != nil {
			t.Fatal(err)
		}
		switch before := r.Decision; {
		case before.Allow && !after.Allow:
			c.refused++
			c.deals[r.Chain] = true
		case !before.Allow && after.Allow:
			c.allowed++
			c.deals[r.Chain] = true
		case !slices.Equal(before.Needs, after.Needs) || !slices.Equal(before.Obligations, after.Obligations):
			c.obliged++
		}
	}
	return c
}

func TestBacktestOfAChangedLimit(t *testing.T) {
	all, candidate := sample(t, decisions), stricter(t)
	r, err := records.Backtest(context.Background(), records.BacktestConfig{Candidate: candidate, Lines: lines(file(t, all)), Examples: 3})
	if err != nil {
		t.Fatal(err)
	}
	want := count(t, all, candidate)
	if want.refused == 0 || want.allowed == 0 || want.obliged == 0 {
		t.Fatalf("the sample shows too little: %+v", want)
	}
	got := func(c records.Change) int { return r.Changes[c].Decisions }
	if got(records.NewlyRefused) != want.refused || got(records.NewlyAllowed) != want.allowed || got(records.ObligationsChanged) != want.obliged ||
		r.Deals != len(want.deals) || r.Decisions != decisions || len(r.NotComparable) > 0 {
		t.Errorf("want %d, %d, %d in %d deals; have\n%s", want.refused, want.allowed, want.obliged, len(want.deals), r.Text())
	}
	if r.Value["EUR"] < 3_000_000_000 || r.Value["USD"] < 5_000_000_000 || r.Value["CHF"] != 0 {
		t.Errorf("value affected %v", r.Value)
	}
	if i := slices.IndexFunc(r.Rules, func(c records.RuleChange) bool { return c.ID == "money.limit" }); i < 0 || r.Rules[i].Refuses == 0 || r.Rules[i].Passes == 0 {
		t.Errorf("rules %+v", r.Rules)
	}
	for _, e := range r.Changes[records.NewlyRefused].Examples {
		if len(e.Rules) == 0 || e.Rules[0].State != deal.Fail || e.Act.IsZero() {
			t.Errorf("example %+v", e)
		}
	}
	for _, words := range []string{"Newly refused: ", "Newly allowed: ", "Same answer, other obligations: ", "each counted once: ", "money.limit fails (found "} {
		if !strings.Contains(r.Text(), words) {
			t.Errorf("no %q in\n%s", words, r.Text())
		}
	}
}

func TestBacktestIsTheSameWithAnyNumberOfWorkers(t *testing.T) {
	all, candidate := file(t, sample(t, 800)), stricter(t)
	var first string
	for _, workers := range []int{1, 2, 7} {
		r, err := records.Backtest(context.Background(), records.BacktestConfig{Candidate: candidate, Lines: lines(all), Workers: workers, Examples: 5})
		if err != nil {
			t.Fatal(err)
		}
		r.Rate = 0
		if first == "" {
			first = js(t, r)
		}
		if js(t, r) != first {
			t.Errorf("with %d workers\n%s\nwant\n%s", workers, js(t, r), first)
		}
	}
}

func TestBacktestOfTheSamePackChangesNothing(t *testing.T) {
	all := file(t, sample(t, 400))
	for name, base := range map[string]records.Judge{"with what was recorded": nil, "with the pack": pack(t)} {
		r, err := records.Backtest(context.Background(), records.BacktestConfig{Candidate: pack(t), Base: base, Lines: lines(all)})
		if err != nil || r.Same != 400 || r.Deals != 0 || len(r.Rules) > 0 {
			t.Errorf("compared %s: %v\n%s", name, err, r.Text())
		}
	}
}

func TestBacktestLeavesOutWhatCannotBeMadeAgain(t *testing.T) {
	some := slices.Clone(sample(t, 300))
	some[3].Document = []byte("null")
	some[5].Document = changed(t, some[5].Document, map[string]any{"stranger": 1})
	r, err := records.Backtest(context.Background(), records.BacktestConfig{Candidate: pack(t), Lines: lines(file(t, some))})
	if err != nil || len(r.NotComparable) != 2 || r.Same != 298 {
		t.Errorf("%v\n%s", err, r.Text())
	}
}

func TestBacktestStopsAtErrors(t *testing.T) {
	gone := errors.New("gone")
	all := file(t, sample(t, 400))
	fails := &judge{Pack: pack(t), fail: func(n int) error {
		if n == 300 {
			return gone
		}
		return nil
	}}
	if _, err := records.Backtest(context.Background(), records.BacktestConfig{Candidate: fails, Lines: lines(all)}); !errors.Is(err, gone) {
		t.Errorf("an engine that fails: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stops := &judge{Pack: pack(t), fail: func(n int) error {
		if n == 100 {
			cancel()
		}
		return ctx.Err()
	}}
	if _, err := records.Backtest(ctx, records.BacktestConfig{Candidate: stops, Lines: lines(all)}); !errors.Is(err, context.Canceled) {
		t.Errorf("ended on the way: %v", err)
	}
	broken := bytes.Replace(all, []byte(`"seq":3`), []byte(`"seq":3,"seq":3`), 1)
	_, err := records.Backtest(context.Background(), records.BacktestConfig{Candidate: pack(t), Lines: lines(broken)})
	if deal.KindOf(err) != deal.Invalid || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("a line with a member twice: %v", err)
	}
}

func TestScreeningsAreRecordedOrMadeAgain(t *testing.T) {
	list, err := fs.ReadFile(policies.StandardFS(), "data/ofac_sdn.csv")
	if err != nil {
		t.Fatal(err)
	}
	newer, err := pack(t).WithList("sanctions", append([]byte("99999999,\"SELLER NUMBER 80 GMBH\",-0- ,\"TEST\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n"), list...), start.AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	all := sample(t, 400)
	screened := 0
	for _, r := range all {
		if len(r.Decision.Lists) > 0 {
			screened++
		}
	}
	r, err := records.Backtest(context.Background(), records.BacktestConfig{Candidate: newer, Lines: lines(file(t, all))})
	if err != nil || r.RecordedScreenings != screened || screened == 0 || r.Same != len(all) {
		t.Errorf("%d screened, %v\n%s", screened, err, r.Text())
	}
	if !strings.Contains(r.Text(), "kept the screening that was recorded") {
		t.Errorf("the report does not say so:\n%s", r.Text())
	}
	listed := all[0].Decision.Act
	var party deal.PartyID
	screen := func(id deal.PartyID) (*policies.Screening, bool) {
		if id == party {
			return &policies.Screening{Entry: 99999999, Score: 100, Match: policies.MatchExact}, true
		}
		return &policies.Screening{Match: policies.MatchNone}, true
	}
	party = actor(t, all[0].Document)
	r, err = records.Backtest(context.Background(), records.BacktestConfig{Candidate: newer, Lines: lines(file(t, all)), Screen: screen})
	refused := r.Changes[records.NewlyRefused]
	if err != nil || r.RecordedScreenings != 0 || refused.Decisions == 0 || refused.Examples[0].Act != listed || refused.Examples[0].Rules[0].ID != "parties.sanctions" {
		t.Errorf("%v\n%s", err, r.Text())
	}
	screen = func(deal.PartyID) (*policies.Screening, bool) { return nil, false }
	r, err = records.Backtest(context.Background(), records.BacktestConfig{Candidate: newer, Lines: lines(file(t, all)), Screen: screen})
	if err != nil || r.RecordedScreenings != screened {
		t.Errorf("nobody is known: %v\n%s", err, r.Text())
	}
}

func actor(t *testing.T, document []byte) deal.PartyID {
	t.Helper()
	var d struct {
		Act struct {
			Party deal.PartyID `json:"party"`
		} `json:"act"`
	}
	if err := json.Unmarshal(document, &d); err != nil || d.Act.Party == "" {
		t.Fatal(err)
	}
	return d.Act.Party
}
