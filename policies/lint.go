package policies

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// packData is what rules see as data of a pack, besides other rules.
type packData struct {
	lists
	Pack struct {
		Digest     deal.Commitment `json:"digest"`
		Gates      map[string]gate `json:"gates"`
		Operations map[string]gate `json:"operations"`
	} `json:"pack"`
}

// checkData reports references to data that is neither a rule nor in a list.
// OPA takes such a reference for undefined: a misspelt limit would refuse for
// ever and say only "not evaluated".
func (p *Pack) checkData(modules map[string]*ast.Module) (errs []error) {
	packages := map[string]bool{}
	for _, m := range modules {
		if path := groundPath(m.Package.Path); len(path) == 2 && path[0] == "cession" {
			packages[path[1]] = true
		}
	}
	walkRefs(modules, func(ref ast.Ref) {
		path := groundPath(ref)
		if !ref.HasPrefix(ast.DefaultRootRef) || len(path) == 0 || path[0] == "gate" {
			return
		}
		known := len(path) == 1 || packages[path[1]]
		if path[0] != "cession" {
			_, known = typeAt(reflect.TypeFor[packData](), ref[1:])
			known = known && p.hasList(path[0])
		}
		if !known {
			errs = append(errs, deal.Errorf(deal.Invalid, "%s: nothing is at %s", ref[0].Loc(), ref))
		}
	})
	return errs
}

// hasList reports whether the pack names the list; data.pack is always there.
func (p *Pack) hasList(name string) bool {
	return name == "pack" || slices.ContainsFunc(p.manifest.Lists, func(l listRef) bool { return l.Name == name })
}

// typeAt returns what is at a path below a type, as encoding/json writes it.
// What a rule computes may be any key of a map, or any place of a list.
func typeAt(t reflect.Type, path []*ast.Term) (reflect.Type, bool) {
	for _, term := range path {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		key, fixed := term.Value.(ast.String)
		switch t.Kind() {
		case reflect.Map, reflect.Slice:
			t = t.Elem()
		case reflect.Struct:
			f, ok := memberOf(t, string(key))
			if !fixed {
				return nil, true // one of its members, which may be of any type
			}
			if !ok {
				return nil, false
			}
			t = f
		default:
			return nil, false
		}
	}
	return t, true
}

// memberOf finds a member of a struct by its name in JSON.
func memberOf(t reflect.Type, name string) (reflect.Type, bool) {
	for _, f := range reflect.VisibleFields(t) {
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.Anonymous && tag == name && tag != "-" {
			return f.Type, true
		}
	}
	return nil, false
}

// checkFields reports a rule that reads a field no action of the plan has.
func checkFields(modules map[string]*ast.Module, plan deal.Plan) (errs []error) {
	fields := map[string]bool{}
	for _, s := range plan.Steps {
		for _, a := range s.Actions {
			for _, f := range a.Fields {
				fields[f.ID] = true
			}
		}
	}
	walkRefs(modules, func(ref ast.Ref) {
		for i, term := range ref[:len(ref)-1] {
			id, fixed := ref[i+1].Value.(ast.String)
			if i > 0 && term.Equal(ast.StringTerm("fields")) && fixed && !fields[string(id)] {
				errs = append(errs, deal.Errorf(deal.Invalid, "%s: no action of plan %s has a field %s", ref[0].Loc(), plan.Name, id))
			}
		}
	})
	return errs
}

// checkGates compares each gate with the action of the plan it is for.
func (p *Pack) checkGates(plan deal.Plan) (errs []error) {
	fault := func(name, what string) {
		errs = append(errs, deal.Errorf(deal.Invalid, "gate %s: %s in plan %s", name, what, plan.Name))
	}
	for _, name := range slices.Sorted(maps.Keys(p.manifest.Gates)) {
		g := p.manifest.Gates[name]
		action, ok := actionOf(plan, name)
		if !ok {
			fault(name, "there is no such action")
			continue
		}
		for _, role := range g.By {
			if !slices.Contains(action.By, role) {
				fault(name, "it is not for the "+string(role))
			}
		}
		for _, before := range g.After {
			if _, ok := actionOf(plan, before); !ok {
				fault(name, "comes after "+before+", which is no action")
			}
		}
		for id, kind := range g.Carries {
			if f, ok := action.Field(id); !ok || f.Kind != kind || f.Optional {
				fault(name, "the act need not carry "+id+" of kind "+string(kind))
			}
		}
	}
	return errs
}

// checkOperations reports operators' commands without a gate, and gates whose
// verb the list of operations says nothing about.
func (p *Pack) checkOperations() (errs []error) {
	for _, verb := range verbs {
		_, listed := p.lists.Operations.Verbs[verb]
		switch _, ok := p.manifest.Operations[verb]; {
		case !ok:
			errs = append(errs, deal.Errorf(deal.Invalid, "operation %s has no gate", verb))
		case !listed && verb != approve:
			errs = append(errs, deal.Errorf(deal.Invalid, "operation %s: the list operations does not say how it may be used", verb))
		}
	}
	for _, known := range [][]string{slices.Sorted(maps.Keys(p.manifest.Operations)), slices.Sorted(maps.Keys(p.lists.Operations.Verbs))} {
		for _, verb := range known {
			if !slices.Contains(verbs, verb) {
				errs = append(errs, deal.Errorf(deal.Invalid, "operation %s: there is no such verb", verb))
			}
		}
	}
	return errs
}

// checkInputs reports a rule that reads what its input never has: those of
// package operation see operators' commands, all others see acts.
func checkInputs(modules map[string]*ast.Module) (errs []error) {
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		m := modules[name]
		if strings.HasPrefix(m.Package.Path.String(), "data.gate") {
			continue
		}
		commands := m.Package.Path.String() == "data.cession.operation"
		ast.WalkRefs(m, func(ref ast.Ref) bool {
			if path := groundPath(ref); ref.HasPrefix(ast.InputRootRef) && len(path) > 0 && (path[0] == "operation") != commands {
				errs = append(errs, deal.Errorf(deal.Invalid, "%s: the input of this rule has no %s", ref[0].Loc(), path[0]))
			}
			return false
		})
	}
	return errs
}

func actionOf(plan deal.Plan, name string) (deal.Action, bool) {
	step, action, _ := strings.Cut(name, ".")
	_, a, err := plan.Action(step, action)
	return a, err == nil
}

func walkRefs(modules map[string]*ast.Module, visit func(ast.Ref)) {
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		ast.WalkRefs(modules[name], func(ref ast.Ref) bool {
			visit(ref)
			return false
		})
	}
}
