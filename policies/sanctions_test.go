package policies

import (
	"strings"
	"testing"

	"cession/deal"
)

func TestNormalize(t *testing.T) {
	cases := []struct{ name, exact, loose string }{
		{"Banco Nacional de Cuba", "BANCO NACIONAL DE CUBA", "BANCO CUBA DE NACIONAL"},
		{"  ÄLPINE  Kredit-Bank, A.G. ", "ALPINE KREDIT BANK AG", "ALPINE BANK KREDIT"},
		{"Straße & Søn ŁÓDŹ", "STRASSE SON LODZ", "LODZ SON STRASSE"},
		{"O'Neill’s Ltd.", "ONEILLS LTD", "ONEILLS"},
		{"AG", "AG", "AG"},
		{"ACME\u200b Inc", "ACME INC", "ACME"},
		{"Ｆｕｌｌ Width", "FULL WIDTH", "FULL WIDTH"},
		{"", "", ""},
		{"!?", "", ""},
		{"Банк Мелли", "", ""},
		{"Bаnk", "", ""}, // the second letter is Cyrillic
		{"bad \xff bytes", "", ""},
		{strings.Repeat("x", maxName+1), "", ""},
	}
	for _, c := range cases {
		if got := normalize(c.name); got.exact != c.exact || got.loose != c.loose {
			t.Errorf("%q: %q, %q; want %q, %q", c.name, got.exact, got.loose, c.exact, c.loose)
		}
	}
}

func TestReadSDN(t *testing.T) {
	list, err := readSDN(strings.NewReader(smallSDN))
	if err != nil {
		t.Fatal(err)
	}
	exact := map[string]hit{
		"BANCO NACIONAL DE CUBA":  {306, scoreName},
		"BNC":                     {306, scoreAlias},
		"FARFAN SUAREZ ALEXANDER": {9640, scoreName},
		"ENRIQUE GAFAS":           {9640, scoreAlias},
		"GAFAS":                   {9640, scoreWeak},
	}
	for name, want := range exact {
		if got := list.Exact[name]; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if got := list.Loose["ALEXANDER FARFAN SUAREZ"]; got != (hit{9640, scoreLoose}) {
		t.Errorf("words in another order: %v", got)
	}
	if list.Entries != 2 || len(list.Exact) != len(exact) {
		t.Errorf("%d entries, %d names", list.Entries, len(list.Exact))
	}
}

func TestTheStrongestEntryStands(t *testing.T) {
	rows := `1,"SEA STAR","vessel","X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
2,"SEA STAR","-0-","X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
3,"SEA STAR","-0-","X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
`
	list, err := readSDN(strings.NewReader(rows))
	if err != nil || list.Exact["SEA STAR"] != (hit{2, scoreName}) || list.Entries != 3 {
		t.Errorf("%v, %v: want entry 2", list, err)
	}
}

// TestScreeningAgainstTheRealList uses entries of the list the pack ships.
func TestScreeningAgainstTheRealList(t *testing.T) {
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	list := pack.lists.Sanctions
	for name, want := range map[string]hit{
		"Aerocaribbean Airlines":    {36, scoreName},
		"anglo caribbean co ltd":    {173, scoreName},
		"Anglo-Caribbean GmbH":      {173, scoreLoose},
		"Banco Nacional de Cuba SA": {306, scoreLoose},
		"BNC":                       {306, scoreAlias},
	} {
		n := normalize(name)
		got, ok := list.Exact[n.exact]
		if !ok {
			got = list.Loose[n.loose]
		}
		if got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if n := normalize("Nordlicht Leasing GmbH"); list.Exact[n.exact].Score+list.Loose[n.loose].Score != 0 {
		t.Error("an unlisted name is found")
	}
}

func FuzzReadSDN(f *testing.F) {
	f.Add(smallSDN)
	f.Add("")
	f.Add("1,\"a\n")
	f.Add(`7,"X ""Y""",-0- ,"P",,,,,,,,"a.k.a. ''; a.k.a. 'Z'"`)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := readSDN(strings.NewReader(text))
		if err != nil {
			if deal.KindOf(err) != deal.Invalid {
				t.Errorf("error %v is not of kind invalid", err)
			}
			return
		}
		for _, index := range []map[string]hit{list.Exact, list.Loose} {
			for name, h := range index {
				if name == "" || h.Entry <= 0 || h.Score < scoreWeak || h.Score > scoreName {
					t.Errorf("%q is listed as %v", name, h)
				}
			}
		}
		if list.Entries > 0 && len(list.Exact) == 0 {
			t.Errorf("%d entries and no name", list.Entries)
		}
	})
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"Älpine AG", "ŁÓDŹ", "O'Neill", "Банк", "ﬁ ĳ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := normalize(s)
		if again := normalize(n.exact); len(n.exact) <= maxName && again != n {
			t.Errorf("%q is %q, and that is %q", s, n, again)
		}
	})
}
