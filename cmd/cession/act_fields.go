package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

// maxFieldFile bounds what is read for one field, in bytes.
const maxFieldFile = 4 << 20

// parseFields reads ID=VALUE words as the fields of an action, in the form the
// node takes. This is the one place where what a person writes becomes what is
// signed:
//
//   - an amount is written with its two decimals, "212500.00 EUR"; without them
//     it is turned away, for nobody can tell 212,500 from 2,125.00 then
//   - a time is RFC 3339, or +72h, +90m, +30d from now
//   - @FILE and @- (standard input) are, for a text, the text; for a commitment,
//     the SHA-256 of what is read
func parseFields(action deal.Action, words []string, stdin io.Reader, now time.Time) (map[string]string, error) {
	fields := map[string]string{}
	for _, word := range words {
		id, text, ok := strings.Cut(word, "=")
		if !ok {
			return nil, fmt.Errorf("--field %.40q: want ID=VALUE", word)
		}
		f, ok := action.Field(id)
		if !ok {
			return nil, fmt.Errorf("--field %.40s: %s has %s", id, action.ID, fieldIDs(action))
		}
		if _, twice := fields[id]; twice {
			return nil, fmt.Errorf("--field %s is given twice", id)
		}
		value, err := parseField(f, text, stdin, now)
		if err != nil {
			return nil, fmt.Errorf("--field %s: %w", id, err)
		}
		fields[id] = value
	}
	return fields, nil
}

func fieldIDs(action deal.Action) string {
	if len(action.Fields) == 0 {
		return "no fields"
	}
	ids := make([]string, len(action.Fields))
	for i, f := range action.Fields {
		ids[i] = f.ID
	}
	return "the fields " + strings.Join(ids, ", ")
}

func parseField(f deal.Field, text string, stdin io.Reader, now time.Time) (string, error) {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		content, err := readField(file, stdin)
		if err != nil {
			return "", err
		}
		if f.Kind == deal.KindCommitment {
			return deal.Commitment(sha256.Sum256(content)).String(), nil
		}
		text = strings.TrimRight(string(content), "\r\n")
	}
	switch f.Kind {
	case deal.KindSealed:
		return text, nil
	case deal.KindSignature:
		return "", deal.Errorf(deal.Invalid, "your node signs this itself: leave it out")
	case deal.KindAmount:
		a, err := parseAmount(text)
		return a.String(), err
	case deal.KindTime:
		t, err := parseTime(text, now)
		return deal.At(t).String(), err
	case deal.KindChoice:
		if err := oneOf(f, text); err != nil {
			return "", err
		}
	}
	v, err := deal.NewValue(f.Kind, text)
	return v.String(), err
}

func oneOf(f deal.Field, text string) error {
	for _, c := range f.Choices {
		if c == text {
			return nil
		}
	}
	return deal.Errorf(deal.Invalid, "want one of %s", strings.Join(f.Choices, ", "))
}

func readField(file string, stdin io.Reader) ([]byte, error) {
	b, err := readBounded(file, stdin, maxFieldFile)
	if err == nil && len(b) > maxFieldFile {
		err = deal.Errorf(deal.Invalid, "want at most %d bytes", maxFieldFile)
	}
	return b, err
}

var amountForm = regexp.MustCompile(`^([0-9]{1,15})\.([0-9]{2}) ([A-Z]{3})$`)

// parseAmount reads "212500.00 EUR"; commas between thousands are allowed.
func parseAmount(text string) (deal.Amount, error) {
	m := amountForm.FindStringSubmatch(strings.ReplaceAll(text, ",", ""))
	if m == nil {
		return deal.Amount{}, deal.Errorf(deal.Invalid, "amount %.40q: want two decimals and an ISO 4217 code, as in 212500.00 EUR", text)
	}
	minor, err := strconv.ParseInt(m[1]+m[2], 10, 64)
	return deal.Amount{Minor: minor, Currency: m[3]}, err
}

// parseTime reads RFC 3339, or a time from now: +90m, +72h, +30d.
func parseTime(text string, now time.Time) (time.Time, error) {
	if ahead, ok := strings.CutPrefix(text, "+"); ok {
		if days, ok := strings.CutSuffix(ahead, "d"); ok {
			if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 36500 {
				return now.Add(time.Duration(n) * 24 * time.Hour), nil
			}
		} else if d, err := time.ParseDuration(ahead); err == nil && d >= 0 {
			return now.Add(d), nil
		}
		return time.Time{}, deal.Errorf(deal.Invalid, "time %.40q: want +90m, +72h or +30d", text)
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, deal.Errorf(deal.Invalid, "time %.40q: want RFC 3339, as in 2026-11-30T17:00:00Z, or +72h", text)
	}
	return t, nil
}

// readBounded reads a file, or standard input for -, and no more than one byte
// beyond a limit.
func readBounded(file string, stdin io.Reader, limit int64) ([]byte, error) {
	r := stdin
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer opened.Close()
		r = opened
	}
	return io.ReadAll(io.LimitReader(r, limit+1))
}
