package policies

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// disclosure says what an act may carry while no confidentiality is agreed, by
// "step.action". An act that is not listed may carry nothing then.
type disclosure struct {
	Before map[string]fieldSet `json:"before" yaml:"before"`
}

// fieldSet is a set of fields, written as a list.
type fieldSet map[string]bool

// UnmarshalYAML reads [until, teaser].
func (s *fieldSet) UnmarshalYAML(node *yaml.Node) error {
	var ids []string
	if err := node.Decode(&ids); err != nil {
		return deal.Errorf(deal.Invalid, "line %d: want a list of fields: %w", node.Line, err)
	}
	set := fieldSet{}
	for _, id := range ids {
		if err := unique(set, id, true); err != nil {
			return deal.Errorf(deal.Invalid, "line %d: %w", node.Line, err)
		}
	}
	*s = set
	return nil
}

func (d disclosure) check() error {
	for act, set := range d.Before {
		if !ruleForm.MatchString(act) {
			return deal.Errorf(deal.Invalid, "disclosure: act %.60q: want step.action", act)
		}
		for id := range set {
			if !wordForm.MatchString(id) {
				return deal.Errorf(deal.Invalid, "disclosure: act %s: field %.60q: want one word", act, id)
			}
		}
	}
	return nil
}

// checkDisclosure reports what the list says of acts and fields that no plan has.
func (p *Pack) checkDisclosure(plan deal.Plan) (errs []error) {
	before := p.lists.Disclosure.Before
	for _, act := range slices.Sorted(maps.Keys(before)) {
		action, ok := actionOf(plan, act)
		if !ok {
			errs = append(errs, deal.Errorf(deal.Invalid, "list disclosure: %s is no action of plan %s", act, plan.Name))
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(before[act])) {
			if !slices.ContainsFunc(action.Fields, func(f deal.Field) bool { return f.ID == id }) {
				errs = append(errs, deal.Errorf(deal.Invalid, "list disclosure: %s has no field %s in plan %s", act, id, plan.Name))
			}
		}
	}
	return errs
}
