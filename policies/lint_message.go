package policies

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// checkMessages reports figures and messages that are made of a member which
// the input may lack, while the verdict does not need it. Without the member the
// message is undefined, and with it the verdict: a refusal would lose its words,
// and in packs that collect objections the objection itself.
func checkMessages(compiler *ast.Compiler, modules map[string]*ast.Module) (errs []error) {
	for _, file := range slices.Sorted(maps.Keys(modules)) {
		w := &words{compiler: compiler, module: modules[file]}
		for _, rule := range w.module.Rules {
			for ; rule != nil; rule = rule.Else {
				said, needed := w.split(rule)
				if only := w.optional(said).without(w.optional(needed)); len(only) > 0 {
					errs = append(errs, deal.Errorf(deal.Invalid, "%s: the message needs input.%s, which may be missing, and the verdict does not",
						rule.Loc(), strings.Join(only, ", input.")))
				}
			}
		}
	}
	return errs
}

// words looks at what rules of a module say.
type words struct {
	compiler *ast.Compiler
	module   *ast.Module
}

// split returns the terms of which a rule's message is made, and what its
// verdict hangs on.
func (w *words) split(rule *ast.Rule) (said []*ast.Term, needed []any) {
	var message *ast.Term
	switch {
	case rule.Head.Key != nil:
		message = rule.Head.Key
	case rule.Head.Value != nil:
		message = rule.Head.Value
	}
	body := slices.Clone(rule.Body)
	if message != nil && rule.Head.Key != nil {
		said, body = assigned(message, body)
		if _, plain := message.Value.(ast.Ref); !plain {
			said = append(said, message)
		}
	} else if message != nil {
		verdict, figures := answerParts(message)
		said = figures
		if len(figures) > 0 {
			needed = append(needed, verdict)
		}
	}
	for _, expr := range body {
		needed = append(needed, expr)
	}
	return said, needed
}

// assigned takes out of a body what gives a variable its value.
func assigned(message *ast.Term, body ast.Body) (said []*ast.Term, rest ast.Body) {
	for _, expr := range body {
		if expr.IsAssignment() && expr.Operand(0).Equal(message) {
			said = append(said, expr.Operand(1))
		} else {
			rest = append(rest, expr)
		}
	}
	return said, rest
}

// answerParts returns the verdict and the figures of lib.answer(verdict,
// actual, threshold), or of an object with a state.
func answerParts(value *ast.Term) (verdict *ast.Term, figures []*ast.Term) {
	switch v := value.Value.(type) {
	case ast.Call:
		name := v[0].String()
		if (name == "answer" || strings.HasSuffix(name, ".answer")) && len(v) > 2 {
			return v[1], v[2:]
		}
		if name == "object.union" && len(v) == 3 {
			return answerParts(v[1])
		}
	case ast.Object:
		if state := v.Get(keyState); state != nil {
			v.Foreach(func(key, figure *ast.Term) {
				if key.Equal(keyActual) || key.Equal(keyThreshold) {
					figures = append(figures, figure)
				}
			})
			return state, figures
		}
	}
	return nil, nil
}

// places are members of the input.
type places map[string]bool

func (a places) without(b places) (only []string) {
	for place := range a {
		if !b[place] {
			only = append(only, place)
		}
	}
	slices.Sort(only)
	return only
}

// optional returns the members on which terms depend, also through other rules,
// and which the input may lack.
func (w *words) optional(terms any) places {
	found := places{}
	visit := func(x any) {
		ast.WalkRefs(x, func(ref ast.Ref) bool {
			w.follow(ref, found)
			return false
		})
		ast.WalkVars(x, func(v ast.Var) bool {
			w.follow(ast.Ref{ast.NewTerm(v)}, found)
			return false
		})
	}
	switch terms := terms.(type) {
	case []*ast.Term:
		for _, t := range terms {
			visit(t)
		}
	case []any:
		for _, t := range terms {
			if t != nil {
				visit(t)
			}
		}
	}
	return found
}

// follow adds what a reference of the source depends on: a member of the input,
// a rule of this package, or one of a package that is imported.
func (w *words) follow(ref ast.Ref, found places) {
	if ref.HasPrefix(ast.InputRootRef) {
		note(found, joined(ref.ConstantPrefix()))
		return
	}
	root, ok := ref[0].Value.(ast.Var)
	if !ok {
		return
	}
	full := w.module.Package.Path.Append(ast.StringTerm(string(root))).Concat(ref[1:])
	for _, i := range w.module.Imports {
		if path, ok := i.Path.Value.(ast.Ref); ok && i.Name() == root {
			full = path.Concat(ref[1:])
		}
	}
	if root == ast.DefaultRootDocument.Value.(ast.Var) {
		full = ref
	}
	for path := range readsOf(w.compiler, w.compiler.GetRules(full.ConstantPrefix())).input {
		note(found, path)
	}
}

// note adds the members on a path that may be missing.
func note(found places, path string) {
	words := pathWords(path)
	at := actShape
	if len(words) > 0 && words[0] == "operation" {
		at = operationShape
	}
	for i, word := range words {
		if at == nil {
			return
		}
		next, may := at.at(word)
		if may {
			found[strings.Join(words[:i+1], ".")] = true
		}
		at = next
	}
}

// at returns the shape of a member, and whether it may be missing.
func (s *shape) at(name string) (*shape, bool) {
	switch s.kind {
	case aMap:
		return s.of, true
	case aList:
		return s.of, false
	case aRecord:
		for _, m := range s.members {
			if m.name == name {
				return m.shape, m.omitted
			}
		}
	}
	return nil, false
}

// pathWords splits what joined put together.
func pathWords(path string) (words []string) {
	for path != "" {
		if path[0] == '"' {
			if quoted, err := strconv.QuotedPrefix(path); err == nil {
				words, path = append(words, strings.Trim(quoted, `"`)), strings.TrimPrefix(path[len(quoted):], ".")
				continue
			}
		}
		word, rest, _ := strings.Cut(path, ".")
		words, path = append(words, word), rest
	}
	return words
}
