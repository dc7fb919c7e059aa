package policies

import (
	"crypto/sha256"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"cession/deal"
)

// ListInfo describes the edition of a list that a pack has.
type ListInfo struct {
	Name       string          `json:"name"`
	File       string          `json:"file"`
	Entries    int             `json:"entries"`
	Minimum    int             `json:"minimum"`              // entries that make it credible
	Maximum    int             `json:"maximum"`              // entries
	AsOf       time.Time       `json:"asOf,omitzero"`        // what its publisher says it holds for
	MaximumAge time.Duration   `json:"maximumAge,omitempty"` // rules that read an older edition are not evaluated; 0: it does not age
	Digest     deal.Commitment `json:"digest"`               // SHA-256 of its file
	Live       bool            `json:"live"`                 // newer editions replace it in packs that are loaded
}

// edition is the content of a list.
type edition struct {
	entries int
	digest  deal.Commitment
}

// Lists returns the lists of the pack, in the order of its manifest.
func (p *Pack) Lists() []ListInfo {
	var all []ListInfo
	for _, l := range p.manifest.Lists {
		e := p.editions[l.Name]
		all = append(all, ListInfo{
			Name: l.Name, File: l.File, Entries: e.entries, Minimum: l.Minimum, Maximum: l.most(), AsOf: l.AsOf.UTC(),
			MaximumAge: time.Duration(l.MaximumAge), Digest: e.digest, Live: l.Live,
		})
	}
	return all
}

func (p *Pack) readList(fsys fs.FS, ref listRef) error {
	f, err := fsys.Open(ref.File)
	if err != nil {
		return deal.Errorf(deal.Invalid, "load list %s: %w", ref.Name, err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxListSize+1))
	if err != nil {
		return deal.Errorf(deal.Invalid, "load list %s: %w", ref.Name, err)
	}
	return p.enter(content, ref)
}

func (p *Pack) enter(content []byte, ref listRef) error {
	n, err := p.lists.read(content, ref)
	if err != nil {
		return deal.Errorf(deal.Invalid, "load list %s: %w", ref.Name, err)
	}
	p.editions[ref.Name] = edition{n, sha256.Sum256(content)}
	return nil
}

// WithList returns the pack with another edition of one of its live lists. Its
// rules and its digest stay the same: that the list is live is what was agreed
// on. The edition is checked as it is when the pack is loaded; errors are of
// kind invalid, and p itself never changes.
func (p *Pack) WithList(name string, content []byte, asOf time.Time) (*Pack, error) {
	i := slices.IndexFunc(p.manifest.Lists, func(l listRef) bool { return l.Name == name })
	switch {
	case i < 0:
		return nil, deal.Errorf(deal.Invalid, "the pack has no list %.40q", name)
	case !p.manifest.Lists[i].Live:
		return nil, deal.Errorf(deal.Invalid, "list %s is not live: it only changes with the pack", name)
	case asOf.IsZero():
		return nil, deal.Errorf(deal.Invalid, "list %s: want the time it holds for", name)
	}
	other := *p
	other.manifest.Lists = slices.Clone(p.manifest.Lists)
	other.manifest.Lists[i].AsOf = asOf.UTC()
	other.editions = maps.Clone(p.editions)
	if err := other.enter(content, other.manifest.Lists[i]); err != nil {
		return nil, err
	}
	return &other, other.fillStore()
}

// Sample returns the pack Cession ships with its live lists taken as of a time.
// It is for trying the product and for tests only: nobody has checked that the
// shipped lists hold for that time.
func Sample(asOf time.Time) (*Pack, error) {
	p, err := Standard()
	if err != nil {
		return nil, err
	}
	other := *p
	other.manifest.Lists = slices.Clone(p.manifest.Lists)
	for i := range other.manifest.Lists {
		if other.manifest.Lists[i].Live {
			other.manifest.Lists[i].AsOf = asOf.UTC()
		}
	}
	other.lists.Sanctions.AsOf = asOf.UnixMilli()
	return &other, other.fillStore()
}

// used are the live lists that the rules of a gate read.
func (p *Pack) used(g *gateway) (used []deal.ListUsed) {
	for _, l := range p.manifest.Lists {
		if l.Live && slices.Contains(g.lists, l.Name) {
			used = append(used, deal.ListUsed{Name: l.Name, Digest: p.editions[l.Name].digest, AsOf: l.AsOf.UTC()})
		}
	}
	slices.SortFunc(used, func(a, b deal.ListUsed) int { return strings.Compare(a.Name, b.Name) })
	return used
}
