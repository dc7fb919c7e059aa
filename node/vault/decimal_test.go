package vault

import (
	"math/big"
	"testing"

	"cession/deal"
)

func TestParseMinor(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1250": 125000, "1250.5": 125050, "1250.50": 125050, " 1250.5000 ": 125050, "-0.01": -1,
		"1,250.00": 125000, "12,345,678.90": 1234567890, "9999999999999999.99": 999999999999999999,
	} {
		if have, err := ParseMinor(text); err != nil || have != want {
			t.Errorf("%q: %d, %v; want %d", text, have, err, want)
		}
	}
	for _, text := range []string{
		"", ".5", "5.", "1,250", "1,25.00", "1250.005", "01", "1e3", "0x10", "+1", "--1", "1 000.00", "12,50.00", ",250.00", "1.250,00", "$5.00", "NaN", "Inf", "１２",
		"1234567890123456789", "123456789012345678",
	} {
		if have, err := ParseMinor(text); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%q: %d, %v; want invalid", text, have, err)
		}
	}
}

// What is read as a number is that number, to the last digit.
func FuzzParseDecimal(f *testing.F) {
	for _, text := range []string{"0", "-1250.50", "1,250.00", "0.000000000000000001"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := parseDecimal(text)
		if !ok {
			return
		}
		plain := make([]byte, 0, len(text))
		for i := range len(text) {
			if text[i] != ',' {
				plain = append(plain, text[i])
			}
		}
		want, ok := new(big.Rat).SetString(string(plain))
		have := new(big.Rat).SetFrac(big.NewInt(d.mantissa), power(d.scale))
		if !ok || have.Cmp(want) != 0 {
			t.Fatalf("%q is read as %s", text, have)
		}
		var s sum
		s.add(d)
		if again, ok := new(big.Rat).SetString(s.String()); !ok || again.Cmp(want) != 0 {
			t.Fatalf("%q is written as %s", text, s.String())
		}
	})
}
