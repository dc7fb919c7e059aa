package cases

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

// figures are the forms in which people write numbers of a document.

var (
	sumForm   = regexp.MustCompile(`^(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,16})(?:\.([0-9]{2}))?(?: ([A-Z]{3}))?$`)
	wholeForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,18})$`)
)

// parseSum reads "125,000.00 EUR" into minor units; the currency may be missing.
func parseSum(s string) (minor int64, currency string, ok bool) {
	m := sumForm.FindStringSubmatch(s)
	if m == nil {
		return 0, "", false
	}
	cents := m[3]
	if cents == "" {
		cents = "00"
	}
	minor, err := strconv.ParseInt(m[1]+strings.ReplaceAll(m[2], ",", "")+cents, 10, 64)
	return minor, m[4], err == nil
}

// sum writes minor units: "125000.00".
func sum(minor int64) string {
	sign := ""
	digits := strconv.FormatInt(minor, 10)
	if minor < 0 {
		sign, digits = "-", digits[1:]
	}
	digits = strings.Repeat("0", max(0, 3-len(digits))) + digits
	return sign + digits[:len(digits)-2] + "." + digits[len(digits)-2:]
}

var minorForm = regexp.MustCompile(`\b([0-9]{1,18}) ([A-Z]{3})\b`)

// readable puts the amounts in a rule's figure as cases have them: "12500000 EUR"
// becomes "125000.00 EUR".
func readable(figure string) string {
	return minorForm.ReplaceAllStringFunc(figure, func(s string) string {
		digits, currency, _ := strings.Cut(s, " ")
		minor, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return s
		}
		return sum(minor) + " " + currency
	})
}

// parseMoment reads RFC 3339 into milliseconds since 1970.
func parseMoment(s string) (int64, bool) {
	t, err := time.Parse(time.RFC3339, s)
	return t.UnixMilli(), err == nil
}

func writeMoment(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

func number(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// integer reads a number of a document.
func integer(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

// parseField reads a field's value as people write it.
func parseField(kind deal.ValueKind, s string) (object, error) {
	switch kind {
	case deal.KindAmount:
		minor, currency, ok := parseSum(s)
		if !ok || currency == "" {
			return nil, deal.Errorf(deal.Invalid, `want an amount such as "125000.00 EUR", have %.60q`, s)
		}
		s = deal.Amount{Minor: minor, Currency: currency}.String()
	case deal.KindCommitment, deal.KindSealed, deal.KindAct:
		if s == This {
			return object{"kind": string(kind), "value": This}, nil
		}
	}
	v, err := deal.NewValue(kind, s)
	if err != nil {
		return nil, err
	}
	return fieldOf(v), nil
}

// fieldOf is a value as the rules see it, with the figures in it.
func fieldOf(v deal.Value) object {
	f := object{"kind": string(v.Kind()), "value": v.String()}
	switch v.Kind() {
	case deal.KindAmount:
		a := v.Amount()
		f["minor"], f["currency"] = number(a.Minor), a.Currency
	case deal.KindTime:
		f["ms"] = number(v.Time().UnixMilli())
	case deal.KindCount:
		f["count"] = json.Number(v.String())
	}
	return f
}

// writeField is the text parseField reads, or false if the field holds more or
// less than what its value says.
func writeField(f object) (string, bool) {
	kind, _ := f["kind"].(string)
	value, _ := f["value"].(string)
	if value == This {
		return This, true
	}
	v, err := deal.NewValue(deal.ValueKind(kind), value)
	if err != nil || v.String() != value || !equal(fieldOf(v), f) {
		return "", false
	}
	if v.Kind() == deal.KindAmount {
		return sum(v.Amount().Minor) + " " + v.Amount().Currency, true
	}
	return value, true
}
