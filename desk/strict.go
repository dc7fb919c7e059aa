package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"unicode/utf8"

	"cession/deal"
)

const (
	maxDepth  = 32     // of nesting in a body
	maxValues = 10_000 // in a body, names of members with them
)

// strictJSON refuses a body that two readers could understand differently, or
// that costs more to read than anything the API takes. Each in its own words,
// which repeat nothing of the body.
func strictJSON(body []byte) error {
	if !utf8.Valid(body) {
		return badJSON("text that is not UTF-8")
	}
	r := &strictReader{tokens: json.NewDecoder(bytes.NewReader(body))}
	r.tokens.UseNumber()
	if err := r.read(); err != nil {
		return err
	}
	switch {
	case !json.Valid(body): // tokens by themselves may follow each other in any number
		return errNoJSON
	case !wholeEscapes(body):
		return badJSON(`a \u escape that is half a character`)
	}
	return nil
}

var errNoJSON = badJSON("what is no JSON")

func badJSON(what string) error {
	return problem(http.StatusBadRequest, deal.Invalid, "the body has "+what)
}

// strictReader looks at every token.
type strictReader struct {
	tokens *json.Decoder
	open   []*strictScope
	values int
}

// strictScope is an object or list that is not closed yet.
type strictScope struct {
	names map[string]bool // nil: a list
	value bool            // the next token of the object is a value
}

func (r *strictReader) read() error {
	for {
		t, err := r.tokens.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errNoJSON
		}
		if err := r.take(t); err != nil {
			return err
		}
	}
}

func (r *strictReader) take(t json.Token) error {
	if t == json.Delim('}') || t == json.Delim(']') { // the decoder has matched it
		r.open = r.open[:len(r.open)-1]
		return nil
	}
	if r.values++; r.values > maxValues {
		return badJSON("more than " + strconv.Itoa(maxValues) + " values")
	}
	if n := len(r.open); n > 0 && r.open[n-1].names != nil {
		scope := r.open[n-1]
		if scope.value = !scope.value; scope.value {
			return scope.name(t.(string))
		}
	}
	switch t := t.(type) {
	case json.Delim:
		return r.enter(t)
	case json.Number:
		return whole(t)
	}
	return nil
}

// name notes the name of a member; how it was escaped makes no difference.
func (s *strictScope) name(name string) error {
	if s.names[name] {
		return badJSON("a member that stands twice in its object")
	}
	s.names[name] = true
	return nil
}

func (r *strictReader) enter(d json.Delim) error {
	if len(r.open) == maxDepth {
		return badJSON("more than " + strconv.Itoa(maxDepth) + " levels of nesting")
	}
	scope := &strictScope{}
	if d == '{' {
		scope.names = map[string]bool{}
	}
	r.open = append(r.open, scope)
	return nil
}

// whole reports a number that is not an int64 as it is written.
func whole(n json.Number) error {
	_, err := strconv.ParseInt(n.String(), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return badJSON("a number that needs more than 64 bits")
	case err != nil:
		return badJSON("a number with a fraction or an exponent")
	}
	return nil
}

// wholeEscapes reports whether every \u escape of valid JSON is a character, or
// the first or second half of one beside the other (RFC 8259, section 8.2).
func wholeEscapes(body []byte) bool {
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		i++
		if body[i] != 'u' {
			continue
		}
		switch unit := escaped(body[i+1:]); {
		case unit >= 0xDC00 && unit < 0xE000:
			return false
		case unit >= 0xD800 && unit < 0xDC00:
			rest := body[i+5:]
			if len(rest) < 6 || rest[0] != '\\' || rest[1] != 'u' {
				return false
			}
			if second := escaped(rest[2:]); second < 0xDC00 || second >= 0xE000 {
				return false
			}
			i += 6
		}
		i += 4
	}
	return true
}

// escaped reads the four hex digits of an escape.
func escaped(digits []byte) uint64 {
	n, _ := strconv.ParseUint(string(digits[:4]), 16, 16) // the JSON is valid
	return n
}
