package records

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cession/policies"
)

// diffLists compares what is demanded of lists, and which edition there is.
func diffLists(before, after []policies.ListInfo) []Detail {
	all := []Detail{}
	properties := func(of []policies.ListInfo) map[string]string {
		m := map[string]string{}
		for _, l := range of {
			m[l.Name] = "needed"
			m[l.Name+", fewest entries"] = strconv.Itoa(l.Minimum)
			m[l.Name+", most entries"] = strconv.Itoa(l.Maximum)
			m[l.Name+", live"] = word(l.Live)
			m[l.Name+", maximum age"] = age(l.MaximumAge)
			m[l.Name+", as of"] = day(l.AsOf)
			if l.Name == "sanctions" {
				m[l.Name+", entries"] = strconv.Itoa(l.Entries)
			}
		}
		return m
	}
	was, is := properties(before), properties(after)
	names := maps.Clone(was)
	maps.Copy(names, is)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		all = append(all, differing(Detail{name, was[name], is[name]})...)
	}
	return all
}

func age(d time.Duration) string {
	switch {
	case d == 0:
		return "any"
	case d%(24*time.Hour) == 0:
		return plural(int(d/(24*time.Hour)), "day")
	}
	return plural(int(d/time.Hour), "hour")
}

func day(t time.Time) string {
	if t.IsZero() {
		return "not said"
	}
	return t.UTC().Format(time.DateOnly)
}

// diffEntries compares lists, entry by entry; one that is only on one side is
// one difference, not one for each of its parts.
func diffEntries(p path, a, b any, found *[]EntryDiff) {
	was, isTree := a.(tree)
	is, both := b.(tree)
	if isTree && both {
		for _, name := range keysOf(was, is) {
			diffEntries(p.to(name), was[name], is[name], found)
		}
		return
	}
	d := EntryDiff{Path: p.String(), How: IsOther, Was: figure(p, a), Is: figure(p, b)}
	switch {
	case a == nil:
		d.How = IsNew
	case b == nil:
		d.How = IsGone
	}
	if d.Was != d.Is || d.How != IsOther {
		*found = append(*found, d)
	}
}

// figure writes a value of a list; below a currency, numbers are money.
func figure(p path, v any) string {
	if n, ok := whole(v); ok {
		for _, name := range p {
			if currencyForm.MatchString(name) {
				return money(n, name)
			}
		}
		return group(strconv.FormatInt(n, 10))
	}
	return inWords(v)
}

// inWords writes any value of a list.
func inWords(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool, string:
		return word(v)
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = inWords(item)
		}
		return strings.Join(parts, ", ")
	case tree:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, name+" "+inWords(v[name]))
		}
		return strings.Join(parts, ", ")
	}
	if n, ok := whole(v); ok {
		return strconv.FormatInt(n, 10)
	}
	return ""
}
