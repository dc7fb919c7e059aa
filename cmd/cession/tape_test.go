package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cession/deal"
	"cession/node"
	"cession/node/vault"
)

// What a person writes becomes what is signed.
func TestRowFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rows.txt")
	if err := os.WriteFile(file, []byte("# late payers\n30-32\n\n 40 \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := rowFlags{
		remove: []string{"17", "3,5-6"}, removeFile: file, substitute: []string{"18=203"},
		price: []string{"5=1,250.00"}, priceFile: "-", face: "GrAppv", whole: true,
	}
	c, err := f.change(strings.NewReader("7=0.01\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Remove, []uint64{17, 3, 5, 6, 30, 31, 32, 40}) || !slices.Equal(c.Substitute, []node.Substitution{{Out: 18, In: 203}}) ||
		!slices.Equal(c.Prices, []node.RowPrice{{Row: 5, Minor: 125000}, {Row: 7, Minor: 1}}) || c.Face != "GrAppv" || !c.Whole {
		t.Errorf("have %+v", c)
	}
	long := "\ufeff3\r\n" + strings.Repeat("1,", 40_000) + "2\r\n4\r\n"
	if err := os.WriteFile(file, []byte(long), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := (rowFlags{removeFile: file}).change(nil); err != nil || len(c.Remove) != 40_003 || c.Remove[40_002] != 4 {
		t.Errorf("a long line: %v", err)
	}
	if c, err := (rowFlags{}).change(nil); c != nil || err != nil {
		t.Errorf("no flags: %+v, %v", c, err)
	}
	for _, f := range []rowFlags{
		{remove: []string{"-1"}}, {remove: []string{"6-5"}}, {remove: []string{"x"}}, {remove: []string{""}}, {remove: []string{"0-2000000000"}},
		{substitute: []string{"18"}}, {substitute: []string{"18=x"}}, {removeFile: file + ".not"},
		{price: []string{"5"}}, {price: []string{"5=1250"}}, {price: []string{"5=12.5"}}, {price: []string{"=1.00"}}, {price: []string{"1,2=1.00"}}, {price: []string{"5=12,50.00"}}, {price: []string{"5=-1.00"}}, {price: []string{"5=99999999999999999.00"}},
	} {
		if c, err := f.change(strings.NewReader("")); err == nil {
			t.Errorf("%+v became %+v", f, c)
		}
	}
}

// A person sees what a proposal changes, and what it makes of the figures.
func TestShowPerimeter(t *testing.T) {
	var out bytes.Buffer
	a := &app{out: &out}
	before := &node.Delta{Rows: 400, Prices: []node.RowPrice{{Row: 5, Minor: 100000}, {Row: 6, Minor: 7}}}
	a.showPerimeter(node.PerimeterView{
		Fields: map[string]deal.Value{
			"root": deal.Digest(deal.Commitment{1}), "count": deal.Number(2), "face": deal.Money(2124120000, "EUR"),
			"rows_root": deal.Digest(deal.Commitment{2}), "rows": deal.Number(397), "price": deal.Money(39925000, "EUR"),
		},
		Delta: &node.Delta{
			Base: deal.Commitment{3}, Face: "GrAppv", Rows: 400, Out: []uint64{10, 11, 12}, Remove: []uint64{11, 12},
			Substitute: []node.Substitution{{Out: 10, In: 203}}, Prices: []node.RowPrice{{Row: 5, Minor: 125000}, {Row: 6, Minor: 7}},
			Excerpts: []node.ExcerptNote{{About: vault.Description{Name: "loans (excerpt).csv"}, Document: 0}},
		},
		Before: before,
	})
	for _, want := range []string{
		"the bidder has not agreed", "397 of 400 remain", "21,241,200.00 EUR", "399,250.00 EUR", "11-12\n", "10 by 203",
		"row 5: 1,250.00 EUR, before 1,000.00 EUR\n", "10-12\n", `document 0 is replaced by "loans (excerpt).csv"`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "row 6") {
		t.Errorf("a price that stays is shown:\n%s", &out)
	}
}

// A profile is a table; what a file has in it does not reach the terminal as it is.
func TestShowTape(t *testing.T) {
	minor := int64(300)
	var out bytes.Buffer
	(&app{out: &out}).showTape(node.TapeView{
		About: vault.Description{Name: "loans.csv"}, Rows: 2, TapeRoot: deal.Commitment{1}, Absent: []uint64{1}, Repeated: 2,
		Profile: vault.TapeProfile{Rows: 1, Columns: []vault.ColumnProfile{
			{Name: "Amount", Field: "loan.principal_amount", Filled: 2, Kind: vault.NumberColumn, Min: "1", Max: "2", Sum: "3", Minor: &minor},
			{Name: "\x1b[31mNote", Missing: 2, Kind: vault.EmptyColumn},
		}},
	})
	for _, want := range []string{`"loans.csv", document 0: 1 row here, 2 columns`, "rows 0 to 1", "erased: rows 1\n", "2 rows with the loan identifier", "--face-column", "loan.principal_amount", "number", `"\x1b[31mNote"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("a column's name reaches the terminal")
	}
}
