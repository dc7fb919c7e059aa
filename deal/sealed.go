package deal

import "fmt"

// Sealed is text that stays on a customer's node: a question, an answer, a
// file name. It cannot be printed or serialized; only its [Sealed.Commit] travels.
type Sealed struct{ in *sealed }

type sealed struct {
	text string
	salt Commitment
}

// Seal draws a salt for the text.
func Seal(text string) Sealed { return Reseal(text, NewSalt()) }

// Reseal restores a sealed text from a node's own store.
func Reseal(text string, salt Commitment) Sealed { return Sealed{&sealed{text, salt}} }

// Open returns the text and its salt, for a node's own store or for the
// counterparty who is entitled to read it.
func (s Sealed) Open() (text string, salt Commitment) {
	if s.in == nil {
		return "", Commitment{}
	}
	return s.in.text, s.in.salt
}

// Commit returns hash(salt || text): it cannot be guessed while the salt is
// kept, and destroying the salt is an erasure.
func (s Sealed) Commit(hash Hash256) Commitment {
	text, salt := s.Open()
	return hash(salt[:], []byte(text))
}

// String hides the text.
func (s Sealed) String() string { return "sealed" }

// Format hides the text under every verb.
func (s Sealed) Format(f fmt.State, _ rune) { fmt.Fprint(f, "sealed") }

// MarshalJSON refuses: sealed text does not leave the node.
func (s Sealed) MarshalJSON() ([]byte, error) {
	return nil, Errorf(Refused, "sealed text does not leave the node: send its commitment")
}

// MarshalText refuses, like [Sealed.MarshalJSON].
func (s Sealed) MarshalText() ([]byte, error) { return s.MarshalJSON() }

// GobEncode refuses, like [Sealed.MarshalJSON].
func (s Sealed) GobEncode() ([]byte, error) { return s.MarshalJSON() }
