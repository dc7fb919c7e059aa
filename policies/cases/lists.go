package cases

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
	"cession/policies"
)

// dataRoot begins the path of a mutation of a list.
const dataRoot = "data"

// lists damages the lists of the pack under the documents of refused cases.
func (t *trial) lists(ctx context.Context) error {
	groups := map[string][]subject{}
	for _, s := range t.refused {
		groups[s.lists()] = append(groups[s.lists()], s)
	}
	for _, key := range sortedKeys(groups) {
		if err := t.damageLists(ctx, groups[key]); err != nil {
			return err
		}
	}
	return nil
}

// damageLists takes cases that are decided on the same lists. Every case that
// can feel a damage is asked.
func (t *trial) damageLists(ctx context.Context, group []subject) error {
	tree, err := group[0].pack.Data()
	if err != nil {
		return err
	}
	if err := group[0].damage(tree); err != nil {
		return err
	}
	delete(tree, "pack") // it is made of the manifest, and no list

	documents := make([]ast.Value, len(group)) // read once: they stay as they are
	for i, s := range group {
		if documents[i], err = ast.InterfaceToValue(s.tree); err != nil {
			return deal.Errorf(deal.Invalid, "%s: read document: %w", s.where(), err)
		}
	}
	mutants(nil, tree, func(m mutant) {
		for i, s := range group {
			if err == nil && t.matters(s.data, m.Path) && (t.everywhere || s.meets(m.Path, tree)) {
				err = t.tryList(ctx, s, documents[i], m)
			}
		}
	})
	return err
}

// tryList asks about a case whose lists are damaged.
func (t *trial) tryList(ctx context.Context, s subject, document ast.Value, m mutant) error {
	t.proof.Mutations++
	damage := policies.Damage{Path: m.keys, Value: m.value, Drop: m.Kind == Dropped}
	var weaker bool
	err := s.part.Damaged(ctx, damage, func(p *policies.Pack) error {
		d, err := probe(ctx, p, s.Act(), document, false)
		weaker = s.weaker(d)
		return err
	})
	if err != nil || !weaker {
		return err
	}
	m.Path = joined(dataRoot, m.Path)
	return s.pack.Damaged(ctx, damage, func(p *policies.Pack) error { return t.confirm(ctx, s, p, m.Mutation) })
}

// longTable is from how many entries on a table is not tried in full.
const longTable = 16

// meets reports whether a place of a list can concern a case. Of a long table,
// whose entries rules look up by a key and never go through one by one, those
// whose key the document has are tried, and the first.
func (s subject) meets(path string, tree object) bool {
	parts := strings.SplitN(path, ".", 3)
	table, _ := tree[parts[0]].(object)
	if len(parts) < 2 || len(table) < longTable {
		return true
	}
	first := sortedKeys(table)[0]
	return parts[1] == first || holds(s.tree, parts[1])
}

// holds reports whether a text stands in a tree.
func holds(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return v == text
	case object:
		for key, below := range v {
			if key == text || holds(below, text) {
				return true
			}
		}
	case []any:
		for _, below := range v {
			if holds(below, text) {
				return true
			}
		}
	}
	return false
}

func textOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // values of lists are texts, numbers, truths, and lists and objects of them
		return err.Error()
	}
	return string(b)
}
