package records

import (
	"bytes"
	"context"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cession/deal"
	"cession/policies"
)

// Narrowing makes a backtest faster. A rule answers by the document and the
// lists it reads, so a rule that has the same text in two packs, and reads the
// same of their lists, answers the same, and need not be asked again. A
// narrowing asks only the rules that could answer otherwise, and only to find
// out whether anything changed: where one did, the candidate decides as a whole.
type Narrowing struct {
	base      *policies.Pack
	candidate *policies.Pack
	asks      *policies.Pack // the candidate, with the changed rules only
	changed   map[string]bool
	gates     map[string][]string // all rules of each act
	asked     map[string][]string // those of them that changed
	editions  []policies.ListInfo
	reads     map[string]bool // members of a document that the changed rules can look at, and what tells where it belongs
}

// Narrow prepares a backtest of a candidate over what was decided by a base.
// Without a gain, because the packs differ in all rules or in when they are in
// effect, it returns nil and no error.
func Narrow(base, candidate *policies.Pack, baseFiles, candidateFiles fs.FS) (*Narrowing, error) {
	if !base.From().Equal(candidate.From()) || !base.Until().Equal(candidate.Until()) || base.Kind() != candidate.Kind() {
		return nil, nil
	}
	n := &Narrowing{base: base, candidate: candidate, changed: map[string]bool{}}
	if err := n.find(baseFiles, candidateFiles); err != nil {
		return nil, err
	}
	if len(n.changed) == 0 || len(n.changed) == len(candidate.Rules()) {
		return nil, nil
	}
	n.read()
	files, err := n.files(candidateFiles)
	if err != nil {
		return nil, err
	}
	n.asks, err = policies.Load(files)
	return n, err
}

// read collects the members of a document the changed rules can look at, and
// what the candidate is asked for every record.
func (n *Narrowing) read() {
	n.editions, n.gates, n.asked = n.candidate.Lists(), map[string][]string{}, map[string][]string{}
	n.reads = map[string]bool{"act": true, "now": true}
	for id := range n.changed {
		input, _ := n.candidate.Reads(id)
		for _, place := range input {
			name, _, _ := strings.Cut(place, ".")
			n.reads[name] = true
		}
	}
}

