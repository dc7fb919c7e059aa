package policies

import (
	"fmt"
	"slices"
	"time"

	"cession/deal"
)

// staleness is a list that is too old to be relied on.
type staleness struct {
	list listRef
	at   time.Time
}

// result refuses in the name of a rule that reads the list.
func (s staleness) result() deal.RuleResult {
	return deal.RuleResult{
		State:     deal.NotEvaluated,
		Actual:    fmt.Sprintf("list %s of %s, %d days old", s.list.Name, s.list.AsOf.UTC().Format(time.DateOnly), int(s.at.Sub(s.list.AsOf)/(24*time.Hour))),
		Threshold: "at most " + s.list.MaximumAge.words(),
	}
}

// stale returns which rules read a list that is too old at a time. It is asked
// after the rules were, so that no rule has to think of it.
func (p *Pack) stale(at time.Time) func(rule string) *staleness {
	var old []listRef
	for _, l := range p.manifest.Lists {
		if l.MaximumAge > 0 && (l.AsOf.IsZero() || at.Sub(l.AsOf) > time.Duration(l.MaximumAge)) {
			old = append(old, l)
		}
	}
	return func(rule string) *staleness {
		for _, l := range old {
			if slices.Contains(p.listsOf[rule], l.Name) {
				return &staleness{l, at}
			}
		}
		return nil
	}
}

// words says how long an age is.
func (a age) words() string {
	if d := time.Duration(a); d%(24*time.Hour) != 0 {
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d days", time.Duration(a)/(24*time.Hour))
}
