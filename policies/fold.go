package policies

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// answerFunction makes the answer of a rule from a verdict and two figures.
const answerFunction = "cession.lib.answer"

// folding rewrites rules before they are compiled, so that the engine does not
// build for every answer what never changes. Where a rule or a function ends in
//
//	lib.answer(verdict, ["before ", {"ms": input.due}], "…")
//
// it returns a list instead: the number of a wording, the verdict, and what has
// to be computed, here input.due. Reading the answer puts them together again.
// What it means stays the same: an answer is given when all its parts are. Only
// what no rule looks into is rewritten. Two definitions of a rule that answer
// the same in different words at once conflict, which refuses.
type folding struct {
	definitions map[string]bool     // of rules and functions, by path
	tails       map[string][]string // by path: definitions that end in it
	open        map[string]bool     // some rule looks into what this one returns
	wordings    []wording
	known       map[string]int // wordings by their text
}

// fold returns the modules rewritten, and the wordings of their answers. A pack
// whose lib.answer is another than the one this knows stays as it is written.
func fold(modules map[string]*ast.Module) (map[string]*ast.Module, []wording) {
	if !knownAnswer(modules) {
		return modules, nil
	}
	f := &folding{definitions: map[string]bool{}, tails: map[string][]string{}, open: map[string]bool{}, known: map[string]int{}}
	for _, m := range modules {
		for _, r := range m.Rules {
			f.definitions[definition(m, r)] = true
		}
	}
	for _, m := range modules {
		if !isGate(m) {
			f.uses(m)
		}
	}
	for path := range f.open {
		f.expose(path)
	}
	folded := make(map[string]*ast.Module, len(modules))
	for file, m := range modules {
		folded[file] = f.rewrite(m)
	}
	return folded, f.wordings
}

// answerText is the lib.answer that is rewritten.
const answerText = `package cession.lib
answer(true, actual, threshold) := {"state": "pass", "actual": actual, "threshold": threshold}
answer(false, actual, threshold) := {"state": "fail", "actual": actual, "threshold": threshold}`

// knownAnswer reports whether the rules define lib.answer as answerText does.
func knownAnswer(modules map[string]*ast.Module) bool {
	known := map[string]bool{}
	for _, r := range ast.MustParseModuleWithOpts(answerText, ast.ParserOptions{RegoVersion: ast.RegoV1}).Rules {
		known[r.String()] = true
	}
	found := 0
	for _, m := range modules {
		for _, r := range m.Rules {
			if definition(m, r) != answerFunction {
				continue
			}
			if found++; !known[r.String()] || r.Default || r.Else != nil {
				return false
			}
			delete(known, r.String())
		}
	}
	return found == 0 || len(known) == 0
}

// isGate reports whether a module is the gate's, which only looks at answers
// when a pack is evaluated without this product.
func isGate(m *ast.Module) bool { return joined(m.Package.Path) == "gate" }

// definition is the path of what a rule defines.
func definition(m *ast.Module, r *ast.Rule) string {
	path := joined(m.Package.Path)
	for _, term := range r.Head.Ref().ConstantPrefix() {
		path += "." + nameOf(term)
	}
	return path
}

func nameOf(term *ast.Term) string {
	switch v := term.Value.(type) {
	case ast.Var:
		return string(v)
	case ast.String:
		return quotedDot(string(v))
	}
	return term.String()
}

// resolve returns the path that a reference means in a module: "" for all of
// data. One that begins with something computed means no path.
func resolve(m *ast.Module, ref ast.Ref) string {
	root, ok := ref[0].Value.(ast.Var)
	if !ok {
		return "(computed)"
	}
	path := joined(m.Package.Path) + "." + string(root)
	if root == ast.DefaultRootDocument.Value {
		path = ""
	}
	for _, imported := range m.Imports {
		if at, ok := imported.Path.Value.(ast.Ref); ok && imported.Name() == root && at.HasPrefix(ast.DefaultRootRef) {
			path = joined(at)
		}
	}
	for _, term := range ref.ConstantPrefix()[1:] {
		path += "." + nameOf(term)
	}
	return strings.TrimPrefix(path, ".")
}

// tail returns what a rule ends in, if that is another definition.
func (f *folding) tail(m *ast.Module, value *ast.Term) (path string, args []*ast.Term) {
	if value == nil { // of a rule that collects a set
		return "", nil
	}
	ref := ast.Ref{value}
	switch v := value.Value.(type) {
	case ast.Call:
		ref, args = v[0].Value.(ast.Ref), v[1:]
	case ast.Ref:
		ref = v
	case ast.Var:
	default:
		return "", nil
	}
	if path = resolve(m, ref); path != answerFunction && !f.definitions[path] {
		return "", nil
	}
	return path, args
}

// uses notes where definitions are used: at the end of others, or in any other
// way, which opens them.
func (f *folding) uses(m *ast.Module) {
	var visitor *ast.GenericVisitor
	visitor = ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case ast.Ref:
			f.opens(resolve(m, x))
			for _, term := range x[1:] {
				visitor.Walk(term)
			}
			_, named := x[0].Value.(ast.Var)
			return named
		case *ast.Term:
			if v, ok := x.Value.(ast.Var); ok {
				f.opens(resolve(m, ast.Ref{ast.NewTerm(v)}))
			}
		}
		return false
	})
	for _, first := range m.Rules {
		for r := first; r != nil; r = r.Else {
			if path, args := f.tail(m, r.Head.Value); path != "" {
				f.tails[path] = append(f.tails[path], definition(m, first))
				for _, arg := range args {
					visitor.Walk(arg)
				}
			} else if r.Head.Value != nil {
				visitor.Walk(r.Head.Value)
			}
			if r.Head.Key != nil {
				visitor.Walk(r.Head.Key)
			}
			visitor.Walk(r.Body)
		}
	}
}

// opens marks what is at a path, below it or above it.
func (f *folding) opens(path string) {
	for known := range f.definitions {
		if path == known || strings.HasPrefix(known, path+".") || strings.HasPrefix(path, known+".") || path == "" {
			f.open[known] = true
		}
	}
}

// expose opens what a definition ends in if it is open itself.
func (f *folding) expose(path string) {
	for end, users := range f.tails {
		for _, user := range users {
			if user == path && !f.open[end] {
				f.open[end] = true
				f.expose(end)
			}
		}
	}
}

func (f *folding) rewrite(m *ast.Module) *ast.Module {
	m = m.Copy()
	for _, first := range m.Rules {
		if f.open[definition(m, first)] {
			continue
		}
		for r := first; r != nil; r = r.Else {
			if path, args := f.tail(m, r.Head.Value); path == answerFunction && len(args) == 3 {
				r.Head.Value = f.list(args)
			}
		}
	}
	return m
}

// list is the rewritten answer.
func (f *folding) list(args []*ast.Term) *ast.Term {
	actual, computed := parts(args[1], nil)
	threshold, computed := parts(args[2], computed)
	t := wording{actual, threshold, len(computed)}
	text := t.String()
	number, ok := f.known[text]
	if !ok {
		number = len(f.wordings)
		f.known[text], f.wordings = number, append(f.wordings, t)
	}
	location := args[0].Location
	all := append([]*ast.Term{ast.IntNumberTerm(number), args[0]}, computed...)
	return ast.ArrayTerm(all...).SetLocation(location)
}
