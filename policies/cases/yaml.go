package cases

import (
	"go.yaml.in/yaml/v3"

	"cession/deal"
)

type entry struct {
	key   string
	line  int
	value *yaml.Node
}

// entriesOf refuses a key that stands twice, and keys that are no words.
func entriesOf(n *yaml.Node) ([]entry, error) {
	if n.Kind != yaml.MappingNode || n.Anchor != "" {
		return nil, deal.Errorf(deal.Invalid, "want names with values")
	}
	var entries []entry
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode || k.Value == "" || k.Value == "<<" || k.Anchor != "" {
			return nil, deal.Errorf(deal.Invalid, "line %d: want a name", k.Line)
		}
		if seen[k.Value] {
			return nil, deal.Errorf(deal.Invalid, "line %d: %.40q stands twice", k.Line, k.Value)
		}
		seen[k.Value] = true
		entries = append(entries, entry{k.Value, k.Line, v})
	}
	return entries, nil
}
