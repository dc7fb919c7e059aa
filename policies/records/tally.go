package records

import (
	"maps"
	"math"
	"slices"

	"cession/deal"
)

// Why a decision cannot be made again.
const (
	noDocument = "the rules were not asked, so no document was recorded"
	unreadable = "the recorded document is not one these rules can read"
	notHeld    = "the recorded document does not hold what the rules need"
)

// tally is what one worker has counted.
type tally struct {
	decisions, same, kept int
	narrowed              int
	affected              map[Change]*affected
	rules                 map[string]*RuleChange
	skipped               map[string]int
	examples              int
}

type affected struct {
	decisions int
	deals     map[string]worth
	examples  []Example
}

func newTally(examples int) *tally {
	t := &tally{affected: map[Change]*affected{}, rules: map[string]*RuleChange{}, skipped: map[string]int{}, examples: examples}
	for _, c := range changes {
		t.affected[c] = &affected{deals: map[string]worth{}}
	}
	return t
}

// add counts how the answer to a record changed.
func (t *tally) add(line int, r Record, before, after deal.Decision) {
	changed := compareRules(before, after)
	change := classify(before, after, changed)
	switch {
	case change == NewlyRefused && !slices.ContainsFunc(after.Rules, func(r deal.RuleResult) bool { return r.State == deal.Fail }):
		t.skipped[notHeld]++
		return
	case change == "":
		t.same++
		return
	}
	for _, c := range changed {
		t.count(c)
	}
	a := t.affected[change]
	a.decisions++
	w := appraise(r.Document, line)
	a.deals[r.Chain] = better(a.deals[r.Chain], w)
	if len(a.examples) < t.examples {
		a.examples = append(a.examples, Example{r.Chain, r.Act, r.Name, r.At, w.Amount, changed, line})
	}
}

func classify(before, after deal.Decision, changed []RuleAnswer) Change {
	switch {
	case before.Allow && !after.Allow:
		return NewlyRefused
	case !before.Allow && after.Allow:
		return NewlyAllowed
	case !slices.Equal(before.Obligations, after.Obligations) || !slices.Equal(before.Needs, after.Needs):
		return ObligationsChanged
	case len(changed) > 0:
		return RulesChanged
	}
	return ""
}

// RuleAnswer is how the answer of one rule changed. A rule that was, or is, not
// asked refuses nothing: its state is pass.
type RuleAnswer struct {
	deal.RuleResult                // as it answers now; if it is gone, as it answered
	Was             deal.RuleState `json:"was"`
	Gone            bool           `json:"gone,omitempty"` // it is not asked any more
}

// refuses reports whether the rule refuses now.
func (a RuleAnswer) refuses() bool { return a.State != deal.Pass && !a.Gone }

// compareRules returns the rules whose answer changed.
func compareRules(before, after deal.Decision) (changed []RuleAnswer) {
	old := make(map[string]deal.RuleState, len(before.Rules))
	for _, r := range before.Rules {
		old[r.ID] = r.State
	}
	for _, r := range after.Rules {
		was, asked := old[r.ID]
		delete(old, r.ID)
		if !asked {
			was = deal.Pass
		}
		if was != r.State {
			changed = append(changed, RuleAnswer{r, was, false})
		}
	}
	for _, r := range before.Rules {
		if _, gone := old[r.ID]; gone && r.State != deal.Pass {
			changed = append(changed, RuleAnswer{r, r.State, true})
		}
	}
	return changed
}

func (t *tally) count(a RuleAnswer) {
	c := t.rules[a.ID]
	if c == nil {
		c = &RuleChange{ID: a.ID, Title: a.Title}
		t.rules[a.ID] = c
	}
	if !a.refuses() {
		c.Passes++
	} else if a.Was == deal.Pass {
		c.Refuses++
	}
}

// failed counts a document that cannot be read; any other error it returns.
func (t *tally) failed(err error) error {
	if deal.KindOf(err) != deal.Invalid {
		return err
	}
	t.skipped[unreadable]++
	return nil
}

// merge adds what another worker counted.
func (t *tally) merge(o *tally) {
	t.decisions, t.same, t.kept, t.narrowed = t.decisions+o.decisions, t.same+o.same, t.kept+o.kept, t.narrowed+o.narrowed
	for why, n := range o.skipped {
		t.skipped[why] += n
	}
	for id, c := range o.rules {
		if have := t.rules[id]; have != nil {
			have.Refuses, have.Passes = have.Refuses+c.Refuses, have.Passes+c.Passes
		} else {
			t.rules[id] = c
		}
	}
	for change, a := range o.affected {
		have := t.affected[change]
		have.decisions += a.decisions
		have.examples = append(have.examples, a.examples...)
		for chain, w := range a.deals {
			have.deals[chain] = better(have.deals[chain], w)
		}
	}
}

// report puts what was counted into its final form, which does not depend on
// how the records were spread over workers.
func (t *tally) report() Report {
	r := Report{
		Decisions: t.decisions, Same: t.same, NotComparable: t.skipped, RecordedScreenings: t.kept, Narrowed: t.narrowed,
		Changes: map[Change]Affected{}, Rules: []RuleChange{},
	}
	turned := map[string]worth{}
	for change, a := range t.affected {
		slices.SortFunc(a.examples, func(a, b Example) int { return a.line - b.line })
		shown := a.examples[:min(len(a.examples), t.examples)]
		r.Changes[change] = Affected{a.decisions, len(a.deals), sum(a.deals), shown}
		if change == NewlyRefused || change == NewlyAllowed {
			for chain, w := range a.deals {
				turned[chain] = better(turned[chain], w)
			}
		}
	}
	r.Deals, r.Value = len(turned), sum(turned)
	for _, id := range slices.Sorted(maps.Keys(t.rules)) {
		r.Rules = append(r.Rules, *t.rules[id])
	}
	return r
}

func sum(deals map[string]worth) map[string]int64 {
	total := map[string]int64{}
	for _, w := range deals {
		if w.rank > 0 {
			total[w.Currency] = add(total[w.Currency], w.Minor)
		}
	}
	return total
}

// add does not overflow: a sum that needs more than 64 bits is the greatest
// that does not.
func add(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
