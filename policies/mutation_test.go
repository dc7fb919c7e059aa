package policies

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cession/deal"
)

// mutation changes one place of a tree and puts it back.
type mutation struct {
	path  string // "question.act.step"
	kind  string // "drop", "null", "retype" or "drop element"
	apply func()
	undo  func()
}

// mutations visits every place of a tree.
func mutations(path string, node any, visit func(mutation)) {
	switch node := node.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			old, here := node[key], strings.TrimPrefix(path+"."+key, ".")
			put := func(v any) func() { return func() { node[key] = v } }
			visit(mutation{here, "drop", func() { delete(node, key) }, put(old)})
			visit(mutation{here, "null", put(nil), put(old)})
			visit(mutation{here, "retype", put(retyped(old)), put(old)})
			mutations(here, old, visit)
		}
	case []any:
		for i, element := range node {
			mutations(fmt.Sprintf("%s[%d]", path, i), element, visit)
		}
	}
}

// shortened visits every array with one of its elements missing.
func shortened(path string, node any, visit func(mutation)) {
	object, ok := node.(map[string]any)
	if !ok {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		list, ok := object[key].([]any)
		for i := range list {
			visit(mutation{
				fmt.Sprintf("%s.%s[%d]", path, key, i), "drop element",
				func() { object[key] = slices.Delete(slices.Clone(list), i, i+1) }, func() { object[key] = list },
			})
		}
		if !ok {
			shortened(path+"."+key, object[key], visit)
		}
	}
}

func retyped(v any) any {
	switch v := v.(type) {
	case string:
		return json.Number("7")
	case json.Number:
		return string(v)
	case bool:
		return fmt.Sprint(v)
	case map[string]any:
		return []any{}
	}
	return map[string]any{}
}

// droppable are the members an input may lack: those the Go types omit when
// empty, and the entries of maps.
func droppable(path string) bool {
	parent, last := path[:max(0, strings.LastIndex(path, "."))], path[strings.LastIndex(path, ".")+1:]
	optional := []string{"room", "bidder", "due", "until", "kycUntil", "kycSince", "perimeterCount", "perimeterFace", "title", "offersDue", "exposure", "wanted", "screening"}
	return slices.Contains(optional, last) || strings.HasSuffix(parent, ".fields") || parent == "parties" ||
		strings.HasPrefix(path, "taken.") && strings.Count(path, ".") == 2
}

func inputTree(t *testing.T, in Input) any {
	t.Helper()
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	e, err := pack.Evaluate(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := decode(e.Document)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// probe puts a tree to a gate.
func probe(t *testing.T, pack *Pack, gate string, tree any) deal.Decision {
	t.Helper()
	d, err := pack.Probe(context.Background(), gate, tree, true)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// inside are the later entries of a list: their types are those of the first,
// so null and another type are tried there only.
var inside = regexp.MustCompile(`\[[1-9][0-9]*\]`)

// TestMutationOfAnAllowedInputIsRefused drops, nulls and retypes every field of
// an allowed input of every act. Only what the types call optional may be
// missing without a refusal.
func TestMutationOfAnAllowedInputIsRefused(t *testing.T) {
	c := newCourse(t)
	for act, in := range c.run() {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			tree, n := inputTree(t, in), 0
			mutations("", tree, func(m mutation) {
				if m.kind != "drop" && inside.MatchString(m.path) {
					return
				}
				m.apply()
				defer m.undo()
				n++
				if d := probe(t, c.pack, act, tree); d.Allow && (m.kind != "drop" || !droppable(m.path)) {
					t.Errorf("%s %s is allowed", m.kind, m.path)
				}
			})
			if n < 100 {
				t.Errorf("%d mutations: want the whole input", n)
			}
		})
	}
}

// harmless are the mutations that make a lawful input of a refused one: what
// is taken away is itself the reason for the refusal.
var harmless = map[string]string{
	"listing.publish drop act.fields.guidance":   "guidance is optional, so none is better than a wrong one",
	"questions.ask drop act.fields.due":          "an answer is not asked for by any time",
	"perimeter.propose drop act.fields.rows":     "the case lacks their root already; with neither there are no rows",
	"offers.confirm drop act.fields.perimeter":   "the case has nothing proposed; the offer is then for all that is for sale",
	"perimeter.propose drop act.fields.price":    "no price row by row is none above the face amount",
	"terms.propose drop act.fields.retain_until": "the pack wants no retention to be agreed",
	"nda.sign drop act.fields.teaser":            "what is not shown discloses nothing",
}

// TestNoMutationTurnsARefusalIntoPermission drops every field of every refused
// input of the table, and every single entry of its lists. Null and another
// type need no trial here: the schema refuses them whatever the input says, as
// the test above shows.
func TestNoMutationTurnsARefusalIntoPermission(t *testing.T) {
	c := newCourse(t)
	inputs := c.run()
	for i, r := range refusals() {
		in := clone(t, inputs[r.act])
		r.change(&in)
		t.Run(fmt.Sprintf("%d %s", i, r.rule), func(t *testing.T) {
			t.Parallel()
			tree := inputTree(t, in)
			try := func(m mutation) {
				m.apply()
				defer m.undo()
				if d := probe(t, c.pack, r.act, tree); d.Allow && !isHarmless(r.act, m) {
					t.Errorf("%s: %s %s turns the refusal into permission", r.act, m.kind, m.path)
				}
			}
			mutations("", tree, func(m mutation) {
				if m.kind == "drop" {
					try(m)
				}
			})
			shortened("", tree, try)
		})
	}
}

func isHarmless(act string, m mutation) bool {
	for known := range harmless {
		if strings.HasPrefix(act+" "+m.kind+" "+m.path, known) {
			return true
		}
	}
	return false
}

func TestEmptyInputIsRefused(t *testing.T) {
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	d, err := pack.Decide(context.Background(), Input{})
	if err != nil || d.Allow || d.Rules[0].ID != ruleGate.ID {
		t.Errorf("empty input: allow %v, rules %v, error %v", d.Allow, d.Rules, err)
	}
	for act := range pack.manifest.Gates {
		d := probe(t, pack, act, map[string]any{"now": ms(start)})
		results := d.Rules
		if d.Allow || results[0].ID != ruleInput.ID || results[0].State != deal.Fail || len(results) != 1+len(pack.manifest.Gates[act].Rules) {
			t.Errorf("%s on an empty input: %v", act, results)
		}
		for _, r := range results[1:] {
			if r.State != deal.NotEvaluated {
				t.Errorf("%s on an empty input: rule %s is %s", act, r.ID, r.State)
			}
		}
	}
}
