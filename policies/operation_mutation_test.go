package policies

import (
	"context"
	"fmt"
	"slices"
	"testing"
)

func operationTree(t *testing.T, o Operation) any {
	t.Helper()
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	e, err := pack.EvaluateOperation(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := decode(e.Document)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// TestMutationOfAnAllowedOperationIsRefused drops, nulls and retypes every field
// of an allowed command of every verb. None may be missing.
func TestMutationOfAnAllowedOperationIsRefused(t *testing.T) {
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range verbs {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			tree, n := operationTree(t, operation(verb)), 0
			mutations("", tree, func(m mutation) {
				m.apply()
				defer m.undo()
				n++
				if probe(t, pack, verb, tree).Allow {
					t.Errorf("%s %s is allowed", m.kind, m.path)
				}
			})
			if n < 70 {
				t.Errorf("%d mutations: want the whole input", n)
			}
		})
	}
}

// TestNoMutationTurnsARefusedOperationIntoPermission drops every field of every
// refused command, and every entry of its lists.
func TestNoMutationTurnsARefusedOperationIntoPermission(t *testing.T) {
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range operationRefusals() {
		o := operation(r.verb)
		r.change(&o)
		if o.Reasons == nil {
			o.Reasons = []Reason{}
		}
		tree := operationTree(t, o)
		try := func(m mutation) {
			m.apply()
			defer m.undo()
			if probe(t, pack, r.verb, tree).Allow {
				t.Errorf("%d %s: %s %s turns the refusal into permission", i, r.verb, m.kind, m.path)
			}
		}
		mutations("", tree, try)
		shortened("", tree, try)
	}
}

// TestNoMutationOfTheListPermitsMore drops, nulls and retypes every key of the
// list of operations, and drops every entry of its lists, behind the back of
// what checks the list when it is loaded. What was refused stays refused, and
// what needed a second operator still does.
func TestNoMutationOfTheListPermitsMore(t *testing.T) {
	files := smallPack(t)
	pack, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	data, err := pack.Data()
	if err != nil {
		t.Fatal(err)
	}
	asked := operationCases(t, pack)
	n := 0
	try := func(m mutation) {
		m.apply()
		defer m.undo()
		n++
		changed := *pack
		var err error
		if changed.source, err = newSource(data); err != nil {
			t.Fatal(err)
		}
		for _, c := range asked {
			d := probe(t, &changed, c.verb, c.tree)
			if d.Allow && (!c.allow || c.second && !slices.Contains(d.Obligations, FourEyes)) {
				t.Errorf("%s %s permits %s", m.kind, m.path, c.name)
			}
		}
	}
	mutations("", object{"operations": data["operations"]}, try)
	shortened("", object{"operations": data["operations"]}, try)
	if n < 300 {
		t.Errorf("%d mutations: want the whole list", n)
	}
}

// operationCase is a command and how it was decided.
type operationCase struct {
	name, verb    string
	tree          any
	allow, second bool
}

func operationCases(t *testing.T, pack *Pack) (cases []operationCase) {
	t.Helper()
	add := func(name, verb string, o Operation) {
		if o.Reasons == nil {
			o.Reasons = []Reason{}
		}
		c := operationCase{name: name, verb: verb, tree: operationTree(t, o)}
		d := probe(t, pack, verb, c.tree)
		c.allow, c.second = d.Allow, slices.Contains(d.Obligations, FourEyes)
		if !c.allow || c.second {
			cases = append(cases, c)
		}
	}
	for i, r := range operationRefusals() {
		o := operation(r.verb)
		r.change(&o)
		add(fmt.Sprintf("refusal %d (%s)", i, r.rule), r.verb, o)
	}
	costly, raised := operation("bump"), operation("fees")
	costly.Cost, raised.Wanted = "200000000000000001", Ceilings{"300000000001", "200000000000000001", "2000000000000000001"}
	for _, o := range []Operation{operation("give-up"), operation("adopt-hash"), costly, raised} {
		add(o.Verb+" with a second operator", o.Verb, o)
	}
	return cases
}
