package packs

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/rego"

	"cession/deal"
	"cession/policies"
	"cession/policies/cases"
)

func readByOPA(t *testing.T, b []byte, officer string) (bundle.Bundle, error) {
	t.Helper()
	public, err := PublicKey(keys()[officer])
	if err != nil {
		t.Fatal(err)
	}
	config := bundle.NewVerificationConfig(map[string]*bundle.KeyConfig{"anna": {Key: public, Algorithm: "ES256"}}, "", "", nil)
	return bundle.NewReader(bytes.NewReader(b)).WithBundleVerificationConfig(config).Read()
}

// OPA itself accepts our bundle, knows its maker's key, and decides the same.
func TestPlainOPADecidesTheSame(t *testing.T) {
	b := signed(t, small(), "anna")
	read, err := readByOPA(t, b, "anna")
	if err != nil {
		t.Fatal(err)
	}
	ours, err := Read(b, trust(t), today)
	if err != nil {
		t.Fatal(err)
	}
	if read.Manifest.Revision != ours.Digest.String() || read.Manifest.Metadata["name"] != "small" || read.Manifest.Metadata["kind"] != policies.KindPack {
		t.Errorf("OPA reads the manifest %+v", read.Manifest)
	}
	query, err := rego.New(rego.Query("data.gate.decision"), rego.ParsedBundle("pack", &read)).PrepareForEval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []policies.Input{
		offer(t, 1000, "Honest Fund", today), offer(t, 1001, "Honest Fund", today), offer(t, 1, "BANCO NACIONAL DE CUBA", today), offer(t, 1, "", today),
	} {
		e, err := ours.Pack.Evaluate(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		allow, rules := askOPA(t, query, e.Document)
		if allow != e.Decision.Allow || len(rules) != len(e.Decision.Rules) || len(rules) == 0 {
			t.Errorf("OPA says %v %v, we say %v %v", allow, rules, e.Decision.Allow, e.Decision.Rules)
		}
		for _, r := range e.Decision.Rules {
			if rules[r.ID] != r.State {
				t.Errorf("%s is %q in OPA and %q here", r.ID, rules[r.ID], r.State)
			}
		}
	}
}

func askOPA(t *testing.T, query rego.PreparedEvalQuery, document []byte) (allow bool, rules map[string]deal.RuleState) {
	t.Helper()
	var input any
	if err := json.Unmarshal(document, &input); err != nil {
		t.Fatal(err)
	}
	found, err := query.Eval(context.Background(), rego.EvalInput(input))
	if err != nil || len(found) != 1 {
		t.Fatalf("OPA answers %v, %v", found, err)
	}
	answer := found[0].Expressions[0].Value.(map[string]any)
	rules = map[string]deal.RuleState{}
	for _, r := range answer["rules"].([]any) {
		rule := r.(map[string]any)
		rules[rule["id"].(string)] = deal.RuleState(rule["state"].(string))
	}
	return answer["allow"].(bool), rules
}

// What OPA refuses, so do we, and the other way round.
func TestOPARefusesToo(t *testing.T) {
	good := signed(t, small(), "anna")
	if _, err := readByOPA(t, good, "olga"); err == nil {
		t.Error("OPA accepts another key")
	}
	f, err := unarchive(good)
	if err != nil {
		t.Fatal(err)
	}
	f["price.rego"] = append(f["price.rego"], '\n')
	changed, err := f.archive()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readByOPA(t, changed, "anna"); err == nil {
		t.Error("OPA accepts a changed file")
	}
}

// Every case of the shipped pack that judges an act, in OPA as here.
func TestStandardPackInPlainOPA(t *testing.T) {
	read, err := readByOPA(t, signed(t, policies.StandardFS(), "anna"), "anna")
	if err != nil {
		t.Fatal(err)
	}
	p, err := policies.Standard()
	if err != nil {
		t.Fatal(err)
	}
	query, err := rego.New(rego.Query("data.gate.decision"), rego.ParsedBundle("pack", &read)).PrepareForEval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := cases.Read(policies.StandardFS())
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, c := range all {
		if len(c.Lists) > 0 || c.Document["act"] == nil {
			continue
		}
		document, err := c.Bytes(p.Digest())
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.Again(t.Context(), document)
		if deal.KindOf(err) == deal.Invalid {
			continue // the case is about a document that is not one
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(d.Rules[0].ID, "engine.") {
			continue // the same, found later
		}
		if slices.ContainsFunc(d.Rules, func(r deal.RuleResult) bool { return strings.HasPrefix(r.Actual, "list ") }) {
			continue // OPA does not know how old a list may be
		}
		compared++
		allow, rules := askOPA(t, query, document)
		if allow != d.Allow || len(rules) != len(d.Rules) {
			t.Errorf("%s: OPA says %v, we say %v", c.Name, allow, d.Allow)
		}
		for _, r := range d.Rules {
			if rules[r.ID] != r.State {
				t.Errorf("%s: %s is %q in OPA and %q here", c.Name, r.ID, rules[r.ID], r.State)
			}
		}
	}
	if compared < 100 {
		t.Errorf("%d cases were compared, want 100 or more", compared)
	}
}
