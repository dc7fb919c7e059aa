package demo

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Command is a command line to go on with, and what it shows.
type Command struct{ Line, Shows string }

// WriteSummary writes the last screen: what the deal came to, and how to look
// at it.
func WriteSummary(out io.Writer, r Result, next []Command) {
	st := newStyle(out)
	rows := [][2]string{
		{"deal", string(r.Deal)},
		{"state", string(r.State)},
		{"title", r.Token.String()},
		{"owner", r.Owner.String() + "  the buyer, says the chain"},
		{"documents", fmt.Sprintf("%d of %d read again at the buyer's node and matched", r.Verified, r.Documents)},
		{"transactions", fmt.Sprintf("%d, %s gas", r.Transactions, thousands(r.Gas))},
		{"refusals", fmt.Sprint(r.Refusals)},
		{"time", fmt.Sprintf("%.1f s", r.Seconds)},
	}
	if r.Data != "" {
		rows = append(rows, [2]string{"data", r.Data})
	}
	var b strings.Builder
	for i, row := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s  %s", st.strong.Render(fmt.Sprintf("%-12s", row[0])), row[1])
	}
	frame := st.box.BorderForeground(lipgloss.NoColor{})
	fmt.Fprintln(out, frame.Render(b.String()))
	for _, c := range next {
		fmt.Fprintf(out, "%s\n  %s\n", st.dim.Render(c.Shows), c.Line)
	}
}
