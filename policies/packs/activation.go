package packs

import (
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/lestrrat-go/jwx/v3/jws/jwsbb"

	"cession/deal"
	"cession/policies"
)

const (
	// MaxActivation bounds an activation in bytes.
	MaxActivation  = 64 << 10
	maxSignatures  = 32
	activationType = "cession-activation"
)

// Activation is what checkers sign to put a pack, or an edition of a list, in
// force. As a file it is a JSON Web Signature in the general JSON form
// (RFC 7515, 7.2.1) with a signature for each checker.
type Activation struct {
	Type     string          `json:"typ"`
	Market   string          `json:"market"`
	Name     string          `json:"name"`
	Kind     string          `json:"kind"` // of the pack
	Pack     deal.Commitment `json:"pack"` // its digest
	Version  string          `json:"version"`
	Number   uint64          `json:"number"`   // above that of what is in force
	Previous deal.Commitment `json:"previous"` // digest of what is in force, zero for the first edition of a list
	From     time.Time       `json:"from"`
	Until    time.Time       `json:"until,omitzero"` // zero: until another one
	At       time.Time       `json:"at"`             // when it was drawn up
}

// general is the JSON of RFC 7515, 7.2.1, without what we do not use.
type general struct {
	Payload    string      `json:"payload"`
	Signatures []signature `json:"signatures"`
}

type signature struct {
	Protected string `json:"protected"`
	Signature string `json:"signature"`
}

// protected is the header a signature covers. Its algorithm is compared, not
// followed.
type protected struct {
	Algorithm string `json:"alg"`
	Officer   string `json:"kid"`
	Type      string `json:"typ"`
}

// wordForm is what may be shown to people as it is.
var wordForm = regexp.MustCompile(`^[!-~]([ -~]{0,98}[!-~])?$`)

var base64url = base64.RawURLEncoding.Strict()

// Propose draws up an activation, signed by its first checker.
func Propose(a Activation, officer string, key *ecdsa.PrivateKey) ([]byte, error) {
	a.Type = activationType
	a.From, a.Until, a.At = a.From.UTC(), a.Until.UTC(), a.At.UTC()
	if err := a.check(); err != nil {
		return nil, err
	}
	payload, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encode activation: %w", err)
	}
	return general{Payload: base64url.EncodeToString(payload)}.endorse(officer, key)
}

// Endorse adds the signature of another checker.
func Endorse(activation []byte, officer string, key *ecdsa.PrivateKey) ([]byte, error) {
	_, officers, g, err := readActivation(activation)
	if err != nil {
		return nil, err
	}
	if slices.Contains(officers, officer) {
		return nil, deal.Errorf(deal.Conflict, "endorse activation: %s has signed it already", officer)
	}
	return g.endorse(officer, key)
}

func (g general) endorse(officer string, key *ecdsa.PrivateKey) ([]byte, error) {
	if !idForm.MatchString(officer) {
		return nil, deal.Errorf(deal.Invalid, "sign activation: want the officer's id as the trust file has it")
	}
	header, err := json.Marshal(protected{algorithm, officer, activationType})
	if err != nil {
		return nil, fmt.Errorf("sign activation: %w", err)
	}
	s := signature{Protected: base64url.EncodeToString(header)}
	sum, err := jwsbb.Sign(key, algorithm, g.signed(s), rand.Reader)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "sign activation: want a key on P-256")
	}
	s.Signature = base64url.EncodeToString(sum)
	g.Signatures = append(slices.Clone(g.Signatures), s)
	return json.MarshalIndent(g, "", "  ")
}

// signed is what a signature covers (RFC 7515, 5.1).
func (g general) signed(s signature) []byte { return []byte(s.Protected + "." + g.Payload) }

// ReadActivation returns what an activation says and who claims to have signed
// it. It verifies nothing.
func ReadActivation(activation []byte) (Activation, []string, error) {
	a, officers, _, err := readActivation(activation)
	return a, officers, err
}

func readActivation(b []byte) (a Activation, officers []string, g general, err error) {
	fail := func(format string, args ...any) (Activation, []string, general, error) {
		return Activation{}, nil, general{}, invalid(ErrActivation, format, args...)
	}
	if len(b) > MaxActivation {
		return fail("%d bytes, want at most %d", len(b), MaxActivation)
	}
	if err := strictJSON(b, &g); err != nil {
		return fail("%s", err)
	}
	if len(g.Signatures) > maxSignatures {
		return fail("%d signatures, want at most %d", len(g.Signatures), maxSignatures)
	}
	payload, err := base64url.DecodeString(g.Payload)
	if err == nil {
		err = strictJSON(payload, &a)
	}
	if err != nil {
		return fail("its payload: %s", err)
	}
	for _, s := range g.Signatures {
		var p protected
		header, err := base64url.DecodeString(s.Protected)
		if err == nil {
			err = strictJSON(header, &p)
		}
		if err != nil || p.Algorithm != algorithm || p.Type != activationType || !idForm.MatchString(p.Officer) {
			return fail("the header of a signature: want alg %s, kid, typ %s and nothing else", algorithm, activationType)
		}
		officers = append(officers, p.Officer)
	}
	return a, officers, g, a.check()
}

// check says what is wrong with an activation in itself.
func (a Activation) check() error {
	switch {
	case a.Type != activationType:
		return invalid(ErrActivation, "want typ %s", activationType)
	case !marketForm.MatchString(a.Market):
		return invalid(ErrActivation, "want the name of a market")
	case a.Kind != policies.KindPack && a.Kind != policies.KindList:
		return invalid(ErrActivation, "want a pack or a list; an addition is a party's own, and nobody activates it for all")
	case !wordForm.MatchString(a.Name) || !wordForm.MatchString(a.Version) || a.Pack.IsZero():
		return invalid(ErrActivation, "want name, version and digest of a pack, at most %d plain characters each", maxName)
	case a.Number == 0:
		return invalid(ErrActivation, "want a number above 0, which is that of the pack in the program")
	case a.From.IsZero() || a.At.IsZero() || !a.Until.IsZero() && !a.Until.After(a.From):
		return invalid(ErrActivation, "want the times at and from, and an until after from or none")
	}
	return nil
}
