package records_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
)

func TestDiffOfPacks(t *testing.T) {
	edits := []string{
		"manifest.yaml", "title: Amounts are above zero, owner: risk", "title: Amounts are positive, owner: treasury",
		"manifest.yaml", "rules: [act.due, documents.count", "rules: [documents.count",
		"manifest.yaml", "maximum_age: 30d", "maximum_age: 10d",
		limits, "EUR: 5000000000\n", "EUR: 6000000000\n",
		"data/jurisdictions.csv", "at,Austria,allowed,\n", "zz,Zetland,allowed,\n",
		"money.rego", "package cession.money\n", "# Amounts.\npackage cession.money\n",
		"documents.rego", "package cession.documents\n", "# Documents.\npackage cession.documents\n",
	}
	changed := files(t, edits...)
	other, err := policies.Load(changed)
	if err != nil {
		t.Fatal(err)
	}
	d, err := records.Diff(pack(t), other)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.CompareFiles(policies.StandardFS(), changed); err != nil {
		t.Fatal(err)
	}
	have := d.Text()
	for _, words := range []string{
		"changed: money.positive: title: Amounts are positive, was Amounts are above zero; owner: treasury, was risk\n",
		"documents.notarize: need not pass act.due any more\n",
		"sanctions, maximum age: 10 days, was 30 days\n",
		"limits.amount.EUR: 60,000,000.00 EUR, was 50,000,000.00 EUR\n",
		"gone: jurisdictions.at ", "new: jurisdictions.zz ",
		"changed: money.rego\n", "changed: documents.rego\n",
	} {
		if !strings.Contains(have, words) {
			t.Errorf("no %q in\n%s", words, have)
		}
	}
	if d.Same() || d.Before.Digest != pack(t).Digest() || d.After.Digest != other.Digest() {
		t.Errorf("editions %+v, %+v", d.Before, d.After)
	}
}

func TestDiffOfRules(t *testing.T) {
	const table = "  - { id: documents.count, title: The number of documents is plausible,"
	other := edited(t,
		"manifest.yaml", table, "  - { id: documents.plenty, title: There are documents, owner: operations, citation: House rule O-2, severity: low }\n"+table,
		"manifest.yaml", "rules: [act.due, documents.count", "rules: [act.due, documents.plenty, documents.count",
		"documents.rego", "package cession.documents\n", "package cession.documents\n\nanswer[\"plenty\"] := lib.answer(input.act.fields.count.count > 1, \"few\", \"more than one\")\n",
		"money.rego", `"above 0"`, `"above zero"`,
	)
	d, err := records.Diff(pack(t), other)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{
		"new: documents.plenty (There are documents), owner operations\n", "documents.notarize: must also pass documents.plenty\n",
		"changed: money.positive: other text\n    - ", "    + ", "above zero",
	} {
		if !strings.Contains(d.Text(), words) {
			t.Errorf("no %q in\n%s", words, d.Text())
		}
	}
	back, err := records.Diff(other, pack(t))
	if err != nil || !strings.Contains(back.Text(), "gone: documents.plenty (There are documents)\n") {
		t.Errorf("%v\n%s", err, back.Text())
	}
}

func TestDiffOfTheSame(t *testing.T) {
	d, err := records.Diff(pack(t), pack(t))
	if err != nil || !d.Same() || !strings.HasSuffix(d.Text(), "They say the same.\n") {
		t.Errorf("%v\n%s", err, d.Text())
	}
	if err := d.CompareFiles(policies.StandardFS(), fstest.MapFS{}); err != nil || d.Same() {
		t.Errorf("no file is left: %v, %t", err, d.Same())
	}
}

const (
	edition1 = `36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- 
306,"BANCO NACIONAL DE CUBA",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"a.k.a. 'BNC'."
400,"DOE, John","individual","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- 
` + "\x1a"
	edition2 = `36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- 
306,"BANCO NACIONAL DE CUBA S.A.",-0- ,"CUBA] [IRAN",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"a.k.a. 'NATIONAL BANK OF CUBA'; a.k.a. 'BNC'."
500,"SEA STAR","vessel","IRAN",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- 
`
)

func TestDiffOfSanctions(t *testing.T) {
	d, err := records.DiffSanctions(strings.NewReader(edition1), strings.NewReader(edition2))
	if err != nil {
		t.Fatal(err)
	}
	want := `Sanctions list: 3 entries before, 3 entries after: 1 added, 1 removed, 1 changed.
Added:
  entry 500, SEA STAR (vessel, IRAN)
No longer on the list:
  entry 400, DOE, John (individual, SDGT)
Changed:
  entry 306, BANCO NACIONAL DE CUBA S.A.: name from "BANCO NACIONAL DE CUBA" to "BANCO NACIONAL DE CUBA S.A."; program from "CUBA" to "CUBA] [IRAN"; now also known as NATIONAL BANK OF CUBA
`
	if have := d.Text(0); have != want {
		t.Errorf("have\n%s\nwant\n%s", have, want)
	}
	d.Added = slices.Repeat(d.Added, 5)
	if have := d.Text(2); !strings.Contains(have, "  and 3 more\n") {
		t.Errorf("have\n%s", have)
	}
}

func TestDiffOfSanctionsRefuses(t *testing.T) {
	for name, list := range map[string]string{
		"too few columns": "36,\"A\"\n", "no number": strings.Replace(edition1, "36,", "x,", 1), "an entry twice": strings.TrimSuffix(edition1, "\x1a") + edition1, "no CSV": "36,\"A\n",
	} {
		if _, err := records.DiffSanctions(strings.NewReader(edition1), strings.NewReader(list)); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
