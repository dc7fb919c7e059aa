package cases

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MutationKind says what is done to a place.
type MutationKind string

// The kinds of mutations.
const (
	Dropped  MutationKind = "drop"   // the place is taken away
	Emptied  MutationKind = "null"   // null stands there
	Retyped  MutationKind = "retype" // something of another type stands there
	Shortens MutationKind = "drop element"
)

// Mutation is one place of a document, or of a list of the pack, that was
// damaged.
type Mutation struct {
	Kind MutationKind
	Path string // of the document; a place of the pack's lists begins with "data."
}

func (m Mutation) String() string { return string(m.Kind) + " " + m.Path }

// mutant is a mutation that can be done to the tree it was found in, and undone.
type mutant struct {
	Mutation
	place string   // the path with * for every key that is free
	keys  []string // to the place that gets the value, or loses the one it has
	value any
	do    func()
	undo  func()
}

// spotted is a place of a tree: its path as people write it, with keys that have
// a dot in them in quotes, as a kind of place, and key by key.
type spotted struct {
	path, place string
	keys        []string
}

// mutants visits every damage to every place of a tree.
func mutants(s *shape, tree any, visit func(mutant)) { spotted{}.each(s, tree, visit) }

func (p spotted) each(s *shape, node any, visit func(mutant)) {
	switch node := node.(type) {
	case object:
		for _, key := range sortedKeys(node) {
			old, below := node[key], p.below(key, s)
			put := func(v any) func() { return func() { node[key] = v } }
			visit(below.mutant(Dropped, nil, func() { delete(node, key) }, put(old)))
			visit(below.mutant(Emptied, nil, put(nil), put(old)))
			visit(below.mutant(Retyped, retyped(old), put(retyped(old)), put(old)))
			below.shortened(old, put, visit)
			below.each(belowOf(s, key), old, visit)
		}
	case []any:
		for i, element := range node {
			p.below(strconv.Itoa(i), nil).each(belowOf(s, ""), element, visit)
		}
	}
}

// below is the place under a key. Keys that are free are one kind of place.
func (p spotted) below(key string, s *shape) spotted {
	kind := key
	if s == nil || s.form == mapping {
		kind = "*"
	}
	return spotted{joined(p.path, quotedDot(key)), joined(p.place, kind), append(slices.Clone(p.keys), key)}
}

func (p spotted) mutant(kind MutationKind, value any, do, undo func()) mutant {
	return mutant{Mutation{kind, p.path}, p.place, p.keys, value, do, undo}
}

// shortened visits a list with one of its elements missing.
func (p spotted) shortened(node any, put func(any) func(), visit func(mutant)) {
	all, _ := node.([]any)
	for i := range all {
		rest := slices.Delete(slices.Clone(all), i, i+1)
		m := p.mutant(Shortens, rest, put(rest), put(node))
		m.Path = joined(p.path, nameOf(all[i], i))
		visit(m)
	}
}

// nameOf is an element as a path names it.
func nameOf(element any, i int) string {
	if text, ok := element.(string); ok {
		return text
	}
	return strconv.Itoa(i)
}

// retyped is something of another type.
func retyped(v any) any {
	switch v := v.(type) {
	case string:
		return json.Number("7")
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	case object:
		return []any{}
	}
	return object{}
}

func belowOf(s *shape, key string) *shape {
	switch {
	case s == nil:
		return nil
	case s.form == members:
		return s.members[key]
	case s.form == amount || s.form == field: // whose members are fixed
		return &shape{form: text}
	}
	return s.below
}

func joined(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func quotedDot(key string) string {
	if strings.Contains(key, ".") {
		return `"` + key + `"`
	}
	return key
}

// touches reports whether one of the paths is the place, above it or below it.
func touches(paths []string, place string) bool {
	return slices.ContainsFunc(paths, func(p string) bool {
		return p == "" || p == place || strings.HasPrefix(p, place+".") || strings.HasPrefix(place, p+".")
	})
}
