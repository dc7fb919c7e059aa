package node

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cession/deal"
	"cession/node/vault"
)

// The list of a deal's documents only grows: what is there keeps its index, its
// leaf, key and ciphertext; what is added comes after it. A newer version of a
// document is a document of its own that names the one it supersedes.

// PlanMore plans documents in addition to those that were notarized, and returns
// the longer set, to notarize anew (supplements.notarize). A document with folder
// and name of one that is there, or that names one as superseded, is its next
// version; one that is there already, with nothing new said of it, is not added
// again. The same list again is the same set. Errors: conflict (nothing is
// notarized yet, or not all of that is stored; another version is newer).
func (n *Node) PlanMore(ctx context.Context, id deal.ID, docs []PlannedDocument) (IntakeSet, error) {
	o, err := n.mayPlan(ctx, id, docs)
	if err != nil {
		return IntakeSet{}, err
	}
	unlock, err := n.filling.lock(ctx, string(id))
	if err != nil {
		return IntakeSet{}, err
	}
	defer unlock()
	base, list, err := n.extend(ctx, o, docs)
	if err != nil {
		return IntakeSet{}, err
	}
	if len(list.added) == 0 {
		return intakeSet(base, list.have, list.indexes), nil
	}
	newest, ok, err := n.state.set(ctx, id, "received = 0")
	if err != nil {
		return IntakeSet{}, err
	}
	if have, err := n.state.catalog(ctx, newest.id); err != nil {
		return IntakeSet{}, err
	} else if ok && newest.id > base.id && sameDocuments(have, slices.Concat(list.have, list.added)) {
		return intakeSet(newest, have, list.indexes), nil
	}
	return n.drawSet(ctx, o, base, list)
}

// extend returns the set that was notarized, and what a list adds to it.
func (n *Node) extend(ctx context.Context, o deal.Opening, docs []PlannedDocument) (base docSet, list planning, err error) {
	if !describes(o.Plan) {
		return base, list, deal.Errorf(deal.Conflict, "the plan of %s is from before documents could be added", o.ID)
	}
	root, err := n.notarizedRoot(ctx, o.ID)
	if err != nil {
		return base, list, err
	}
	if root.IsZero() {
		return base, list, deal.Errorf(deal.Conflict, "no documents of %s are notarized yet: plan all of them together", o.ID)
	}
	if base, err = n.ownSet(ctx, o.ID); err != nil {
		return base, list, err
	}
	if list, err = n.after(ctx, o, base, docs); err != nil || len(list.added) == 0 {
		return base, list, err
	}
	held, err := n.stored(ctx, list.have)
	if err != nil || held == base.Count {
		return base, list, err
	}
	// an addition that never became whole may be given up for another one
	title, err := n.titleSet(ctx, o.ID)
	if err != nil {
		return base, list, err
	}
	if title.id == base.id {
		return base, list, deal.Errorf(deal.Conflict, "%d documents that were notarized have not been uploaded yet: bring them first", base.Count-held)
	}
	list, err = n.after(ctx, o, title, docs)
	return title, list, err
}

func (n *Node) after(ctx context.Context, o deal.Opening, base docSet, docs []PlannedDocument) (planning, error) {
	have, err := n.state.catalog(ctx, base.id)
	if err != nil {
		return planning{}, err
	}
	return arrange(o.Plan, have, docs)
}

// Preview returns the documents of a deal as they would be if a list were
// planned: those that are there, and those added, which have no leaf yet.
func (n *Node) Preview(ctx context.Context, id deal.ID, docs []PlannedDocument) ([]DocumentInfo, error) {
	o, err := n.mayPlan(ctx, id, docs)
	if err != nil {
		return nil, err
	}
	root, err := n.notarizedRoot(ctx, id)
	if err != nil {
		return nil, err
	}
	var list planning
	if root.IsZero() {
		list, err = arrange(o.Plan, nil, docs)
	} else {
		_, list, err = n.extend(ctx, o, docs)
	}
	if err != nil {
		return nil, err
	}
	return n.infos(ctx, slices.Concat(list.have, list.added))
}

// planning is a list of documents in the making.
type planning struct {
	have    []document // notarized already
	added   []document // after those; without salts yet
	indexes []uint64   // of the documents given, in their order
}

