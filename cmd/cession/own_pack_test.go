//go:build !slim

package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/demo"
	"cession/desk"
)

// TestOwnPackRefuses gives a bidder's node a pack of its own. What is above its
// limit it does not sign, though the market's rules allow it: without the pack
// the same offer is taken.
func TestOwnPackRefuses(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	ctx := limit(t, 6*time.Minute)
	cfg := m.script()
	cfg.Scale = 125 // the first bid is 25,625,000, and the pack's own limit 25,000,000
	bidder := cfg.Bidders[0]
	own := in(m.home(bidder), "policy-own")
	if err := m.run("policy", "new", own, "--name", "borealis", "--own"); err != nil {
		t.Fatal(err)
	}
	m.up.stop()
	m.start()
	offer := func(ctx context.Context) (deal.Outcome, error) {
		d, err := m.only(ctx)
		if err != nil {
			return deal.Outcome{}, err
		}
		return demo.Party{ID: bidder, Nodes: m.up.node}.Act(ctx, demo.At{Deal: d.ID, Room: bidder}, "offers", "submit",
			demo.Fields{"price": deal.Amount{Minor: 25_625_000_00, Currency: "EUR"}.String(), "until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	}
	cfg.Before = func(ctx context.Context, step string) error {
		if step != string(bidder)+"/offers.submit" {
			return nil
		}
		out, err := offer(ctx)
		if deal.KindOf(err) != deal.Refused || !strings.Contains(err.Error(), "house.price") {
			t.Errorf("the offer above its own limit: %q, %v, want its own node to refuse", out.Verdict, err)
		}
		return deal.Errorf(deal.Invalid, "%w", errEnough) // a kind that is not tried again
	}
	if _, err := demo.Run(ctx, cfg); !errors.Is(err, errEnough) {
		t.Fatalf("have %v, want the deal to stop at the offer", err)
	}
	m.unheard(ctx, bidder, "offers.submit")
	m.up.stop()
	if err := os.RemoveAll(own); err != nil {
		t.Fatal(err)
	}
	m.start()
	if out, err := offer(ctx); err != nil || out.Verdict != deal.Accepted {
		t.Errorf("the same offer without the pack: %q, %v, %v", out.Verdict, err, out.Decision.Reasons())
	}
}

// unheard checks that the market learned nothing of an act that a node refused
// by the party's own rules.
func (m *market) unheard(ctx context.Context, room deal.PartyID, name string) {
	m.t.Helper()
	client, err := m.operator()
	if err != nil {
		m.t.Fatal(err)
	}
	page, err := client.Decisions(ctx, desk.DecisionFilter{Limit: 1000})
	if err != nil || len(page.Decisions) < 10 {
		m.t.Fatalf("%d decisions on record, %v", len(page.Decisions), err)
	}
	for _, e := range page.Decisions {
		if e.Room == room && e.Name == name {
			m.t.Errorf("the market decided on %s: %+v", name, e.Decision)
		}
	}
}
