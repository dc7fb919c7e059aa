package cases

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"cession/deal"
)

// small is a document of which tests change a place.
const small = `
- name: terms.approve
  document:
    act:
      id: "0x0901000000000000000000000000000000000000000000000000000000000000"
      name: terms.approve
      step: terms
      action: approve
      deal: d-heidesand2345677aaaa
      party: heidesand-leasing
      signer: "0x0101000000000000000000000000000000000000"
      sequence: 3
      deadline: 2026-11-23T10:00:00Z
      fields:
        price: 9,500,000.00 EUR
    role: seller
    now: 2026-11-23T09:00:00Z
    opened: 2026-11-23T09:00:00Z
    pack: this
    seller: heidesand-leasing
    currency: EUR
    face: 10000000.00 EUR
    price: none
    done: [draft.open, selection.select]
    taken:
      selection.select:
        id: "0x0902000000000000000000000000000000000000000000000000000000000000"
        party: heidesand-leasing
        role: seller
        signer: "0x0101000000000000000000000000000000000000"
        at: 2026-11-23T08:00:00.5Z
        fields:
          bidder: arvenwald-bank
          price: 9500000.00 EUR
    approvals:
      - id: "0x0903000000000000000000000000000000000000000000000000000000000000"
        party: heidesand-leasing
        signer: "0x0101000000000000000000000000000000000000"
        at: 2026-11-23T08:00:00Z
        price: 9500000.00 EUR
    parties: {}
    exposure:
      counterparty: 400000.00
      day: 0.00
  expect:
    allow: yes
`

