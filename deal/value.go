package deal

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ValueKind says what a field holds. There is no kind for free text.
type ValueKind string

// The kinds of value.
const (
	KindAmount     ValueKind = "amount"     // minor units and currency: "12500000 EUR" is 125,000.00 euro
	KindTime       ValueKind = "time"       // RFC 3339, UTC, whole seconds
	KindCount      ValueKind = "count"      // a whole number below 2^53
	KindCommitment ValueKind = "commitment" // 32 bytes
	KindSealed     ValueKind = "sealed"     // the commitment of a text that stays on the nodes
	KindAct        ValueKind = "act"        // the id of another act of the deal
	KindAddress    ValueKind = "address"    // an Ethereum account
	KindParty      ValueKind = "party"      // a party of the market
	KindChoice     ValueKind = "choice"     // one of the field's choices
	KindKey        ValueKind = "key"        // an age recipient (a public key)
	KindSignature  ValueKind = "signature"  // an authorization for a contract, 65 bytes or as ERC-1271 wants it
)

// Amount is money in minor units of an ISO 4217 currency.
type Amount struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

// String returns "12500000 EUR".
func (a Amount) String() string { return strconv.FormatInt(a.Minor, 10) + " " + a.Currency }

// ParseAmount reads "12500000 EUR": minor units, a space, the currency.
func ParseAmount(s string) (Amount, error) {
	minor, currency, ok := strings.Cut(s, " ")
	n, err := strconv.ParseInt(minor, 10, 64)
	if !ok || err != nil || n < 0 || !currencyForm.MatchString(currency) {
		return Amount{}, Errorf(Invalid, "amount %.60q: want minor units and an ISO 4217 code, as in 12500000 EUR", s)
	}
	return Amount{n, currency}, nil
}

