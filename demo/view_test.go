package demo

import (
	"io"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"cession/deal"
)

// played returns the events of a whole deal.
func played(t *testing.T) []Event {
	t.Helper()
	cfg, events := config(t, newMarket())
	if _, err := play(t, cfg); err != nil {
		t.Fatal(err)
	}
	return append(*events, Event{Kind: Waiting, Text: strings.Repeat("still at it ", 20)})
}

func TestLinesFit(t *testing.T) {
	events := played(t)
	for _, width := range []int{50, 80, 140} {
		w := newWriter(io.Discard, cast{seller, winner, loser}, width)
		for _, e := range events {
			for _, line := range strings.Split(w.event(e), "\n") {
				if lipgloss.Width(line) > width {
					t.Errorf("%d columns on %d: %q", lipgloss.Width(line), width, line)
				}
			}
		}
	}
}

func TestLinesTellWhatLiftsARefusal(t *testing.T) {
	var out strings.Builder
	lines := NewLines(&out, seller, [2]deal.PartyID{winner, loser})
	for _, e := range played(t) {
		lines.Report(e)
	}
	for _, want := range []string{"terms.four_eyes", "212,500.00 EUR, approvals of another person: 0", "two persons above 100,000.00 EUR", "terms.approve"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the view does not say %q", want)
		}
	}
	if strings.Contains(out.String(), "\x1b[") {
		t.Error("escape sequences without a terminal")
	}
}

func TestScreenFits(t *testing.T) {
	events := played(t)
	for _, width := range []int{40, 80, 200} {
		m := &screen{writer: newWriter(io.Discard, cast{seller, winner, loser}, 100), paid: map[deal.Commitment]bool{}}
		m.Update(tea.WindowSizeMsg{Width: width, Height: 24})
		for _, e := range events {
			m.Update(e)
			for _, line := range strings.Split(m.View(), "\n") {
				if lipgloss.Width(line) > width {
					t.Fatalf("%d columns on %d: %q", lipgloss.Width(line), width, line)
				}
			}
		}
		if m.refusals != 3 || len(m.paid) == 0 {
			t.Errorf("%d refusals, %d transactions", m.refusals, len(m.paid))
		}
	}
}

func TestLiveViewEnds(t *testing.T) {
	var out strings.Builder
	l := NewLive(&out, seller, [2]deal.PartyID{winner, loser})
	l.Report(Event{Kind: Moved, Party: seller, Text: "Opens the deal", Done: 1, Total: 2})
	l.Close()
	if !strings.Contains(out.String(), "Opens the deal") {
		t.Errorf("the view shows %q", out.String())
	}
}

func TestMoney(t *testing.T) {
	for minor, want := range map[int64]string{0: "0.00 EUR", 5: "0.05 EUR", 99999: "999.99 EUR", 100000: "1,000.00 EUR", 123456789012: "1,234,567,890.12 EUR"} {
		if got := Money(deal.Amount{Minor: minor, Currency: "EUR"}); got != want {
			t.Errorf("%d: %s, want %s", minor, got, want)
		}
	}
}
