package records

import (
	"fmt"
	"slices"
	"strings"
)

// shown bounds how many entries of lists are told one by one.
const shown = 40

// Text says in words how the packs differ.
func (d PackDiff) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s against %s.\n", d.After.words(), d.Before.words())
	if d.Same() {
		b.WriteString("They say the same.\n")
		return b.String()
	}
	if d.Before.From != d.After.From || d.Before.Until != d.After.Until {
		fmt.Fprintf(&b, "In effect %s, was %s.\n", d.After.effect(), d.Before.effect())
	}
	enumerate(&b, "Rules", 0, d.Rules, RuleDiff.words)
	enumerate(&b, "Acts and commands", 0, d.Gates, GateDiff.words)
	enumerate(&b, "Demands on lists", 0, d.Lists, Detail.words)
	enumerate(&b, "Entries of lists", shown, d.Entries, EntryDiff.words)
	enumerate(&b, "Files; rules that share what is in them may answer otherwise", 0, d.Files, EntryDiff.words)
	return b.String()
}

func (e Edition) words() string {
	return fmt.Sprintf("%s %s (%s)", e.Name, e.Version, e.Digest.Short())
}

func (e Edition) effect() string {
	from, until := "at once", "for good"
	if !e.From.IsZero() {
		from = "from " + clock(e.From.UnixMilli())
	}
	if !e.Until.IsZero() {
		until = "until " + clock(e.Until.UnixMilli())
	}
	return from + ", " + until
}

func (r RuleDiff) words() string {
	switch r.How {
	case IsNew:
		return fmt.Sprintf("new: %s (%s), owner %s", r.ID, r.Title, r.Owner)
	case IsGone:
		return fmt.Sprintf("gone: %s (%s)", r.ID, r.Title)
	}
	var parts []string
	for _, d := range r.Details {
		if d.What == "text" {
			parts = append(parts, "other text\n"+lineDiff(d.Was, d.Is))
		} else {
			parts = append(parts, d.words())
		}
	}
	return "changed: " + r.ID + ": " + strings.Join(parts, "; ")
}

func (g GateDiff) words() string {
	switch g.How {
	case IsNew:
		return "new: " + g.Name + " must pass " + strings.Join(g.Added, ", ")
	case IsGone:
		return "gone: " + g.Name + ": no rules for it, so it is refused"
	}
	var parts []string
	if len(g.Added) > 0 {
		parts = append(parts, "must also pass "+strings.Join(g.Added, ", "))
	}
	if len(g.Removed) > 0 {
		parts = append(parts, "need not pass "+strings.Join(g.Removed, ", ")+" any more")
	}
	for _, d := range g.Details {
		parts = append(parts, d.words())
	}
	return g.Name + ": " + strings.Join(parts, "; ")
}

func (d Detail) words() string {
	or := func(s string) string {
		if s == "" {
			return "nothing"
		}
		return s
	}
	return fmt.Sprintf("%s: %s, was %s", d.What, or(d.Is), or(d.Was))
}

func (e EntryDiff) words() string {
	switch {
	case e.How == IsNew:
		return strings.TrimRight("new: "+e.Path+" "+e.Is, " ")
	case e.How == IsGone:
		return strings.TrimRight("gone: "+e.Path+" "+e.Was, " ")
	case e.Was == "" && e.Is == "":
		return "changed: " + e.Path
	}
	return fmt.Sprintf("%s: %s, was %s", e.Path, e.Is, e.Was)
}

// lineDiff shows the lines that only one of two texts has.
func lineDiff(was, is string) string {
	before, after := strings.Split(was, "\n"), strings.Split(is, "\n")
	var b strings.Builder
	for _, line := range before {
		if !slices.Contains(after, line) {
			b.WriteString("    - " + line + "\n")
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			b.WriteString("    + " + line + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}
