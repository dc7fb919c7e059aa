package policies

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Source returns the Rego of a rule: all of its definitions, and the file and
// the row of the first. It returns nothing for a rule that is not in Rego.
func (p *Pack) Source(rule string) (file string, row int, text string) {
	name, id, _ := strings.Cut(rule, ".")
	rules := slices.Clone(p.compiler.GetRules(ast.MustParseRef("data.cession." + name + ".answer." + id)))
	slices.SortFunc(rules, func(a, b *ast.Rule) int { return a.Location.Row - b.Location.Row })
	var parts []string
	for _, r := range rules {
		parts = append(parts, string(r.Location.Text))
	}
	if len(rules) == 0 {
		return "", 0, ""
	}
	return rules[0].Location.File, rules[0].Location.Row, strings.Join(parts, "\n\n")
}
