package policies

import (
	"maps"
	"reflect"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// checkScans reports rules that go through a list instead of looking up a key:
// with ten thousand entries that takes milliseconds, a lookup next to nothing.
// It looks at the compiled rules, in which every way of writing it is the same.
// Operators' commands may go through the table that is about them.
func checkScans(compiler *ast.Compiler) (errs []error) {
	for _, file := range slices.Sorted(maps.Keys(compiler.Modules)) {
		m := compiler.Modules[file]
		for _, rule := range m.Rules {
			s := &scanner{compiler: compiler, found: map[string]error{}}
			if m.Package.Path.String() == "data.cession.operation" {
				s.own = "operations"
			}
			for ; rule != nil; rule = rule.Else {
				s.rule(rule)
			}
			for _, where := range slices.Sorted(maps.Keys(s.found)) {
				errs = append(errs, s.found[where])
			}
		}
	}
	return errs
}

// scanner looks for searches in a rule.
type scanner struct {
	compiler *ast.Compiler
	own      string // a list that may be gone through
	found    map[string]error
	lists    map[ast.Var]reflect.Type // variables that stand for a part of a list
	at       *ast.Location            // of what is looked at
}

func (s *scanner) rule(rule *ast.Rule) {
	s.lists, s.at = map[ast.Var]reflect.Type{}, rule.Loc()
	bound := ast.NewVarSet()
	for _, arg := range rule.Head.Args {
		bound.Update(varsOf(arg))
	}
	s.body(rule.Body, bound)
}

// body follows the order of evaluation: a variable that is not bound where it
// stands as a key takes every key there is.
func (s *scanner) body(body ast.Body, bound ast.VarSet) {
	for _, expr := range body {
		if expr.Location != nil {
			s.at = expr.Location
		}
		s.expr(expr, bound)
		bound.Update(varsOf(expr))
	}
}

func (s *scanner) expr(expr *ast.Expr, bound ast.VarSet) {
	if expr.IsEquality() {
		s.assign(expr.Operand(0), expr.Operand(1))
		s.assign(expr.Operand(1), expr.Operand(0))
	} else if expr.IsCall() && !harmlessCalls[expr.Operator().String()] {
		for _, operand := range expr.Operands() {
			s.whole(operand)
		}
	}
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case ast.Ref:
			s.ref(x, bound)
		case *ast.Every:
			s.whole(x.Domain)
			s.inner(x.Body, bound, x.Key, x.Value)
			return true
		case *ast.ArrayComprehension:
			s.inner(x.Body, bound)
			return true
		case *ast.SetComprehension:
			s.inner(x.Body, bound)
			return true
		case *ast.ObjectComprehension:
			s.inner(x.Body, bound)
			return true
		}
		return false
	}).Walk(expr)
}

// harmlessCalls take no time on a list, however long it is.
var harmlessCalls = map[string]bool{"count": true, "object.get": true, "is_object": true, "is_array": true, "eq": true, "neq": true}

func (s *scanner) inner(body ast.Body, bound ast.VarSet, own ...*ast.Term) {
	bound = bound.Copy()
	for _, term := range own {
		if term != nil {
			bound.Update(varsOf(term))
		}
	}
	s.body(body, bound)
}

// assign notes that a variable stands for a part of a list.
func (s *scanner) assign(to, from *ast.Term) {
	if v, ok := to.Value.(ast.Var); ok {
		if t := s.part(from, nil); t != nil {
			s.lists[v] = t
		}
	}
}

// ref reports a key that is not bound, of a map or an array of a list.
func (s *scanner) ref(ref ast.Ref, bound ast.VarSet) { s.part(ast.NewTerm(ref), bound) }

// whole reports a list that is handed over to be gone through.
func (s *scanner) whole(term *ast.Term) {
	if t := s.part(term, nil); t != nil && (t.Kind() == reflect.Map || t.Kind() == reflect.Slice) {
		s.report()
	}
}

func (s *scanner) report() {
	where := s.at.String()
	s.found[where] = deal.Errorf(deal.Invalid, "%s: it goes through a list: look up one key instead", where)
}

// part returns the type of the part of a list that a term stands for, or nil.
// Given what is bound, it reports a search on the way.
func (s *scanner) part(term *ast.Term, bound ast.VarSet) reflect.Type {
	switch v := term.Value.(type) {
	case ast.Var:
		return s.lists[v]
	case ast.Ref:
		if t, rest := s.root(v, 0); t != nil {
			return s.walk(t, rest, bound)
		}
	}
	return nil
}

func (s *scanner) walk(t reflect.Type, path []*ast.Term, bound ast.VarSet) reflect.Type {
	for i, key := range path {
		v, free := key.Value.(ast.Var)
		if t != nil && (t.Kind() == reflect.Map || t.Kind() == reflect.Slice) && free && bound != nil && !bound.Contains(v) {
			s.report()
		}
		if t, _ = typeAt(t, path[i:i+1]); t == nil {
			return nil
		}
	}
	return t
}

// maxAliases bounds how many names a list can have in a row.
const maxAliases = 8

// root finds the list that a reference begins in, also by the name of a rule
// that gives another name to it.
func (s *scanner) root(ref ast.Ref, depth int) (reflect.Type, []*ast.Term) {
	if v, ok := ref[0].Value.(ast.Var); ok && s.lists[v] != nil {
		return s.lists[v], ref[1:]
	}
	if !ref.HasPrefix(ast.DefaultRootRef) || len(ref) < 2 || depth > maxAliases {
		return nil, nil
	}
	if name, ok := ref[1].Value.(ast.String); ok && string(name) != s.own {
		if t, ok := memberOf(reflect.TypeFor[lists](), string(name)); ok {
			return t, ref[2:]
		}
	}
	for i := 2; i <= len(ref); i++ {
		for _, rule := range s.compiler.GetRulesExact(ref[:i].ConstantPrefix()) {
			if t := s.value(rule, depth+1); t != nil && len(ref[:i].ConstantPrefix()) == i {
				return t, ref[i:]
			}
		}
	}
	return nil, nil
}

// value is the part of a list that a rule gives another name to.
func (s *scanner) value(rule *ast.Rule, depth int) reflect.Type {
	value := rule.Head.Value
	if value == nil || len(rule.Head.Args) > 0 {
		return nil
	}
	for _, expr := range rule.Body {
		if expr.IsEquality() && expr.Operand(0).Equal(value) {
			value = expr.Operand(1)
		}
	}
	ref, ok := value.Value.(ast.Ref)
	if !ok {
		return nil
	}
	t, rest := s.root(ref, depth)
	for i := range rest {
		if t == nil {
			return nil
		}
		t, _ = typeAt(t, rest[i:i+1])
	}
	return t
}

func varsOf(x any) ast.VarSet {
	vars := ast.NewVarVisitor().WithParams(ast.VarVisitorParams{SkipClosures: true, SkipRefHead: false})
	vars.Walk(x)
	return vars.Vars()
}
