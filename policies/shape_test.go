package policies

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The check that runs before every evaluation says the same as the schema that
// is published, of every document of the course and of every damage to one.
func TestDocumentsConformAsTheirSchemaSays(t *testing.T) {
	schema := compiledSchema(t, InputSchema())
	c, n := newCourse(t), 0
	compare := func(what string, tree any) {
		n++
		value, err := ast.InterfaceToValue(tree)
		if err != nil {
			t.Fatal(err)
		}
		_, ok := actShape.conforms(value)
		if failed := schema.Validate(tree); ok != (failed == nil) {
			t.Errorf("%s: conforms %v, the schema says %v", what, ok, failed)
		}
	}
	for act, in := range c.run() {
		tree := inputTree(t, in)
		compare(act, tree)
		mutations("", tree, func(m mutation) {
			if inside.MatchString(m.path) {
				return
			}
			m.apply()
			compare(act+" "+m.kind+" "+m.path, tree)
			m.undo()
		})
	}
	if n < 1000 {
		t.Errorf("%d documents: want those of the whole course", n)
	}
}

func compiledSchema(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Forms that are compared by hand say what their patterns say.
func TestFormsAreTheirPatterns(t *testing.T) {
	texts := []string{"", "a", "ab", "abc", "a-c", "-bc", "ab-", "a1c", "1bc", "A1c", "abc\n", "a.b", "a..b", ".b", "a.", "nda.sign", "nda.sign.x", "EUR", "eur",
		"0x", "0x" + strings.Repeat("a", 40), "0x" + strings.Repeat("a", 64), "0x" + strings.Repeat("A", 64), "0x" + strings.Repeat("a", 65), "d-" + strings.Repeat("a", 20),
		"d-" + strings.Repeat("1", 20), strings.Repeat("a", 32), strings.Repeat("a", 33), strings.Repeat("a", 64), strings.Repeat("a", 65), "é", "a\x00b", " ~", "open_now"}
	var walk func(name string, s *shape)
	walk = func(name string, s *shape) {
		if s.pattern != "" {
			schema := s.schema()
			pattern := regexp.MustCompile(schema["pattern"].(string))
			least, bounded := schema["minLength"].(int)
			for _, text := range texts {
				if have, want := s.form(text), pattern.MatchString(text) && (!bounded || len(text) >= least); have != want {
					t.Errorf("%s: %q is of the form: %v, and of %s: %v", name, text, have, s.pattern, want)
				}
			}
		}
		if s.of != nil {
			walk(name+"[]", s.of)
		}
		for _, m := range s.members {
			walk(name+"."+m.name, m.shape)
		}
	}
	walk("input", actShape)
	walk("input", operationShape)
}

func TestReadsAndSource(t *testing.T) {
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	input, data := pack.Reads("nda.in_force")
	if !strings.Contains(strings.Join(input, " "), `taken."nda.countersign".fields.until.ms`) || len(data) > 0 {
		t.Errorf("nda.in_force reads %v, %v", input, data)
	}
	if _, data := pack.Reads("parties.bidder_sanctions"); strings.Join(data, " ") != "limits.screening.score sanctions.entries" {
		t.Errorf("parties.bidder_sanctions reads %v", data)
	}
	if input, data := pack.Reads("no.such"); input != nil || data != nil {
		t.Errorf("a rule that is not there reads %v, %v", input, data)
	}
	file, row, text := pack.Source("act.due")
	if file != "act.rego" || row < 5 || !strings.HasPrefix(text, `answer["due"] := `) {
		t.Errorf("source of act.due: %s:%d %s", file, row, text)
	}
	for _, r := range pack.Rules() {
		input, data := pack.Reads(r.ID)
		if file, _, text := pack.Source(r.ID); file == "" || text == "" || len(input)+len(data) == 0 {
			t.Errorf("rule %s: %s, %s, reads %v, %v", r.ID, file, text, input, data)
		}
	}
	if file, _, _ := pack.Source("no.such"); file != "" {
		t.Errorf("a rule that is not there is in %s", file)
	}
}

// A document holds of the record what the gate's rules read, and no more.
func TestDocumentHoldsWhatIsRead(t *testing.T) {
	c := newCourse(t)
	inputs := c.run()
	for act, want := range map[string]map[string]bool{
		"nda.sign":         {},
		"nda.countersign":  {"nda.sign": true},
		"questions.answer": {"nda.sign": true, "nda.countersign": true},
		"terms.accept":     {"terms.propose": true},
	} {
		e, err := c.pack.Evaluate(context.Background(), inputs[act])
		if err != nil {
			t.Fatal(err)
		}
		tree, err := decode(e.Document)
		if err != nil {
			t.Fatal(err)
		}
		document := tree.(object)
		taken := document["taken"].(object)
		for name := range taken {
			if !want[name] {
				t.Errorf("%s: the document holds %s", act, name)
			}
		}
		for name := range want {
			if taken[name] == nil {
				t.Errorf("%s: the document lacks %s", act, name)
			}
		}
		if _, given := document["approvals"]; given != (act == "terms.accept") {
			t.Errorf("%s: approvals given: %v", act, given)
		}
		if _, given := document["asked"]; given != (act == "questions.answer") {
			t.Errorf("%s: questions given: %v", act, given)
		}
	}
}
