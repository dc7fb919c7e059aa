package cases

import (
	"encoding/json"
	"strings"
	"sync"

	"cession/policies"
)

// form says how a place of a document is written.
type form int

// The forms.
const (
	text    form = iota
	truth        // yes or no
	count        // a whole number
	units        // minor units of the market's currency; written "125000.00"
	moment       // milliseconds since 1970; written in RFC 3339
	amount       // {minor, currency}; written "125000.00 EUR"
	field        // a field of an act: {kind, value, …}; written as its value
	members      // an object of known members
	mapping      // an object of any keys
	list
)

// shape is the form of a place, and of what is below it.
type shape struct {
	form     form
	name     string            // of the member
	members  map[string]*shape // of members
	required map[string]bool
	below    *shape // of mapping and list
}

// The shapes of documents are derived from the schemas of the rules' inputs.
var (
	actShape       = sync.OnceValue(func() *shape { return rootShape(policies.InputSchema()) })
	operationShape = sync.OnceValue(func() *shape { return rootShape(policies.OperationSchema()) })
)

func rootShape(b []byte) *shape {
	var s schema
	if err := json.Unmarshal(b, &s); err != nil {
		panic("cases: schema of the input: " + err.Error())
	}
	return shapeOf("", s)
}

// operationMember is what documents about operators' commands have, and those
// about acts do not.
const operationMember = "operation"

// root is the place of a whole document.
func root(doc object) spot {
	if _, ok := doc[operationMember]; ok {
		return spot{shape: operationShape()}
	}
	return spot{shape: actShape(), act: textAt(doc, "act", "name")}
}

// textAt is the text at a place, or "".
func textAt(doc object, path ...string) string {
	var v any = doc
	for _, key := range path {
		o, _ := v.(object)
		v = o[key]
	}
	s, _ := v.(string)
	return s
}

// schema is what is used of JSON schema.
type schema struct {
	Type       string            `json:"type"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Additional json.RawMessage   `json:"additionalProperties"`
	Items      *schema           `json:"items"`
}

func shapeOf(name string, s schema) *shape {
	switch s.Type {
	case "boolean":
		return &shape{form: truth, name: name}
	case "integer":
		return &shape{form: numberForm(name), name: name}
	case "array":
		return &shape{form: list, name: name, below: shapeOf(name, *s.Items)}
	case "object":
		return objectShape(name, s)
	}
	return &shape{form: text, name: name}
}

func objectShape(name string, s schema) *shape {
	has := func(member string) bool { _, ok := s.Properties[member]; return ok }
	switch {
	case len(s.Properties) == 2 && has("minor") && has("currency"):
		return &shape{form: amount, name: name}
	case has("kind") && has("value"):
		return &shape{form: field, name: name}
	case len(s.Properties) == 0:
		var below schema
		if err := json.Unmarshal(s.Additional, &below); err != nil {
			panic("cases: schema of the input: " + err.Error())
		}
		return &shape{form: mapping, name: name, below: shapeOf("", below)}
	}
	o := &shape{form: members, name: name, members: map[string]*shape{}, required: map[string]bool{}}
	for member, below := range s.Properties {
		o.members[member] = shapeOf(member, below)
	}
	for _, member := range s.Required {
		o.required[member] = true
	}
	return o
}

// numberForm tells times from numbers: the schema knows only integers.
func numberForm(name string) form {
	switch name {
	case "now", "opened", "due", "deadline", "at", "until", "ms":
		return moment
	case "counterparty", "day":
		return units
	}
	if strings.HasSuffix(name, "Until") || strings.HasSuffix(name, "Since") {
		return moment
	}
	return count
}
