package cases

import (
	"encoding/json"
	"fmt"

	"cession/deal"
)

// Case is a document with what is expected of it.
type Case struct {
	Name     string
	Why      string // what it shows; for reading only
	File     string
	Line     int            // of the file
	Document map[string]any // as the rules see it, with exact numbers; "this" is the digest of the pack
	Lists    []Change       // what is different in the lists of the pack
	Expect   Expectation
	Harmless []Harmless // mutations that are right to allow
}

// Change is one place of a pack's lists with another value, or without any.
type Change struct {
	Path  string // "limits.amount.EUR"
	Value any    // with exact numbers
	Drop  bool
}

// Expectation is what a decision must say. Rules that are not named are free.
type Expectation struct {
	Allow       bool
	Rules       map[string]deal.RuleState // by id
	Obligations []string                  // all of them; nil if they are free
}

// Act returns what is judged: the name of an act, "step.action", or the verb of
// an operator's command.
func (c Case) Act() string {
	if verb := textAt(c.Document, operationMember, "verb"); verb != "" {
		return verb
	}
	return textAt(c.Document, "act", "name")
}

// Bytes returns the document as JSON, keys sorted, for the pack of a digest.
func (c Case) Bytes(pack deal.Commitment) ([]byte, error) {
	b, err := json.Marshal(named(c.Document, pack.String()))
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "%s: encode document of %q: %w", c.where(), c.Name, err)
	}
	return b, nil
}

func (c Case) where() string { return fmt.Sprintf("%s:%d", c.File, c.Line) }

// named is a copy with the digest where "this" stands.
func named(v any, digest string) any {
	switch v := v.(type) {
	case string:
		if v == This {
			return digest
		}
	case object:
		o := make(object, len(v))
		for k, below := range v {
			o[k] = named(below, digest)
		}
		return o
	case []any:
		l := make([]any, len(v))
		for i, below := range v {
			l[i] = named(below, digest)
		}
		return l
	}
	return v
}