var (
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	choiceForm   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,31}$`)
	keyForm      = regexp.MustCompile(`^age1[a-z0-9]{50,}$`)
)

// maxKey leaves room for age's hybrid post-quantum recipients.
const maxKey = 2200

// Value is the value of one field. Its text form is canonical: equal values
// have equal texts. The zero Value is no value.
type Value struct {
	kind ValueKind
	text string
}

// NewValue parses text as a value of the kind.
func NewValue(kind ValueKind, text string) (Value, error) {
	canonical, err := canonicalize(kind, text)
	if err != nil {
		return Value{}, err
	}
	return Value{kind, canonical}, nil
}

// Money makes an amount value.
func Money(minor int64, currency string) Value {
	return Value{KindAmount, Amount{minor, currency}.String()}
}

// At makes a time value.
func At(t time.Time) Value {
	return Value{KindTime, t.UTC().Truncate(time.Second).Format(time.RFC3339)}
}

// Number makes a count value.
func Number(n uint64) Value { return Value{KindCount, strconv.FormatUint(n, 10)} }

// Digest makes a commitment value.
func Digest(c Commitment) Value { return Value{KindCommitment, c.String()} }

// Bidder makes a party value.
func Bidder(p PartyID) Value { return Value{KindParty, string(p)} }

// Kind returns the kind, or "" for no value.
func (v Value) Kind() ValueKind { return v.kind }

// String returns the canonical text.
func (v Value) String() string { return v.text }

// Amount returns the amount, or zero if the value is of another kind.
func (v Value) Amount() Amount {
	if v.kind != KindAmount {
		return Amount{}
	}
	a, _ := ParseAmount(v.text)
	return a
}

// Time returns the time, or the zero time if the value is of another kind.
func (v Value) Time() time.Time {
	if v.kind != KindTime {
		return time.Time{}
	}
	t, _ := time.Parse(time.RFC3339, v.text)
	return t
}

// Count returns the number, or zero if the value is of another kind.
func (v Value) Count() uint64 {
	if v.kind != KindCount {
		return 0
	}
	n, _ := strconv.ParseUint(v.text, 10, 64)
	return n
}

// Commitment returns the 32 bytes of a commitment, sealed or act value, or zero.
func (v Value) Commitment() (c Commitment) {
	if v.kind == KindCommitment || v.kind == KindSealed || v.kind == KindAct {
		c, _ = ParseCommitment(v.text)
	}
	return c
}

// Party returns the party, or "" if the value is of another kind.
func (v Value) Party() PartyID {
	if v.kind != KindParty {
		return ""
	}
	return PartyID(v.text)
}

// Bytes returns the bytes of a signature value, or nil.
func (v Value) Bytes() (b Bytes) {
	if v.kind == KindSignature {
		_ = b.UnmarshalText([]byte(v.text))
	}
	return b
}

type valueJSON struct {
	Kind ValueKind `json:"kind"`
	Text string    `json:"value"`
}

// MarshalJSON returns {"kind":…,"value":…}.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(valueJSON{v.kind, v.text}) }

// UnmarshalJSON reads and checks {"kind":…,"value":…}; the text must be canonical.
func (v *Value) UnmarshalJSON(b []byte) error {
	var j valueJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return Errorf(Invalid, "field value: want {kind, value}")
	}
	parsed, err := NewValue(j.Kind, j.Text)
	if err != nil {
		return err
	}
	if parsed.text != j.Text {
		return Errorf(Invalid, "field value of kind %s: want its canonical form %q", j.Kind, parsed.text)
	}
	*v = parsed
	return nil
}

func canonicalize(kind ValueKind, text string) (string, error) {
	switch kind {
	case KindAmount:
		a, err := ParseAmount(text)
		return a.String(), err
	case KindTime:
		t, err := time.Parse(time.RFC3339, text)
		if err != nil || t.Unix() < 0 || t.UTC().Year() > 9999 {
			return "", Errorf(Invalid, "time %.60q: want RFC 3339, as in 2026-11-30T17:00:00Z", text)
		}
		return At(t).text, nil
	case KindCount:
		n, err := strconv.ParseUint(text, 10, 53)
		if err != nil {
			return "", Errorf(Invalid, "count %.60q: want a whole number below 2^53", text)
		}
		return strconv.FormatUint(n, 10), nil
	case KindCommitment, KindSealed, KindAct:
		c, err := ParseCommitment(text)
		return c.String(), err
	case KindAddress:
		a, err := ParseAddress(text)
		return a.String(), err
	case KindParty:
		return text, PartyID(text).Check()
	case KindSignature:
		var b Bytes
		if err := b.UnmarshalText([]byte(text)); err != nil || len(b) == 0 || len(b) > 4096 {
			return "", Errorf(Invalid, "signature: want 0x and hex digits of 1 to 4,096 bytes")
		}
		return b.String(), nil
	case KindChoice:
		return text, matches(choiceForm, text, "choice: want one word of letters, digits and _")
	case KindKey:
		if len(text) > maxKey {
			return "", Errorf(Invalid, "key: want at most %d characters", maxKey)
		}
		return text, matches(keyForm, text, "key: want an age recipient, as in age1…")
	}
	return "", Errorf(Invalid, "unknown kind of value %.40q", string(kind))
}

func matches(form *regexp.Regexp, text, want string) error {
	if !form.MatchString(text) {
		return Errorf(Invalid, "%s", want)
	}
	return nil
}

// accepts reports whether the value fits the field.
func (f Field) accepts(v Value) error {
	if v.kind != f.Kind {
		return Errorf(Invalid, "field %s: want a value of kind %s, have %s", f.ID, f.Kind, v.kind)
	}
	if _, err := canonicalize(v.kind, v.text); err != nil {
		return err
	}
	if f.Kind == KindChoice && !slices.Contains(f.Choices, v.text) {
		return Errorf(Invalid, "field %s: want one of %s", f.ID, strings.Join(f.Choices, ", "))
	}
	return nil
}
