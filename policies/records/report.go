package records

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cession/deal"
	"cession/policies"
)

var headings = map[Change]string{
	NewlyRefused:       "Newly refused",
	NewlyAllowed:       "Newly allowed",
	ObligationsChanged: "Same answer, other obligations",
	RulesChanged:       "Same answer, for other reasons",
}

// Text says in words what the candidate changes.
func (r Report) Text() string {
	var b strings.Builder
	against := "what was recorded"
	if !r.Base.IsZero() {
		against = "rules " + r.Base.Short()
	}
	fmt.Fprintf(&b, "Rules %s against %s, on %s.\n", r.Candidate.Short(), against, plural(r.Decisions, "recorded decision"))
	fmt.Fprintf(&b, "Same answer for the same reasons: %s.\n", plural(r.Same, "decision"))
	for _, change := range changes {
		a := r.Changes[change]
		fmt.Fprintf(&b, "%s: %s", headings[change], plural(a.Decisions, "decision"))
		if a.Decisions > 0 {
			fmt.Fprintf(&b, " in %s, %s", plural(a.Deals, "deal"), sums(a.Value))
		}
		b.WriteString(".\n")
	}
	fmt.Fprintf(&b, "Value affected, of deals with another answer, each counted once: %s in %s.\n", sums(r.Value), plural(r.Deals, "deal"))
	enumerate(&b, "By rule", 0, r.Rules, RuleChange.words)
	for _, change := range changes {
		enumerate(&b, headings[change]+", for example", 0, r.Changes[change].Examples, Example.words)
	}
	r.caveats(&b)
	fmt.Fprintf(&b, "%s decisions a second.\n", thousands(int(r.Rate)))
	return b.String()
}

// caveats says what the numbers leave out.
func (r Report) caveats(b *strings.Builder) {
	for _, why := range slices.Sorted(maps.Keys(r.NotComparable)) {
		fmt.Fprintf(b, "Left out: %s: %s.\n", plural(r.NotComparable[why], "decision"), why)
	}
	if r.Narrowed > 0 {
		fmt.Fprintf(b, "Of %s only the rules were asked that the packs do not share; none answered otherwise.\n", plural(r.Narrowed, "decision"))
	}
	if r.RecordedScreenings > 0 {
		fmt.Fprintf(b, "%s kept the screening that was recorded, though the list is another one now: records hold no names to screen again.\n",
			plural(r.RecordedScreenings, "decision"))
	}
}

func (c RuleChange) words() string {
	var parts []string
	if c.Refuses > 0 {
		parts = append(parts, "now refuses "+thousands(c.Refuses))
	}
	if c.Passes > 0 {
		parts = append(parts, "no longer refuses "+thousands(c.Passes))
	}
	if len(parts) == 0 {
		parts = append(parts, "refuses for another reason")
	}
	return fmt.Sprintf("%s (%s): %s", c.ID, c.Title, strings.Join(parts, ", "))
}

func (e Example) words() string {
	text := fmt.Sprintf("%s %s, act %s, %s", e.Chain, e.Name, e.Act.Short(), e.At.UTC().Format("2006-01-02 15:04"))
	if e.Value.Minor > 0 {
		text += ", " + money(e.Value.Minor, e.Value.Currency)
	}
	for _, r := range e.Rules {
		text += "; " + r.words()
	}
	return text
}

var states = map[deal.RuleState]string{deal.Pass: "passes", deal.Fail: "fails", deal.NotEvaluated: "cannot be evaluated"}

func (a RuleAnswer) words() string {
	if a.Gone {
		return a.ID + " is not asked any more"
	}
	text := a.ID + " " + states[a.State]
	if a.Actual != "" && a.Threshold != "" {
		text += fmt.Sprintf(" (found %s, wanted %s)", policies.Readable(a.Actual), policies.Readable(a.Threshold))
	}
	return text
}

// Text says in words whether the records stand.
func (r Replayed) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s made again: %s identical byte for byte, %s different.\n",
		plural(r.Decisions, "recorded decision"), thousands(r.Identical), thousands(r.Different))
	enumerate(&b, "Different", 0, r.Differences, func(d Difference) string {
		return fmt.Sprintf("%s record %d, %s, act %s: %s", d.Chain, d.Seq, d.Name, d.Act.Short(), strings.Join(d.Where, ", "))
	})
	for _, why := range slices.Sorted(maps.Keys(r.NotComparable)) {
		fmt.Fprintf(&b, "Left out: %s: %s.\n", plural(r.NotComparable[why], "decision"), why)
	}
	fmt.Fprintf(&b, "%s decisions a second.\n", thousands(int(r.Rate)))
	return b.String()
}
