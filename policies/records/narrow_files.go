package records

import (
	"io/fs"
	"regexp"
	"slices"
)

var (
	mentioned = regexp.MustCompile(`\bdata\.cession\.([a-z][a-z0-9_]*)`)
	computed  = regexp.MustCompile(`\bdata(\.cession)?(\[|\s|$)`)
	packaged  = regexp.MustCompile(`(?m)^package cession\.([a-z][a-z0-9_]*)$`)
)

// affectedPackages are the packages of rules whose files differ, and those that
// mention them, over any number of steps. A package that computes what it
// mentions may mention any. "*" stands for all: what asks the rules differs.
func affectedPackages(before, after fs.FS) (map[string]bool, error) {
	was, err := rego(before)
	if err != nil {
		return nil, err
	}
	is, err := rego(after)
	if err != nil {
		return nil, err
	}
	affected, mentions := map[string]bool{}, map[string][]string{}
	for file := range is {
		source := text(is[file])
		m := packaged.FindStringSubmatch(source)
		if m == nil && source != text(was[file]) {
			return map[string]bool{"*": true}, nil
		}
		if m == nil {
			continue
		}
		if source != text(was[file]) {
			affected[m[1]] = true
		}
		if computed.MatchString(source) {
			mentions[m[1]] = append(mentions[m[1]], "*")
		}
		for _, other := range mentioned.FindAllStringSubmatch(source, -1) {
			mentions[m[1]] = append(mentions[m[1]], other[1])
		}
	}
	spread := len(affected) > 0
	for spread {
		spread = false
		for name, others := range mentions {
			if !affected[name] && slices.ContainsFunc(others, func(o string) bool { return o == "*" || affected[o] }) {
				affected[name], spread = true, true
			}
		}
	}
	return affected, nil
}
