package cases

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cession/deal"
)

// Breach is a mutation that turned a refusal into permission.
type Breach struct {
	Case     string
	Where    string   // file:line of the case
	Rules    []string // that refused before
	Mutation Mutation
}

func (b Breach) String() string {
	before := "must refuse what it lacks"
	if len(b.Rules) > 0 {
		before = "is refused by " + strings.Join(b.Rules, ", ")
	}
	return fmt.Sprintf("%s: %q %s, but is allowed after %s", b.Where, b.Case, before, b.Mutation)
}

// maxBreaches bounds for how many cases one is named.
const maxBreaches = 20

// verdict is the error of a pack that does not hold.
func (t *trial) verdict() error {
	var errs []error
	for _, c := range t.cases {
		for _, h := range c.Harmless {
			if !t.used[h.where()] {
				errs = append(errs, fault(h.File, h.Line, "%s turns no refusal of %q into permission: take the entry out", h.Mutation, c.Name))
			}
		}
	}
	for i, group := range t.byCase() {
		if i == maxBreaches {
			errs = append(errs, deal.Errorf(deal.Refused, "and further cases"))
			break
		}
		closest := slices.MaxFunc(group, func(a, b Breach) int {
			return strings.Count(a.Mutation.Path, ".") - strings.Count(b.Mutation.Path, ".")
		})
		more := ""
		if n := len(group) - 1; n > 0 {
			more = fmt.Sprintf(" (and after %d other mutations)", n)
		}
		errs = append(errs, deal.Errorf(deal.Refused, "%s%s", closest, more))
	}
	if len(t.breaches) > 0 {
		return deal.Errorf(deal.Refused, "the pack does not fail closed: %w", errors.Join(errs...))
	}
	return errors.Join(errs...)
}

// byCase returns the breaches of each case together, in the order of the cases.
func (t *trial) byCase() (groups [][]Breach) {
	at := map[string]int{}
	for _, b := range t.breaches {
		i, known := at[b.Where]
		if !known {
			i = len(groups)
			at[b.Where], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], b)
	}
	return groups
}
