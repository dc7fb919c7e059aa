package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"cession/deal"
)

// hostile are bodies that two readers could understand differently, with a word
// of what is said to each.
var hostile = map[string]struct{ body, word string }{
	"member twice":              {`{"id":"d-a","id":"d-b"}`, "stands twice"},
	"member twice, escaped":     {`{"id":"d-a","\u0069d":"d-b"}`, "stands twice"},
	"member twice, deep":        {`{"a":[{"b":{"c":1,"c":1}}]}`, "stands twice"},
	"number beyond 64 bits":     {`{"sequence":9223372036854775808}`, "64 bits"},
	"number beyond, negative":   {`[-9223372036854775809]`, "64 bits"},
	"number of many digits":     {`[1` + strings.Repeat("0", 400) + `]`, "64 bits"},
	"fraction":                  {`{"sequence":1.5}`, "fraction or an exponent"},
	"whole fraction":            {`[1.0]`, "fraction or an exponent"},
	"exponent":                  {`[1e400]`, "fraction or an exponent"},
	"invalid UTF-8":             {"{\"id\":\"\xff\"}", "not UTF-8"},
	"invalid UTF-8 in a name":   {"{\"\xc3\x28\":1}", "not UTF-8"},
	"surrogate in UTF-8":        {"[\"\xed\xa0\x80\"]", "not UTF-8"},
	"half a character":          {`["\ud800"]`, "half a character"},
	"second half alone":         {`["\udc00"]`, "half a character"},
	"halves in the wrong order": {`["\udc00\ud800"]`, "half a character"},
	"half and text":             {`["\ud800dc00"]`, "half a character"},
	"half at the end":           {`["\ud800\u"]`, "no JSON"},
	"nesting":                   {strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1), "levels of nesting"},
	"nesting without an end":    {strings.Repeat("[", 100_000), "levels of nesting"},
	"nesting of objects":        {strings.Repeat(`{"a":`, maxDepth+1) + "1" + strings.Repeat("}", maxDepth+1), "levels of nesting"},
	"too many values":           {"[" + strings.Repeat("0,", maxValues) + "0]", "values"},
	"too many members":          {manyMembers(maxValues), "values"},
	"two values":                {`{} {}`, "no JSON"},
	"text after the value":      {`{}x`, "no JSON"},
	"unfinished":                {`{"a":`, "no JSON"},
	"no JSON":                   {`{a:1}`, "no JSON"},
	"trailing comma":            {`[1,]`, "no JSON"},
	"closed as something else":  {`[}`, "no JSON"},
	"closed without being open": {`]`, "no JSON"},
	"not a number":              {`[NaN]`, "no JSON"},
	"leading zero":              {`[01]`, "no JSON"},
	"comment":                   {`{/* */}`, "no JSON"},
	"byte order mark":           {"\ufeff{}", "no JSON"},
	"control character in text": {"[\"\x00\"]", "no JSON"},
	"only space":                {" ", "no JSON"},
	"member without a value":    {`{"a"}`, "no JSON"},
	"a number as a member":      {`{1:2}`, "no JSON"},
	"members without a comma":   {`{"a":1 "b":2}`, "no JSON"},
	"values without a comma":    {`[1 2]`, "no JSON"},
	"empty":                     {``, "no JSON"},
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"` + strconv.Itoa(i) + `":0,`)
	}
	return "{" + b.String() + `"x":0}`
}

func TestStrictJSON(t *testing.T) {
	for name, c := range hostile {
		err := strictJSON([]byte(c.body))
		var p *Problem
		if !errors.As(err, &p) || p.Status != 400 || p.Kind != deal.Invalid || !strings.Contains(p.Detail, c.word) {
			t.Errorf("%s: %v, want %q", name, err, c.word)
		}
	}
	for name, body := range map[string]string{
		"limits of numbers": `[9223372036854775807,-9223372036854775808,0,-0]`, "the same name in two objects": `[{"a":1},{"a":{"a":1}}]`,
		"a name like a value": `{"a":"a","b":"a"}`, "a whole pair": `["\ud83d\ude00😀"]`, "escaped backslash": `["\\ud800"]`,
		"depth": strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), "null": "null", "text": `"x"`, "replacement": `["\ufffd"]`,
		"values": "[" + strings.Repeat("0,", maxValues-2) + "0]",
	} {
		if err := strictJSON([]byte(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every route that takes a body refuses them, before it does anything.
func TestHostileBodies(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Limits = Limits{Burst: 10_000} })
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if method == "GET" {
			continue
		}
		path = strings.NewReplacer("{id}", string(seller), "{address}", address(1).String()).Replace(path)
		for name, c := range hostile {
			if c.body == "" {
				continue
			}
			a := h.send("", method, path, c.body, "Idempotency-Key: k-"+strconv.Itoa(len(name)))
			if p := a.problem(t); a.status != 400 || p.Kind != deal.Invalid || !strings.Contains(p.Detail, c.word) {
				t.Errorf("%s, %s: status %d, %s", route, name, a.status, p.Detail)
			}
		}
	}
	if h.deals.opened+h.deals.did != 0 {
		t.Error("something was done")
	}
}

// FuzzStrictJSON checks that what is let through is read the same by everyone:
// it is valid, and reading it and writing it again loses nothing.
func FuzzStrictJSON(f *testing.F) {
	for _, c := range hostile {
		f.Add([]byte(c.body))
	}
	f.Add([]byte(`{"id":"d-a","acts":[{"n":1},{"n":-2}],"ok":true,"no":null,"t":"\ud83d\ude00"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		err := strictJSON(body)
		if err != nil {
			var p *Problem
			if !errors.As(err, &p) || p.Status != 400 || len(p.Detail) > 100 {
				t.Fatalf("refused with %v", err)
			}
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
		if err := strictJSON(again); err != nil {
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
