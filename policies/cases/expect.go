package cases

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// expect reads what a decision must say.
func (d *draft) expect(n *yaml.Node) error {
	entries, err := entriesOf(n)
	if err != nil {
		return err
	}
	allow := ""
	for _, e := range entries {
		switch e.key {
		case "allow":
			allow, err = word(e.value)
		case "rules":
			err = d.expectRules(e.value)
		case "obligations":
			d.Expect.Obligations, err = words(e.value)
			if d.Expect.Obligations == nil {
				d.Expect.Obligations = []string{}
			}
		default:
			err = deal.Errorf(deal.Invalid, "want allow, rules and obligations")
		}
		if err != nil {
			return deal.Errorf(deal.Invalid, "%.40s: %w", e.key, err)
		}
	}
	return d.Expect.settle(allow)
}

func (d *draft) expectRules(n *yaml.Node) error {
	entries, err := entriesOf(n)
	for _, e := range entries {
		if err := d.Expect.rule(e.key, e.value.Value); err != nil {
			return err
		}
	}
	return err
}

var states = []deal.RuleState{deal.Pass, deal.Fail, deal.NotEvaluated}

func (x *Expectation) rule(id, state string) error {
	if !slices.Contains(states, deal.RuleState(state)) {
		return deal.Errorf(deal.Invalid, "%.60s: want pass, fail or not_evaluated, have %.40q", id, state)
	}
	if x.Rules == nil {
		x.Rules = map[string]deal.RuleState{}
	}
	x.Rules[id] = deal.RuleState(state)
	return nil
}

// settle reads whether the act is allowed, which need not be said where some
// rule is expected not to pass.
func (x *Expectation) settle(allow string) error {
	refused := false
	for _, state := range x.Rules {
		refused = refused || state != deal.Pass
	}
	yes, ok := parseTruth(allow)
	switch {
	case allow != "" && !ok:
		return deal.Errorf(deal.Invalid, "allow: want yes or no, have %.40q", allow)
	case allow == "" && !refused:
		return deal.Errorf(deal.Invalid, "want allow: yes or no, or a rule that fails or is not_evaluated")
	case yes && refused:
		return deal.Errorf(deal.Invalid, "an act is refused if a rule does not pass: want allow: no")
	}
	x.Allow = yes
	return nil
}
