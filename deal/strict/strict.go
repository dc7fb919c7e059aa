// Package strict finds JSON that two readers could understand differently:
// encoding/json takes the last of two members, matches their names in any case,
// and puts a replacement where a character cannot be read.
package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep JSON may nest.
const MaxDepth = 32

// What is wrong with a text. The words repeat nothing of it.
var (
	ErrUTF8     = errors.New("text that is not UTF-8")
	ErrHalf     = errors.New(`a \u escape that is half a character`)
	ErrTwice    = errors.New("a member that stands twice in its object")
	ErrRange    = errors.New("a number that needs more than 64 bits")
	ErrFraction = errors.New("a number with a fraction or an exponent")
	ErrDepth    = errors.New("more than " + strconv.Itoa(MaxDepth) + " levels of nesting")
	ErrValues   = errors.New("more values than are taken")
	ErrSyntax   = errors.New("what is no JSON")
)

// Check refuses a text that is not one JSON value in one meaning: members that
// stand twice, also in another case or escaped otherwise, numbers that are no
// int64 as they are written, text that is not UTF-8 (RFC 8259, section 8), deep
// nesting, and more than so many values, names of members with them; 0 does not
// bound them.
func Check(text []byte, values int) error {
	if !utf8.Valid(text) {
		return ErrUTF8
	}
	r := &reader{tokens: json.NewDecoder(bytes.NewReader(text)), most: values}
	r.tokens.UseNumber()
	if err := r.read(); err != nil {
		return err
	}
	switch {
	case !json.Valid(text): // tokens by themselves may follow each other in any number
		return ErrSyntax
	case !wholeEscapes(text):
		return ErrHalf
	}
	return nil
}

// reader looks at every token.
type reader struct {
	tokens *json.Decoder
	open   []*scope
	values int
	most   int
}

// scope is an object or list that is not closed yet.
type scope struct {
	names map[string]bool // nil: a list
	value bool            // the next token of the object is a value
}

func (r *reader) read() error {
	for {
		t, err := r.tokens.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ErrSyntax
		}
		if err := r.take(t); err != nil {
			return err
		}
	}
}

func (r *reader) take(t json.Token) error {
	if t == json.Delim('}') || t == json.Delim(']') { // the decoder has matched it
		r.open = r.open[:len(r.open)-1]
		return nil
	}
	if r.values++; r.most > 0 && r.values > r.most {
		return ErrValues
	}
	if n := len(r.open); n > 0 && r.open[n-1].names != nil {
		s := r.open[n-1]
		if s.value = !s.value; s.value {
			return s.name(t.(string))
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

// name notes the name of a member, in the form in which encoding/json matches it
// with a field; how it was escaped makes no difference.
func (s *scope) name(name string) error {
	name = strings.ToLower(strings.ToUpper(name))
	if s.names[name] {
		return ErrTwice
	}
	s.names[name] = true
	return nil
}

func (r *reader) enter(d json.Delim) error {
	if len(r.open) == MaxDepth {
		return ErrDepth
	}
	s := &scope{}
	if d == '{' {
		s.names = map[string]bool{}
	}
	r.open = append(r.open, s)
	return nil
}

// whole reports a number that is not an int64 as it is written.
func whole(n json.Number) error {
	_, err := strconv.ParseInt(n.String(), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return ErrRange
	case err != nil:
		return ErrFraction
	}
	return nil
}

// wholeEscapes reports whether every \u escape of valid JSON is a character, or
// the first or second half of one beside the other (RFC 8259, section 8.2).
func wholeEscapes(text []byte) bool {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		i++
		if text[i] != 'u' {
			continue
		}
		switch unit := escaped(text[i+1:]); {
		case unit >= 0xDC00 && unit < 0xE000:
			return false
		case unit >= 0xD800 && unit < 0xDC00:
			rest := text[i+5:]
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
