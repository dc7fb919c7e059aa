//go:build !slim

package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"cession/chain"
	"cession/deal"
	"cession/demo"
	"cession/desk"
)

var errEnough = errors.New("the buyer falls silent")

// TestRefundedAfterTheDeadline has the buyer fall silent once title and price
// are in escrow. The deadline passes on the clock and on the chain, and each
// gets back what is its own without anybody's doing.
func TestRefundedAfterTheDeadline(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	ctx := limit(t, 4*time.Minute)
	seller, buyer := m.account("alpine-bank"), m.account("borealis-fund")
	ledger := m.ledger(ctx)
	before := balance(t, ctx, ledger, buyer)
	cfg := m.script()
	cfg.Before = func(ctx context.Context, step string) error {
		switch step {
		case "terms.propose":
			return m.proposeShort(ctx, cfg.Seller)
		case "handover.request":
			if now := balance(t, ctx, ledger, buyer); now == before {
				t.Error("the price is not in escrow")
			}
			return deal.Errorf(deal.Invalid, "%w", errEnough) // a kind that is not tried again
		}
		return nil
	}
	if _, err := demo.Run(ctx, cfg); !errors.Is(err, errEnough) {
		t.Fatalf("have %v, want the deal to stop before the handover", err)
	}
	view := m.awaitEnd(ctx)
	if view.State != deal.Refunded {
		t.Errorf("the deal is %s, want refunded", view.State)
	}
	owner, err := ledger.OwnerOf(ctx, view.Title.Token)
	if err != nil || owner != seller {
		t.Errorf("the title is %s's (%v), want the seller's, %s", owner, err, seller)
	}
	if after := balance(t, ctx, ledger, buyer); after != before {
		t.Errorf("the buyer has %s, had %s", after, before)
	}
}

// proposeShort has the seller propose terms whose deadlines are seconds away.
func (m *market) proposeShort(ctx context.Context, seller deal.PartyID) error {
	d, err := m.only(ctx)
	if err != nil || d.Deal.Last("terms", "propose") != nil {
		return err
	}
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
	out, err := demo.Party{ID: seller, Nodes: m.up.node}.Act(ctx, demo.At{Deal: d.ID}, "terms", "propose",
		demo.Fields{"fund_by": in(30 * time.Second), "settle_by": in(40 * time.Second), "arbiter_by": in(time.Hour)})
	if err == nil && out.Verdict != deal.Accepted {
		err = &demo.RefusalError{Outcome: out}
	}
	return err
}

// only is the market's one deal, as the operator sees it.
func (m *market) only(ctx context.Context) (desk.DealView, error) {
	client, err := m.up.desk()
	if err != nil {
		return desk.DealView{}, err
	}
	page, err := client.Deals(ctx, desk.DealFilter{})
	if err != nil || len(page.Deals) != 1 {
		return desk.DealView{}, errors.Join(err, errors.New("want one deal"))
	}
	return client.Deal(ctx, page.Deals[0].ID)
}

func (m *market) awaitEnd(ctx context.Context) desk.DealView {
	m.t.Helper()
	for {
		if v, err := m.only(ctx); err == nil && v.Deal.Ended != nil {
			return v
		}
		select {
		case <-ctx.Done():
			m.t.Fatal("the deal did not end in time")
		case <-time.After(300 * time.Millisecond):
		}
	}
}

func (m *market) account(id deal.PartyID) deal.Address {
	m.t.Helper()
	a, err := deal.ParseAddress(walletOf(m.t, m.home(id)))
	if err != nil {
		m.t.Fatal(err)
	}
	return a
}

func (m *market) ledger(ctx context.Context) *chain.Ledger {
	m.t.Helper()
	client, err := chain.Dial(ctx, mustOperator(m.t, m.data).RPC)
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(client.Close)
	var where deal.Market
	if err := readJSON(in(m.data, marketName), &where); err != nil {
		m.t.Fatal(err)
	}
	return chain.NewLedger(client, where)
}

func balance(t *testing.T, ctx context.Context, l *chain.Ledger, of deal.Address) string {
	t.Helper()
	b, err := l.Balance(ctx, of)
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
