package main

import (
	"strings"
	"time"
)

// rowLines are the transactions around the cursor.
func (v *lanesView) rowLines(width, room int, now time.Time) []string {
	list := []string{""}
	if len(v.rows) == 0 {
		if v.at.IsZero() {
			return list
		}
		return append(list, "No transactions.")
	}
	var cells [][]string
	for _, r := range v.rows {
		cells = append(cells, r.cells(now))
	}
	at, room := v.cursor(), max(1, room-2)
	v.top = min(max(v.top, at-room+1), at, max(0, len(cells)-room))
	end := min(v.top+room, len(cells))
	text := lines(txColumns, cells[v.top:end], width-2)
	list = append(list, v.style.dim.Render("  "+text[0]))
	for i, l := range text[1:] {
		row := v.rows[v.top+i]
		switch {
		case v.top+i == at:
			l = v.style.cursor.Render("> " + l)
		case row.Stuck:
			l = v.style.bad.Render("  " + l)
		default:
			l = v.stale("  " + l)
		}
		list = append(list, l)
	}
	return list
}

// advice says what the chosen row's trouble means, and the command to type.
func (v *lanesView) advice(width int, now time.Time) []string {
	if len(v.rows) == 0 {
		return nil
	}
	r := v.rows[v.cursor()]
	list := []string{v.style.dim.Render(strings.Repeat("─", width))}
	if v.failed != nil {
		return append(list, "Nobody knows how it stands now. Bring the desk back first.")
	}
	if !r.Stuck {
		return append(list, cut(r.fine(), width))
	}
	return append(list, v.remedyLines(r, width)...)
}

// remedyLines are the words and the command for a stuck transaction.
func (v *lanesView) remedyLines(r txRow, width int) (list []string) {
	m := v.app.rowRemedy(r)
	words := m.Means + " " + m.Do
	if r.Detail != "" {
		words = "(" + r.Detail + ") " + words
	}
	list = wrap(words, width)
	if m.Command != "" {
		for _, l := range wrap("Type: "+m.Command, width) {
			list = append(list, v.style.strong.Render(l))
		}
	}
	return list
}

// plain writes a frame of any height.
func (v *lanesView) plain(width int, now time.Time) string {
	list := append(v.banner(width, now), v.laneLines(width, now)...)
	stuck := stuckIn(v.rows)
	rows := v.rows[:min(len(v.rows), stuck+newest)]
	var cells [][]string
	for _, r := range rows {
		cells = append(cells, r.cells(now))
	}
	if len(rows) > 0 {
		text := lines(txColumns, cells, width)
		list = append(list, "", text[0])
		for i, r := range rows {
			list = append(list, text[i+1])
			if r.Stuck {
				for _, l := range v.remedyLines(r, width-4) {
					list = append(list, "    "+l)
				}
			}
		}
	}
	return strings.Join(list, "\n")
}
