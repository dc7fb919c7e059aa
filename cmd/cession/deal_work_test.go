package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/desk"
)

// TestShowWork looks at a queue as its party, as the other side, and as the
// operator see it.
func TestShowWork(t *testing.T) {
	id, at := deal.ID("d-"+strings.Repeat("a", 20)), time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	wallet, second := deal.Address{1}, deal.Address{2}
	seller := deal.Party{ID: "alpine-bank", Wallet: wallet, Signers: []deal.Address{wallet, second}}
	p := &deal.Progress{Opening: deal.Opening{ID: id, Seller: seller, Plan: deal.Standard()}, Records: []deal.Record{{Act: deal.Act{
		Step: "selection", Action: "select", Fields: map[string]deal.Value{"price": deal.Money(212_500_00, "EUR")},
	}}}}
	approval := desk.WorkItem{
		Deal: id, For: "terms.propose", By: seller.ID, Party: seller.ID, Kind: deal.NeedApproval, Rule: "terms.four_eyes",
		Meet: "terms.approve", Wanted: 2, Given: 1, Not: wallet, State: deal.WorkOpen, Due: at,
	}
	bySecond, reminded, escalated, met, wait := approval, approval, approval, approval, approval
	bySecond.Not = second
	reminded.Reminded = &at
	escalated.State, escalated.Escalated = deal.WorkEscalated, &at
	met.State, met.Closed = deal.WorkMet, &at
	wait.Kind, wait.Meet, wait.Rule = deal.NeedWait, "", "terms.cooling_off"
	own := workViews{id: {ID: id, Role: deal.Seller, Seller: seller.ID, Deal: p}}
	other := workViews{id: {ID: id, Role: deal.Buyer, Seller: seller.ID, Deal: p}}
	const command = "cession --home bank deal act d-aaaaaaaaaaaaaaaaaaaa terms approve --field 'price=212500.00 EUR' --signer "
	for name, tt := range map[string]struct {
		item  desk.WorkItem
		views workViews
		want  []string
		not   string
	}{
		"own":       {approval, own, []string{"terms.propose  approval by terms.approve  alpine-bank  1 of 2", "rule terms.four_eyes", command + "second"}, "escalated"},
		"by second": {bySecond, own, []string{command + "wallet"}, "second"},
		"reminded":  {reminded, own, []string{"open, reminded 2026-11-24 09:00:00", command}, "escalated"},
		"escalated": {escalated, own, []string{"escalated 2026-11-24 09:00:00", command}, "open"},
		"met":       {met, own, []string{"met 2026-11-24 09:00:00"}, "deal act"},
		"wait":      {wait, own, []string{"time to pass", "2026-11-24 09:00:00", "rule terms.cooling_off"}, "deal act"},
		"other":     {approval, other, []string{"alpine-bank"}, "deal act"},
		"operator":  {approval, nil, []string{"alpine-bank"}, "deal act"},
	} {
		var out bytes.Buffer
		a := &app{out: &out, home: "bank"}
		if err := a.showWork([]desk.WorkItem{tt.item}, tt.views); err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: want %q in\n%s", name, want, &out)
			}
		}
		if strings.Contains(out.String(), tt.not) {
			t.Errorf("%s: want no %q in\n%s", name, tt.not, &out)
		}
	}
}

// TestWorkEntry has each change of an item in words of its own, for approvals
// and for waits.
func TestWorkEntry(t *testing.T) {
	said := map[string]bool{}
	for _, kind := range []deal.NeedKind{deal.NeedApproval, deal.NeedWait} {
		for _, change := range []desk.WorkChange{desk.WorkOpened, desk.WorkReminded, desk.WorkEscalated, desk.WorkMet, desk.WorkLapsed} {
			var out bytes.Buffer
			a := &app{out: &out}
			a.printEntry(desk.Entry{
				Kind: desk.EntryWork, Step: "terms", Action: "propose", Party: "alpine-bank",
				Work: &desk.WorkEvent{Change: change, By: "alpine-bank", Kind: kind, Rule: "terms.four_eyes", Meet: "terms.approve", Wanted: 1},
			})
			if text := out.String(); said[text] || !strings.Contains(text, "work: terms.propose of alpine-bank") {
				t.Errorf("%s of %s: %q", change, kind, text)
			}
			said[out.String()] = true
		}
	}
}
