package records

import (
	"bytes"
	"slices"
	"strconv"

	"cession/deal"
)

// maxDepth bounds how deep a record nests; a decision needs seven levels.
const maxDepth = 32

// canonical returns JSON in the one form that is hashed: members sorted by
// name, no space, strings escaped only where RFC 8259 section 7 demands it. It
// refuses what two readers could understand differently: a member that stands
// twice, numbers that are not whole or need more than 64 bits, text that is not
// UTF-8.
func canonical(in []byte) ([]byte, error) {
	return scan(in, false)
}

// unsealed is canonical without the two members that hold the record's own
// hash: /hash and /decision/record.
func unsealed(in []byte) ([]byte, error) {
	return scan(in, true)
}

func scan(in []byte, unseal bool) ([]byte, error) {
	s := scanner{in: in, out: make([]byte, 0, len(in)), unseal: unseal}
	if err := s.value(0, nil); err != nil {
		return nil, err
	}
	if s.space(); s.pos < len(s.in) {
		return nil, s.fail("want nothing after the value")
	}
	return s.out, nil
}

// scanner copies JSON from in to out, in canonical form.
type scanner struct {
	in     []byte
	pos    int
	out    []byte
	unseal bool
}

// member is where a member stands in out, with its name.
type member struct {
	key        []byte
	start, end int
}

func (s *scanner) fail(what string) error {
	return deal.Errorf(deal.Invalid, "JSON, byte %d: %s", s.pos+1, what)
}

func (s *scanner) space() {
	for s.pos < len(s.in) && (s.in[s.pos] == ' ' || s.in[s.pos] == '\t' || s.in[s.pos] == '\n' || s.in[s.pos] == '\r') {
		s.pos++
	}
}

// next skips space and reports whether c follows, which it then takes.
func (s *scanner) next(c byte) bool {
	if s.space(); s.pos < len(s.in) && s.in[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// value copies one value; name is that of the member it belongs to.
func (s *scanner) value(depth int, name []byte) error {
	if s.space(); s.pos == len(s.in) {
		return s.fail("ends early")
	}
	if depth > maxDepth {
		return s.fail("nested too deep")
	}
	switch c := s.in[s.pos]; {
	case c == '{':
		return s.object(depth, name)
	case c == '[':
		return s.array(depth)
	case c == '"':
		_, err := s.text()
		return err
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	}
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(s.in[s.pos:], []byte(word)) {
			s.pos += len(word)
			s.out = append(s.out, word...)
			return nil
		}
	}
	return s.fail("want a value")
}

func (s *scanner) array(depth int) error {
	s.pos++
	s.out = append(s.out, '[')
	for first := true; !s.next(']'); first = false {
		if !first {
			if !s.next(',') {
				return s.fail("want , or ]")
			}
			s.out = append(s.out, ',')
		}
		if err := s.value(depth+1, nil); err != nil {
			return err
		}
	}
	s.out = append(s.out, ']')
	return nil
}

func (s *scanner) object(depth int, name []byte) error {
	s.pos++
	start := len(s.out)
	s.out = append(s.out, '{')
	var room [16]member
	members := room[:0]
	for first := true; !s.next('}'); first = false {
		if !first && !s.next(',') {
			return s.fail("want , or }")
		}
		before := len(s.out)
		if len(members) > 0 {
			s.out = append(s.out, ',')
		}
		m, err := s.member(depth)
		if err != nil {
			return err
		}
		if s.unseal && (depth == 0 && string(m.key) == "hash" || depth == 1 && string(name) == "decision" && string(m.key) == "record") {
			s.out = s.out[:before]
			continue
		}
		members = append(members, m)
	}
	s.out = append(s.out, '}')
	return s.arrange(start, members)
}

// member copies a member's name and value, each after the other.
func (s *scanner) member(depth int) (m member, err error) {
	if s.space(); s.pos == len(s.in) || s.in[s.pos] != '"' {
		return m, s.fail("want a member's name")
	}
	m.start = len(s.out)
	if m.key, err = s.text(); err != nil {
		return m, err
	}
	if !s.next(':') {
		return m, s.fail("want : after a member's name")
	}
	s.out = append(s.out, ':')
	err = s.value(depth+1, m.key)
	m.end = len(s.out)
	return m, err
}

// arrange puts the members of the object that stands in out from start into
// their order.
func (s *scanner) arrange(start int, members []member) error {
	byName := func(a, b member) int { return bytes.Compare(a.key, b.key) }
	sorted := slices.IsSortedFunc(members, byName)
	if !sorted {
		slices.SortStableFunc(members, byName)
	}
	for i := 1; i < len(members); i++ {
		if bytes.Equal(members[i].key, members[i-1].key) {
			return s.twice(members[i].key)
		}
	}
	if sorted {
		return nil
	}
	body := make([]byte, 0, len(s.out)-start)
	for i, m := range members {
		body = append(body, ","[:min(i, 1)]...)
		body = append(body, s.out[m.start:m.end]...)
	}
	s.out = append(append(append(s.out[:start], '{'), body...), '}')
	return nil
}

func (s *scanner) twice(key []byte) error {
	return s.fail("member " + strconv.Quote(string(key[:min(len(key), 40)])) + " stands twice")
}
