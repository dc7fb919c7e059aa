package cases

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// A path names a place of a document by its members, joined by dots:
// act.fields.price, taken.nda.sign.fields.until, parties.bidder.jurisdiction,
// done.nda.sign (an entry of a list of names), approvals.0 (of another list).

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// set returns the document with another value at a place. What is not changed
// is shared with the old document.
func set(doc object, path string, value *yaml.Node) (object, error) {
	changed, err := root(doc).set(doc, strings.Split(path, "."), value)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "%.80s: %w", path, err)
	}
	return changed.(object), nil
}

// drop returns the document without a place, which must be there.
func drop(doc object, path string) (object, error) {
	changed, err := root(doc).drop(doc, strings.Split(path, "."))
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "%.80s: %w", path, err)
	}
	return changed.(object), nil
}

// next takes the first name off a path. A name of an act has a dot in it.
func (s spot) next(path []string) (key string, rest []string, err error) {
	if s.form == mapping && s.name == "taken" {
		if len(path) < 2 {
			return "", nil, deal.Errorf(deal.Invalid, "want the name of an act, such as taken.nda.sign")
		}
		return path[0] + "." + path[1], path[2:], nil
	}
	return path[0], path[1:], nil
}

func (s spot) set(was any, path []string, value *yaml.Node) (any, error) {
	if len(path) == 0 {
		return s.value(value, was)
	}
	if s.form == list {
		return s.setElement(was, path, value)
	}
	key, rest, err := s.next(path)
	if err != nil {
		return nil, err
	}
	below, err := s.inside(key)
	if err != nil {
		return nil, err
	}
	old, _ := was.(object)
	v, err := below.set(old[key], rest, value)
	if err != nil {
		return nil, err
	}
	o := object{}
	maps.Copy(o, old)
	o[key] = v
	return o, nil
}

// inside is the place below, also below an amount or a field, whose parts may
// be set on their own.
func (s spot) inside(key string) (spot, error) {
	if s.form != amount && s.form != field {
		return s.member(key)
	}
	forms := map[string]form{"minor": count, "currency": text}
	if s.form == field {
		forms["kind"], forms["value"], forms["ms"], forms["count"] = text, text, moment, count
	}
	f, ok := forms[key]
	if !ok {
		return spot{}, deal.Errorf(deal.Invalid, "there is no %.40q here: want one of %s", key, strings.Join(sortedKeys(forms), ", "))
	}
	return spot{shape: &shape{form: f, name: key}}, nil
}

func (s spot) setElement(was any, path []string, value *yaml.Node) (any, error) {
	all, _ := was.([]any)
	i, err := strconv.Atoi(path[0])
	if err != nil || i < 0 || i > len(all) {
		return nil, deal.Errorf(deal.Invalid, "want a number from 0 to %d, have %.40q", len(all), path[0])
	}
	all = slices.Clone(all)
	if i == len(all) {
		all = append(all, nil)
	}
	all[i], err = spot{shape: s.below, act: s.act}.set(all[i], path[1:], value)
	return all, err
}

func (s spot) drop(was any, path []string) (any, error) {
	if s.form == list {
		return s.dropElement(was, path)
	}
	key, rest, err := s.next(path)
	if err != nil {
		return nil, err
	}
	below, err := s.inside(key)
	if err != nil {
		return nil, err
	}
	old, _ := was.(object)
	v, there := old[key]
	if !there {
		return nil, deal.Errorf(deal.Invalid, "there is nothing to drop")
	}
	o := maps.Clone(old)
	if len(rest) == 0 {
		delete(o, key)
		return o, nil
	}
	o[key], err = below.drop(v, rest)
	return o, err
}

func (s spot) dropElement(was any, path []string) (any, error) {
	all, _ := was.([]any)
	i, err := strconv.Atoi(path[0])
	if s.below.form == text {
		i = slices.Index(all, any(strings.Join(path, ".")))
		path, err = path[:1], nil
	}
	if err != nil || i < 0 || i >= len(all) {
		return nil, deal.Errorf(deal.Invalid, "there is nothing to drop")
	}
	all = slices.Clone(all)
	if len(path) == 1 {
		return slices.Delete(all, i, i+1), nil
	}
	all[i], err = spot{shape: s.below, act: s.act}.drop(all[i], path[1:])
	return all, err
}
