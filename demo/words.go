package demo

import (
	"fmt"
	"regexp"
	"strings"

	"cession/deal"
)

// Money writes an amount as people do: "125,000.00 EUR".
func Money(a deal.Amount) string {
	return thousands(a.Minor/100) + fmt.Sprintf(".%02d %s", a.Minor%100, a.Currency)
}

// thousands writes a number with commas.
func thousands[N int | int64 | uint64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

var minorUnits = regexp.MustCompile(`\b[0-9]{1,18} [A-Z]{3}\b`)

// readable writes the amounts in a rule's figures as people do.
func readable(figure string) string {
	if figure == "" {
		return "nothing"
	}
	return minorUnits.ReplaceAllStringFunc(figure, func(text string) string {
		a, err := deal.ParseAmount(text)
		if err != nil {
			return text
		}
		return Money(a)
	})
}

// Lifts says what would lift a refusal, or "".
func Lifts(d deal.Decision) string {
	var words []string
	for _, o := range d.Obligations {
		if o == "four_eyes" {
			o = "a second person of the same party approves the price first (terms.approve)"
		}
		words = append(words, o)
	}
	return strings.Join(words, "; ")
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// size writes bytes as people do.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
