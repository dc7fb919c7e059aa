package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

func TestParseField(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	file := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(file, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	const abc = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // SHA-256 of abc, FIPS 180-2
	for _, c := range []struct {
		field      deal.Field
		text, want string // want "": invalid
	}{
		{deal.Field{Kind: deal.KindAmount}, "212500.00 EUR", "21250000 EUR"},
		{deal.Field{Kind: deal.KindAmount}, "212,500.05 EUR", "21250005 EUR"},
		{deal.Field{Kind: deal.KindAmount}, "0.07 EUR", "7 EUR"},
		{deal.Field{Kind: deal.KindAmount}, "212500 EUR", ""},
		{deal.Field{Kind: deal.KindAmount}, "212500.0 EUR", ""},
		{deal.Field{Kind: deal.KindAmount}, "-1.00 EUR", ""},
		{deal.Field{Kind: deal.KindAmount}, "1.00 euro", ""},
		{deal.Field{Kind: deal.KindTime}, "+72h", "2026-11-25T08:00:00Z"},
		{deal.Field{Kind: deal.KindTime}, "+30d", "2026-12-22T08:00:00Z"},
		{deal.Field{Kind: deal.KindTime}, "2026-12-01T10:00:00+01:00", "2026-12-01T09:00:00Z"},
		{deal.Field{Kind: deal.KindTime}, "+-3d", ""},
		{deal.Field{Kind: deal.KindTime}, "next week", ""},
		{deal.Field{Kind: deal.KindSealed}, "abc", "abc"},
		{deal.Field{Kind: deal.KindSealed}, "@" + file, "abc"},
		{deal.Field{Kind: deal.KindSealed}, "@-", "from standard input"},
		{deal.Field{Kind: deal.KindSealed}, "@" + file + "x", ""},
		{deal.Field{Kind: deal.KindCommitment}, "@" + file, abc},
		{deal.Field{Kind: deal.KindCommitment}, abc, abc},
		{deal.Field{Kind: deal.KindCommitment}, "abc", ""},
		{deal.Field{Kind: deal.KindCount}, "8", "8"},
		{deal.Field{Kind: deal.KindChoice, Choices: []string{"bank", "fund"}}, "fund", "fund"},
		{deal.Field{Kind: deal.KindChoice, Choices: []string{"bank", "fund"}}, "broker", ""},
		{deal.Field{Kind: deal.KindSignature}, "0x01", ""},
	} {
		got, err := parseField(c.field, c.text, strings.NewReader("from standard input\n"), now)
		if (err != nil) != (c.want == "") || (err == nil && got != c.want) {
			t.Errorf("%s %q: %q, want %q: %v", c.field.Kind, c.text, got, c.want, err)
		}
	}
}

func TestParseFieldsTurnsAway(t *testing.T) {
	action := deal.Action{ID: "submit", Fields: []deal.Field{{ID: "price", Kind: deal.KindAmount}}}
	for _, words := range [][]string{{"price"}, {"cost=1.00 EUR"}, {"price=1.00 EUR", "price=2.00 EUR"}} {
		if fields, err := parseFields(action, words, nil, time.Now()); err == nil {
			t.Errorf("%q: %v", words, fields)
		}
	}
}

func TestFieldsTheNodeFillsInAreInThePlan(t *testing.T) {
	for act, fields := range byNode {
		step, name, _ := strings.Cut(act, ".")
		_, action, err := deal.Standard().Action(step, name)
		if err != nil {
			t.Error(err)
		}
		for _, f := range fields {
			if _, ok := action.Field(f); !ok {
				t.Errorf("%s has no field %s", act, f)
			}
		}
	}
}

func TestQuoted(t *testing.T) {
	for word, want := range map[string]string{
		"": "''", "/a/b-c.d": "/a/b-c.d", "a b": "'a b'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "until=+72h": "until=+72h",
	} {
		if got := quoted(word); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}
