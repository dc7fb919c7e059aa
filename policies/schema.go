package policies

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"cession/deal"
)

// object is a JSON object.
type object = map[string]any

// forms are the shapes of types that write themselves as text.
var forms = map[reflect.Type]*shape{
	reflect.TypeFor[deal.Commitment](): written[deal.Commitment](text(`^0x[0-9a-f]{64}$`)),
	reflect.TypeFor[deal.Address]():    written[deal.Address](text(`^0x[0-9a-f]{40}$`)),
	reflect.TypeFor[deal.ID]():         text(`^d-[a-z2-7]{20}$`),
	reflect.TypeFor[deal.PartyID]():    partyShape(),
	reflect.TypeFor[deal.State]():      text(`^[a-z_]{1,64}$`),
	reflect.TypeFor[actName]():         actNameShape(),
	reflect.TypeFor[deal.Role]():       choice("", deal.Seller, deal.BidderAs, deal.Buyer),
	reflect.TypeFor[deal.ValueKind]():  choice(kinds...),
	reflect.TypeFor[time.Time]():       timeShape(),
	reflect.TypeFor[Match]():           choice(MatchNone, MatchExact, MatchAlias, MatchNormalized, MatchWeak),
	reflect.TypeFor[Target]():          choice(TargetIntent, TargetLane),
	reflect.TypeFor[Reason]():          text(`^[A-Z_]{1,40}$`),
	reflect.TypeFor[Wei]():             text(weiForm),
}

var kinds = []deal.ValueKind{
	deal.KindAmount, deal.KindTime, deal.KindCount, deal.KindCommitment, deal.KindSealed, deal.KindAct,
	deal.KindAddress, deal.KindParty, deal.KindChoice, deal.KindKey, deal.KindSignature,
}

// partyShape compares by hand what a regular expression takes long for.
func partyShape() *shape {
	s := text(`^[a-z][a-z0-9-]{1,30}[a-z0-9]$`)
	inner, letter := matcher(`^[a-z0-9-]{3,32}$`), func(c byte) bool { return 'a' <= c && c <= 'z' }
	s.form = func(id string) bool { return inner(id) && letter(id[0]) && id[len(id)-1] != '-' }
	return s
}

func actNameShape() *shape {
	s := text(`^[a-z_]{1,64}[.][a-z_]{1,64}$`)
	word := matcher(`^[a-z_]{1,64}$`)
	s.form = func(name string) bool {
		for i := range len(name) {
			if name[i] == '.' {
				return word(name[:i]) && word(name[i+1:])
			}
		}
		return false
	}
	return s
}

func timeShape() *shape {
	s := text(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?Z$`)
	s.write = func(v reflect.Value) string { return v.Interface().(time.Time).UTC().Format(time.RFC3339Nano) }
	return s
}

// The shapes of the two kinds of document.
var (
	actShape       = shapeOf(reflect.TypeFor[document]())
	operationShape = shapeOf(reflect.TypeFor[command]())
)

// InputSchema returns the JSON schema (draft 7) of what the rules on acts are
// evaluated on, derived from the Go types. The committed copy is
// schemas/input.schema.json.
func InputSchema() []byte { return schemaFile(actShape.schema(), "Policy input") }

// OperationSchema returns the JSON schema (draft 7) of what the rules on
// operators' commands are evaluated on. The committed copy is
// schemas/operation.schema.json.
func OperationSchema() []byte {
	return schemaFile(operationShape.schema(), "Policy input of an operator's command")
}

// rulesSchema is what rules are checked against when they are compiled: they
// may read what either input has.
func rulesSchema() []byte {
	s := actShape.schema()
	members := s["properties"].(object)
	for name, member := range operationShape.schema()["properties"].(object) {
		members[name] = member
	}
	return schemaFile(s, "Policy inputs")
}

func schemaFile(s object, title string) []byte {
	s["$schema"] = "http://json-schema.org/draft-07/schema#"
	s["title"] = title
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic("policies: a schema holds only strings and lists: " + err.Error())
	}
	return append(b, '\n')
}

// schema says what a shape is to programs that know JSON schema.
func (s *shape) schema() object {
	switch s.kind {
	case aText:
		if s.choices != nil {
			return object{"type": "string", "enum": s.choices}
		}
		return textSchema(s.pattern)
	case anInteger:
		return object{"type": "integer", "minimum": s.least, "maximum": int64(maxInt64)}
	case aBoolean:
		return object{"type": "boolean"}
	case aList:
		return object{"type": "array", "items": s.of.schema()}
	case aMap:
		return object{"type": "object", "propertyNames": object{"pattern": keyPattern}, "additionalProperties": s.of.schema()}
	}
	return s.recordSchema()
}

// maxRepeat is how often regular expressions in Go can repeat something.
const maxRepeat = 1000

// textSchema says how long a text may be by itself where a pattern cannot.
func textSchema(pattern string) object {
	parts := simple.FindStringSubmatch(pattern)
	if parts == nil || parts[4] == "" {
		return object{"type": "string", "pattern": pattern}
	}
	least, _ := strconv.Atoi(parts[3])
	most, _ := strconv.Atoi(parts[4])
	if most <= maxRepeat {
		return object{"type": "string", "pattern": pattern}
	}
	return object{
		"type": "string", "pattern": "^" + parts[1] + "[" + parts[2] + "]*$",
		"minLength": len(parts[1]) + least, "maxLength": len(parts[1]) + most,
	}
}

func (s *shape) recordSchema() object {
	properties, required := object{}, []string{}
	for _, m := range s.members {
		properties[m.name] = m.shape.schema()
		if !m.omitted {
			required = append(required, m.name)
		}
	}
	schema := object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	var also []object
	for _, kind := range slices.Sorted(maps.Keys(s.figures)) {
		var names []string
		for _, name := range s.figures[kind] {
			names = append(names, stringOf(name))
		}
		also = append(also, object{
			"if":   object{"properties": object{"kind": object{"const": kind}}},
			"then": object{"required": names},
		})
	}
	if also != nil {
		schema["allOf"] = also
	}
	return schema
}
