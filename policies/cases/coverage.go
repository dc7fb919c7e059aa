package cases

import (
	"slices"

	"cession/deal"
)

// uncovered names the rules that do not both refuse in one case, which expects
// it, and pass in another.
func (t *trial) uncovered() (errs []error) {
	for _, rule := range t.pack.Rules() {
		refuses := slices.ContainsFunc(t.refused, func(s subject) bool {
			return slices.Contains(s.rules, rule.ID) && s.Expect.Rules[rule.ID] != ""
		})
		passes := slices.ContainsFunc(slices.Concat(t.allowed, t.refused), func(s subject) bool {
			return hasState(s.decision, rule.ID, deal.Pass)
		})
		if !refuses {
			errs = append(errs, deal.Errorf(deal.Invalid, "rule %s: no case expects it to fail: write one", rule.ID))
		}
		if !passes {
			errs = append(errs, deal.Errorf(deal.Invalid, "rule %s passes in no case: write one", rule.ID))
		}
	}
	return errs
}
