package cases

import (
	"context"
	"maps"
	"slices"
	"strings"

	"cession/deal"
	"cession/policies"
)

// decide puts a case to a pack that has its lists.
func (c Case) decide(ctx context.Context, p *policies.Pack) (deal.Decision, error) {
	document, err := c.Bytes(p.Digest())
	if err != nil {
		return deal.Decision{}, err
	}
	d, err := p.Again(ctx, document)
	if err != nil && ctx.Err() == nil {
		err = deal.Errorf(deal.Invalid, "%s: case %q: %w", c.where(), c.Name, err)
	}
	return d, err
}

// Pack returns the pack with the lists of the case, or itself if it has none. It
// is for trying only. Errors are of kind invalid.
func (c Case) Pack(p *policies.Pack) (*policies.Pack, error) {
	if len(c.Lists) == 0 {
		return p, nil
	}
	tree, err := p.Data()
	if err != nil {
		return nil, err
	}
	if err := c.damage(tree); err != nil {
		return nil, err
	}
	return p.WithData(replace(tree))
}

// replace has a pack see this tree in place of its data.
func replace(tree object) func(object) {
	return func(data object) {
		clear(data)
		maps.Copy(data, tree)
	}
}

// damage makes the changes of the case in a tree of lists.
func (c Case) damage(tree object) error {
	for _, change := range c.Lists {
		if err := alter(tree, strings.Split(change.Path, "."), change); err != nil {
			return fault(c.File, c.Line, "lists: %.80s: %w", change.Path, err)
		}
	}
	return nil
}

// alter changes one place. A key that has dots in it is taken as one if there is
// such a key.
func alter(tree object, path []string, change Change) error {
	if tree["digest"] != nil && tree["gates"] != nil {
		return deal.Errorf(deal.Invalid, "this is no list")
	}
	for n := 1; n < len(path); n++ {
		if below, ok := tree[strings.Join(path[:n], ".")].(object); ok {
			return alter(below, path[n:], change)
		}
	}
	key := strings.Join(path, ".")
	_, there := tree[key]
	switch {
	case !there && len(path) > 1:
		return deal.Errorf(deal.Invalid, "there is no list or entry %.40q", path[0])
	case !change.Drop:
		tree[key] = change.Value
	case there:
		delete(tree, key)
	default:
		return deal.Errorf(deal.Invalid, "there is nothing to drop")
	}
	return nil
}

// lists tells cases with other lists apart.
func (c Case) lists() string {
	var b strings.Builder
	for _, change := range c.Lists {
		b.WriteString(change.Path + "=")
		if !change.Drop {
			b.WriteString(textOf(change.Value))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// refusing are the rules of a decision that did not pass, or none if the act
// was refused before its rules were asked.
func refusing(d deal.Decision) (ids []string) {
	for _, r := range d.Reasons() {
		if strings.HasPrefix(r.ID, enginePrefix) {
			return nil
		}
		ids = append(ids, r.ID)
	}
	return ids
}

// enginePrefix begins the rules that are no pack's.
const enginePrefix = "engine."

func hasState(d deal.Decision, rule string, of ...deal.RuleState) bool {
	return slices.ContainsFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == rule && slices.Contains(of, r.State) })
}
