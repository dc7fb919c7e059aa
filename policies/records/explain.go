package records

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cession/deal"
	"cession/policies"
)

// Suggest looks for counterfactuals of every rule that did not pass, as
// [Counterfactual] does. Rules that are no pack's, such as engine.pack, have
// none.
func Suggest(ctx context.Context, pack *policies.Pack, document []byte) ([]Suggestion, error) {
	d, err := pack.Again(ctx, document)
	if err != nil {
		return nil, err
	}
	var all []Suggestion
	for _, r := range d.Reasons() {
		found, err := Counterfactual(ctx, pack, document, r.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// Explain puts a record into words for an officer: of each rule that did not
// pass its title, citation and owner, what was found and what was wanted, and
// with which changes it passes; then who decided what, and when. Owners are
// those of the rules given, which are the pack's; nil leaves them out.
func Explain(r Record, rules []policies.Rule, suggestions []Suggestion) string {
	var b strings.Builder
	d := r.Decision
	reasons := d.Reasons()
	if d.Allow {
		fmt.Fprintf(&b, "%s was allowed: %d of %d rules passed.\n", r.Name, len(d.Rules)-len(reasons), len(d.Rules))
	} else {
		fmt.Fprintf(&b, "%s was refused: %d of %d rules did not pass.\n", r.Name, len(reasons), len(d.Rules))
	}
	for _, reason := range reasons {
		b.WriteString(policies.ExplainRule(reason, ownerOf(reason.ID, rules)))
		explainChanges(&b, reason.ID, suggestions)
	}
	for _, n := range d.Needs {
		fmt.Fprintf(&b, "What helps: %s.\n", needed(n))
	}
	for _, l := range d.Lists {
		fmt.Fprintf(&b, "List %s as of %s (%s).\n", l.Name, day(l.AsOf), l.Digest.Short())
	}
	fmt.Fprintf(&b, "Act %s, %s record %d (%s), rules %s, %s, %s.\n",
		r.Act.Short(), r.Chain, r.Seq, r.Hash.Short(), d.Pack.Short(), d.Evaluator, clock(d.At.UnixMilli()))
	return b.String()
}

// ownerOf is who answers for a rule, if it is one of those given.
func ownerOf(id string, rules []policies.Rule) string {
	i := slices.IndexFunc(rules, func(known policies.Rule) bool { return known.ID == strings.TrimPrefix(id, policies.OwnPrefix) })
	if i < 0 {
		return ""
	}
	return rules[i].Owner
}

// explainChanges lists what would let a rule pass, the rule's own change last.
func explainChanges(b *strings.Builder, rule string, suggestions []Suggestion) {
	none := true
	for _, s := range suggestions {
		if s.Rule != rule {
			continue
		}
		none = false
		fmt.Fprintf(b, "    %s", s.Text)
		if s.Allows {
			b.WriteString("; the act is then allowed")
		}
		b.WriteByte('\n')
	}
	if none && suggestions != nil {
		b.WriteString("    no single change was found with which it passes\n")
	}
}

func needed(n deal.Need) string {
	if n.Kind == deal.NeedApproval {
		return fmt.Sprintf("approval by %s of %s, in all, until %s (%s)", plural(int(n.Persons), "other person"), n.Party, clock(n.Until.UnixMilli()), n.Act)
	}
	return "nothing before " + clock(n.Until.UnixMilli())
}
