package demo

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"cession/deal"
)

// cast is who plays: the seller and the two bidders.
type cast [3]deal.PartyID

func (c cast) index(id deal.PartyID) int { return slices.Index(c[:], id) }

// longest returns the width of the party column.
func (c cast) longest() (n int) {
	for _, id := range c {
		n = max(n, len(id))
	}
	return n
}

// Lines writes a line for every event, for logs and pipes; a refusal has
// several, with what would lift it.
type Lines struct {
	out    io.Writer
	writer writer
}

// NewLines returns the plain view.
func NewLines(out io.Writer, seller deal.PartyID, bidders [2]deal.PartyID) *Lines {
	return &Lines{out, newWriter(out, cast{seller, bidders[0], bidders[1]}, 0)}
}

// Report writes an event.
func (l *Lines) Report(e Event) { fmt.Fprintln(l.out, l.writer.event(e)) }

// Close ends the view.
func (l *Lines) Close() {}

// writer puts events into words.
type writer struct {
	style
	cast  cast
	since time.Time
	width int // of the terminal; 0: unlimited
}

func newWriter(out io.Writer, c cast, width int) writer {
	return writer{newStyle(out), c, time.Now(), width}
}

// event returns one event as text, of one line or several.
func (w writer) event(e Event) string {
	if e.Kind == Waiting {
		return w.wrap(w.clock(), w.dim.Render(e.Text))
	}
	i := w.cast.index(e.Party)
	head := w.clock() + w.of(w.cast, i).Render(fmt.Sprintf("%-*s", w.cast.longest(), e.Party)) + "  "
	if e.Kind == Refused {
		return w.refusal(e, head)
	}
	return w.beside(head, w.told(e), w.evidence(e))
}

// told says what happened, to whom it was done, and about how much.
func (w writer) told(e Event) string {
	text := e.Text
	if e.To != "" && e.To != e.Party {
		text += w.dim.Render(" / ") + w.of(w.cast, w.cast.index(e.To)).Render(string(e.To))
	}
	if e.Amount.Currency != "" {
		text += "  " + w.strong.Render(Money(e.Amount))
	}
	return text
}

func (w writer) clock() string {
	return w.dim.Render(fmt.Sprintf("%6.1fs  ", time.Since(w.since).Seconds()))
}

// indent is where the words of a line begin.
func (w writer) indent() string { return strings.Repeat(" ", 9+w.cast.longest()+2) }

// beside puts the evidence at the end of the line, or below it if it does not fit.
func (w writer) beside(head, text, evidence string) string {
	if evidence == "" {
		return w.wrap(head, text)
	}
	if w.width == 0 {
		return head + text + "  [" + evidence + "]"
	}
	if gap := w.width - lipgloss.Width(head+text) - lipgloss.Width(evidence); gap >= 3 {
		return head + text + strings.Repeat(" ", gap) + evidence
	}
	return w.wrap(head, text) + "\n" + w.wrap(w.indent(), evidence)
}

// wrap breaks a text to the width of the terminal; all lines but the first one
// are indented, that one has the head.
func (w writer) wrap(head, text string) string {
	if w.width == 0 || lipgloss.Width(head)+lipgloss.Width(text) <= w.width {
		return head + text
	}
	lines := strings.Split(ansi.Wrap(text, max(20, w.width-len(w.indent())), " "), "\n")
	return head + strings.Join(lines, "\n"+w.indent())
}

// evidence is what stands behind an act: the verdict, the transactions, the gas.
func (w writer) evidence(e Event) string {
	var parts []string
	if e.Decision != nil && e.Decision.Allow && len(e.Decision.Rules) > 0 {
		parts = append(parts, w.good.Render(fmt.Sprintf("%d rules passed", len(e.Decision.Rules))))
	}
	for _, r := range e.Receipts {
		if !r.Tx.IsZero() {
			parts = append(parts, w.dim.Render(fmt.Sprintf("%s %s block %d gas %s", r.Call, r.Tx.Short(), r.Block, thousands(r.Gas))))
		}
	}
	return strings.Join(parts, w.dim.Render(", "))
}

// refusal shows a no: the rule, the figures, what would lift it.
func (w writer) refusal(e Event, head string) string {
	lines := []string{e.Text}
	if e.Decision != nil {
		lines[0] += ": " + w.bad.Render("refused by policy") + " (" + e.Step + "." + e.Action + ")"
		for _, r := range e.Decision.Reasons() {
			lines = append(lines, fmt.Sprintf("rule %s: %s", r.ID, r.Title),
				"  found  "+readable(r.Actual), "  wanted "+readable(r.Threshold))
		}
		if lifts := Lifts(*e.Decision); lifts != "" {
			lines = append(lines, "lifted when "+lifts)
		}
	}
	if w.width == 0 {
		return head + "REFUSED  " + strings.Join(lines, "\n"+w.indent())
	}
	if len(lines) == 1 {
		return w.wrap(head, w.bad.Render("Refused: ")+lines[0])
	}
	return head + w.bad.Render("is refused") + "\n" + w.box.Width(max(20, min(w.width-4, 100))).Render(strings.Join(lines, "\n"))
}
