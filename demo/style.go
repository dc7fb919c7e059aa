package demo

import (
	"io"

	"github.com/charmbracelet/lipgloss"
)

// style holds the few colors of the views. A renderer without a terminal, or
// with NO_COLOR set, leaves all of them out.
type style struct {
	dim, good, bad, strong lipgloss.Style
	box                    lipgloss.Style
	party                  [3]lipgloss.Style // seller, winner, loser
}

func newStyle(out io.Writer) style {
	r := lipgloss.NewRenderer(out)
	color := func(light, dark string) lipgloss.Style {
		return r.NewStyle().Foreground(lipgloss.AdaptiveColor{Light: light, Dark: dark})
	}
	return style{
		dim: r.NewStyle().Faint(true), good: color("28", "78"), bad: color("160", "209"), strong: r.NewStyle().Bold(true),
		box:   r.NewStyle().Border(lipgloss.RoundedBorder()).BorderForeground(lipgloss.AdaptiveColor{Light: "160", Dark: "209"}).Padding(0, 1),
		party: [3]lipgloss.Style{color("25", "75"), color("90", "176"), color("94", "179")},
	}
}

// of returns the color of a party.
func (s style) of(cast cast, i int) lipgloss.Style {
	if i < 0 || i >= len(cast) {
		return s.dim
	}
	return s.party[i]
}
