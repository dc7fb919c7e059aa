package policies

import (
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// reads are the places of input and data that a rule can look at, itself or
// through other rules, as paths with dots. Where a rule computes a path, all
// that stands below the fixed part counts.
type reads struct {
	input map[string]bool
	data  map[string]bool
}

// Reads returns the places of the input and of the lists that a rule can look
// at, itself or through other rules, sorted: "act.fields.until.ms" and
// "limits.act.hours". They are nil for a rule the pack does not have.
func (p *Pack) Reads(rule string) (input, data []string) {
	r := p.reads[rule]
	return slices.Sorted(maps.Keys(r.input)), slices.Sorted(maps.Keys(r.data))
}

// reader follows references through the rules of a compiler.
type reader struct {
	compiler *ast.Compiler
	seen     map[*ast.Rule]bool
	found    reads
}

func readsOf(c *ast.Compiler, rules []*ast.Rule) reads {
	r := &reader{c, map[*ast.Rule]bool{}, reads{map[string]bool{}, map[string]bool{}}}
	for _, rule := range rules {
		r.visit(rule)
	}
	return r.found
}

func (r *reader) visit(rule *ast.Rule) {
	if r.seen[rule] {
		return
	}
	r.seen[rule] = true
	ast.WalkRefs(rule, func(ref ast.Ref) bool {
		r.follow(ref)
		return false
	})
}

// follow notes what a reference reads, or visits the rules it leads to. What is
// computed inside of it is a reference of its own.
func (r *reader) follow(ref ast.Ref) {
	fixed := ref.ConstantPrefix()
	switch {
	case fixed.HasPrefix(ast.InputRootRef):
		r.found.input[joined(fixed)] = true
	case fixed.HasPrefix(ast.DefaultRootRef):
		if target, ok := r.alias(fixed); ok {
			r.follow(target)
			return
		}
		rules := r.compiler.GetRules(fixed)
		for _, rule := range rules {
			r.visit(rule)
		}
		if len(rules) == 0 || len(fixed) == 1 {
			r.found.data[joined(fixed)] = true
		}
	}
}

// alias resolves a rule that only gives another name to a place, as in
// act := input.act.
func (r *reader) alias(ref ast.Ref) (ast.Ref, bool) {
	for i := 2; i <= len(ref); i++ {
		rules := r.compiler.GetRulesExact(ref[:i])
		if len(rules) == 0 {
			continue
		}
		if target, ok := aliasOf(rules); ok {
			return target.Concat(ref[i:]), true
		}
		return nil, false
	}
	return nil, false
}

func aliasOf(rules []*ast.Rule) (ast.Ref, bool) {
	if len(rules) != 1 || rules[0].Else != nil || rules[0].Default || len(rules[0].Head.Args) > 0 {
		return nil, false
	}
	value, body := rules[0].Head.Value, rules[0].Body
	if ref, ok := value.Value.(ast.Ref); ok && trivial(body) {
		return ref, ref.IsGround()
	}
	// The compiler writes it as x if x = input.act.
	if len(body) != 1 || !body[0].IsEquality() || len(body[0].With) > 0 {
		return nil, false
	}
	left, right := body[0].Operand(0), body[0].Operand(1)
	ref, ok := right.Value.(ast.Ref)
	return ref, ok && left.Equal(value) && ref.IsGround()
}

func trivial(body ast.Body) bool {
	return len(body) == 1 && body[0].Equal(ast.NewExpr(ast.BooleanTerm(true)))
}

func joined(ref ast.Ref) string {
	words := make([]string, 0, len(ref))
	for _, term := range ref[1:] {
		if s, ok := term.Value.(ast.String); ok {
			words = append(words, quotedDot(string(s)))
		} else {
			words = append(words, term.String())
		}
	}
	return strings.Join(words, ".")
}

// quotedDot writes a key with a dot in it in brackets' stead with quotes.
func quotedDot(key string) string {
	if strings.Contains(key, ".") {
		return `"` + key + `"`
	}
	return key
}

// reachesBelow reports whether a set of paths touches a place: it, something
// below it, or something it is below of.
func reachesBelow(paths map[string]bool, place string) bool {
	for path := range paths {
		if path == "" || path == place || strings.HasPrefix(path, place+".") || strings.HasPrefix(place, path+".") {
			return true
		}
	}
	return false
}

// needsOf says which parts of the record a gate's document must hold.
func needsOf(all []reads) needs {
	n := needs{taken: map[string]bool{}}
	for _, r := range all {
		n.approvals = n.approvals || reachesBelow(r.input, "approvals")
		n.asked = n.asked || reachesBelow(r.input, "asked")
		n.open = n.open || reachesBelow(r.input, "open")
		n.offersDue = n.offersDue || reachesBelow(r.input, "offersDue")
		for path := range r.input {
			rest, below := strings.CutPrefix(path, `taken."`)
			name, _, quoted := strings.Cut(rest, `"`)
			if below && quoted {
				n.taken[name] = true
			} else if path == "" || path == "taken" || strings.HasPrefix(path, "taken.") {
				n.all = true
			}
		}
	}
	return n
}
