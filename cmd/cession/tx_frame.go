package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"

	"cession/chain/lane"
	"cession/desk"
)

const (
	watchLate = 3 * time.Second // what is older is marked
	newest    = 10              // rows of a plain frame that are not stuck
)

// lanesView is what the live view of the lanes knows.
type lanesView struct {
	app   *app
	style watchStyle

	lanes  []lane.Listing
	absent []string // ids of lanes that did not answer
	rows   []txRow
	at     time.Time // of what is shown; zero: nothing was ever told
	failed error     // of the last try
	silent time.Time // when the desk first did not answer; zero: it does

	chosen txRow // the row the cursor is on; zero: the first
	top    int   // the first row shown
}

// watchStyle holds the few colors of the view. A renderer without a terminal,
// or with NO_COLOR set, leaves all of them out.
type watchStyle struct{ dim, strong, bad, alarm, cursor lipgloss.Style }

func newWatchStyle(out io.Writer) watchStyle {
	r := lipgloss.NewRenderer(out)
	red := lipgloss.AdaptiveColor{Light: "160", Dark: "209"}
	return watchStyle{
		dim: r.NewStyle().Faint(true), strong: r.NewStyle().Bold(true), bad: r.NewStyle().Foreground(red),
		alarm: r.NewStyle().Foreground(red).Bold(true).Reverse(true), cursor: r.NewStyle().Bold(true),
	}
}

// take remembers an answer of the desk, or that there was none.
func (v *lanesView) take(list desk.LaneList, err error, now time.Time) {
	v.failed = err
	if err != nil {
		if v.silent.IsZero() {
			v.silent = now
		}
		return
	}
	v.lanes, v.absent, v.rows, v.at, v.silent = list.Lanes, list.Silent, rowsOf(list.Lanes), now, time.Time{}
}

// cursor is the index of the chosen row. A row that is gone leaves the first.
func (v *lanesView) cursor() int {
	for i, r := range v.rows {
		if r.Intent == v.chosen.Intent && r.lane.Lane == v.chosen.lane.Lane {
			return i
		}
	}
	return 0
}

// move moves the cursor by so many rows.
func (v *lanesView) move(by int) {
	if len(v.rows) > 0 {
		v.chosen = v.rows[min(max(v.cursor()+by, 0), len(v.rows)-1)]
	}
}

// frame draws the view into a size.
func (v *lanesView) frame(width, height int, now time.Time) string {
	top := append(v.banner(width, now), v.laneLines(width, now)...)
	bottom := v.advice(width, now)
	room := max(3, height-len(top)-len(bottom)-1)
	body := append(top, v.rowLines(width, room, now)...)
	for len(body) < height-len(bottom)-1 {
		body = append(body, "")
	}
	body = append(append(body, bottom...), v.style.dim.Render(cut("up/down choose   enter details   q quit", width)))
	return strings.Join(body[:min(len(body), max(height, 1))], "\n")
}

// banner says how many are stuck, or in plain words that this is not known now.
func (v *lanesView) banner(width int, now time.Time) []string {
	clock := now.UTC().Format("15:04:05 UTC")
	title, alarm := v.title(now)
	gap := strings.Repeat(" ", max(1, width-len(title)-len(clock)))
	list := []string{v.style.strong.Render(title) + gap + v.style.dim.Render(clock)}
	for _, l := range wrap(alarm, width) {
		list = append(list, v.style.alarm.Render(l))
	}
	if v.failed != nil {
		list = append(list, v.style.bad.Render(cut(v.failed.Error(), width)))
	}
	return list
}

// title sums up what is known, and says since when nothing newer is.
func (v *lanesView) title(now time.Time) (title, alarm string) {
	old := now.Sub(v.at) > watchLate
	told := v.at.UTC().Format("15:04:05 UTC") + " (" + since(v.at, now) + " ago)"
	switch n := stuckIn(v.rows); {
	case v.failed != nil && v.at.IsZero():
		return "Lanes: nothing is known", "THE DESK DOES NOT ANSWER since " + v.silent.UTC().Format("15:04:05 UTC") + " (" + since(v.silent, now) + ")."
	case v.failed != nil:
		return "Lanes: not known now", "THE DESK DOES NOT ANSWER since " + told + ". All below is OLD, of then."
	case v.at.IsZero():
		return "Lanes: asking the desk…", ""
	case old:
		return "Lanes: not known now", "The desk is slow: all below is of " + told + "."
	case len(v.absent) > 0:
		return fmt.Sprintf("Lanes: %d of %d give no answer, %d known to be stuck", len(v.absent), len(v.absent)+len(v.lanes), n), ""
	case n > 0:
		return fmt.Sprintf("Lanes: %d stuck", n), ""
	}
	return "Lanes: nothing is stuck", ""
}

// laneLines are the lanes, and below each what is wrong with it as a whole.
func (v *lanesView) laneLines(width int, now time.Time) []string {
	if v.at.IsZero() {
		return nil
	}
	var rows [][]string
	for _, l := range v.lanes {
		rows = append(rows, laneCells(l))
	}
	text := lines(laneColumns, rows, width)
	list := []string{""}
	if len(rows) > 0 {
		list = append(list, v.style.dim.Render(text[0]))
	}
	for i, l := range v.lanes {
		if laneState(l) == "" || !begun(l) {
			list = append(list, v.stale(text[i+1]))
			continue
		}
		list = append(list, v.style.bad.Render(text[i+1]))
		for _, words := range wrap(v.laneTrouble(l, now), width-4) {
			list = append(list, v.style.bad.Render("    "+words))
		}
	}
	for _, id := range v.absent {
		words := "LANE " + laneName(id) + " GIVES NO ANSWER: what it has in flight is not shown. Does a worker run?"
		for _, l := range wrap(words, width) {
			list = append(list, v.style.alarm.Render(l))
		}
	}
	for _, words := range v.proposals() {
		for _, l := range wrap(words, width-4) {
			list = append(list, v.style.strong.Render("    "+l))
		}
	}
	return list
}

// laneTrouble is what is wrong with a lane, since when, and what to do.
func (v *lanesView) laneTrouble(l lane.Listing, now time.Time) string {
	words := laneState(l)
	if !l.Since.IsZero() {
		words += " for " + since(l.Since, now)
	}
	why := lane.Paused
	if !l.Paused {
		if len(l.Reasons) == 0 {
			return blockedWords
		}
		why = l.Reasons[0]
	}
	m := v.app.laneRemedy(l, why)
	words += ": " + m.Do
	if m.Command != "" {
		words += " Type: " + m.Command
	}
	return words
}

// proposals are the commands that wait for a second operator.
func (v *lanesView) proposals() (list []string) {
	for _, l := range v.lanes {
		for _, c := range l.Pending {
			list = append(list, v.app.proposal(l.Lane, c))
		}
	}
	return list
}

// stale dims what is not of now.
func (v *lanesView) stale(s string) string {
	if v.failed != nil {
		return v.style.dim.Render(s)
	}
	return s
}
