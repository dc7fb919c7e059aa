package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// number copies a whole number.
func (s *scanner) number() error {
	n, err := s.integer()
	s.out = strconv.AppendInt(s.out, n, 10)
	return err
}

// integer takes a whole number of 64 bits, in the only way to write it.
func (s *scanner) integer() (n int64, err error) {
	s.space()
	start := s.pos
	for s.pos < len(s.in) && strings.IndexByte("+-.0123456789eE", s.in[s.pos]) >= 0 {
		s.pos++
	}
	text := s.in[start:s.pos]
	if bytes.ContainsAny(text, ".eE") {
		return 0, s.fail("number is not a whole one")
	}
	n, err = strconv.ParseInt(string(text), 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, s.fail("number needs more than 64 bits")
	}
	if err != nil {
		return 0, s.fail("number cannot be read")
	}
	digits := bytes.TrimPrefix(text, []byte("-"))
	if text[0] == '+' || digits[0] == '0' && len(text) > 1 {
		return 0, s.fail("number is not written in its shortest form")
	}
	return n, nil
}

// text copies a string and returns what it says.
func (s *scanner) text() ([]byte, error) {
	raw, plain, err := s.quoted()
	if err != nil {
		return nil, err
	}
	if plain {
		s.out = append(s.out, raw...)
		return raw[1 : len(raw)-1], nil
	}
	said, err := s.unescape(raw)
	if err == nil {
		s.quote(said)
	}
	return []byte(said), err
}

// quoted takes a string with its quotes; it is plain if it says what it shows.
func (s *scanner) quoted() (raw []byte, plain bool, err error) {
	start := s.pos
	plain = true
	ascii := true
	for s.pos++; ; s.pos++ {
		if s.pos >= len(s.in) {
			return nil, false, s.fail("text has no end")
		}
		c := s.in[s.pos]
		if c == '"' {
			break
		}
		switch {
		case c < ' ':
			return nil, false, s.fail("control character in text")
		case c == '\\':
			plain = false
			s.pos++
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	s.pos++
	raw = s.in[start:s.pos]
	if !ascii && !utf8.Valid(raw) {
		return nil, false, s.fail("text is not UTF-8")
	}
	return raw, plain, nil
}

// unescape reads a string that has escapes.
func (s *scanner) unescape(raw []byte) (text string, err error) {
	if err := json.Unmarshal(raw, &text); err != nil {
		return "", s.fail("text has an escape that cannot be read")
	}
	// Half a surrogate pair is read as the replacement character.
	replaced := bytes.Count(raw, []byte("\uFFFD")) + bytes.Count(bytes.ToLower(raw), []byte(`\ufffd`))
	if bytes.Count([]byte(text), []byte("\uFFFD")) != replaced {
		return "", s.fail("text is not UTF-8")
	}
	return text, nil
}

// quote writes text as RFC 8785 section 3.2.2.2 does.
func (s *scanner) quote(text string) {
	const short = "\b\t\n\f\r\"\\"
	s.out = append(s.out, '"')
	for _, c := range []byte(text) {
		if i := strings.IndexByte(short, c); i >= 0 {
			s.out = append(s.out, '\\', `btnfr"\`[i])
		} else if c < ' ' {
			s.out = fmt.Appendf(s.out, `\u%04x`, c)
		} else {
			s.out = append(s.out, c)
		}
	}
	s.out = append(s.out, '"')
}
