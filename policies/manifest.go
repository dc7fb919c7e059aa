package policies

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"

	"cession/deal"
)

// manifestFile names the manifest in a pack's folder.
const manifestFile = "manifest.yaml"

// Rule is one rule of a pack, as its manifest describes it.
type Rule struct {
	ID       string `json:"id" yaml:"id"` // file.rule
	Title    string `json:"title" yaml:"title"`
	Owner    string `json:"owner" yaml:"owner"` // who answers for it
	Citation string `json:"citation" yaml:"citation"`
	Severity string `json:"severity" yaml:"severity"` // high, medium or low; for reading only, every rule refuses
}

// listRef is a list the pack needs, and how many entries make it credible.
type listRef struct {
	Name    string `yaml:"name"`
	File    string `yaml:"file"`
	Minimum int    `yaml:"minimum"`
}

// gate is what an act must pass, or an operator's command, which has rules only.
type gate struct {
	By      []deal.Role               `json:"by" yaml:"by"`
	After   []string                  `json:"after" yaml:"after"` // "step.action" on record before
	Carries map[string]deal.ValueKind `json:"carries" yaml:"carries"`
	Groups  []string                  `json:"-" yaml:"groups"`
	Rules   []string                  `json:"rules" yaml:"rules"` // after reading: with those of the groups
}

// manifest is a pack's table of contents.
type manifest struct {
	Name    string              `yaml:"name"`
	Version string              `yaml:"version"`
	Lists   []listRef           `yaml:"lists"`
	Groups  map[string][]string `yaml:"groups"`
	Gates   map[string]gate     `yaml:"gates"` // by "step.action"
	// Operations are the gates of operators' commands, by verb.
	Operations map[string]gate `yaml:"operations"`
	Rules      []Rule          `yaml:"rules"`
}

// The groups of rules that every act, and every operator's command, must pass.
const (
	everyone  = "everyone"
	operators = "operators"
)

var requiredLists = []string{"limits", "jurisdictions", "kyc", "sanctions", "operations"}

// readManifest reads and checks the manifest, and resolves the gates' groups.
func readManifest(fsys fs.FS) (manifest, error) {
	var m manifest
	b, err := fs.ReadFile(fsys, manifestFile)
	if err != nil {
		return m, deal.Errorf(deal.Invalid, "read manifest: %w", err)
	}
	if err := strictYAML(b, &m); err != nil {
		return m, deal.Errorf(deal.Invalid, "read manifest: %w", err)
	}
	for name, g := range m.Gates {
		m.Gates[name] = m.resolve(everyone, g)
	}
	for verb, g := range m.Operations {
		m.Operations[verb] = m.resolve(operators, g)
	}
	return m, m.check()
}

// resolve puts the rules of a gate together, in the order of the rule table.
func (m manifest) resolve(base string, g gate) gate {
	wanted := slices.Concat(m.Groups[base], g.Rules)
	for _, name := range g.Groups {
		wanted = append(wanted, m.Groups[name]...)
	}
	slices.SortStableFunc(wanted, func(a, b string) int { return m.position(a) - m.position(b) })
	g.Rules = slices.Compact(wanted)
	if g.After == nil {
		g.After = []string{}
	}
	if g.Carries == nil {
		g.Carries = map[string]deal.ValueKind{}
	}
	return g
}

// position of a rule in the table; unknown rules come last.
func (m manifest) position(id string) int {
	i := slices.IndexFunc(m.Rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return len(m.Rules)
	}
	return i
}

func (m manifest) rule(id string) Rule {
	if i := m.position(id); i < len(m.Rules) {
		return m.Rules[i]
	}
	return Rule{ID: id, Title: id}
}

var (
	ruleForm = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$`)
	verbForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	severity = []string{"high", "medium", "low"}
)

// check reports everything that is wrong with the table itself.
func (m manifest) check() error {
	var errs []error
	if m.Name == "" || m.Version == "" || len(m.Gates) == 0 || len(m.Groups[everyone]) == 0 {
		errs = append(errs, deal.Errorf(deal.Invalid, "manifest: want a name, a version, gates, and rules in the group everyone"))
	}
	if len(m.Operations) == 0 || len(m.Groups[operators]) == 0 {
		errs = append(errs, deal.Errorf(deal.Invalid, "manifest: want gates of operations, and rules in the group operators"))
	}
	for _, name := range requiredLists {
		if !slices.ContainsFunc(m.Lists, func(l listRef) bool { return l.Name == name && l.Minimum > 0 }) {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: want a list %s of a minimum size", name))
		}
	}
	for i, r := range m.Rules {
		if !ruleForm.MatchString(r.ID) || m.position(r.ID) != i || r.Title == "" || r.Owner == "" || r.Citation == "" || !slices.Contains(severity, r.Severity) {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: rule %.60q: want file.rule once, title, owner, citation, and severity high, medium or low", r.ID))
		}
	}
	for name, g := range m.Gates {
		if !ruleForm.MatchString(name) || len(g.By) == 0 {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: gate %.60q: want step.action and who it is for", name))
		}
		errs = append(errs, m.checkGate(name, g)...)
	}
	for verb, g := range m.Operations {
		if !verbForm.MatchString(verb) || len(g.By)+len(g.After)+len(g.Carries) > 0 {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: operation %.60q: want a verb, and groups and rules only", verb))
		}
		errs = append(errs, m.checkGate(verb, g)...)
	}
	return errors.Join(errs...)
}

// checkGate reports groups and rules that are not there.
func (m manifest) checkGate(name string, g gate) (errs []error) {
	for _, group := range g.Groups {
		if len(m.Groups[group]) == 0 {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: gate %s: no group %.40q", name, group))
		}
	}
	for _, id := range g.Rules {
		if m.position(id) == len(m.Rules) {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: gate %s: no rule %.60q in the table", name, id))
		}
	}
	return errs
}
