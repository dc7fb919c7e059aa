package policies

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/ast"
)

// lint loads a pack and returns what is wrong with its rules.
func lint(t *testing.T, files fstest.MapFS) (found []string) {
	t.Helper()
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	modules, err := parse(files, func(file string) bool { return !isTest(file) })
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range p.lint(modules) {
		found = append(found, err.Error())
	}
	return found
}

func TestStandardPackIsClean(t *testing.T) {
	if found := lint(t, smallPack(t)); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

// lintRule returns what one of the checks says of a rule.
func lintRule(t *testing.T, rule string, check func(*ast.Compiler, map[string]*ast.Module) []error) (found []string) {
	t.Helper()
	modules, err := parse(fstest.MapFS{
		"lib.rego":     {Data: []byte("package cession.lib\n\nanswer(state, actual, threshold) := {\"state\": state, \"actual\": actual, \"threshold\": threshold}\n")},
		"parties.rego": {Data: []byte("package cession.parties\n\nbidder := input.parties.bidder\n")},
		"own.rego":     {Data: []byte("package cession.own\n\n" + rule + "\n")},
	}, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	compiler := newCompiler()
	if compiler.Compile(modules); compiler.Failed() {
		t.Fatal(compiler.Errors)
	}
	for _, err := range check(compiler, modules) {
		found = append(found, err.Error())
	}
	return found
}

// TestLintFindsSearches looks at one rule.
func TestLintFindsSearches(t *testing.T) {
	const scan = "goes through a list"
	for name, c := range map[string]struct{ rule, finds string }{
		"some":                  {"x if {\n\tsome place in data.jurisdictions\n\tplace.status == \"blocked\"\n}", scan},
		"some with a key":       {"x if {\n\tsome code, place in data.jurisdictions\n\tplace.status == \"blocked\"\n\tcode == input.currency\n}", scan},
		"some declared":         {"x if {\n\tsome code\n\tdata.jurisdictions[code].status == \"blocked\"\n}", scan},
		"wildcard":              {"x if data.jurisdictions[_].status == input.currency", scan},
		"every":                 {"x if every place in data.jurisdictions { place.status == \"allowed\" }", scan},
		"membership":            {"x if input.currency in data.calendar.closed", scan},
		"membership of a key":   {"x if input.currency, \"allowed\" in data.jurisdictions", scan},
		"comprehension":         {"x := [name | name := data.calendar.closed[_]]", scan},
		"set comprehension":     {"x := {code | some code, _ in data.licenses}", scan},
		"object comprehension":  {"x := {code: 1 | some code, _ in data.licenses}", scan},
		"keys":                  {"x := object.keys(data.kyc)", scan},
		"handed to a function":  {"x := f(data.kyc)\n\nf(classes) := classes[input.currency].accepted", scan},
		"another name":          {"places := data.jurisdictions\n\nx if {\n\tsome place in places\n\tplace.status == \"blocked\"\n}", scan},
		"another name, inside":  {"x if {\n\tplaces := data.jurisdictions\n\tsome place in places\n\tplace.status == \"blocked\"\n}", scan},
		"a part of a list":      {"x if {\n\tsome license, _ in data.licenses[input.currency]\n\tlicense == \"none\"\n}", scan},
		"another name, a part":  {"kinds := data.licenses[input.currency]\n\nx if {\n\tsome license, _ in kinds\n\tlicense == \"none\"\n}", scan},
		"another list of verbs": {"x if input.currency in data.operations.causes", scan},
		"key":                   {"x if data.jurisdictions[input.currency].status == \"blocked\"", ""},
		"key, computed":         {"x if {\n\tcode := lower(input.currency)\n\tdata.jurisdictions[code].status == \"blocked\"\n}", ""},
		"keys of the input":     {"x := {id | some id, _ in input.act.fields; data.disclosure.before[input.act.name][id]}", ""},
		"size":                  {"x if count(data.jurisdictions) > 0", ""},
		"every of the input":    {"x if every id, _ in input.act.fields { data.disclosure.before[input.act.name][id] }", ""},
	} {
		t.Run(name, func(t *testing.T) {
			found := lintRule(t, c.rule, func(c *ast.Compiler, _ map[string]*ast.Module) []error { return checkScans(c) })
			expectFinding(t, found, "own.rego:", c.finds)
		})
	}
}

// TestLintFindsMessagesThatVanish looks at one rule.
func TestLintFindsMessagesThatVanish(t *testing.T) {
	const vanishes = "which may be missing"
	answer := func(text string) string { return "import data.cession.lib\n\nsaid := " + text }
	for name, c := range map[string]struct{ rule, finds string }{
		"figure":                  {answer(`lib.answer(input.role == "seller", input.bidder, "x")`), vanishes},
		"threshold":               {answer(`lib.answer(input.role == "seller", "x", ["before ", {"ms": input.due}])`), vanishes},
		"figure of an object":     {`said := {"state": "pass", "actual": input.bidder, "threshold": "x"}`, vanishes},
		"figure with more":        {answer(`object.union(lib.answer(true, input.bidder, "x"), {"obligation": "y"})`), vanishes},
		"field of an act":         {answer(`lib.answer(input.role == "seller", input.act.fields.text.value, "x")`), vanishes},
		"under another name":      {"import data.cession.lib\n\nwho := input.bidder\n\nsaid := lib.answer(true, who, \"x\")", vanishes},
		"of another package":      {"import data.cession.lib\nimport data.cession.parties\n\nsaid := lib.answer(true, parties.bidder.kind, \"x\")", vanishes},
		"objection":               {"deny contains msg if {\n\tinput.role == \"seller\"\n\tmsg := sprintf(\"party %s\", [input.bidder])\n}", vanishes},
		"objection in the head":   {"deny contains sprintf(\"party %s\", [input.bidder]) if input.role == \"seller\"", vanishes},
		"verdict needs it":        {answer(`lib.answer(input.bidder == "x-y", input.bidder, "x")`), ""},
		"condition needs it":      {answer(`lib.answer(true, input.bidder, "x") if input.bidder != "x-y"`), ""},
		"always there":            {answer(`lib.answer(true, input.seller, {"ms": input.now})`), ""},
		"objection that needs it": {"deny contains msg if {\n\tinput.bidder == \"x-y\"\n\tmsg := sprintf(\"party %s\", [input.bidder])\n}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			expectFinding(t, lintRule(t, c.rule, checkMessages), "own.rego:", c.finds)
		})
	}
}

// TestLintFindsWhatNobodyHas changes a text of the standard pack.
func TestLintFindsWhatNobodyHas(t *testing.T) {
	for name, c := range map[string]struct{ file, old, replacement, finds string }{
		"limit":           {"nda_scope.rego", "data.limits.nda.days", "data.limits.nda.day", "data.limits.nda.day"},
		"member of a row": {"parties.rego", "data.jurisdictions[party.jurisdiction].status", "data.jurisdictions[party.jurisdiction].state", "state"},
		"list":            {"nda_scope.rego", "data.limits.nda", "data.bounds.nda", "data.bounds"},
		"package":         {"room_rules.rego", ":= rules.known", ":= data.cession.no_rules.known if rules.known", "data.cession.no_rules"},
		"digest":          {"selection_rules.rego", "== input.pack", "== data.pack.hash", "data.pack.hash"},
		"act to disclose": {"data/disclosure.yaml", "nda.sign:", "nda.seal:", "nda.seal"},
		"field disclosed": {"data/disclosure.yaml", "[bidder]", "[bidders]", "bidders"},
		"label":           {"room_rules.rego", `answer["known"]`, `answer["unknown"]`, "room_rules.unknown"},
		"labeled only":    {"room_rules.rego", `answer["known"]`, `answer["unknown"]`, "room_rules.known"},
	} {
		t.Run(name, func(t *testing.T) {
			files := smallPack(t)
			edit(t, files, c.file, c.old, c.replacement)
			expectFinding(t, lint(t, files), "", c.finds)
		})
	}
}

func expectFinding(t *testing.T, found []string, file, text string) {
	t.Helper()
	is := func(f string) bool { return strings.Contains(f, file) && strings.Contains(f, text) }
	if text == "" && len(found) > 0 || text != "" && !slices.ContainsFunc(found, is) {
		t.Errorf("found %v, want %q", found, text)
	}
}