func folder(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[Folder+"/"+files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

// one reads a file whose last case is wanted.
func one(t *testing.T, files ...string) Case {
	t.Helper()
	s, err := Read(folder(append([]string{"base.yaml", small}, files...)...))
	if err != nil {
		t.Fatal(err)
	}
	return s[len(s)-1]
}

// at walks a document by a path of keys.
func at(t *testing.T, doc any, path ...string) any {
	t.Helper()
	for _, key := range path {
		o, ok := doc.(object)
		if !ok {
			t.Fatalf("nothing at %v", path)
		}
		doc = o[key]
	}
	return doc
}

func TestWordsBecomeADocument(t *testing.T) {
	doc := one(t).Document
	for _, c := range []struct {
		path string
		want any
	}{
		{"now", json.Number("1795424400000")},
		{"price.minor", json.Number("0")},
		{"price.currency", ""},
		{"face.minor", json.Number("1000000000")},
		{"act.fields.price.kind", "amount"},
		{"act.fields.price.value", "950000000 EUR"},
		{"act.fields.price.minor", json.Number("950000000")},
		{"act.sequence", json.Number("3")},
		{"exposure.counterparty", json.Number("40000000")},
		{"pack", This},
	} {
		if have := at(t, doc, strings.Split(c.path, ".")...); have != c.want {
			t.Errorf("%s is %v, want %v", c.path, have, c.want)
		}
	}
	if have := at(t, doc, "taken", "selection.select", "at"); have != json.Number("1795420800500") {
		t.Errorf("time with half a second is %v", have)
	}
	if have := at(t, doc, "taken", "selection.select", "fields", "bidder", "kind"); have != "party" {
		t.Errorf("field of an act on record is of kind %v", have)
	}
}

func TestSetAndDrop(t *testing.T) {
	changed := func(what string) object {
		return one(t, "x.yaml", "- name: changed\n  like: terms.approve\n  expect: {allow: no}\n"+what).Document
	}
	for name, c := range map[string]struct {
		change string
		path   []string
		want   any // nil: not there
	}{
		"amount of a field":    {"  set: {act.fields.price: 1.50 EUR}", []string{"act", "fields", "price", "minor"}, json.Number("150")},
		"member of an amount":  {"  set: {face.currency: USD}", []string{"face", "currency"}, "USD"},
		"place of nothing":     {"  set: {parties.bidder.kycUntil: 2027-01-01T00:00:00+01:00}", []string{"parties", "bidder", "kycUntil"}, json.Number("1798758000000")},
		"act on record":        {"  set: {taken.selection.select.fields.price: 1.00 EUR}", []string{"taken", "selection.select", "fields", "price", "value"}, "100 EUR"},
		"field with its kind":  {"  set: {act.fields.extra: {kind: count, value: 7}}", []string{"act", "fields", "extra", "count"}, json.Number("7")},
		"truth":                {"  set: {room.confirmed: yes}", []string{"room", "confirmed"}, true},
		"field dropped":        {"  drop: [act.fields.price]", []string{"act", "fields", "price"}, nil},
		"act on record gone":   {"  drop: [taken.selection.select]", []string{"taken", "selection.select"}, nil},
		"set after drop":       {"  drop: [exposure.day]\n  set: {exposure.day: 3.00}", []string{"exposure", "day"}, json.Number("300")},
		"part of a field":      {"  drop: [act.fields.price.minor]", []string{"act", "fields", "price", "minor"}, nil},
		"whole object":         {"  set: {exposure: {counterparty: 1.00, day: 2.00}}", []string{"exposure", "day"}, json.Number("200")},
		"digest of the pack":   {"  set: {act.fields.pack: {kind: commitment, value: this}}", []string{"act", "fields", "pack", "value"}, This},
		"thousands in a price": {"  set: {price: \"1,000,000.00 EUR\"}", []string{"price", "minor"}, json.Number("100000000")},
	} {
		t.Run(name, func(t *testing.T) {
			if have := at(t, changed(c.change), c.path...); have != c.want {
				t.Errorf("%v is %v, want %v", c.path, have, c.want)
			}
		})
	}
	if have := at(t, changed("  drop: [done.selection.select]"), "done").([]any); len(have) != 1 {
		t.Errorf("done is %v after one was dropped", have)
	}
	if have := at(t, changed("  drop: [approvals.0]"), "approvals").([]any); len(have) != 0 {
		t.Errorf("approvals are %v after the only one was dropped", have)
	}
	if have := at(t, one(t).Document, "done").([]any); len(have) != 2 {
		t.Error("a change reached the case it is like")
	}
}

func TestTable(t *testing.T) {
	s, err := Read(folder("base.yaml", small, "limits.csv", `# what an officer sees
name,like,act.fields.price,lists.limits.amount.EUR,expect.allow,expect.money.limit
at the limit,terms.approve,"1,000.00 EUR",100000,yes,
above the limit,terms.approve,1000.01 EUR,,,fail
without a price,terms.approve,drop,drop,no,not_evaluated
`))
	if err != nil {
		t.Fatal(err)
	}
	at0, above, without := s[1], s[2], s[3]
	if at0.Line != 3 || at0.File != "cases/limits.csv" || !at0.Expect.Allow || at0.Lists[0].Value != json.Number("100000") {
		t.Errorf("first row: %+v", at0)
	}
	if above.Expect.Allow || above.Expect.Rules["money.limit"] != deal.Fail || len(above.Lists) != 0 {
		t.Errorf("second row: %+v", above.Expect)
	}
	if _, there := at(t, without.Document, "act", "fields").(object)["price"]; there || !without.Lists[0].Drop {
		t.Error("drop in a cell drops nothing")
	}
}

func TestTableOfASpreadsheet(t *testing.T) {
	s, err := Read(folder("base.yaml", small, "limits.csv", "\ufeffname;like;act.fields.price;expect.allow\r\na;terms.approve;1,000.00 EUR;no\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if have := at(t, s[1].Document, "act", "fields", "price", "value"); have != "100000 EUR" {
		t.Errorf("price is %v", have)
	}
}

func TestFaultsNameFileAndLine(t *testing.T) {
	for name, c := range map[string]struct{ file, text, wants string }{
		"no list":             {"x.yaml", "name: a\n", "x.yaml:1: want a list"},
		"two documents":       {"x.yaml", "[]\n---\n[]\n", "one list"},
		"no name":             {"x.yaml", "- like: terms.approve\n  expect: {allow: no}\n", "x.yaml:1: want a name"},
		"name twice":          {"x.yaml", "- {name: terms.approve, like: terms.approve, expect: {allow: no}}\n", "of this name at cases/base.yaml:2"},
		"key twice":           {"x.yaml", "- name: a\n  name: b\n", "stands twice"},
		"unknown key":         {"x.yaml", "- name: a\n  expects: {}\n", "x.yaml:2: expects: want name"},
		"like nothing":        {"x.yaml", "- {name: a, like: terms.aprove, expect: {allow: no}}\n", "there is terms.approve"},
		"like itself":         {"x.yaml", "- {name: a, like: a, expect: {allow: no}}\n", "and so on"},
		"neither nor":         {"x.yaml", "- {name: a, expect: {allow: no}}\n", "either a document"},
		"nothing expected":    {"x.yaml", "- {name: a, like: terms.approve}\n", "want what to expect"},
		"allow misspelt":      {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: maybe}}\n", "want yes or no"},
		"state misspelt":      {"x.yaml", "- {name: a, like: terms.approve, expect: {rules: {a.b: failed}}}\n", "want pass, fail or not_evaluated"},
		"allowed and failed":  {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: yes, rules: {a.b: fail}}}\n", "refused if a rule does not pass"},
		"neither said":        {"x.yaml", "- {name: a, like: terms.approve, expect: {rules: {a.b: pass}}}\n", "want allow"},
		"no such place":       {"x.yaml", "- name: a\n  like: terms.approve\n  expect: {allow: no}\n  set:\n    act.feelds.price: 1.00 EUR\n", `x.yaml:5: act.feelds.price: there is no "feelds" here: want one of action`},
		"nothing to drop":     {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: no}, drop: [act.fields.until]}\n", "nothing to drop"},
		"no such field":       {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: no}, set: {act.fields.until: 1}}\n", "terms.approve has no field until"},
		"no amount":           {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: no}, set: {act.fields.price: 1.5 EUR}}\n", `want an amount such as "125000.00 EUR", have "1.5 EUR"`},
		"no currency":         {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: no}, set: {price: 12.00}}\n", "want an amount"},
		"no time":             {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: no}, set: {now: yesterday}}\n", "want a time such as"},
		"no number":           {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: no}, set: {act.sequence: 1.5}}\n", "want a whole number"},
		"below nothing":       {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: no}, set: {role.name: seller}}\n", "nothing below"},
		"alias":               {"x.yaml", "- &a {name: a, like: terms.approve, expect: {allow: no}}\n- *a\n", "want names with values"},
		"null":                {"x.yaml", "- {name: a, like: terms.approve, expect: {allow: no}, set: {role: null}}\n", "want one word"},
		"no header":           {"x.csv", "a,b\n1,2\n", "x.csv:1: want a first row"},
		"column twice":        {"x.csv", "name,like,now,now\n", "column 4"},
		"short row":           {"x.csv", "name,like,now\na,terms.approve\n", "wrong number of fields"},
		"bad cell":            {"x.csv", "name,like,now,expect.allow\n\na,terms.approve,noon,no\n", "x.csv:3: now: want a time"},
		"bad state":           {"x.csv", "name,like,expect.a.b\na,terms.approve,no\n", "x.csv:2: column expect.a.b"},
		"harmless of no kind": {"harmless.yaml", "- {case: terms.approve, mutation: lose act.fields, reason: none}\n", "harmless.yaml:1"},
		"harmless, why not":   {"harmless.yaml", "- {case: terms.approve, mutation: drop act.fields}\n", "want case, mutation and reason"},
		"no UTF-8":            {"x.csv", "name,like\n\xff,terms.approve\n", "UTF-8"},
		"too large":           {"x.yaml", strings.Repeat("# much\n", 200_000), "at most"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(folder("base.yaml", small, c.file, c.text))
			if deal.KindOf(err) != deal.Invalid || !strings.Contains(err.Error(), c.wants) {
				t.Errorf("error is %v: want one of kind invalid with %q", err, c.wants)
			}
		})
	}
}

