package policies

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// encoder makes terms of values. It takes them from one piece of memory, and
// encodes what two members point to once.
type encoder struct {
	free []ast.Term
	done map[uintptr]*ast.Term
}

// encode returns a document as the engine reads it.
func (s *shape) encode(document any) *ast.Term {
	e := &encoder{free: make([]ast.Term, 0, 192)}
	return e.term(s, reflect.ValueOf(document))
}

func (e *encoder) new(v ast.Value) *ast.Term {
	if len(e.free) == cap(e.free) {
		e.free = make([]ast.Term, 0, 64)
	}
	e.free = append(e.free, ast.Term{Value: v})
	return &e.free[len(e.free)-1]
}

func (e *encoder) term(s *shape, v reflect.Value) *ast.Term {
	if v.Kind() == reflect.Pointer {
		return e.pointed(s, v)
	}
	switch s.kind {
	case aText:
		return e.text(s, v)
	case anInteger:
		if v.Kind() == reflect.Uint64 {
			return e.new(ast.Number(strconv.FormatUint(v.Uint(), 10)))
		}
		return e.new(ast.Number(strconv.FormatInt(v.Int(), 10)))
	case aBoolean:
		return ast.InternedTerm(v.Bool())
	case aList:
		elements := make([]*ast.Term, v.Len())
		for i := range elements {
			elements[i] = e.term(s.of, v.Index(i))
		}
		return e.new(ast.NewArray(elements...))
	case aMap:
		return e.mapTerm(s, v)
	}
	return e.recordTerm(s, v)
}

// pointed encodes what a pointer of a record points to, which a document may
// have in two places.
func (e *encoder) pointed(s *shape, v reflect.Value) *ast.Term {
	if s.kind != aRecord {
		return e.term(s, v.Elem())
	}
	if done := e.done[v.Pointer()]; done != nil {
		return done
	}
	term := e.term(s, v.Elem())
	if e.done == nil {
		e.done = map[uintptr]*ast.Term{}
	}
	e.done[v.Pointer()] = term
	return term
}

// text takes texts of a closed list as they are ready.
func (e *encoder) text(s *shape, v reflect.Value) *ast.Term {
	text := s.write(v)
	if ready := s.ready[text]; ready != nil {
		return ready
	}
	return e.new(ast.String(text))
}

func (e *encoder) mapTerm(s *shape, v reflect.Value) *ast.Term {
	items := make([][2]*ast.Term, 0, v.Len())
	for iter := v.MapRange(); iter.Next(); {
		items = append(items, [2]*ast.Term{e.new(ast.String(iter.Key().String())), e.term(s.of, iter.Value())})
	}
	slices.SortFunc(items, func(a, b [2]*ast.Term) int {
		return strings.Compare(string(a[0].Value.(ast.String)), string(b[0].Value.(ast.String)))
	})
	return e.new(ast.NewObject(items...))
}

func (e *encoder) recordTerm(s *shape, v reflect.Value) *ast.Term {
	items := make([][2]*ast.Term, 0, len(s.members))
	for i := range s.members {
		m := &s.members[i]
		if f := v.Field(m.field); !m.omitted || m.present(f) {
			items = append(items, [2]*ast.Term{m.key, e.term(m.shape, f)})
		}
	}
	return e.new(ast.NewObject(items...))
}

// present follows omitempty, and omitzero for lists.
func (m *member) present(f reflect.Value) bool {
	switch f.Kind() {
	case reflect.Slice:
		return m.whenNil && !f.IsNil() || f.Len() > 0
	case reflect.Map:
		return f.Len() > 0
	}
	return !f.IsZero()
}

// appendJSON writes a value as canonical JSON: keys sorted, no space.
func appendJSON(b []byte, v ast.Value) []byte {
	switch v := v.(type) {
	case ast.String:
		return appendText(b, string(v))
	case ast.Number:
		return append(b, v...)
	case ast.Boolean:
		return strconv.AppendBool(b, bool(v))
	case *ast.Array:
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, v.Elem(i).Value)
		}
		return append(b, ']')
	case ast.Object:
		return appendObject(b, v)
	}
	return append(b, "null"...)
}

func appendObject(b []byte, o ast.Object) []byte {
	b = append(b, '{')
	start := len(b)
	o.Foreach(func(key, value *ast.Term) {
		if len(b) > start {
			b = append(b, ',')
		}
		name, _ := key.Value.(ast.String)
		b = appendText(b, string(name))
		b = append(b, ':')
		b = appendJSON(b, value.Value)
	})
	return append(b, '}')
}

func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			// A text always encodes; what is no UTF-8 becomes U+FFFD.
			quoted, _ := json.Marshal(s)
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
