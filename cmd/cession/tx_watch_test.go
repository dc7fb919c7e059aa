package main

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
)

// fakeDesk answers with a list, or fails.
type fakeDesk struct {
	list desk.LaneList
	fail error
}

func (f *fakeDesk) Lanes(context.Context) (desk.LaneList, error) { return f.list, f.fail }

func (f *fakeDesk) Transaction(_ context.Context, id string) (desk.TransactionDetail, error) {
	for _, l := range f.list.Lanes {
		for _, it := range l.Items {
			if it.Intent.String() == id {
				record := &lane.Record{Attempts: []lane.Attempt{{Hash: deal.Commitment{7}, Nonce: 41}}}
				return desk.TransactionDetail{Transaction: desk.Transaction{Lane: l.Lane, Item: it}, Record: record}, f.fail
			}
		}
	}
	return desk.TransactionDetail{}, deal.Errorf(deal.NotFound, "no transaction %s", id)
}

// press types a key, and lets the program have the answer to what it asks then.
func press(t *testing.T, m *watcher, key tea.KeyMsg) (quit bool) {
	t.Helper()
	_, cmd := m.Update(key)
	if cmd == nil {
		return false
	}
	msg := cmd()
	if _, quit = msg.(tea.QuitMsg); !quit {
		m.Update(msg)
	}
	return quit
}

func TestWatchKeys(t *testing.T) {
	f := &fakeDesk{list: crowd(time.Now())}
	m := &watcher{ctx: t.Context(), client: f, view: lanesView{app: &app{}}, width: 80, height: 24}
	m.Update(m.ask())
	press(t, m, tea.KeyMsg{Type: tea.KeyDown})
	second := m.view.rows[1].Intent
	if m.view.cursor() != 1 {
		t.Errorf("after down the cursor is at %d", m.view.cursor())
	}

	press(t, m, tea.KeyMsg{Type: tea.KeyEnter})
	if page := m.View(); !strings.Contains(page, second.String()) {
		t.Errorf("enter shows no details of %s:\n%s", second, page)
	}
	if press(t, m, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q")}) || m.detail != "" {
		t.Error("q in the details does not go back to the lanes")
	}

	// the cursor stays on its transaction when the list changes
	f.list.Lanes[0].Items = append(f.list.Lanes[0].Items, lane.Item{Intent: deal.Commitment{9}, Stuck: true})
	m.Update(m.ask())
	if got := m.view.rows[m.view.cursor()].Intent; got != second {
		t.Errorf("the cursor moved from %s to %s", second, got)
	}
	if !press(t, m, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q")}) {
		t.Error("q does not leave")
	}
}

func TestWatchWithoutAnswers(t *testing.T) {
	f := &fakeDesk{list: crowd(time.Now())}
	m := &watcher{ctx: t.Context(), client: f, view: lanesView{app: &app{}}, width: 140, height: 40}
	m.Update(m.ask())
	f.fail = deal.Errorf(deal.Lost, "no answer")
	press(t, m, tea.KeyMsg{Type: tea.KeyEnter})
	if page := m.View(); !strings.Contains(page, "There are no details: no answer") {
		t.Errorf("details that cannot be had:\n%s", page)
	}
	press(t, m, tea.KeyMsg{Type: tea.KeyEsc})
	m.Update(m.ask())
	if frame := m.View(); !strings.Contains(frame, "DOES NOT ANSWER") {
		t.Errorf("the frame does not say that it is old:\n%s", frame)
	}
	f.fail = nil
	m.Update(m.ask())
	if frame := m.View(); strings.Contains(frame, "DOES NOT ANSWER") {
		t.Errorf("the desk is back, and the frame does not say so:\n%s", frame)
	}
}

// TestEveryVerbIsACommand: what a lane can be told to do, an operator can type,
// with a dry run, a version and a reason.
func TestEveryVerbIsACommand(t *testing.T) {
	commands := map[string]bool{}
	for _, c := range (&app{}).txVerbs() {
		commands[c.Name()] = true
		for _, flag := range []string{"dry-run", "version", "reason", "ticket", "key"} {
			if c.Flags().Lookup(flag) == nil {
				t.Errorf("%s has no --%s", c.Name(), flag)
			}
		}
	}
	for _, v := range lane.Verbs() {
		if !commands[string(v)] {
			t.Errorf("%s cannot be typed", v)
		}
	}
}