// Rules are those that are asked, sorted.
func (n *Narrowing) Rules() (ids []string) {
	for _, r := range n.candidate.Rules() {
		if n.changed[r.ID] {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// find collects the rules that could answer otherwise.
func (n *Narrowing) find(before, after fs.FS) error {
	places, err := n.places()
	if err != nil {
		return err
	}
	packages, err := affectedPackages(before, after)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range n.base.Rules() {
		known[r.ID] = true
	}
	for _, r := range n.candidate.Rules() {
		name, _, _ := strings.Cut(r.ID, ".")
		_, data := n.candidate.Reads(r.ID)
		reads := slices.ContainsFunc(data, func(place string) bool {
			return slices.ContainsFunc(places, func(p string) bool { return meets(p, place) })
		})
		if !known[r.ID] || reads || packages[name] || packages["*"] {
			n.changed[r.ID] = true
		}
	}
	return nil
}

// places are where the packs' data differ. The digest is no such place: a
// document that names the base is put to the candidate as one that names it.
func (n *Narrowing) places() (all []string, err error) {
	a, err := n.base.Data()
	if err != nil {
		return nil, err
	}
	b, err := n.candidate.Data()
	if err != nil {
		return nil, err
	}
	for _, side := range []tree{a, b} {
		path{"pack", "digest"}.drop(side)
	}
	var entries []EntryDiff
	diffEntries(nil, a, b, &entries)
	for _, e := range entries {
		all = append(all, e.Path)
	}
	for _, d := range diffLists(n.base.Lists(), n.candidate.Lists()) {
		name, _, _ := strings.Cut(d.What, ",")
		all = append(all, name)
	}
	return all, nil
}

// meets reports whether one place is the other, or is in it.
func meets(a, b string) bool {
	return a == b || a == "" || b == "" || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// files are the candidate's, but for the manifest, in which each gate has only
// its changed rules. The group everyone, which each gate has, must have one.
func (n *Narrowing) files(candidate fs.FS) (fs.FS, error) {
	b, err := fs.ReadFile(candidate, manifestFile)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "read manifest: %w", err)
	}
	var m map[string]any
	if err := yaml.Unmarshal(b, &m); err != nil {
		return nil, deal.Errorf(deal.Invalid, "read manifest: %w", err)
	}
	groups, _ := m["groups"].(map[string]any)
	gates, _ := m["gates"].(map[string]any)
	if groups == nil || gates == nil {
		return nil, deal.Errorf(deal.Invalid, "read manifest: want groups and gates")
	}
	groups["everyone"] = n.Rules()[:1]
	for name := range gates {
		gate, _ := gates[name].(map[string]any)
		n.gates[name] = n.candidate.Gate(name)
		n.asked[name] = slices.DeleteFunc(n.candidate.Gate(name), func(id string) bool { return !n.changed[id] })
		delete(gate, "groups")
		gate["rules"] = n.asked[name]
	}
	if b, err = yaml.Marshal(m); err != nil {
		return nil, deal.Errorf(deal.Invalid, "write manifest: %w", err)
	}
	return overlay{candidate, b}, nil
}

// same reports whether the candidate surely answers as recorded: it has the
// same rules for the act, and those that changed are in the same state and ask
// for the same. False only means that the candidate must be asked.
func (n *Narrowing) same(ctx context.Context, r Record) (bool, error) {
	d := r.Decision
	if d.Pack != n.base.Digest() || d.Evaluator != policies.Evaluator || !n.fits(r) {
		return false, nil
	}
	if len(n.asked[r.Name]) == 0 {
		return true, nil
	}
	t, err := n.part(r)
	if err != nil {
		return false, nil
	}
	// The document was what its schema says when its rules were asked.
	narrowed, err := n.asks.Probe(ctx, r.Name, t, false)
	if err != nil {
		return false, ctx.Err()
	}
	// If the changed rules alone ask for all that was asked for, the others ask
	// for nothing more.
	if !slices.Equal(narrowed.Obligations, d.Obligations) || !slices.Equal(narrowed.Needs, d.Needs) {
		return false, nil
	}
	now := map[string]deal.RuleState{}
	for _, rule := range narrowed.Rules {
		now[rule.ID] = rule.State
	}
	return !slices.ContainsFunc(d.Rules, func(rule deal.RuleResult) bool { return n.changed[rule.ID] && now[rule.ID] != rule.State }), nil
}

// part is what of a document the changed rules can look at.
func (n *Narrowing) part(r Record) (tree, error) {
	kept := []byte{'{'}
	err := each(r.Document, func(name string, member []byte) {
		if n.reads[name] || n.reads[""] {
			if len(kept) > 1 {
				kept = append(kept, ',')
			}
			kept = append(kept, member...)
		}
	})
	if err != nil {
		return nil, err
	}
	r.Document = append(kept, '}')
	return parse(renamed(r, n.asks))
}

// fits reports whether the record was decided by the rules the candidate has
// for the act, with the editions of lists it has, on a document that does not
// name the candidate already.
func (n *Narrowing) fits(r Record) bool {
	rules := n.gates[r.Name]
	if len(rules) != len(r.Decision.Rules) || len(rules) == 0 || bytes.Contains(r.Document, []byte(n.candidate.Digest().String())) {
		return false
	}
	for i, rule := range r.Decision.Rules {
		if rule.ID != rules[i] {
			return false
		}
	}
	for _, used := range r.Decision.Lists {
		if !slices.ContainsFunc(n.editions, func(l policies.ListInfo) bool {
			return l.Name == used.Name && l.Digest == used.Digest && l.AsOf.Equal(used.AsOf)
		}) {
			return false
		}
	}
	return true
}
