package policies

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"cession/deal"
)

// No form of a name is in what rules see, whatever screening found.
func TestNamesStayOutOfDocuments(t *testing.T) {
	c := newCourse(t)
	for act, in := range c.run() {
		for _, changed := range []string{"Nordlicht Leasing GmbH", "Banco Nacional de Cuba", "EL DOCTOR", "Ваnk Melli"} {
			in := clone(t, in)
			for id, p := range in.Parties {
				p.Name = changed
				in.Parties[id] = p
			}
			e, err := c.pack.Evaluate(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			decision, err := json.Marshal(e.Decision)
			if err != nil {
				t.Fatal(err)
			}
			n := normalize(changed)
			for _, form := range []string{changed, n.exact, n.loose} {
				for what, text := range map[string][]byte{"document": e.Document, "decision": decision} {
					if form != "" && strings.Contains(strings.ToUpper(string(text)), strings.ToUpper(form)) {
						t.Errorf("%s: the %s holds the name %s", act, what, form)
					}
				}
			}
		}
	}
}

// A rule that looks for a name does not compile, and what it shows is bounded.
func TestRulesCannotShowNames(t *testing.T) {
	for _, leak := range []string{"name", "exact", "loose", "screening.name"} {
		files := smallPack(t)
		edit(t, files, "offers.rego", `lib.future(input.act.fields.until)`, `lib.answer(true, input.parties.acting.`+leak+`, "")`)
		if _, err := Load(files); deal.KindOf(err) != deal.Invalid {
			t.Errorf("a rule that reads parties.acting.%s loads: %v", leak, err)
		}
	}
	files := smallPack(t)
	edit(t, files, "offers.rego", `lib.future(input.act.fields.until)`, `lib.answer(true, concat("", [input.act.id, input.act.id, input.act.id, input.act.id]), {"what": "is this"})`)
	d := decideWith(t, files)
	for _, r := range d.Rules {
		if r.ID == "offers.until" && (r.Actual != withheld || r.Threshold != withheld) {
			t.Errorf("decision shows %q, %q", r.Actual, r.Threshold)
		}
	}
	if !d.Allow {
		t.Errorf("withholding a figure changed the verdict:\n%s", Explain(d))
	}
}
