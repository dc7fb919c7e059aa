package policies

import (
	"io/fs"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

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

// Kinds of packs.
const (
	KindPack     = "pack"     // rules for every act: what deals are pinned to
	KindAddition = "addition" // a party's own rules, which can only refuse more
	KindList     = "list"     // one list, a newer edition of a live list
)

// listRef is a list the pack needs, and what makes it credible.
type listRef struct {
	Name       string    `yaml:"name"`
	File       string    `yaml:"file"`
	Minimum    int       `yaml:"minimum"`     // entries
	Maximum    int       `yaml:"maximum"`     // entries; 0: maxEntries
	MaximumAge age       `yaml:"maximum_age"` // 0: the list does not age
	AsOf       time.Time `yaml:"as_of"`       // what its publisher says it holds for; zero: it does not age
	Live       bool      `yaml:"live"`        // newer editions replace it in packs that are loaded
}

// age is a duration in days or hours: "30d", "12h".
type age time.Duration

// UnmarshalYAML reads "30d".
func (a *age) UnmarshalYAML(node *yaml.Node) error {
	digits, unit := node.Value, time.Duration(0)
	if n := len(digits); n > 0 {
		digits, unit = digits[:n-1], map[byte]time.Duration{'d': 24 * time.Hour, 'h': time.Hour}[digits[n-1]]
	}
	count, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || unit == 0 || count == 0 {
		return deal.Errorf(deal.Invalid, "line %d: age %.20q: want days or hours, as in 30d or 12h", node.Line, node.Value)
	}
	*a = age(time.Duration(count) * unit)
	return nil
}

// effective is when a pack may decide. Times that are zero do not bound it.
type effective struct {
	From  time.Time `yaml:"from"`
	Until time.Time `yaml:"until"` // from then on it decides nothing
}

// gate is what an act must pass, or an operator's command, which has rules only.
type gate struct {
	By      []deal.Role               `json:"by" yaml:"by"`
	After   []string                  `json:"after" yaml:"after"` // "step.action" on record before
	Carries map[string]deal.ValueKind `json:"carries" yaml:"carries"`
	Groups  []string                  `json:"-" yaml:"groups"`
	Rules   []string                  `json:"rules" yaml:"rules"` // after reading: with those of the groups
	// Outlives has the gate decide when the time of the pack is over: nobody is
	// kept in a deal because its rules have expired.
	Outlives bool `json:"-" yaml:"outlives"`
}

// manifest is a pack's table of contents.
type manifest struct {
	Name      string              `yaml:"name"`
	Version   string              `yaml:"version"`
	Kind      string              `yaml:"kind"` // after reading one of the Kind constants
	Effective effective           `yaml:"effective"`
	Coverage  int                 `yaml:"coverage"` // percent of the rules' expressions that tests must evaluate
	Lists     []listRef           `yaml:"lists"`
	Groups    map[string][]string `yaml:"groups"`
	Gates     map[string]gate     `yaml:"gates"` // by "step.action"
	// Operations are the gates of operators' commands, by verb.
	Operations map[string]gate `yaml:"operations"`
	Rules      []Rule          `yaml:"rules"`
}

// The groups of rules that every act, and every operator's command, must pass.
const (
	everyone  = "everyone"
	operators = "operators"
)

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
	if m.Kind == "" {
		m.Kind = KindPack
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
