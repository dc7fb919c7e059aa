package records

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// money writes minor units as people do: 125,000.00 EUR.
func money(minor int64, currency string) string {
	digits := strconv.FormatInt(minor, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	digits = strings.Repeat("0", max(0, 3-len(digits))) + digits
	whole, cents := digits[:len(digits)-2], digits[len(digits)-2:]
	return sign + group(whole) + "." + cents + " " + currency
}

// group puts a comma between thousands.
func group(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func thousands(n int) string { return group(strconv.Itoa(n)) }

// sums writes amounts by currency, or "nothing that has a value".
func sums(value map[string]int64) string {
	var parts []string
	for _, currency := range slices.Sorted(maps.Keys(value)) {
		parts = append(parts, money(value[currency], currency))
	}
	if len(parts) == 0 {
		return "no value on record"
	}
	return strings.Join(parts, ", ")
}

// plural writes "1 deal" and "2,000 deals".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + one + "s"
}

// clock writes milliseconds since 1970 as people read them.
func clock(ms int64) string {
	t := time.UnixMilli(ms).UTC()
	if ms%1000 != 0 {
		return t.Format("2006-01-02 15:04:05.000 UTC")
	}
	return t.Format("2006-01-02 15:04:05 UTC")
}