func TestAllFaultsAreNamed(t *testing.T) {
	_, err := Read(folder("a.yaml", "- {name: a}\n- {name: b}\n", "b.csv", "name\n"))
	for _, wants := range []string{"a.yaml:1", "a.yaml:2", "b.csv:1"} {
		if err == nil || !strings.Contains(err.Error(), wants) {
			t.Errorf("error %v does not name %s", err, wants)
		}
	}
}

func TestFolderWithoutCases(t *testing.T) {
	if s, err := Read(fstest.MapFS{"manifest.yaml": &fstest.MapFile{}}); err != nil || len(s) > 0 {
		t.Errorf("cases %v, error %v", s, err)
	}
}

func TestWrittenCaseIsReadAgain(t *testing.T) {
	c := one(t)
	c.Why = `a "quoted" reason: with a colon`
	c.Expect.Rules = map[string]deal.RuleState{"act.role": deal.Pass}
	c.Expect.Obligations = []string{"four_eyes"}
	var b strings.Builder
	c.write(&b)
	s, err := Read(folder("again.yaml", b.String()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	again := s[0]
	if !equal(again.Document, c.Document) || !equal(again.Expect, c.Expect) || again.Name != c.Name || again.Why != c.Why {
		t.Errorf("written and read again it is another case:\n%s", b.String())
	}
}

// FuzzRead shows that what can be read can be written and read again, and that
// nothing makes the reader panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte(small), []byte("name,like,now,expect.allow\na,terms.approve,2026-11-23T09:00:00Z,no\n"))
	f.Add([]byte("- {name: a, like: terms.approve, set: {face: 1.00 EUR}, drop: [done.draft.open], lists: {a: [1, yes]}, expect: {allow: no}}\n"), []byte("name,like\n"))
	f.Add([]byte("- {name: a, document: {operation: {verb: retry, age: 3}}}\n- {name: b, like: a, expect: {allow: no}}\n"), []byte(""))
	f.Fuzz(func(t *testing.T, yamlText, table []byte) {
		s, err := Read(folder("a.yaml", string(yamlText), "b.csv", string(table)))
		if err != nil {
			if deal.KindOf(err) != deal.Invalid {
				t.Fatalf("error of another kind: %v", err)
			}
			return
		}
		for _, c := range s {
			if _, err := c.Bytes(deal.Commitment{1}); err != nil {
				t.Fatalf("%q cannot be encoded: %v", c.Name, err)
			}
			var b strings.Builder
			c.write(&b)
			if _, err := Read(folder("again.yaml", b.String())); err != nil {
				t.Fatalf("%q cannot be read again: %v\n%s", c.Name, err, b.String())
			}
		}
	})
}
