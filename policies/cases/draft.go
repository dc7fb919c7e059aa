package cases

import (
	"encoding/json"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// draft is a case as it is written, before the one it is like is found.
type draft struct {
	Case
	like     string
	expects  bool // else it is only there for others to be like it
	document *yaml.Node
	steps    []step // what is different, in the order it is written
}

// step is one change of a document.
type step struct {
	path  string
	line  int
	value *yaml.Node // nil drops
}

// readDraft reads one case of a file.
func readDraft(file string, n *yaml.Node) (draft, error) {
	d := draft{Case: Case{File: file, Line: n.Line}}
	entries, err := entriesOf(n)
	if err != nil {
		return d, fault(file, n.Line, "%w", err)
	}
	for _, e := range entries {
		switch e.key {
		case "name":
			d.Name, err = word(e.value)
		case "why":
			d.Why, err = word(e.value)
		case "like":
			d.like, err = word(e.value)
		case "document":
			d.document = e.value
		case "set", "drop":
			err = d.change(e)
		case "lists", "without":
			err = d.changeLists(e)
		case "expect":
			d.expects, err = true, d.expect(e.value)
		default:
			err = deal.Errorf(deal.Invalid, "want name, why, like, document, set, drop, lists, without and expect")
		}
		if err != nil {
			return d, fault(file, e.line, "%.40s: %w", e.key, err)
		}
	}
	return d, d.check()
}

// check reports a case that is none.
func (d *draft) check() error {
	switch {
	case d.Name == "":
		return fault(d.File, d.Line, "want a name of the case")
	case (d.like == "") == (d.document == nil):
		return fault(d.File, d.Line, "case %.60q: want either a document, or like: with the name of a case that has one", d.Name)
	case !d.expects && d.document == nil:
		return fault(d.File, d.Line, "case %.60q: want what to expect, such as expect: {allow: yes}", d.Name)
	}
	return nil
}

func word(n *yaml.Node) (string, error) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" || len(n.Value) > 500 {
		return "", deal.Errorf(deal.Invalid, "want a line of text")
	}
	return n.Value, nil
}

// change reads set: {path: value} or drop: [path].
func (d *draft) change(e entry) error {
	if e.key == "drop" {
		paths, err := words(e.value)
		for _, p := range paths {
			d.steps = append(d.steps, step{p, e.line, nil})
		}
		return err
	}
	entries, err := entriesOf(e.value)
	for _, s := range entries {
		d.steps = append(d.steps, step{s.key, s.line, s.value})
	}
	return err
}

// changeLists reads lists: {path: value} or without: [path].
func (d *draft) changeLists(e entry) error {
	if e.key == "without" {
		paths, err := words(e.value)
		for _, p := range paths {
			d.Lists = append(d.Lists, Change{Path: p, Drop: true})
		}
		return err
	}
	entries, err := entriesOf(e.value)
	if err != nil {
		return err
	}
	for _, s := range entries {
		v, err := plain(s.value)
		if err != nil {
			return deal.Errorf(deal.Invalid, "%.80s: %w", s.key, err)
		}
		d.Lists = append(d.Lists, Change{Path: s.key, Value: v})
	}
	return nil
}

func words(n *yaml.Node) (all []string, err error) {
	if n.Kind != yaml.SequenceNode {
		return nil, deal.Errorf(deal.Invalid, "want a list, as in [act.fields.price]")
	}
	for _, c := range n.Content {
		w, err := word(c)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

// plain reads a value of a list as YAML has it.
func plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return plainScalar(n)
	case yaml.SequenceNode:
		all := []any{}
		for _, c := range n.Content {
			v, err := plain(c)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		return all, nil
	}
	entries, err := entriesOf(n)
	o := object{}
	for _, e := range entries {
		if o[e.key], err = plain(e.value); err != nil {
			return nil, err
		}
	}
	return o, err
}

func plainScalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!int":
		if wholeForm.MatchString(n.Value) {
			return json.Number(n.Value), nil
		}
	case "!!bool":
		yes, ok := parseTruth(n.Value)
		if ok {
			return yes, nil
		}
	case "!!str", "!!timestamp":
		return n.Value, nil
	}
	return nil, deal.Errorf(deal.Invalid, "want a whole number, yes or no, or a text, have %.40q", n.Value)
}
