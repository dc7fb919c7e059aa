package deal

import (
	"crypto/sha256"
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func TestStandardPlanIsSound(t *testing.T) {
	if err := Standard().Check(); err != nil {
		t.Fatal(err)
	}
}

func TestPlanCheckFindsEachFlaw(t *testing.T) {
	tests := map[string]func(p *Plan){
		"step twice":                   func(p *Plan) { p.Steps = append(p.Steps, p.Steps[0]) },
		"step without id":              func(p *Plan) { p.Steps[2].ID = "" },
		"step id in capitals":          func(p *Plan) { p.Steps[2].ID = "Last" },
		"step id with a hyphen":        func(p *Plan) { p.Steps[2].ID = "the-last" },
		"step id with two underscores": func(p *Plan) { p.Steps[2].ID = "the__last" },
		"step id with a line feed":     func(p *Plan) { p.Steps[2].ID = "last\n" },
		"step without title":           func(p *Plan) { p.Steps[0].Title = "" },
		"step without doc":             func(p *Plan) { p.Steps[0].Doc = "" },
		"step without scope":           func(p *Plan) { p.Steps[0].Scope = "" },
		"step of unknown scope":        func(p *Plan) { p.Steps[0].Scope = "world" },
		"step without actions":         func(p *Plan) { p.Steps[0].Actions = nil },
		"after an unknown step":        func(p *Plan) { p.Steps[2].After = []string{"nowhere"} },
		"after itself":                 func(p *Plan) { p.Steps[2].After = []string{"last"} },
		"after a later step":           func(p *Plan) { p.Steps[0].After = []string{"last"} },
		"after a step of another scope": func(p *Plan) {
			p.Steps[2].Scope = PerBidder
		},
		"until an unknown step":            func(p *Plan) { p.Steps[0].Until = []string{"nowhere"} },
		"until an unknown action":          func(p *Plan) { p.Steps[0].Until = []string{"fast.stop"} },
		"until a step of another scope":    func(p *Plan) { p.Steps[0].Scope = PerBidder },
		"deadline that does nothing":       func(p *Plan) { p.Steps[0].Expires = Exit{} },
		"field deadline without effect":    func(p *Plan) { p.Steps[2].Expires = Exit{} },
		"expiry without deadline":          func(p *Plan) { p.Steps[0].Deadline = 0 },
		"action twice":                     func(p *Plan) { p.Steps[0].Actions = append(p.Steps[0].Actions, p.Steps[0].Actions[0]) },
		"action without id":                func(p *Plan) { p.Steps[2].Actions[0].ID = "" },
		"action id in capitals":            func(p *Plan) { p.Steps[2].Actions[0].ID = "Go" },
		"action without title":             func(p *Plan) { p.Steps[0].Actions[0].Title = "" },
		"action nobody may take":           func(p *Plan) { p.Steps[0].Actions[0].By = nil },
		"action that needs itself":         func(p *Plan) { p.Steps[0].Actions[0].Needs = []string{"go"} },
		"action that needs another step's": func(p *Plan) { p.Steps[2].Actions[0].Needs = []string{"fast.go"} },
		"field twice": func(p *Plan) {
			a := &p.Steps[1].Actions[0]
			a.Fields = append(a.Fields, a.Fields[0])
		},
		"field id in capitals":     func(p *Plan) { p.Steps[1].Actions[0].Fields[0].ID = "By" },
		"field without title":      func(p *Plan) { p.Steps[1].Actions[0].Fields[0].Title = "" },
		"choice without choices":   func(p *Plan) { p.Steps[1].Actions[0].Fields[0].Kind = KindChoice },
		"choices without a choice": func(p *Plan) { p.Steps[1].Actions[0].Fields[0].Choices = []string{"yes"} },
	}
	for _, name := range signedAnyway {
		tests["field called "+name] = func(p *Plan) {
			a := &p.Steps[2].Actions[0]
			a.Fields = append(a.Fields, Field{ID: name, Title: "t", Kind: KindCommitment})
		}
	}
	if err := race().Check(); err != nil {
		t.Fatalf("the plan without flaws: %v", err)
	}
	for name, spoil := range tests {
		plan := race()
		spoil(&plan)
		if err := plan.Check(); KindOf(err) != Invalid {
			t.Errorf("%s: %v, want kind invalid", name, err)
		}
	}
}

func TestPlanFinds(t *testing.T) {
	p := Standard()
	if _, ok := p.Step("nowhere"); ok {
		t.Error("found a step that is not there")
	}
	step, action, err := p.Action("offers", "submit")
	if err != nil || step.ID != "offers" || action.ID != "submit" {
		t.Errorf("offers.submit is %s.%s, %v", step.ID, action.ID, err)
	}
	if f, ok := action.Field("price"); !ok || f.Kind != KindAmount {
		t.Errorf("its price is %+v, %t", f, ok)
	}
	if _, ok := action.Field("cost"); ok {
		t.Error("found a field that is not there")
	}
	for _, name := range [][2]string{{"offer", "submit"}, {"offers", "sumbit"}, {"", ""}} {
		if _, _, err := p.Action(name[0], name[1]); KindOf(err) != NotFound {
			t.Errorf("%s.%s: %v, want kind notfound", name[0], name[1], err)
		}
	}
}

// The hash is part of what parties sign, so the JSON form may not change.
func TestPlanHashIsOfItsJSON(t *testing.T) {
	plan := Plan{Name: "p", Version: 3, Steps: []Step{{
		ID: "s", Title: "S", Doc: "D", Scope: PerDeal, Deadline: time.Second, Expires: Exit{State: Expired},
		Actions: []Action{{ID: "a", Title: "A", By: []Role{Seller}, Fields: []Field{{ID: "f", Title: "F", Kind: KindCount, Optional: true}}, Closes: true}},
	}}}
	const form = `{"name":"p","version":3,"steps":[{"id":"s","title":"S","doc":"D","scope":"deal","deadline":1000000000,"expires":{"state":"expired"},` +
		`"actions":[{"id":"a","title":"A","by":["seller"],"fields":[{"id":"f","title":"F","kind":"count","optional":true}],"closes":true}]}]}`
	if want := Commitment(sha256.Sum256([]byte(form))); plan.Hash() != want {
		t.Errorf("hash %s, want %s", plan.Hash(), want)
	}
	text, err := json.Marshal(Standard())
	if err != nil {
		t.Fatal(err)
	}
	var back Plan
	if err := json.Unmarshal(text, &back); err != nil || back.Hash() != Standard().Hash() {
		t.Errorf("the standard plan read from its JSON has another hash (%v)", err)
	}
}

func TestAnyEditChangesThePlanHash(t *testing.T) {
	plan := Standard()
	hash, edits := plan.Hash(), 0
	changed := func(where string) {
		edits++
		if plan.Hash() == hash {
			t.Errorf("an edit of %s leaves the hash as it was", where)
		}
	}
	editEach(reflect.ValueOf(&plan).Elem(), "plan", changed)
	if plan.Hash() != hash || edits < 500 {
		t.Fatalf("%d edits, hash back to what it was: %t", edits, plan.Hash() == hash)
	}
}

// editEach changes every part of v, one at a time, and undoes it after changed.
func editEach(v reflect.Value, where string, changed func(string)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			editEach(v.Field(i), where+"."+v.Type().Field(i).Name, changed)
		}
	case reflect.Slice:
		old := reflect.ValueOf(v.Interface())
		v.Set(reflect.Append(old.Slice3(0, old.Len(), old.Len()), reflect.Zero(v.Type().Elem())))
		changed(where + " (longer)")
		if old.Len() > 0 {
			v.Set(old.Slice(0, old.Len()-1))
			changed(where + " (shorter)")
		}
		v.Set(old)
		for i := range v.Len() {
			editEach(v.Index(i), where+"[]", changed)
		}
	case reflect.String:
		old := v.String()
		v.SetString(old + "x")
		changed(where)
		v.SetString(old)
	case reflect.Bool:
		v.SetBool(!v.Bool())
		changed(where)
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
		changed(where)
		v.SetInt(v.Int() - 1)
	default:
		panic("plan holds a " + v.Kind().String() + " at " + where)
	}
}
