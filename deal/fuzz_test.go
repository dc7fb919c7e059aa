package deal

import (
	"encoding/json"
	"strings"
	"testing"
)

// What is accepted as a value comes back from JSON as the same value, and its
// text is the canonical one; everything else is refused as invalid.
func FuzzValue(f *testing.F) {
	for _, kind := range valueKinds {
		f.Add(string(kind), sample(Field{Kind: kind, Choices: []string{"bank"}}).String())
	}
	f.Add("time", "2026-11-30T18:00:00.25+01:00")
	f.Add("amount", "+007 EUR")
	f.Add("text", "free text")
	f.Fuzz(func(t *testing.T, kind, text string) {
		v, err := NewValue(ValueKind(kind), text)
		if err != nil {
			if KindOf(err) != Invalid || v != (Value{}) {
				t.Fatalf("refused as %q with value %v", KindOf(err), v)
			}
			return
		}
		if again, err := NewValue(v.Kind(), v.String()); err != nil || again != v {
			t.Fatalf("%q is not canonical: %q, %v", v, again, err)
		}
		wire, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var back Value
		if err := json.Unmarshal(wire, &back); err != nil || back != v {
			t.Fatalf("%s came back as %q, %v", wire, back, err)
		}
	})
}

func FuzzValueJSON(f *testing.F) {
	f.Add([]byte(`{"kind":"amount","value":"5 EUR"}`))
	f.Add([]byte(`{"kind":"time","value":"2026-11-30T17:00:00Z"}`))
	f.Add([]byte(`{"KIND":"count","value":"5","note":"free text"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, wire []byte) {
		var v Value
		if v.UnmarshalJSON(wire) != nil {
			return
		}
		if again, err := NewValue(v.Kind(), v.String()); err != nil || again != v {
			t.Fatalf("%s was taken as %s %q, which is not canonical: %v", wire, v.Kind(), v, err)
		}
	})
}

func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{"12500000 EUR", "0 CHF", "-1 EUR", "+1 EUR", "1 eur", "9223372036854775808 EUR", "1", " "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAmount(text)
		if err != nil {
			if KindOf(err) != Invalid || a != (Amount{}) {
				t.Fatalf("%q: %+v, kind %q", text, a, KindOf(err))
			}
			return
		}
		if a.Minor < 0 || len(a.Currency) != 3 {
			t.Fatalf("%q is %+v", text, a)
		}
		if again, err := ParseAmount(a.String()); err != nil || again != a {
			t.Fatalf("%q is %s, which is %s, %v", text, a, again, err)
		}
	})
}

// The text forms of ids accept either case of hex and nothing else.
func FuzzUnmarshalText(f *testing.F) {
	for _, seed := range []string{"", "0x", "0xab", "0x" + strings.Repeat("aB", 20), "0x" + strings.Repeat("aB", 32), "0X00", "0xg0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ParseCommitment(text); err == nil && c.String() != strings.ToLower(text) {
			t.Fatalf("commitment %q is %s", text, c)
		} else if err != nil && KindOf(err) != Invalid {
			t.Fatalf("commitment %q: %v", text, err)
		}
		if a, err := ParseAddress(text); err == nil && a.String() != strings.ToLower(text) {
			t.Fatalf("address %q is %s", text, a)
		} else if err != nil && KindOf(err) != Invalid {
			t.Fatalf("address %q: %v", text, err)
		}
		var b Bytes
		if err := b.UnmarshalText([]byte(text)); err == nil && b.String() != "0x"+strings.ToLower(strings.TrimPrefix(text, "0x")) {
			t.Fatalf("bytes %q are %s", text, b)
		} else if err != nil && KindOf(err) != Invalid {
			t.Fatalf("bytes %q: %v", text, err)
		}
		if ID(text).Check() == nil && len(text) != 22 || PartyID(text).Check() == nil && len(text) > 32 {
			t.Fatalf("%q is a well-formed id", text)
		}
	})
}
