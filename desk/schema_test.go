package desk

import (
	"bytes"
	"encoding/json"
	"testing"

	"cession/deal"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Every act of a whole deal fits the schema, and damaged ones do not.
func TestActSchema(t *testing.T) {
	text, err := json.Marshal(ActSchema(deal.Standard()))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("acts.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("acts.json")
	if err != nil {
		t.Fatal(err)
	}
	s := soldStory()
	for _, p := range append(s.roomList(), *s.deal) {
		for _, r := range p.Records {
			if err := validate(t, schema, r.Act); err != nil {
				t.Errorf("%s: %v", r.Act.Name(), err)
			}
		}
	}
	good := s.deal.Last("mint", "mint").Act
	for name, damage := range map[string]func(*deal.Act){
		"unknown action": func(a *deal.Act) { a.Action = "burn" },
		"field missing":  func(a *deal.Act) { delete(a.Fields, "face") },
		"field unknown":  func(a *deal.Act) { a.Fields["note"] = deal.Number(1) },
		"field of kind":  func(a *deal.Act) { a.Fields["face"] = deal.Number(1) },
		"no sequence":    func(a *deal.Act) { a.Sequence = 0 },
		"no signature":   func(a *deal.Act) { a.Signature = nil },
		"no party":       func(a *deal.Act) { a.Party = "" },
	} {
		var a deal.Act
		b, _ := json.Marshal(good)
		if err := json.Unmarshal(b, &a); err != nil {
			t.Fatal(err)
		}
		damage(&a)
		if validate(t, schema, a) == nil {
			t.Errorf("%s: it fits the schema", name)
		}
	}
}

func validate(t *testing.T, schema *jsonschema.Schema, a deal.Act) error {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(v)
}
