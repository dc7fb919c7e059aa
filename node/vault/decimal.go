package vault

import (
	"math/big"
	"strconv"
	"strings"

	"cession/deal"
)

// decimal is a number as it stands in a tape: mantissa / 10^scale.
type decimal struct {
	mantissa int64
	scale    int // digits after the point
}

// maxDigits keeps every mantissa within an int64.
const maxDigits = 18

// parseDecimal reads -1250, 1250.00 and 1,250.00: an optional minus, digits
// without leading zeros, and after a point, which is the only decimal sign,
// more of them. Commas between thousands count only before a point: 1,250 alone
// may mean one and a quarter. It is exact; there are no exponents.
func parseDecimal(text string) (d decimal, ok bool) {
	digits, minus := strings.CutPrefix(text, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if point && strings.Contains(whole, ",") {
		if whole, ok = ungroup(whole); !ok {
			return d, false
		}
	}
	if whole == "" || (point && fraction == "") || (len(whole) > 1 && whole[0] == '0') || len(whole)+len(fraction) > maxDigits {
		return d, false
	}
	for _, c := range whole + fraction {
		if c < '0' || c > '9' {
			return d, false
		}
	}
	d.mantissa, _ = strconv.ParseInt(whole+fraction, 10, 64) // at most 18 digits
	d.scale = len(fraction)
	if minus {
		d.mantissa = -d.mantissa
	}
	return d, true
}

// ungroup drops the commas between thousands, if they are all where they belong.
func ungroup(whole string) (string, bool) {
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if len(g) != 3 && (i > 0 || len(g) == 0 || len(g) > 3) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

// cmp compares two numbers exactly.
func (d decimal) cmp(other decimal) int {
	if d.scale == other.scale {
		switch {
		case d.mantissa < other.mantissa:
			return -1
		case d.mantissa > other.mantissa:
			return 1
		}
		return 0
	}
	return d.at(max(d.scale, other.scale)).Cmp(other.at(max(d.scale, other.scale)))
}

// at returns the number times 10^scale; scale is not below its own.
func (d decimal) at(scale int) *big.Int {
	return new(big.Int).Mul(big.NewInt(d.mantissa), power(scale-d.scale))
}

func power(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// sum adds numbers up, exactly: for each number of digits after the point.
type sum [maxDigits + 1]*big.Int

func (s *sum) add(d decimal) {
	if s[d.scale] == nil {
		s[d.scale] = new(big.Int)
	}
	s[d.scale].Add(s[d.scale], big.NewInt(d.mantissa))
}

// total returns the sum as a number with as many digits after the point as the
// longest of what was added.
func (s *sum) total() (mantissa *big.Int, scale int) {
	mantissa = new(big.Int)
	for i, part := range s {
		if part == nil {
			continue
		}
		mantissa.Mul(mantissa, power(i-scale)).Add(mantissa, part)
		scale = i
	}
	return mantissa, scale
}

// String returns the sum in digits.
func (s *sum) String() string {
	mantissa, scale := s.total()
	digits := new(big.Int).Abs(mantissa).String()
	if scale > 0 {
		digits = strings.Repeat("0", max(0, scale+1-len(digits))) + digits
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if mantissa.Sign() < 0 {
		return "-" + digits
	}
	return digits
}

// minor returns the sum in hundredths, if it is a whole number of them.
func (s *sum) minor() (int64, bool) {
	mantissa, scale := s.total()
	if scale <= minorDigits {
		mantissa.Mul(mantissa, power(minorDigits-scale))
		return mantissa.Int64(), mantissa.IsInt64()
	}
	whole, rest := mantissa.QuoRem(mantissa, power(scale-minorDigits), new(big.Int))
	return whole.Int64(), rest.Sign() == 0 && whole.IsInt64()
}

// minorDigits is how many digits after the point an amount has.
const minorDigits = 2

// ParseMinor reads an amount of a tape, such as 1250, 1250.5 or 1,250.00, in
// minor units: hundredths. Digits after the second are taken only if they are
// zeros. Errors are of kind invalid; they do not repeat the text.
func ParseMinor(text string) (int64, error) {
	d, ok := parseDecimal(strings.TrimSpace(text))
	if !ok {
		return 0, deal.Errorf(deal.Invalid, "amount: want digits with a point before the decimals, as in 1250 or 1,250.00, at most %d of them", maxDigits)
	}
	var s sum
	s.add(d)
	minor, ok := s.minor()
	if !ok {
		return 0, deal.Errorf(deal.Invalid, "amount: want at most two digits after the point, and not more than fits 63 bits")
	}
	return minor, nil
}
