package cases

import (
	"context"
	"maps"

	"cession/deal"
)

// required damages what allowed cases must have. The schema of the input says
// the same of a place whatever stands elsewhere, so each place is tried once.
func (t *trial) required(ctx context.Context) (err error) {
	tried := map[string]bool{}
	for _, s := range t.allowed {
		required := requiredPlaces(root(s.tree).shape, "")
		mutants(root(s.tree).shape, s.tree, func(m mutant) {
			key := string(m.Kind) + " " + m.place
			if err != nil || tried[key] || m.Kind == Shortens || m.Kind == Dropped && !required[m.place] {
				return
			}
			tried[key] = true
			t.proof.Required++
			m.do()
			defer m.undo()
			var d deal.Decision
			if d, err = probe(ctx, s.pack, s.Act(), s.tree, true); d.Allow {
				t.breaches = append(t.breaches, Breach{s.Name, s.where(), nil, m.Mutation})
			}
		})
	}
	return err
}

// requiredPlaces are those the schema wants, with * for keys that are free.
func requiredPlaces(s *shape, path string) map[string]bool {
	places := map[string]bool{}
	switch s.form {
	case members:
		for key, below := range s.members {
			here := joined(path, key)
			places[here] = s.required[key]
			maps.Copy(places, requiredPlaces(below, here))
		}
	case mapping, list:
		maps.Copy(places, requiredPlaces(s.below, joined(path, "*")))
	case field:
		places[joined(path, "kind")], places[joined(path, "value")] = true, true
	case amount:
		places[joined(path, "minor")], places[joined(path, "currency")] = true, true
	}
	return places
}
