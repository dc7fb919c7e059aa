package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// values bounds the texts of these tests.
const values = 10_000

// hostile are bodies that two readers could understand differently, with what
// is said of each.
var hostile = map[string]struct {
	body string
	want error
}{
	"member twice":              {`{"id":"d-a","id":"d-b"}`, ErrTwice},
	"member twice, escaped":     {`{"id":"d-a","\u0069d":"d-b"}`, ErrTwice},
	"member twice, other case":  {`{"id":"d-a","ID":"d-b"}`, ErrTwice},
	"member twice, Kelvin":      {`{"key":1,"\u212aey":2}`, ErrTwice},
	"member twice, deep":        {`{"a":[{"b":{"c":1,"c":1}}]}`, ErrTwice},
	"number beyond 64 bits":     {`{"sequence":9223372036854775808}`, ErrRange},
	"number beyond, negative":   {`[-9223372036854775809]`, ErrRange},
	"number of many digits":     {`[1` + strings.Repeat("0", 400) + `]`, ErrRange},
	"fraction":                  {`{"sequence":1.5}`, ErrFraction},
	"whole fraction":            {`[1.0]`, ErrFraction},
	"exponent":                  {`[1e400]`, ErrFraction},
	"invalid UTF-8":             {"{\"id\":\"\xff\"}", ErrUTF8},
	"invalid UTF-8 in a name":   {"{\"\xc3\x28\":1}", ErrUTF8},
	"surrogate in UTF-8":        {"[\"\xed\xa0\x80\"]", ErrUTF8},
	"half a character":          {`["\ud800"]`, ErrHalf},
	"second half alone":         {`["\udc00"]`, ErrHalf},
	"halves in the wrong order": {`["\udc00\ud800"]`, ErrHalf},
	"half and text":             {`["\ud800dc00"]`, ErrHalf},
	"half at the end":           {`["\ud800\u"]`, ErrSyntax},
	"nesting":                   {strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1), ErrDepth},
	"nesting without an end":    {strings.Repeat("[", 100_000), ErrDepth},
	"nesting of objects":        {strings.Repeat(`{"a":`, MaxDepth+1) + "1" + strings.Repeat("}", MaxDepth+1), ErrDepth},
	"too many values":           {"[" + strings.Repeat("0,", values) + "0]", ErrValues},
	"too many members":          {manyMembers(values), ErrValues},
	"two values":                {`{} {}`, ErrSyntax},
	"text after the value":      {`{}x`, ErrSyntax},
	"unfinished":                {`{"a":`, ErrSyntax},
	"no JSON":                   {`{a:1}`, ErrSyntax},
	"trailing comma":            {`[1,]`, ErrSyntax},
	"closed as something else":  {`[}`, ErrSyntax},
	"closed without being open": {`]`, ErrSyntax},
	"not a number":              {`[NaN]`, ErrSyntax},
	"leading zero":              {`[01]`, ErrSyntax},
	"comment":                   {`{/* */}`, ErrSyntax},
	"byte order mark":           {"\ufeff{}", ErrSyntax},
	"control character in text": {"[\"\x00\"]", ErrSyntax},
	"only space":                {" ", ErrSyntax},
	"member without a value":    {`{"a"}`, ErrSyntax},
	"a number as a member":      {`{1:2}`, ErrSyntax},
	"members without a comma":   {`{"a":1 "b":2}`, ErrSyntax},
	"values without a comma":    {`[1 2]`, ErrSyntax},
	"empty":                     {``, ErrSyntax},
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"` + strconv.Itoa(i) + `":0,`)
	}
	return "{" + b.String() + `"x":0}`
}

func TestCheck(t *testing.T) {
	for name, c := range hostile {
		if err := Check([]byte(c.body), values); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for name, body := range map[string]string{
		"limits of numbers": `[9223372036854775807,-9223372036854775808,0,-0]`, "the same name in two objects": `[{"a":1},{"a":{"a":1}}]`,
		"a name like a value": `{"a":"a","b":"a"}`, "a whole pair": `["\ud83d\ude00😀"]`, "escaped backslash": `["\\ud800"]`,
		"depth": strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth), "null": "null", "text": `"x"`, "replacement": `["\ufffd"]`,
		"values": "[" + strings.Repeat("0,", values-2) + "0]",
	} {
		if err := Check([]byte(body), values); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Check([]byte("["+strings.Repeat("0,", values)+"0]"), 0); err != nil {
		t.Errorf("no bound: %v", err)
	}
}

// FuzzCheck checks that what is let through is read the same by everyone:
// it is valid, and reading it and writing it again loses nothing.
func FuzzCheck(f *testing.F) {
	for _, c := range hostile {
		f.Add([]byte(c.body))
	}
	f.Add([]byte(`{"id":"d-a","acts":[{"n":1},{"n":-2}],"ok":true,"no":null,"t":"\ud83d\ude00"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if Check(body, values) != nil {
			return
		}
		if !utf8.Valid(body) || !json.Valid(body) {
			t.Fatal("what is not valid is let through")
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if have, want := leaves(t, v), tokens(t, body); have != want {
			t.Fatalf("%d leaves read, %d written", have, want)
		}
		again, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(again, values); err != nil {
			t.Fatalf("the same written again: %v", err)
		}
	})
}

// leaves counts what is left of a body once it was read, and that every number is an int64.
func leaves(t *testing.T, v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			n += leaves(t, x)
		}
	case []any:
		for _, x := range v {
			n += leaves(t, x)
		}
	case json.Number:
		if _, err := v.Int64(); err != nil {
			t.Fatal(err)
		}
		n = 1
	default:
		n = 1
	}
	return n
}

// tokens counts the leaves of a body as it is written: all but the names of
// members, which are followed by a colon.
func tokens(t *testing.T, body []byte) (n int) {
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == '"':
			for i++; body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
			rest := bytes.TrimLeft(body[i+1:], " \t\r\n")
			if len(rest) == 0 || rest[0] != ':' {
				n++
			}
		case strings.IndexByte("-0123456789tfn", c) >= 0:
			for i+1 < len(body) && strings.IndexByte("0123456789truefalsn", body[i+1]) >= 0 {
				i++
			}
			n++
		}
	}
	return n
}
