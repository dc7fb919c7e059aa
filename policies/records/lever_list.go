package records

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// maxLeaves bounds how much of a list is tried where nothing in the document
// says which entry counts.
const maxLeaves = 12

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// lists tries the figures and words of the pack's lists that the rule reads.
func (c *inquiry) lists() error {
	words := map[string]bool{}
	collect(c.document, words)
	tried := map[string]bool{}
	for _, place := range c.consults {
		p := path(strings.Split(place, "."))
		if p[0] == "pack" || p[0] == "sanctions" {
			continue
		}
		for _, leaf := range leaves(p, p.at(c.data), words) {
			if tried[leaf.String()] {
				continue
			}
			tried[leaf.String()] = true
			if err := c.leaf(leaf); err != nil {
				return err
			}
		}
	}
	return nil
}

// collect gathers the short texts of a document.
func collect(v any, words map[string]bool) {
	switch v := v.(type) {
	case tree:
		for _, item := range v {
			collect(item, words)
		}
	case []any:
		for _, item := range v {
			collect(item, words)
		}
	case string:
		if len(v) <= 64 {
			words[v] = true
		}
	}
}

// leaves are the figures, words and switches below a place of the lists: those
// under a key that the document names, or all, if they are few.
func leaves(p path, v any, words map[string]bool) (all []path) {
	t, ok := v.(tree)
	if !ok {
		if v != nil {
			all = append(all, p)
		}
		return all
	}
	keys := slices.Sorted(maps.Keys(t))
	if named := slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return !words[k] }); len(named) > 0 {
		keys = named
	} else if len(keys) > maxLeaves {
		return nil
	}
	for _, k := range keys {
		all = append(all, leaves(p.to(k), t[k], words)...)
	}
	return all
}

// leaf tries other values of one entry.
func (c *inquiry) leaf(p path) error {
	set := func(v any) func(tree) { return func(t tree) { p.put(t, v) } }
	s := Suggestion{Means: ByRule, Path: p.String(), Unit: Count}
	switch v := p.at(c.data).(type) {
	case bool:
		return c.other(p, []any{!v})
	case string:
		return c.other(p, c.siblings(p))
	default:
		have, ok := whole(v)
		if !ok {
			return nil
		}
		most := int64(maxCount)
		for _, name := range p {
			if currencyForm.MatchString(name) {
				s.Unit, s.Currency, most = Minor, name, maxMinor
			}
		}
		found, err := search(around(have, 0, most, numbers(c.document)), have, func(n int64) (bool, error) {
			r, err := c.tryData(set(n))
			return r.passes, err
		})
		if found == nil || err != nil {
			return err
		}
		r, err := c.tryData(set(found.nearest(have)))
		if err == nil && r.passes {
			c.add(bounded(*found, s), r, s.Path)
		}
		return err
	}
}

// other tries words or switches.
func (c *inquiry) other(p path, values []any) error {
	s := Suggestion{Means: ByRule, Path: p.String(), Bound: OneOf}
	var some reply
	for _, v := range values {
		r, err := c.tryData(func(t tree) { p.put(t, v) })
		if err != nil {
			return err
		}
		if r.passes {
			some.allows = some.allows || r.allows
			s.Values = append(s.Values, word(v))
		}
	}
	if len(s.Values) > 0 {
		c.add(s, some, s.Path)
	}
	return nil
}

func word(v any) string {
	switch v {
	case true:
		return "yes"
	case false:
		return "no"
	}
	return text(v)
}

// siblings are the words that stand at the same place of other entries, if they
// are few enough to be a choice.
func (c *inquiry) siblings(p path) []any {
	if len(p) < 2 {
		return nil
	}
	entries, _ := p[:len(p)-2].at(c.data).(tree)
	all := map[string]bool{}
	for _, entry := range entries {
		if e, ok := entry.(tree); ok {
			all[text(e[p.last()])] = true
		}
	}
	delete(all, "")
	delete(all, text(p.at(c.data)))
	if len(all) > maxLeaves {
		return nil
	}
	var values []any
	for _, w := range slices.Sorted(maps.Keys(all)) {
		values = append(values, w)
	}
	return values
}
