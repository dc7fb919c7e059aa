package demo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cession/deal"
)

// config plays on a market in memory, with small pauses.
func config(t *testing.T, m *market) (Config, *[]Event) {
	t.Helper()
	var events []Event
	return Config{
		Nodes: func(id deal.PartyID) (NodeAPI, error) { return peer{m, id}, nil },
		Desk:  func() (DeskAPI, error) { return operatorDesk{m}, nil },
		Owner: func(context.Context, deal.Commitment) (deal.Address, error) {
			m.mu.Lock()
			defer m.mu.Unlock()
			return m.owner, nil
		},
		Portfolio: portfolio(t, map[string]string{"invoice 1.txt": "one", "Rechnung „2“ é.txt": "two"}),
		NDA:       []byte("Standard Terms"),
		Seller:    seller, Bidders: [2]deal.PartyID{winner, loser},
		Report:   func(e Event) { events = append(events, e) },
		Patience: 20 * time.Second, Pause: time.Millisecond,
	}, &events
}

func portfolio(t *testing.T, files map[string]string) []Document {
	t.Helper()
	docs, err := ReadPortfolio(folder(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func play(t *testing.T, cfg Config) (Result, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return Run(ctx, cfg)
}

func TestRunSettles(t *testing.T) {
	m := newMarket()
	cfg, events := config(t, m)
	r, err := play(t, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if r.State != "settled" || r.Owner != m.parties[winner].Wallet || r.Documents != 2 || r.Verified != 2 || r.Refusals != 3 {
		t.Errorf("result %+v", r)
	}
	if want := int(m.blocks); r.Transactions != want || r.Gas != uint64(100*want) {
		t.Errorf("%d transactions with %d gas, want %d", r.Transactions, r.Gas, want)
	}
	last := (*events)[len(*events)-1]
	if len(*events) != len(Steps(cfg)) || last.Done != last.Total {
		t.Errorf("%d events for %d steps, the last at %d of %d", len(*events), len(Steps(cfg)), last.Done, last.Total)
	}
}

func TestStepsHaveNamesOfTheirOwn(t *testing.T) {
	cfg, _ := config(t, newMarket())
	seen := map[string]bool{}
	for _, name := range Steps(cfg) {
		if seen[name] {
			t.Errorf("two steps are named %s", name)
		}
		seen[name] = true
	}
}

// trouble fails the first calls of every name in turn: twice before they
// arrive, then once after, so that the answer is lost.
type trouble struct {
	mu     sync.Mutex
	before map[string]int
	after  map[string]int
}

func (h *trouble) refuse(call string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.before[call]++; h.before[call] <= 2 {
		return syscall.ECONNREFUSED
	}
	return nil
}

func (h *trouble) lose(call string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.after[call]++; h.after[call] <= 1 {
		return deal.Errorf(deal.Lost, "no answer")
	}
	return nil
}

func TestRunGoesOnThroughFailures(t *testing.T) {
	calm := newMarket()
	cfg, _ := config(t, calm)
	if _, err := play(t, cfg); err != nil {
		t.Fatal(err)
	}
	m, h := newMarket(), &trouble{before: map[string]int{}, after: map[string]int{}}
	m.before, m.after = h.refuse, h.lose
	cfg, _ = config(t, m)
	r, err := play(t, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if r.State != "settled" || m.opened != 1 {
		t.Errorf("state %s after %d openings", r.State, m.opened)
	}
	if acts(m) != acts(calm) {
		t.Errorf("acts with failures\n%s\nwithout\n%s", acts(m), acts(calm))
	}
	for call, n := range h.after {
		if n < 2 && call != "open" { // the desk knew which deal it was
			t.Errorf("%s was not called again after its answer was lost", call)
		}
	}
}

// acts lists what is on record, by scope.
func acts(m *market) string {
	var b strings.Builder
	for _, p := range []*deal.Progress{m.deal, m.rooms[winner], m.rooms[loser]} {
		for _, r := range p.Records {
			b.WriteString(string(r.Act.Room) + " " + string(r.Act.Party) + " " + r.Act.Name() + "\n")
		}
		for _, r := range p.Refusals {
			b.WriteString("refused " + r.Step + "." + r.Action + "\n")
		}
	}
	return b.String()
}

func TestRunGoesOnWithADeal(t *testing.T) {
	m := newMarket()
	cfg, _ := config(t, m)
	broken := errors.New("killed")
	cfg.Before = func(_ context.Context, step string) error {
		if step == "escrow.fund" {
			return &finalError{broken}
		}
		return nil
	}
	first, err := play(t, cfg)
	if !errors.Is(err, broken) {
		t.Fatalf("error %v", err)
	}
	cfg.Before, cfg.Deal = nil, first.Deal
	r, err := play(t, cfg)
	if err != nil || r.State != "settled" || m.opened != 1 {
		t.Errorf("state %s after %d openings: %v", r.State, m.opened, err)
	}
}

func TestRunFails(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*testing.T, *market, *Config)
		kind  deal.Kind
	}{
		"policy refuses a step": {func(_ *testing.T, m *market, _ *Config) { m.forbid = "mint.mint" }, deal.Refused},
		"title is somebody else's": {func(_ *testing.T, _ *market, c *Config) {
			c.Owner = func(context.Context, deal.Commitment) (deal.Address, error) { return deal.Address{9}, nil }
		}, deal.Conflict},
		"documents arrive changed": {func(_ *testing.T, m *market, _ *Config) { m.corrupted = true }, deal.Conflict},
		"document changes after it was hashed": {func(t *testing.T, _ *market, c *Config) {
			if err := os.WriteFile(c.Portfolio[0].Path, []byte("six"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, deal.Conflict},
		"deal is over on the way": {func(_ *testing.T, m *market, c *Config) {
			c.Before = func(_ context.Context, step string) error {
				if step == "listing.publish" {
					m.mu.Lock()
					m.deal.End(deal.Cancelled, time.Now())
					m.mu.Unlock()
				}
				return nil
			}
		}, deal.Conflict},
		"desk stays away": {func(_ *testing.T, _ *market, c *Config) {
			c.Patience = 20 * time.Millisecond
			c.Desk = func() (DeskAPI, error) { return nil, syscall.ECONNREFUSED }
		}, deal.Lost},
		"node stays away": {func(_ *testing.T, _ *market, c *Config) {
			c.Patience = 20 * time.Millisecond
			c.Nodes = func(deal.PartyID) (NodeAPI, error) { return nil, deal.Errorf(deal.NotFound, "no node.json") }
		}, deal.Lost},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket()
			cfg, _ := config(t, m)
			c.spoil(t, m, &cfg)
			if _, err := play(t, cfg); deal.KindOf(err) != c.kind {
				t.Errorf("error %v of kind %q, want %q", err, deal.KindOf(err), c.kind)
			}
		})
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	m := newMarket()
	cfg, _ := config(t, m)
	ctx, cancel := context.WithCancel(context.Background())
	m.before = func(call string) error {
		if call == "act mint.mint" {
			cancel()
		}
		return nil
	}
	m.after = func(call string) error {
		if call == "act mint.mint" {
			return deal.Errorf(deal.Lost, "no answer")
		}
		return nil
	}
	if _, err := Run(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestActKeepsItsKey(t *testing.T) {
	m := newMarket()
	o, err := peer{m, seller}.Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	h := &trouble{before: map[string]int{}, after: map[string]int{}}
	m.before, m.after = h.refuse, h.lose
	p := Party{ID: seller, Nodes: func(id deal.PartyID) (NodeAPI, error) { return peer{m, id}, nil }, Pause: time.Millisecond}
	outcome, err := p.Act(context.Background(), At{Deal: o.ID}, "draft", "open", nil)
	if err != nil || outcome.Verdict != deal.Accepted || len(m.deal.Records) != 1 {
		t.Errorf("%d records, outcome %+v: %v", len(m.deal.Records), outcome, err)
	}
	if _, err = p.Act(context.Background(), At{Deal: o.ID}, "draft", "open", nil); deal.KindOf(err) != deal.Conflict {
		t.Errorf("taken again: %v", err)
	}
}
