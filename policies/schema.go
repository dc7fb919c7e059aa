package policies

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"cession/deal"
)

// object is a JSON object.
type object = map[string]any

// forms are the schemas of types that write themselves as text.
var forms = map[reflect.Type]object{
	reflect.TypeFor[deal.Commitment](): text(`^0x[0-9a-f]{64}$`),
	reflect.TypeFor[deal.Address]():    text(`^0x[0-9a-f]{40}$`),
	reflect.TypeFor[deal.Bytes]():      text(`^0x([0-9a-f]{2})*$`),
	reflect.TypeFor[time.Time]():       text(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?Z$`),
	reflect.TypeFor[deal.ID]():         text(`^d-[a-z2-7]{20}$`),
	reflect.TypeFor[deal.PartyID]():    text(`^[a-z][a-z0-9-]{1,30}[a-z0-9]$`),
	reflect.TypeFor[deal.State]():      text(`^[a-z_]{1,64}$`),
	reflect.TypeFor[deal.Role]():       {"type": "string", "enum": []any{"", "seller", "bidder", "buyer"}},
	reflect.TypeFor[deal.Value]():      valueSchema(),
	reflect.TypeFor[Target]():          {"type": "string", "enum": []any{TargetIntent, TargetLane}},
	reflect.TypeFor[Reason]():          text(`^[A-Z_]{1,40}$`),
	reflect.TypeFor[Wei]():             text(weiForm),
}

func text(pattern string) object { return object{"type": "string", "pattern": pattern} }

func valueSchema() object {
	kinds := []any{
		deal.KindAmount, deal.KindTime, deal.KindCount, deal.KindCommitment, deal.KindSealed, deal.KindAct,
		deal.KindAddress, deal.KindParty, deal.KindChoice, deal.KindKey, deal.KindSignature,
	}
	return closed(object{
		"kind":  object{"type": "string", "enum": kinds},
		"value": object{"type": "string", "minLength": 1, "maxLength": 8194},
	}, []string{"kind", "value"})
}

func closed(properties object, required []string) object {
	return object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// InputSchema returns the JSON schema (draft 7) of what the rules on acts are
// evaluated on, derived from the Go types. The committed copy is
// schemas/input.schema.json.
func InputSchema() []byte { return schemaFile(reflect.TypeFor[document](), "Policy input") }

// OperationSchema returns the JSON schema (draft 7) of what the rules on
// operators' commands are evaluated on. The committed copy is
// schemas/operation.schema.json.
func OperationSchema() []byte {
	return schemaFile(reflect.TypeFor[command](), "Policy input of an operator's command")
}

func schemaFile(t reflect.Type, title string) []byte {
	s := schemaOf(t)
	s["$schema"] = "http://json-schema.org/draft-07/schema#"
	s["title"] = title
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic("policies: a schema holds only strings and lists: " + err.Error())
	}
	return append(b, '\n')
}

// rulesSchema is what rules are checked against when they are compiled: they
// may read what either input has.
func rulesSchema() []byte {
	return schemaFile(reflect.TypeFor[struct {
		Question  deal.Question            `json:"question"`
		Parties   map[deal.PartyID]subject `json:"parties"`
		Operation Operation                `json:"operation"`
	}](), "Policy inputs")
}

// schemaOf describes how encoding/json writes a type: members are required
// unless they are omitted when empty, and there are no others.
func schemaOf(t reflect.Type) object {
	if form, ok := forms[t]; ok {
		return form
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Struct:
		return structSchema(t)
	case reflect.Map:
		return object{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Slice:
		return object{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.String:
		return object{"type": "string", "maxLength": 1024}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int64:
		return object{"type": "integer"}
	case reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	}
	panic("policies: no schema for " + t.String())
}

func structSchema(t reflect.Type) object {
	properties, required := object{}, []string{}
	for f := range structFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		properties[name] = memberSchema(f)
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	return closed(properties, required)
}

// memberSchema heeds a tag that says which form a text has.
func memberSchema(f reflect.StructField) object {
	if pattern, ok := f.Tag.Lookup("pattern"); ok {
		return text(pattern)
	}
	return schemaOf(f.Type)
}

func structFields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}
