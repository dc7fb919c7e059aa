package records

import (
	"fmt"
	"slices"
	"strings"
)

// Means says how a suggestion could come about, and so who could see to it.
type Means string

// The means, in the order in which suggestions are given.
const (
	ByAct      Means = "act"      // the same act, made otherwise
	ByApproval Means = "approval" // other persons of the party approve
	ByWaiting  Means = "wait"     // the same act, later
	ByRecord   Means = "record"   // other acts come first, or are made otherwise
	ByFile     Means = "file"     // what is known of a party would have to be otherwise
	ByList     Means = "list"     // a newer edition of a list is loaded
	ByFacts    Means = "facts"    // where the deal stands would have to be otherwise
	ByRule     Means = "rule"     // the rule would have to be otherwise
)

var means = []Means{ByAct, ByApproval, ByWaiting, ByRecord, ByFile, ByList, ByFacts, ByRule}

// Bound says which values a suggestion is about.
type Bound string

// The bounds.
const (
	AtMost  Bound = "at_most"  // Most or less, above zero
	AtLeast Bound = "at_least" // Least or more
	Between Bound = "between"  // Least to Most, both included
	OneOf   Bound = "one_of"   // any of Values
	Added   Bound = "added"    // all of Values, in addition
)

// Unit says what the figures of a suggestion count.
type Unit string

// The units.
const (
	Minor   Unit = "minor"   // minor units of Currency
	Seconds Unit = "seconds" // since 1970
	Count   Unit = "count"
)

// Suggestion is a change with which a rule passes, as was found out by asking
// it. A bound is exact: with the next value beyond it the rule does not pass.
// Values farther off than 10 trillion, or 50 years, were not tried.
type Suggestion struct {
	Rule     string   `json:"rule"`
	Means    Means    `json:"means"`
	Path     string   `json:"path"`           // in the document, or for [ByRule] in the pack's lists
	Also     []string `json:"also,omitempty"` // places that had the same amount, and change with it
	Bound    Bound    `json:"bound"`
	Least    *int64   `json:"least,omitempty"`
	Most     *int64   `json:"most,omitempty"`
	Unit     Unit     `json:"unit,omitempty"`
	Currency string   `json:"currency,omitempty"`
	Values   []string `json:"values,omitempty"`
	Text     string   `json:"text"`
	Passes   bool     `json:"passes"` // the rule: always true
	Allows   bool     `json:"allows"` // every other rule passes, too
}

// figure writes a value in the suggestion's unit.
func (s Suggestion) figure(n int64) string {
	switch s.Unit {
	case Minor:
		return money(n, s.Currency)
	case Seconds:
		return clock(n * 1000)
	}
	return group(fmt.Sprint(n))
}

// span writes the values of a bound in words.
func (s Suggestion) span() string {
	switch {
	case s.Bound == Between && *s.Least == *s.Most:
		return "at exactly " + s.figure(*s.Least)
	case s.Bound == Between:
		return "from " + s.figure(*s.Least) + " to " + s.figure(*s.Most)
	case s.Bound == AtMost && s.Unit == Seconds:
		return "until " + s.figure(*s.Most)
	case s.Bound == AtMost:
		return "at " + s.figure(*s.Most) + " or less"
	case s.Bound == AtLeast && s.Unit == Seconds:
		return "from " + s.figure(*s.Least) + " on"
	case s.Bound == AtLeast:
		return "at " + s.figure(*s.Least) + " or more"
	}
	return "with " + either(s.Values)
}

// words says the suggestion; what is its subject in words.
func (s Suggestion) words(what string) string {
	switch s.Means {
	case ByWaiting:
		return "passes " + s.span()
	case ByList:
		return "passes with an edition of list " + s.Path + " as of " + s.figure(*s.Least) + " or later, in which nothing else is found"
	case ByRule:
		if s.Unit == "" {
			return "the rule would have to be: " + what + " " + either(s.Values)
		}
		return "the rule would have to be: " + what + " " + s.span()
	}
	text := what + ": passes " + s.span()
	if len(s.Also) > 0 {
		text += ", the same in " + strings.Join(s.Also, " and ")
	}
	return text
}

// either writes up to eight values, and how many more there are.
func either(values []string) string {
	const most = 8
	switch n := len(values); {
	case n == 0:
		return ""
	case n == 1:
		return values[0]
	case n > most:
		return fmt.Sprintf("%s or %d others", strings.Join(values[:most], ", "), n-most)
	}
	return strings.Join(values[:len(values)-1], ", ") + " or " + values[len(values)-1]
}

// order puts suggestions in the order in which they are worth reading.
func order(all []Suggestion) {
	slices.SortStableFunc(all, func(a, b Suggestion) int {
		if a.Means != b.Means {
			return slices.Index(means, a.Means) - slices.Index(means, b.Means)
		}
		if a.Allows != b.Allows {
			if a.Allows {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Path, b.Path)
	})
}
