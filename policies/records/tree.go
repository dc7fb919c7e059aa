package records

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"cession/deal"
)

// tree is a document, or the lists of a pack, as maps, slices, texts, numbers
// (int64, in lists json.Number) and booleans.
type tree = map[string]any

// parse reads a document as a tree, as strictly as [Decode] does.
func parse(document []byte) (tree, error) {
	d := decoder{scanner: scanner{in: document}}
	v, err := d.tree(0)
	if err != nil {
		return nil, err
	}
	t, ok := v.(tree)
	if d.space(); !ok || d.pos < len(d.in) {
		return nil, deal.Errorf(deal.Invalid, "recorded document: want an object")
	}
	return t, nil
}

// tree reads any value.
func (d *decoder) tree(depth int) (any, error) {
	if d.space(); d.pos == len(d.in) || depth > maxDepth {
		return nil, d.fail("ends early, or is nested too deep")
	}
	switch c := d.in[d.pos]; {
	case c == '{':
		return d.branches(depth)
	case c == '[':
		items := []any{}
		err := list(d, &items, func(into *any) (err error) {
			*into, err = d.tree(depth + 1)
			return err
		})
		return items, err
	case c == '"':
		return d.string()
	case d.word("true"):
		return true, nil
	case d.word("false"):
		return false, nil
	case d.word("null"):
		return nil, nil
	}
	return d.integer()
}

func (d *decoder) branches(depth int) (tree, error) {
	t := tree{}
	d.next('{')
	for !d.next('}') {
		if len(t) > 0 && !d.next(',') {
			return nil, d.fail("want , or }")
		}
		name, err := d.string()
		if err != nil {
			return nil, err
		}
		if _, twice := t[name]; twice {
			return nil, d.twice([]byte(name))
		}
		if !d.next(':') {
			return nil, d.fail("want : after a member's name")
		}
		if t[name], err = d.tree(depth + 1); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// clone copies a tree; what is in it is never changed in place.
func clone(t tree) tree {
	copied := maps.Clone(t)
	for k, v := range copied {
		copied[k] = cloneValue(v)
	}
	return copied
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case tree:
		return clone(v)
	case []any:
		list := slices.Clone(v)
		for i := range list {
			list[i] = cloneValue(list[i])
		}
		return list
	}
	return v
}

// path leads to a member of a tree, from name to name.
type path []string

// String joins the names with dots; a name with a dot in it is quoted.
func (p path) String() string {
	names := slices.Clone(p)
	for i, n := range names {
		if strings.Contains(n, ".") {
			names[i] = `"` + n + `"`
		}
	}
	return strings.Join(names, ".")
}

func (p path) to(name string) path { return append(slices.Clip(p), name) }

func (p path) last() string { return p[len(p)-1] }

// touches reports whether any of the places, as [policies.Pack.Reads] gives
// them, is this one, above it or below it.
func (p path) touches(places []string) bool {
	self := p.String()
	return slices.ContainsFunc(places, func(place string) bool {
		return place == "" || place == self || strings.HasPrefix(place, self+".") || strings.HasPrefix(self, place+".")
	})
}

// at returns the value a path leads to, or nil.
func (p path) at(t tree) any {
	var v any = t
	for _, name := range p {
		m, ok := v.(tree)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// put sets the value a path leads to, where what it is in is there.
func (p path) put(t tree, v any) {
	if m, ok := p[:len(p)-1].at(t).(tree); ok {
		m[p.last()] = v
	}
}

// drop takes a member away.
func (p path) drop(t tree) {
	if m, ok := p[:len(p)-1].at(t).(tree); ok {
		delete(m, p.last())
	}
}

// whole reads a whole number.
func whole(v any) (n int64, ok bool) {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	case int64:
		return v, true
	}
	return 0, false
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// numbers collects all whole numbers below a value.
func numbers(v any) (all []int64) {
	switch v := v.(type) {
	case tree:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, numbers(v[name])...)
		}
	case []any:
		for _, item := range v {
			all = append(all, numbers(item)...)
		}
	default:
		if n, ok := whole(v); ok {
			all = append(all, n)
		}
	}
	return all
}
