package policies

import (
	"errors"
	"io/fs"
	"maps"
	"regexp"
	"slices"

	"cession/deal"
)

// requiredLists are those no pack of kind pack can do without.
var requiredLists = []string{
	"limits", "jurisdictions", "kyc", "sanctions", "operations", "licenses", "calendar", "disclosure", "conflicts", "tape_fields",
}

// mayBeEmpty are the lists of which no entry at all is credible.
var mayBeEmpty = []string{"conflicts"}

var (
	ruleForm = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$`)
	verbForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	severity = []string{"high", "medium", "low"}
)

// check reports everything that is wrong with the table itself.
func (m manifest) check() error {
	errs := []error{m.checkHead(), m.checkKind()}
	for _, l := range m.Lists {
		errs = append(errs, m.checkList(l))
	}
	for i, r := range m.Rules {
		if !ruleForm.MatchString(r.ID) || m.position(r.ID) != i || r.Title == "" || r.Owner == "" || r.Citation == "" || !slices.Contains(severity, r.Severity) {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: rule %.60q: want file.rule once, title, owner, citation, and severity high, medium or low", r.ID))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Gates)) {
		g := m.Gates[name]
		if !ruleForm.MatchString(name) || len(g.By) == 0 && m.Kind == KindPack || len(g.Rules) == 0 {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: gate %.60q: want step.action, who it is for, and rules", name))
		}
		errs = append(errs, m.checkGate(name, g)...)
	}
	for _, verb := range slices.Sorted(maps.Keys(m.Operations)) {
		g := m.Operations[verb]
		if !verbForm.MatchString(verb) || len(g.By)+len(g.After)+len(g.Carries) > 0 {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: operation %.60q: want a verb, and groups and rules only", verb))
		}
		errs = append(errs, m.checkGate(verb, g)...)
	}
	return errors.Join(errs...)
}

// checkHead reports what no kind of pack can do without.
func (m manifest) checkHead() error {
	if m.Name == "" || m.Version == "" {
		return deal.Errorf(deal.Invalid, "manifest: want a name and a version")
	}
	if e := m.Effective; !e.From.IsZero() && !e.Until.IsZero() && !e.From.Before(e.Until) {
		return deal.Errorf(deal.Invalid, "manifest: effective until %s is not after %s", e.Until.UTC().Format(day), e.From.UTC().Format(day))
	}
	if m.Coverage < 0 || m.Coverage > 100 {
		return deal.Errorf(deal.Invalid, "manifest: coverage %v: want a percentage", m.Coverage)
	}
	return nil
}

// checkKind reports what a pack of its kind lacks, or has too much.
func (m manifest) checkKind() error {
	switch m.Kind {
	case KindPack:
		return m.checkPack()
	case KindAddition:
		if len(m.Gates) == 0 || len(m.Operations) > 0 {
			return deal.Errorf(deal.Invalid, "manifest: an addition wants gates of acts, and none of operations")
		}
	case KindList:
		if len(m.Lists) != 1 || len(m.Rules)+len(m.Gates)+len(m.Operations)+len(m.Groups) > 0 {
			return deal.Errorf(deal.Invalid, "manifest: a pack of kind list wants one list and nothing else")
		}
		if !m.Lists[0].Live || m.Lists[0].AsOf.IsZero() {
			return deal.Errorf(deal.Invalid, "manifest: a pack of kind list wants its list live, and as_of")
		}
	default:
		return deal.Errorf(deal.Invalid, "manifest: kind %.20q: want pack, addition or list", m.Kind)
	}
	return nil
}

func (m manifest) checkPack() error {
	var errs []error
	if len(m.Gates) == 0 || len(m.Groups[everyone]) == 0 {
		errs = append(errs, deal.Errorf(deal.Invalid, "manifest: want gates, and rules in the group everyone"))
	}
	if len(m.Operations) == 0 || len(m.Groups[operators]) == 0 {
		errs = append(errs, deal.Errorf(deal.Invalid, "manifest: want gates of operations, and rules in the group operators"))
	}
	for _, name := range requiredLists {
		if !slices.ContainsFunc(m.Lists, func(l listRef) bool { return l.Name == name }) {
			errs = append(errs, deal.Errorf(deal.Invalid, "manifest: want a list %s", name))
		}
	}
	if slices.ContainsFunc(m.Lists, func(l listRef) bool { return l.Name == "sanctions" && l.MaximumAge == 0 }) {
		errs = append(errs, deal.Errorf(deal.Invalid, "manifest: list sanctions: want maximum_age: one that is out of date passes who was listed since"))
	}
	return errors.Join(errs...)
}

// checkList reports bounds that do not bound.
func (m manifest) checkList(l listRef) error {
	named := 0
	for _, other := range m.Lists {
		if other.Name == l.Name {
			named++
		}
	}
	switch {
	case named > 1:
		return deal.Errorf(deal.Invalid, "manifest: list %.40q stands twice", l.Name)
	case !fs.ValidPath(l.File):
		return deal.Errorf(deal.Invalid, "manifest: list %.40q: want a file of the pack", l.Name)
	case l.Minimum < 0 || l.Minimum == 0 && !slices.Contains(mayBeEmpty, l.Name):
		return deal.Errorf(deal.Invalid, "manifest: list %.40q: want a minimum size", l.Name)
	case l.Maximum < 0 || l.Maximum > maxEntries || l.Maximum > 0 && l.Maximum < l.Minimum:
		return deal.Errorf(deal.Invalid, "manifest: list %.40q: want a maximum size from %d to %d", l.Name, l.Minimum, maxEntries)
	case l.AsOf.IsZero() && (l.MaximumAge > 0 || l.Live):
		return deal.Errorf(deal.Invalid, "manifest: list %.40q: want as_of, from which its age counts", l.Name)
	}
	return nil
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
