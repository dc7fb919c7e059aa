package render

import (
	"fmt"
	"math"
)

// layout places a mark on a page: a footer along the lower edge and lines that
// run up across the page, so that no part of some size is without one.
type layout struct {
	angle  float64 // of the lines, in radians, counterclockwise
	size   float64 // of their letters, in units of the page
	rows   []row
	footer float64 // size of the letters of the footer
	margin float64
}

// row is where a line begins: left of the page, or on its left edge.
type row struct{ x, y float64 }

const (
	slope     = 32 * math.Pi / 180
	lineSize  = 1. / 38 // of the shorter side
	lineEvery = 1. / 3  // of the shorter side
	footSize  = 1. / 80 // of the shorter side
)

func layoutOf(w, h float64) layout {
	short := min(w, h)
	l := layout{angle: slope, size: short * lineSize, footer: short * footSize, margin: short / 50}
	// from below the lower left corner, since lines rise, to above the upper one
	step := max(short*lineEvery, (h+w*math.Tan(slope))/maxRows)
	for y := step/2 - w*math.Tan(slope); y < h; y += step {
		l.rows = append(l.rows, row{0, y})
	}
	return l
}

// maxRows bounds the lines on a page that is a long strip.
const maxRows = 40

// maxStrip is how many times as long as it is wide a page or image may be: the
// letters of a mark go by the shorter side, their number by the longer one.
const maxStrip = 200

// markable refuses a page or image that is too long a strip.
func markable(w, h float64) error {
	if max(w, h) > maxStrip*min(w, h) {
		return invalid(ErrTooLarge, fmt.Sprintf("a page is a strip, more than %d times as long as wide", maxStrip))
	}
	return nil
}

// reach is how long a line has to be to cross the page.
func (l layout) reach(w float64) float64 { return w / math.Cos(l.angle) }
