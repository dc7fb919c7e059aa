package render

import (
	"fmt"
	"math"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/font"
)

// fontName is one of the fonts that every viewer has (ISO 32000-1, 9.6.2.2).
const fontName = "Helvetica"

// Dark letters with a light edge are seen on paper and on a dark page, and let
// text through.
const (
	lineGray    = 0.3
	lineOpacity = 0.22
	edgeOpacity = 0.3
	edgeWidth   = 1. / 24 // of the letters
	backOpacity = 0.8     // of the ground under the footer
)

// drawing draws the mark as it is to be seen when the page is shown.
func (s *stamp) drawing(p page) string {
	var b strings.Builder
	w, h := p.shown()
	l := layoutOf(w, h)
	fmt.Fprintf(&b, "%s cm\n", upright(p))
	line := s.mark.line() + "      "
	width := textWidth(line, l.size)
	again := int(l.reach(w)/width) + 2
	cos, sin := math.Cos(l.angle), math.Sin(l.angle)
	fmt.Fprintf(&b, "/L gs %.2f g 1 G %.3f w BT 2 Tr /F %.2f Tf\n", lineGray, l.size*edgeWidth, l.size)
	for i, r := range l.rows {
		shift := float64(i%2) * width / 2 // so that gaps do not stand in a row
		fmt.Fprintf(&b, "%.4f %.4f %.4f %.4f %.2f %.2f Tm (%s) Tj\n", cos, sin, -sin, cos, r.x-shift*cos, r.y-shift*sin, strings.Repeat(line, again))
	}
	b.WriteString("0 Tr ET\n")
	foot := s.mark.footer()
	size := min(l.footer, l.footer*(w-2*l.margin)/textWidth(foot, l.footer))
	fmt.Fprintf(&b, "/B gs 1 g 0 0 %.2f %.2f re f\n", w, 1.7*size)
	fmt.Fprintf(&b, "/T gs 0.2 g BT /F %.2f Tf %.2f %.2f Td (%s) Tj ET\n", size, l.margin, 0.5*size, escape(foot))
	return b.String()
}

// upright is the matrix from the page as it is shown, from (0,0), to its own units.
func upright(p page) string {
	b := p.box
	switch p.rotate {
	case 90:
		return fmt.Sprintf("0 1 -1 0 %.3f %.3f", b.x1, b.y0)
	case 180:
		return fmt.Sprintf("-1 0 0 -1 %.3f %.3f", b.x1, b.y1)
	case 270:
		return fmt.Sprintf("0 -1 1 0 %.3f %.3f", b.x0, b.y1)
	}
	return fmt.Sprintf("1 0 0 1 %.3f %.3f", b.x0, b.y0)
}

func textWidth(text string, size float64) float64 {
	w, err := font.TextWidthFloat(text, fontName, size)
	if err != nil || w <= 0 {
		return float64(len(text)) * size / 2
	}
	return w
}

// escape writes a literal string (7.3.4.2).
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s)
}
