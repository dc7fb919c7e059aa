package deal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"strings"
)

// ID identifies a deal: "d-" and 20 characters of base32: 100 random bits.
type ID string

// PartyID identifies an organization in the market, such as "alpine-bank".
type PartyID string

var (
	idForm    = regexp.MustCompile(`^d-[a-z2-7]{20}$`)
	partyForm = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}[a-z0-9]$`)
)

// NewID draws a deal identifier from the system's random source.
func NewID() ID {
	return ID("d-" + strings.ToLower(rand.Text()[:20]))
}

// Check reports whether the identifier is well formed.
func (id ID) Check() error {
	if !idForm.MatchString(string(id)) {
		return Errorf(Invalid, "deal id %.40q: want d- and 20 characters of a-z, 2-7", string(id))
	}
	return nil
}

// Check reports whether the identifier is well formed.
func (id PartyID) Check() error {
	if !partyForm.MatchString(string(id)) {
		return Errorf(Invalid, "party id %.40q: want 3 to 32 characters of a-z, 0-9 and -, starting with a letter", string(id))
	}
	return nil
}

// Commitment is 32 bytes that fix something without showing it: a salted hash,
// a Merkle root, an EIP-712 digest, a token id. Text form: 0x and 64 hex digits.
type Commitment [32]byte

// ParseCommitment reads the text form.
func ParseCommitment(s string) (c Commitment, err error) {
	err = c.UnmarshalText([]byte(s))
	return c, err
}

// NewSalt draws 32 bytes from the system's random source.
func NewSalt() (c Commitment) {
	rand.Read(c[:])
	return c
}

// IsZero reports whether no commitment is set.
func (c Commitment) IsZero() bool { return c == Commitment{} }

// String returns the text form.
func (c Commitment) String() string { return "0x" + hex.EncodeToString(c[:]) }

// Short returns the first four bytes for a person to recognize it by.
func (c Commitment) Short() string { return c.String()[:10] }

// MarshalText returns the text form.
func (c Commitment) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the text form.
func (c *Commitment) UnmarshalText(b []byte) error { return unhex(c[:], b, "commitment") }

// Address is an Ethereum account. Text form: 0x and 40 lower-case hex digits;
// the EIP-55 mixed case is accepted and not checked.
type Address [20]byte

// ParseAddress reads the text form.
func ParseAddress(s string) (a Address, err error) {
	err = a.UnmarshalText([]byte(s))
	return a, err
}

// IsZero reports whether no address is set.
func (a Address) IsZero() bool { return a == Address{} }

// String returns the text form.
func (a Address) String() string { return "0x" + hex.EncodeToString(a[:]) }

// MarshalText returns the text form.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the text form.
func (a *Address) UnmarshalText(b []byte) error { return unhex(a[:], b, "address") }

// Bytes is binary data, such as a signature. Text form: 0x and hex digits.
type Bytes []byte

// String returns the text form.
func (b Bytes) String() string { return "0x" + hex.EncodeToString(b) }

// MarshalText returns the text form.
func (b Bytes) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText reads the text form.
func (b *Bytes) UnmarshalText(t []byte) error {
	raw, err := hex.DecodeString(strings.TrimPrefix(string(t), "0x"))
	if err != nil {
		return Errorf(Invalid, "bytes: want 0x and hex digits")
	}
	*b = raw
	return nil
}

// Hash256 is a hash function over the concatenation of its arguments.
// On chain and in acts it is Keccak-256.
type Hash256 func(parts ...[]byte) [32]byte

func unhex(dst, text []byte, what string) error {
	digits, ok := bytes.CutPrefix(text, []byte("0x"))
	if !ok || len(digits) != 2*len(dst) {
		return Errorf(Invalid, "%s %.80q: want 0x and %d hex digits", what, text, 2*len(dst))
	}
	if _, err := hex.Decode(dst, digits); err != nil {
		return Errorf(Invalid, "%s %.80q: want 0x and %d hex digits", what, text, 2*len(dst))
	}
	return nil
}
