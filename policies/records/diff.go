package records

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"cession/deal"
	"cession/policies"
)

// How says what became of something between two packs.
type How string

// What can become of it.
const (
	IsNew   How = "added"
	IsGone  How = "removed"
	IsOther How = "changed"
)

// Detail is one property of something that changed. Texts of rules are whole.
type Detail struct {
	What string `json:"what"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

// RuleDiff is what became of a rule.
type RuleDiff struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Owner   string   `json:"owner"`
	How     How      `json:"how"`
	Details []Detail `json:"details,omitempty"` // title, owner, citation, severity, text
}

// GateDiff is what became of a gate.
type GateDiff struct {
	Name    string   `json:"name"` // "step.action", or an operator's verb
	How     How      `json:"how"`
	Added   []string `json:"added,omitempty"`   // rules
	Removed []string `json:"removed,omitempty"` // rules
	Details []Detail `json:"details,omitempty"` // who may act, what comes before, what the act carries
}

// EntryDiff is what became of an entry of a list.
type EntryDiff struct {
	Path string `json:"path"` // "limits.amount.EUR"
	How  How    `json:"how"`
	Was  string `json:"was,omitempty"`
	Is   string `json:"is,omitempty"`
}

// Edition names a pack.
type Edition struct {
	Name    string          `json:"name"`
	Version string          `json:"version"`
	Digest  deal.Commitment `json:"digest"`
	From    time.Time       `json:"from,omitzero"`
	Until   time.Time       `json:"until,omitzero"`
}

// PackDiff is how two packs differ.
type PackDiff struct {
	Before  Edition     `json:"before"`
	After   Edition     `json:"after"`
	Rules   []RuleDiff  `json:"rules"`
	Gates   []GateDiff  `json:"gates"`
	Lists   []Detail    `json:"lists"`   // what the manifest demands of each: "sanctions, maximum age"
	Entries []EntryDiff `json:"entries"` // of all lists but sanctions: see [DiffSanctions]
	Files   []EntryDiff `json:"files"`   // only after [PackDiff.CompareFiles]
}

// Diff compares two packs as they are loaded. Text that several rules share
// stands in no rule of its own: see [PackDiff.CompareFiles].
func Diff(before, after *policies.Pack) (PackDiff, error) {
	a, err := before.Data()
	if err != nil {
		return PackDiff{}, err
	}
	b, err := after.Data()
	if err != nil {
		return PackDiff{}, err
	}
	d := PackDiff{Before: edition(before), After: edition(after), Rules: diffRules(before, after), Files: []EntryDiff{}}
	d.Gates = append(diffGates(a, b, "gates"), diffGates(a, b, "operations")...)
	d.Lists = diffLists(before.Lists(), after.Lists())
	d.Entries = []EntryDiff{}
	for _, side := range []tree{a, b} {
		delete(side, "pack")
		delete(side, "sanctions")
	}
	diffEntries(nil, a, b, &d.Entries)
	return d, nil
}

func edition(p *policies.Pack) Edition {
	return Edition{p.Name(), p.Version(), p.Digest(), p.From(), p.Until()}
}

// Same reports whether nothing that was compared differs.
func (d PackDiff) Same() bool {
	return len(d.Rules)+len(d.Gates)+len(d.Lists)+len(d.Entries)+len(d.Files) == 0 && d.Before == d.After
}

func diffRules(before, after *policies.Pack) []RuleDiff {
	all := []RuleDiff{}
	old := map[string]policies.Rule{}
	for _, r := range before.Rules() {
		old[r.ID] = r
	}
	for _, r := range after.Rules() {
		was, known := old[r.ID]
		delete(old, r.ID)
		if !known {
			all = append(all, RuleDiff{ID: r.ID, Title: r.Title, Owner: r.Owner, How: IsNew})
			continue
		}
		_, _, textWas := before.Source(r.ID)
		_, _, textIs := after.Source(r.ID)
		details := differing(
			Detail{"title", was.Title, r.Title}, Detail{"owner", was.Owner, r.Owner}, Detail{"citation", was.Citation, r.Citation},
			Detail{"severity", was.Severity, r.Severity}, Detail{"text", textWas, textIs},
		)
		if len(details) > 0 {
			all = append(all, RuleDiff{r.ID, r.Title, r.Owner, IsOther, details})
		}
	}
	for _, r := range before.Rules() {
		if _, gone := old[r.ID]; gone {
			all = append(all, RuleDiff{ID: r.ID, Title: r.Title, Owner: r.Owner, How: IsGone})
		}
	}
	return all
}

// differing keeps what is not the same.
func differing(details ...Detail) []Detail {
	return slices.DeleteFunc(details, func(d Detail) bool { return d.Was == d.Is })
}

func diffGates(a, b tree, kind string) []GateDiff {
	all := []GateDiff{}
	before, _ := path{"pack", kind}.at(a).(tree)
	after, _ := path{"pack", kind}.at(b).(tree)
	for _, name := range keysOf(before, after) {
		was, had := before[name].(tree)
		is, has := after[name].(tree)
		g := GateDiff{
			Name: name, How: IsOther, Added: without(texts(is["rules"]), texts(was["rules"])), Removed: without(texts(was["rules"]), texts(is["rules"])),
		}
		switch {
		case !had:
			g.How = IsNew
		case !has:
			g.How = IsGone
		default:
			g.Details = differing(
				Detail{"who may act", inWords(was["by"]), inWords(is["by"])}, Detail{"what comes before", inWords(was["after"]), inWords(is["after"])},
				Detail{"what it carries", inWords(was["carries"]), inWords(is["carries"])},
			)
			if len(g.Added)+len(g.Removed)+len(g.Details) == 0 {
				continue
			}
		}
		all = append(all, g)
	}
	return all
}

func keysOf(a, b tree) []string {
	all := maps.Clone(a)
	if all == nil {
		all = tree{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

func texts(v any) (all []string) {
	list, _ := v.([]any)
	for _, item := range list {
		all = append(all, text(item))
	}
	return all
}

// CompareFiles adds the Rego files that differ, without tests: what they hold
// may be shared by rules whose own text is the same.
func (d *PackDiff) CompareFiles(before, after fs.FS) error {
	was, err := rego(before)
	if err != nil {
		return err
	}
	is, err := rego(after)
	if err != nil {
		return err
	}
	diffEntries(nil, was, is, &d.Files)
	for i := range d.Files {
		d.Files[i].Path, d.Files[i].Was, d.Files[i].Is = strings.Trim(d.Files[i].Path, `"`), "", ""
	}
	return nil
}

func rego(files fs.FS) (tree, error) {
	names, err := fs.Glob(files, "*.rego")
	if err != nil {
		return nil, err
	}
	all := tree{}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, deal.Errorf(deal.Invalid, "read rules: %w", err)
		}
		if !strings.HasSuffix(name, "_test.rego") {
			all[name] = string(b)
		}
	}
	return all, nil
}
