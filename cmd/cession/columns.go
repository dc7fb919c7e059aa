package main

import (
	"strings"
	"unicode/utf8"
)

// column is a column of a table that has to fit a width.
type column struct {
	head  string
	right bool // numbers
	spare int  // left out where it is narrow, the highest first; 0 never is
}

// fit returns the indexes of the columns that fit the width, by the widest of
// their cells, and how wide each is.
func fit(columns []column, rows [][]string, width int) (shown, widths []int) {
	widths = make([]int, len(columns))
	for i, c := range columns {
		widths[i] = utf8.RuneCountInString(c.head)
		for _, row := range rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		shown = append(shown, i)
	}
	for {
		total, worst := -gutter, -1
		for at, i := range shown {
			total += widths[i] + gutter
			if columns[i].spare > 0 && (worst < 0 || columns[i].spare > columns[shown[worst]].spare) {
				worst = at
			}
		}
		if total <= width || worst < 0 {
			return shown, widths
		}
		shown = append(shown[:worst], shown[worst+1:]...)
	}
}

const gutter = 2 // spaces between columns

// line writes the shown cells of a row, without spaces at the end.
func line(columns []column, row []string, shown, widths []int) string {
	cells := make([]string, len(shown))
	for at, i := range shown {
		pad := strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(row[i])))
		if columns[i].right {
			cells[at] = pad + row[i]
		} else {
			cells[at] = row[i] + pad
		}
	}
	return strings.TrimRight(strings.Join(cells, strings.Repeat(" ", gutter)), " ")
}

// heads are the names of the columns, as a row.
func heads(columns []column) []string {
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.head
	}
	return row
}

// lines writes a table with its head, in lines of the width at most.
func lines(columns []column, rows [][]string, width int) []string {
	shown, widths := fit(columns, rows, width)
	list := []string{cut(line(columns, heads(columns), shown, widths), width)}
	for _, row := range rows {
		list = append(list, cut(line(columns, row, shown, widths), width))
	}
	return list
}

// cut shortens a text to a width, and shows that it did.
func cut(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	if width < 1 {
		return ""
	}
	return string([]rune(s)[:width-1]) + "…"
}

// wrap breaks a text into lines of a width at its spaces; a longer word stands
// alone, whole, so that it can be copied.
func wrap(s string, width int) (list []string) {
	rest := ""
	for _, word := range strings.Fields(s) {
		switch {
		case rest == "":
			rest = word
		case utf8.RuneCountInString(rest)+1+utf8.RuneCountInString(word) <= width:
			rest += " " + word
		default:
			list = append(list, rest)
			rest = word
		}
	}
	if rest != "" {
		list = append(list, rest)
	}
	return list
}

// fold breaks the lines of a text that are wider than the width, further lines
// a little more indented.
func fold(text string, width int) (list []string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if utf8.RuneCountInString(line) <= width {
			list = append(list, line)
			continue
		}
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		for i, part := range wrap(line, width-len(indent)-2) {
			if i > 0 {
				part = "  " + part
			}
			list = append(list, cut(indent+part, width))
		}
	}
	return list
}
