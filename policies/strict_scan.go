package policies

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// text reads a text, which begins at the reader's place. Half of a surrogate
// pair is refused, and so is U+FFFD, which stands for what somebody could not
// read.
func (r *strictReader) text() (*ast.Term, error) {
	start, escaped, plain := r.pos, false, true
	for r.pos++; ; r.pos++ {
		if r.pos >= len(r.in) {
			return nil, r.broken()
		}
		c := r.in[r.pos]
		if c == '"' {
			break
		}
		switch {
		case c < ' ':
			return nil, r.broken()
		case c == '\\':
			escaped = true
			r.pos++
		case c >= utf8.RuneSelf || c == '<' || c == '>' || c == '&':
			plain = false // in canonical form, some of these are escaped
		}
	}
	r.pos++
	s := r.in[start+1 : r.pos-1]
	r.canonical = r.canonical && plain && !escaped
	if escaped {
		if json.Unmarshal([]byte(r.in[start:r.pos]), &s) != nil {
			return nil, r.broken()
		}
	}
	if ready := common[s]; ready != nil {
		return ready, nil
	}
	if (escaped || !plain) && strings.ContainsRune(s, utf8.RuneError) {
		return nil, deal.Errorf(deal.Invalid, "document: a text before byte %d is not valid UTF-8", r.pos)
	}
	return r.new(ast.String(s)), nil
}

// number takes whole numbers in digits only, of which there is one spelling.
func (r *strictReader) number() (*ast.Term, error) {
	start := r.pos
	whole, ok := r.numeral()
	if !ok {
		return nil, r.broken()
	}
	digits := r.in[start:r.pos]
	if !whole || digits == "-0" {
		return nil, deal.Errorf(deal.Invalid, "document: a number before byte %d is not whole and in digits", r.pos)
	}
	if len(digits) > maxDigits {
		if _, err := strconv.ParseInt(digits, 10, 64); err != nil {
			return nil, deal.Errorf(deal.Invalid, "document: a number before byte %d is more than 64 bits hold", r.pos)
		}
	}
	return r.new(ast.Number(digits)), nil
}

// maxDigits fit 64 bits whatever they are.
const maxDigits = 18

// numeral takes a number as RFC 8259 section 6 has it, and reports whether it
// has neither a fraction nor an exponent.
func (r *strictReader) numeral() (whole, ok bool) {
	r.sign("-")
	if first := r.pos; r.digits() == 0 {
		return false, false
	} else if r.in[first] == '0' {
		r.pos = first + 1 // nothing may follow a leading zero
	}
	whole = true
	if r.sign(".") {
		if whole = false; r.digits() == 0 {
			return false, false
		}
	}
	if r.sign("eE") {
		whole = false
		r.sign("+-")
		if r.digits() == 0 {
			return false, false
		}
	}
	return whole, true
}

// sign takes one of some characters if it follows.
func (r *strictReader) sign(of string) bool {
	if r.pos < len(r.in) && strings.IndexByte(of, r.in[r.pos]) >= 0 {
		r.pos++
		return true
	}
	return false
}

// digits takes digits, and returns how many there were.
func (r *strictReader) digits() int {
	start := r.pos
	for r.pos < len(r.in) && r.in[r.pos] >= '0' && r.in[r.pos] <= '9' {
		r.pos++
	}
	return r.pos - start
}

// common are the texts that documents consist of, ready: names of members, and
// what stands in closed lists.
var common = func() map[string]*ast.Term {
	all := map[string]*ast.Term{}
	actShape.texts(all)
	operationShape.texts(all)
	return all
}()

// texts collects the texts that a shape knows.
func (s *shape) texts(into map[string]*ast.Term) {
	for text, term := range s.ready {
		into[text] = term
	}
	for _, m := range s.members {
		into[m.name] = m.key
		m.shape.texts(into)
	}
	if s.of != nil {
		s.of.texts(into)
	}
}
