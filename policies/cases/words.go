package cases

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// This stands for the digest of the pack a case belongs to, which no file of
// the pack can know.
const This = "this"

type object = map[string]any

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// spot is where a value stands: its shape, and the act whose field it may be.
type spot struct {
	*shape
	act string // "step.action" of the act, if the place is one of its fields or above
	id  string // of the field or member
}

// fault is what is wrong with a line of a file.
func fault(file string, line int, format string, args ...any) error {
	return deal.Errorf(deal.Invalid, "%s:%d: "+format, append([]any{file, line}, args...)...)
}

// value reads what an officer wrote at a place. was is what stood there, or nil.
func (s spot) value(n *yaml.Node, was any) (any, error) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return nil, deal.Errorf(deal.Invalid, "want the value itself, not a YAML anchor or alias")
	}
	switch s.form {
	case members, mapping:
		return s.entries(n, was)
	case list:
		return s.elements(n)
	case amount:
		return s.money(n)
	case field:
		return s.field(n, was)
	}
	if n.Kind != yaml.ScalarNode {
		return nil, deal.Errorf(deal.Invalid, "want %s", s.wanted())
	}
	return s.scalar(n.Value, n.Tag == "!!null")
}

func (s spot) scalar(v string, null bool) (any, error) {
	if !null {
		switch s.form {
		case text:
			return v, nil
		case truth:
			if b, ok := parseTruth(v); ok {
				return b, nil
			}
		case count:
			if wholeForm.MatchString(v) {
				return json.Number(v), nil
			}
		case units:
			if minor, _, ok := parseSum(v); ok {
				return number(minor), nil
			}
		case moment:
			if ms, ok := parseMoment(v); ok {
				return number(ms), nil
			}
		}
	}
	return nil, deal.Errorf(deal.Invalid, "want %s, have %.60q", s.wanted(), v)
}

func parseTruth(v string) (yes, ok bool) {
	switch strings.ToLower(v) {
	case "yes", "true":
		return true, true
	case "no", "false":
		return false, true
	}
	return false, false
}

func (s spot) wanted() string {
	switch s.form {
	case truth:
		return "yes or no"
	case count:
		return "a whole number"
	case units:
		return `an amount such as "125000.00"`
	case moment:
		return "a time such as 2026-11-30T17:00:00Z"
	case amount:
		return `an amount such as "125000.00 EUR"`
	case list:
		return "a list"
	case members, mapping:
		return "names with values"
	}
	return "one word"
}

// money reads an amount; its two members may be written as they are.
func (s spot) money(n *yaml.Node) (any, error) {
	if n.Kind == yaml.ScalarNode {
		if minor, currency, ok := parseSum(n.Value); ok && currency != "" {
			return object{"minor": number(minor), "currency": currency}, nil
		}
		if n.Value == "none" { // before the mint, or before a price was agreed
			return object{"minor": number(0), "currency": ""}, nil
		}
	}
	return nil, deal.Errorf(deal.Invalid, "want %s, have %.60q", s.wanted(), n.Value)
}

func (s spot) entries(n *yaml.Node, was any) (any, error) {
	entries, err := entriesOf(n)
	if err != nil {
		return nil, err
	}
	old, _ := was.(object)
	o := object{}
	if s.form == members && s.name == "act" { // its name decides on its fields
		for _, e := range entries {
			if e.key == "name" {
				s.act = e.value.Value
			}
		}
	}
	for _, e := range entries {
		below, err := s.member(e.key)
		if err != nil {
			return nil, err
		}
		if o[e.key], err = below.value(e.value, old[e.key]); err != nil {
			return nil, deal.Errorf(deal.Invalid, "%s: %w", e.key, err)
		}
	}
	return o, nil
}

// member is the place below, of this name.
func (s spot) member(key string) (spot, error) {
	below := spot{shape: s.below, act: s.act, id: key}
	switch s.form {
	case mapping:
		if s.name == "taken" {
			below.act = key
		}
		return below, nil
	case members:
		if m, ok := s.members[key]; ok {
			below.shape = m
			return below, nil
		}
		return spot{}, deal.Errorf(deal.Invalid, "there is no %.40q here: want one of %s", key, strings.Join(sortedKeys(s.members), ", "))
	}
	return spot{}, deal.Errorf(deal.Invalid, "there is nothing below %s: want %s", s.name, s.wanted())
}

func (s spot) elements(n *yaml.Node) (any, error) {
	if n.Kind != yaml.SequenceNode || n.Anchor != "" {
		return nil, deal.Errorf(deal.Invalid, "want a list")
	}
	all := make([]any, 0, len(n.Content))
	for i, c := range n.Content {
		v, err := spot{shape: s.below, act: s.act}.value(c, nil)
		if err != nil {
			return nil, deal.Errorf(deal.Invalid, "%s: %w", strconv.Itoa(i), err)
		}
		all = append(all, v)
	}
	return all, nil
}
