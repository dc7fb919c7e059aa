package deal

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
)

var valueKinds = []ValueKind{
	KindAmount, KindTime, KindCount, KindCommitment, KindSealed, KindAct,
	KindAddress, KindParty, KindChoice, KindKey, KindSignature,
}

func TestNewValueTakesTheCanonicalForm(t *testing.T) {
	hash, wallet := strings.Repeat("0a", 32), strings.Repeat("0b", 20)
	key := "age1" + strings.Repeat("q2", 29)
	tests := []struct {
		kind       ValueKind
		text, want string
	}{
		{KindAmount, "12500000 EUR", "12500000 EUR"},
		{KindAmount, "0 CHF", "0 CHF"},
		{KindAmount, "007 USD", "7 USD"},
		{KindAmount, "9223372036854775807 EUR", "9223372036854775807 EUR"},
		{KindTime, "2026-11-30T17:00:00Z", "2026-11-30T17:00:00Z"},
		{KindTime, "2026-11-30T18:00:00+01:00", "2026-11-30T17:00:00Z"},
		{KindTime, "2026-11-30T17:00:00.999Z", "2026-11-30T17:00:00Z"},
		{KindTime, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
		{KindTime, "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
		{KindCount, "0", "0"},
		{KindCount, "0042", "42"},
		{KindCount, "9007199254740991", "9007199254740991"},
		{KindCommitment, "0x" + strings.ToUpper(hash), "0x" + hash},
		{KindSealed, "0x" + hash, "0x" + hash},
		{KindAct, "0x" + hash, "0x" + hash},
		{KindAddress, "0x" + strings.ToUpper(wallet), "0x" + wallet},
		{KindParty, "alpine-bank", "alpine-bank"},
		{KindChoice, "credit_purchaser", "credit_purchaser"},
		{KindKey, key, key},
		{KindSignature, "0xAB", "0xab"},
		{KindSignature, "0x" + strings.Repeat("cd", 4096), "0x" + strings.Repeat("cd", 4096)},
	}
	for _, tt := range tests {
		v, err := NewValue(tt.kind, tt.text)
		if err != nil || v.String() != tt.want || v.Kind() != tt.kind {
			t.Errorf("NewValue(%s, %.80q) = %s %.80q, %v; want %.80q", tt.kind, tt.text, v.Kind(), v, err, tt.want)
		}
	}
}

func TestNewValueRefuses(t *testing.T) {
	hash := "0x" + strings.Repeat("0a", 32)
	tests := map[ValueKind][]string{
		KindAmount: {"12500000", "12500000EUR", "125.00 EUR", "-1 EUR", "1 eur", "1 EURO", "1  EUR", " 1 EUR", "1 EUR\n", "x EUR", "9223372036854775808 EUR"},
		KindTime:   {"tomorrow", "2026-11-30", "2026-11-30T17:00:00", "2026-13-30T17:00:00Z", "1969-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "1764522000"},
		KindCount:  {"-1", "+1", "1.0", "1e3", "0x10", "one", " 1", "9007199254740993", "18446744073709551616"},
		KindCommitment: {hash[2:], hash[:65], hash + "00", "0X" + hash[2:], hash[:65] + "g", hash + "\n",
			"0x" + strings.Repeat("0b", 20)},
		KindSealed:    {"what is the largest debtor?", hash[2:]},
		KindAct:       {"d-abcdefghij234567abcd"},
		KindAddress:   {hash, "0x" + strings.Repeat("g", 40), strings.Repeat("0b", 20)},
		KindParty:     {"Alpine", "ab", "1alpine", "alpine-", "alpine bank", "alpine_bank", strings.Repeat("a", 33), "alpine\n"},
		KindChoice:    {"two words", "1st", "_a", strings.Repeat("a", 33), "a\n", "é"},
		KindKey:       {"age1short", "AGE-SECRET-KEY-1" + strings.Repeat("Q", 58), "age1" + strings.Repeat("q", maxKey), "age1" + strings.Repeat("q", 57) + " "},
		KindSignature: {"0x", "0xabc", "0xzz", "0x" + strings.Repeat("ab", 4097), "signed, Alice"},
		"text":        {"anything at all", hash, "1"},
		"":            {"anything at all"},
	}
	for kind, texts := range tests {
		for _, text := range append(texts, "") {
			v, err := NewValue(kind, text)
			if KindOf(err) != Invalid || v != (Value{}) {
				t.Errorf("NewValue(%q, %.80q) = %.80q, %v; want no value, kind invalid", kind, text, v, err)
			}
		}
	}
	for _, kind := range valueKinds {
		if tests[kind] == nil {
			t.Errorf("kind %s is not tested", kind)
		}
	}
}

func TestValueGivesItsOwnKindOnly(t *testing.T) {
	type contents struct {
		amount     Amount
		at         time.Time
		count      uint64
		commitment Commitment
		party      PartyID
		bytes      string
	}
	want := map[ValueKind]contents{
		KindAmount:     {amount: Amount{12500000, "EUR"}},
		KindTime:       {at: time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC)},
		KindCount:      {count: 42},
		KindCommitment: {commitment: Commitment{3}},
		KindSealed:     {commitment: Commitment{4}},
		KindAct:        {commitment: Commitment{5}},
		KindParty:      {party: fund.ID},
		KindSignature:  {bytes: strings.Repeat("\xab", 65)},
	}
	for _, kind := range append(valueKinds, "") {
		var v Value
		if kind != "" {
			v = sample(Field{Kind: kind, Choices: []string{"bank"}})
		}
		have := contents{v.Amount(), v.Time(), v.Count(), v.Commitment(), v.Party(), string(v.Bytes())}
		if have != want[kind] {
			t.Errorf("value of kind %q holds %+v, want %+v", kind, have, want[kind])
		}
	}
}

func TestConstructorsMakeCanonicalValues(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	tests := []struct {
		have Value
		kind ValueKind
		text string
	}{
		{Money(12500000, "EUR"), KindAmount, "12500000 EUR"},
		{At(time.Date(2026, 11, 30, 18, 0, 0, 5, berlin)), KindTime, "2026-11-30T17:00:00Z"},
		{Number(42), KindCount, "42"},
		{Digest(Commitment{3}), KindCommitment, Commitment{3}.String()},
		{Bidder("blue-fund"), KindParty, "blue-fund"},
	}
	for _, tt := range tests {
		if parsed, err := NewValue(tt.kind, tt.text); err != nil || tt.have != parsed {
			t.Errorf("%s %q, want %s %q (%v)", tt.have.Kind(), tt.have, parsed.Kind(), parsed, err)
		}
	}
}

func TestValueJSON(t *testing.T) {
	for _, kind := range valueKinds {
		v := sample(Field{Kind: kind, Choices: []string{"bank"}})
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var back Value
		if err := json.Unmarshal(text, &back); err != nil || back != v {
			t.Errorf("%s came back as %s %q, %v", text, back.Kind(), back, err)
		}
	}
	if text, _ := json.Marshal(Money(5, "EUR")); string(text) != `{"kind":"amount","value":"5 EUR"}` {
		t.Errorf("five cents are %s", text)
	}
}

func TestValueJSONRefuses(t *testing.T) {
	tests := map[string]string{
		"not canonical amount":  `{"kind":"amount","value":"05 EUR"}`,
		"not canonical time":    `{"kind":"time","value":"2026-11-30T18:00:00+01:00"}`,
		"fraction of a second":  `{"kind":"time","value":"2026-11-30T17:00:00.5Z"}`,
		"not canonical count":   `{"kind":"count","value":"01"}`,
		"not canonical address": `{"kind":"address","value":"0x` + strings.Repeat("AB", 20) + `"}`,
		"signature without 0x":  `{"kind":"signature","value":"abcd"}`,
		"unknown kind":          `{"kind":"text","value":"hello"}`,
		"no kind":               `{"value":"5 EUR"}`,
		"no value":              `{"kind":"amount"}`,
		"number":                `{"kind":"count","value":5}`,
		"string":                `"5 EUR"`,
		"null":                  `null`,
		"list":                  `[]`,
	}
	for name, text := range tests {
		v := Number(1)
		if err := json.Unmarshal([]byte(text), &v); KindOf(err) != Invalid || v != Number(1) {
			t.Errorf("%s: %s is %s %q, %v; want kind invalid and the value left alone", name, text, v.Kind(), v, err)
		}
	}
}

func TestParseAmount(t *testing.T) {
	a, err := ParseAmount("12500000 EUR")
	if err != nil || a != (Amount{12500000, "EUR"}) || a.String() != "12500000 EUR" {
		t.Errorf("have %+v, %v", a, err)
	}
	if a, err := ParseAmount("-1 EUR"); KindOf(err) != Invalid || a != (Amount{}) {
		t.Errorf("a negative amount is %+v, %v", a, err)
	}
	most := Amount{math.MaxInt64, "EUR"}
	if a, err := ParseAmount(most.String()); err != nil || a != most {
		t.Errorf("the largest amount is %+v, %v", a, err)
	}
}
