package cases

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// field reads a field by its kind: that of the plan, of what stood there, or
// the one that is written, as in {kind: amount, value: 125000.00 EUR}.
func (s spot) field(n *yaml.Node, was any) (any, error) {
	kind, value := s.kind(was), n
	if n.Kind == yaml.MappingNode {
		entries, err := entriesOf(n)
		if err != nil {
			return nil, err
		}
		kind, value = "", nil
		for _, e := range entries {
			switch e.key {
			case "kind":
				kind = deal.ValueKind(e.value.Value)
			case "value":
				value = e.value
			default:
				return nil, deal.Errorf(deal.Invalid, "want kind and value, have %.40q", e.key)
			}
		}
	}
	if kind == "" {
		return nil, deal.Errorf(deal.Invalid, "%s has no field %.40s: write its kind as well, as in {kind: amount, value: 125000.00 EUR}", s.act, s.id)
	}
	if value == nil || value.Kind != yaml.ScalarNode {
		return nil, deal.Errorf(deal.Invalid, "want the value of a field of kind %s", kind)
	}
	return parseField(kind, value.Value)
}

func (s spot) kind(was any) deal.ValueKind {
	if f, ok := was.(object); ok {
		if kind, ok := f["kind"].(string); ok {
			return deal.ValueKind(kind)
		}
	}
	return planned(s.act, s.id)
}

// planned is the kind of a field by the standard plan, or "".
func planned(act, id string) deal.ValueKind {
	step, name, _ := strings.Cut(act, ".")
	_, action, err := deal.Standard().Action(step, name)
	if err != nil {
		return ""
	}
	f, _ := action.Field(id)
	return f.Kind
}
