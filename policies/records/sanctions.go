package records

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cession/deal"
)

// ListEntry is one entry of a sanctions list.
type ListEntry struct {
	Number  int      `json:"number"` // the list's own
	Name    string   `json:"name"`
	Type    string   `json:"type"` // individual, vessel, aircraft, or "" for an organization
	Program string   `json:"program"`
	Aliases []string `json:"aliases"` // sorted
}

// EntryChange is an entry that stayed, and how it changed.
type EntryChange struct {
	Was ListEntry `json:"was"`
	Is  ListEntry `json:"is"`
}

// ListDiff is how two editions of a sanctions list differ, by entry number.
type ListDiff struct {
	Before  int           `json:"before"` // entries
	After   int           `json:"after"`
	Added   []ListEntry   `json:"added"`
	Removed []ListEntry   `json:"removed"`
	Changed []EntryChange `json:"changed"` // in name, type, program or aliases: what screening or an officer looks at
}

// DiffSanctions compares two editions of a list in the format of OFAC's
// SDN.CSV. A file that is not in it is an error of kind invalid.
func DiffSanctions(before, after io.Reader) (ListDiff, error) {
	old, err := readEntries(before)
	if err != nil {
		return ListDiff{}, fmt.Errorf("edition before: %w", err)
	}
	now, err := readEntries(after)
	if err != nil {
		return ListDiff{}, fmt.Errorf("edition after: %w", err)
	}
	d := ListDiff{Before: len(old), After: len(now), Added: []ListEntry{}, Removed: []ListEntry{}, Changed: []EntryChange{}}
	for _, n := range slices.Sorted(maps.Keys(now)) {
		was, stayed := old[n]
		if is := now[n]; !stayed {
			d.Added = append(d.Added, is)
		} else if was.Name != is.Name || was.Type != is.Type || was.Program != is.Program || !slices.Equal(was.Aliases, is.Aliases) {
			d.Changed = append(d.Changed, EntryChange{was, is})
		}
	}
	for _, n := range slices.Sorted(maps.Keys(old)) {
		if _, stays := now[n]; !stays {
			d.Removed = append(d.Removed, old[n])
		}
	}
	return d, nil
}

var aliasForm = regexp.MustCompile(`(?:a\.k\.a\.|f\.k\.a\.|d\.b\.a\.) '(.+?)'(?:[;.]|$)`)

// readEntries reads SDN.CSV: twelve columns, no header, "-0-" for unknown, and
// a control-Z at the end.
func readEntries(r io.Reader) (map[int]ListEntry, error) {
	entries := map[int]ListEntry{}
	rows := csv.NewReader(r)
	rows.ReuseRecord, rows.FieldsPerRecord = true, -1
	for line := 1; ; line++ {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return entries, nil
		case err != nil:
			return nil, deal.Errorf(deal.Invalid, "read sanctions list: %w", err)
		case len(row) == 1 && row[0] == "\x1a":
			continue
		case len(row) != 12:
			return nil, deal.Errorf(deal.Invalid, "sanctions list, row %d: %d columns, want 12 as in SDN.CSV", line, len(row))
		}
		e, err := readEntry(row)
		if err != nil {
			return nil, deal.Errorf(deal.Invalid, "sanctions list, row %d: %w", line, err)
		}
		if _, twice := entries[e.Number]; twice {
			return nil, deal.Errorf(deal.Invalid, "sanctions list, row %d: entry %d stands twice", line, e.Number)
		}
		entries[e.Number] = e
	}
}

func readEntry(row []string) (ListEntry, error) {
	known := func(i int) string {
		if s := strings.TrimSpace(row[i]); s != "-0-" {
			return s
		}
		return ""
	}
	n, err := strconv.Atoi(known(0))
	if err != nil || n <= 0 {
		return ListEntry{}, deal.Errorf(deal.Invalid, "want the entry's number first")
	}
	e := ListEntry{Number: n, Name: known(1), Type: known(2), Program: known(3), Aliases: []string{}}
	for _, alias := range aliasForm.FindAllStringSubmatch(row[11], -1) {
		e.Aliases = append(e.Aliases, alias[1])
	}
	slices.Sort(e.Aliases)
	e.Aliases = slices.Compact(e.Aliases)
	return e, nil
}

// Text says in words what changed. It lists at most so many entries of each
// kind of change; 0 means all.
func (d ListDiff) Text(most int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Sanctions list: %s before, %s after: %s added, %s removed, %s changed.\n",
		entriesOf(d.Before), entriesOf(d.After), thousands(len(d.Added)), thousands(len(d.Removed)), thousands(len(d.Changed)))
	enumerate(&b, "Added", most, d.Added, ListEntry.words)
	enumerate(&b, "No longer on the list", most, d.Removed, ListEntry.words)
	enumerate(&b, "Changed", most, d.Changed, EntryChange.words)
	return b.String()
}

func entriesOf(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return thousands(n) + " entries"
}

// enumerate writes items under a heading, and how many are left out.
func enumerate[T any](b *strings.Builder, heading string, most int, items []T, words func(T) string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "%s:\n", heading)
	for i, item := range items {
		if most > 0 && i == most {
			fmt.Fprintf(b, "  and %s more\n", thousands(len(items)-most))
			return
		}
		fmt.Fprintf(b, "  %s\n", words(item))
	}
}

func (e ListEntry) words() string {
	kind := e.Type
	if kind == "" {
		kind = "organization"
	}
	text := fmt.Sprintf("entry %d, %s (%s, %s)", e.Number, e.Name, kind, e.Program)
	if len(e.Aliases) > 0 {
		text += ", also known as " + strings.Join(e.Aliases, "; ")
	}
	return text
}

func (c EntryChange) words() string {
	var parts []string
	for _, p := range []struct{ what, was, is string }{
		{"name", c.Was.Name, c.Is.Name}, {"type", c.Was.Type, c.Is.Type}, {"program", c.Was.Program, c.Is.Program},
	} {
		if p.was != p.is {
			parts = append(parts, fmt.Sprintf("%s from %q to %q", p.what, p.was, p.is))
		}
	}
	for _, alias := range without(c.Is.Aliases, c.Was.Aliases) {
		parts = append(parts, "now also known as "+alias)
	}
	for _, alias := range without(c.Was.Aliases, c.Is.Aliases) {
		parts = append(parts, "no longer also known as "+alias)
	}
	return fmt.Sprintf("entry %d, %s: %s", c.Is.Number, c.Is.Name, strings.Join(parts, "; "))
}

// without returns what is in a and not in b.
func without(a, b []string) (rest []string) {
	for _, s := range a {
		if !slices.Contains(b, s) {
			rest = append(rest, s)
		}
	}
	return rest
}