// arrange places the documents given after those there are: which are newer
// versions, which are there already, and what index numbers the others get.
func arrange(p deal.Plan, have []document, docs []PlannedDocument) (planning, error) {
	list := planning{have: have}
	newest := newestByPath(have)
	for i, d := range docs {
		if !describes(p) { // as it was: one name, without folders
			d.Description = vault.Description{Name: strings.ReplaceAll(d.Path(), "/", "_")}
		}
		earlier, there := newest[d.Path()]
		if there && d.repeats(earlier) {
			list.indexes = append(list.indexes, earlier.Index)
			continue
		}
		if there && d.Supersedes == nil {
			d.Supersedes = &earlier.Index
		}
		if err := d.succeed(have, newest); err != nil {
			return list, fmt.Errorf("document %d: %w", i, err)
		}
		index := uint64(len(have) + len(list.added))
		list.indexes = append(list.indexes, index)
		list.added = append(list.added, document{Index: index, About: d.Description, Sum: d.Sum})
	}
	if len(have)+len(list.added) > maxDocuments {
		return list, deal.Errorf(deal.Invalid, "%d documents: want at most %d in all", len(have)+len(list.added), maxDocuments)
	}
	if !describes(p) {
		return list, checkPlainNames(list.added)
	}
	return list, list.number()
}

func newestByPath(docs []document) map[string]document {
	newest, versions := map[string]document{}, versionsOf(docs)
	for i, d := range docs {
		if versions[i].latest {
			newest[d.About.Path()] = d
		}
	}
	return newest
}

// repeats reports whether a document is one that is there, and what is said of
// it is what is known.
func (p PlannedDocument) repeats(d document) bool {
	about := p.Description
	if about.Supersedes == nil {
		about.Supersedes = d.About.Supersedes
	}
	about = about.Inherit(d.About)
	if about.Dated == "" {
		about.Dated = d.About.Dated
	}
	if about.Note == "" {
		about.Note = d.About.Note
	}
	return p.Sum == d.Sum && about.Equal(d.About)
}

// succeed checks what a document supersedes, and takes over what is not said
// anew.
func (p *PlannedDocument) succeed(have []document, newest map[string]document) error {
	if p.Supersedes == nil {
		return nil
	}
	index := *p.Supersedes
	if index >= uint64(len(have)) {
		return deal.Errorf(deal.Invalid, "supersedes document %d, which is not among those notarized", index)
	}
	earlier := have[index]
	if newest[earlier.About.Path()].Index != index {
		return deal.Errorf(deal.Conflict, "document %d is superseded already: name its newest version", index)
	}
	if other, ok := newest[p.Path()]; ok && other.Index != index {
		return deal.Errorf(deal.Conflict, "supersedes document %d, but has folder and name of document %d", index, other.Index)
	}
	p.Description = p.Inherit(earlier.About)
	return nil
}

// number gives those added index numbers, each one of its own; a newer version
// has that of the one before.
func (l *planning) number() error {
	all := slices.Concat(l.have, l.added)
	versions := versionsOf(all)
	used := map[string]bool{}
	have, added := []vault.Description{}, []vault.Description{}
	for i, d := range all {
		if d.About.Number != "" && versions[i].latest {
			if used[d.About.Number] {
				return deal.Errorf(deal.Invalid, "two documents have the index number %s", d.About.Number)
			}
			used[d.About.Number] = true
		}
		if i < len(l.have) {
			have = append(have, d.About)
		} else {
			added = append(added, d.About)
		}
	}
	vault.Number(have, added)
	for i := range l.added {
		if vault.CheckNumber(added[i].Number) != nil {
			return deal.Errorf(deal.Invalid, "document %d: there is no index number after those given: give it one, or the others lower ones", l.added[i].Index)
		}
		l.added[i].About = added[i]
	}
	return nil
}

func checkPlainNames(docs []document) error {
	seen := map[string]bool{}
	for _, d := range docs {
		if err := vault.CheckName(d.About.Name); err != nil {
			return fmt.Errorf("document %d: %w", d.Index, err)
		}
		if seen[d.About.Name] {
			return deal.Errorf(deal.Invalid, "document %d has the name of an earlier one, once folders are left out", d.Index)
		}
		seen[d.About.Name] = true
	}
	return nil
}

// sameDocuments reports whether documents are those that would be added.
func sameDocuments(have, added []document) bool {
	return slices.EqualFunc(have, added, func(a, b document) bool { return a.About.Equal(b.About) && a.Sum == b.Sum })
}
