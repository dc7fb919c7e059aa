package demo

import (
	"fmt"
	"io"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"cession/deal"
)

// Live is the view for a terminal: what happened scrolls by, and below it stand
// the progress of the deal and what each party did last.
type Live struct {
	program *tea.Program
	done    chan struct{}
}

// NewLive starts the view. Interrupts stay the caller's business.
func NewLive(out io.Writer, seller deal.PartyID, bidders [2]deal.PartyID) *Live {
	m := &screen{writer: newWriter(out, cast{seller, bidders[0], bidders[1]}, 100), paid: map[deal.Commitment]bool{}}
	l := &Live{
		// no input: the terminal stays as it is, and an interrupt is a signal
		program: tea.NewProgram(m, tea.WithOutput(out), tea.WithInput(nil), tea.WithoutSignalHandler()),
		done:    make(chan struct{}),
	}
	go func() {
		defer close(l.done)
		_, _ = l.program.Run() // a terminal that is gone does not end the deal
	}()
	return l
}

// Report shows an event.
func (l *Live) Report(e Event) { l.program.Send(e) }

// Close ends the view and leaves the terminal to the caller.
func (l *Live) Close() {
	l.program.Send(tea.Quit())
	<-l.done
}

// screen is what the terminal shows below the lines that scrolled by.
type screen struct {
	writer
	ending      bool
	done, total int
	role        [3]deal.Role
	doing       [3]string // what each party did last
	paid        map[deal.Commitment]bool
	gas         uint64
	refusals    int
}

type tick time.Time

func clockwork() tea.Cmd { return tea.Tick(time.Second, func(t time.Time) tea.Msg { return tick(t) }) }

// Init starts the clock.
func (m *screen) Init() tea.Cmd { return clockwork() }

// Update takes in what happened.
func (m *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width = msg.Width
	case tick:
		return m, clockwork()
	case tea.QuitMsg:
		m.ending = true
	case Event:
		m.take(msg)
		return m, tea.Println(m.event(msg))
	}
	return m, nil
}

func (m *screen) take(e Event) {
	m.done, m.total = e.Done, e.Total
	if i := m.cast.index(e.Party); i >= 0 && e.Kind != Waiting {
		m.doing[i] = e.Text
		if e.Role != "" {
			m.role[i] = e.Role
		}
	}
	if e.Kind == Refused {
		m.refusals++
	}
	for _, r := range e.Receipts {
		if !r.Tx.IsZero() && !m.paid[r.Tx] {
			m.paid[r.Tx] = true
			m.gas += r.Gas
		}
	}
}

// View returns the lower part of the screen.
func (m *screen) View() string {
	if m.ending {
		return ""
	}
	figures := fmt.Sprintf("%d of %d steps   %s   %s gas   %s   %s", m.done, m.total,
		plural(len(m.paid), "transaction"), thousands(m.gas), plural(m.refusals, "refusal"),
		time.Since(m.since).Round(time.Second))
	return "\n" + m.bar() + "\n" + m.columns() + "\n" + m.dim.Render(truncate(figures, m.width)) + "\n"
}

func (m *screen) bar() string {
	width := max(10, m.width-2)
	filled := 0
	if m.total > 0 {
		filled = width * m.done / m.total
	}
	return m.good.Render(strings.Repeat("━", filled)) + m.dim.Render(strings.Repeat("─", width-filled))
}

// columns shows the parties side by side, or below each other where it is narrow.
func (m *screen) columns() string {
	width := max(10, m.width/3-2)
	if m.width < 75 {
		width = max(10, m.width-2)
	}
	cells := make([]string, len(m.cast))
	for i, id := range m.cast {
		name := m.party[i].Bold(true).Render(truncate(string(id), width))
		cell := name + " " + m.dim.Render(string(m.role[i])) + "\n" + truncate(m.doing[i], width)
		cells[i] = lipgloss.NewStyle().Width(width + 2).Render(cell)
	}
	if m.width < 75 {
		return lipgloss.JoinVertical(lipgloss.Left, cells...)
	}
	return lipgloss.JoinHorizontal(lipgloss.Top, cells...)
}

// truncate cuts a text to a number of columns.
func truncate(s string, width int) string {
	if lipgloss.Width(s) <= width {
		return s
	}
	r := []rune(s)
	for len(r) > 0 && lipgloss.Width(string(r)) > width-1 {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}
