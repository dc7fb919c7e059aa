package policies

import (
	"strings"
	"testing"
	"testing/fstest"
)

// ownPack is an addition of one rule, with a test.
func ownPack() fstest.MapFS {
	return fstest.MapFS{
		manifestFile: {Data: []byte(`name: own
version: 1.0.0
kind: addition
coverage: 100
gates:
  offers.submit: { rules: [own.small] }
rules:
  - { id: own.small, title: The offer is small, owner: risk, citation: House rule 1, severity: high }
`)},
		"own.rego": {Data: []byte(`package cession.own

answer["small"] := {"state": "pass", "actual": price.minor, "threshold": "below 100"} if price.minor < 100

answer["small"] := {"state": "fail", "actual": price.minor, "threshold": "below 100"} if price.minor >= 100

price := input.act.fields.price
`)},
		"own_test.rego": {Data: []byte(`package cession.own_test

import data.cession.own

test_small if {
	own.answer.small.state == "pass" with input as {"act": {"fields": {"price": {"minor": 99}}}}
	own.answer.small.state == "fail" with input as {"act": {"fields": {"price": {"minor": 100}}}}
}
`)},
	}
}

func TestCheckOfAnAddition(t *testing.T) {
	for name, c := range map[string]struct {
		change func(fstest.MapFS)
		finds  string
	}{
		"flawless":      {func(fstest.MapFS) {}, ""},
		"without tests": {func(f fstest.MapFS) { delete(f, "own_test.rego") }, "no tests"},
		"half tested": {func(f fstest.MapFS) {
			edit(t, f, "own_test.rego", "\town.answer.small.state == \"fail\" with input as {\"act\": {\"fields\": {\"price\": {\"minor\": 100}}}}\n", "")
		}, "own.rego:5"},
		"list it lacks": {func(f fstest.MapFS) { add(t, f, "own.rego", "\nmost := data.limits.act.hours\n") }, "data.limits.act.hours"},
		"search": {func(f fstest.MapFS) {
			add(t, f, "own.rego", "\nlisted if {\n\tsome place in data.jurisdictions\n\tplace.status == \"blocked\"\n}\n")
		}, "goes through a list"},
		"no label":        {func(f fstest.MapFS) { add(t, f, "own.rego", "\nanswer[\"large\"] := {\"state\": \"pass\"}\n") }, "own.large"},
		"gate for no act": {func(f fstest.MapFS) { edit(t, f, manifestFile, "offers.submit", "offers.offer") }, "offers.offer"},
	} {
		t.Run(name, func(t *testing.T) {
			files := ownPack()
			c.change(files)
			var found []string
			for _, err := range Check(files) {
				found = append(found, err.Error())
			}
			if all := strings.Join(found, "; "); c.finds == "" && all != "" || !strings.Contains(all, c.finds) {
				t.Errorf("found %q, want %q", all, c.finds)
			}
		})
	}
}

func TestCheckOfAList(t *testing.T) {
	list := fstest.MapFS{
		manifestFile: {Data: []byte("name: ofac\nversion: 1.0.0\nkind: list\nlists:\n" +
			"  - { name: sanctions, file: sdn.csv, minimum: 2, as_of: 2026-11-21, live: true }\n")},
		"sdn.csv": {Data: []byte(smallSDN)},
	}
	if errs := Check(list); len(errs) > 0 {
		t.Errorf("found %v", errs)
	}
	edit(t, list, manifestFile, "minimum: 2", "minimum: 3")
	if errs := Check(list); len(errs) == 0 {
		t.Error("a list that is too short passed")
	}
}
