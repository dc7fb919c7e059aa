package policies

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// shape is how a Go type is written as JSON, closed: a record has no other
// members than these. The published schema, the check of every document and
// the encoding of it all come from here, so that they cannot differ.
type shape struct {
	kind    shapeKind
	pattern string                 // texts: what they look like, for the schema
	choices []string               // texts: or one of these
	ready   map[string]*ast.Term   // texts: choices as the engine reads them
	form    func(string) bool      // texts: the same as a test
	least   int64                  // integers
	of      *shape                 // elements of lists and of maps
	members []member               // of a record, by name
	figures map[string][]*ast.Term // of a record: members it also needs, by its kind
	write   func(reflect.Value) string
}

type shapeKind int

const (
	aText shapeKind = iota
	anInteger
	aBoolean
	aList
	aMap
	aRecord
)

// member is one of a record.
type member struct {
	name    string
	key     *ast.Term
	field   int
	omitted bool // it may be missing
	whenNil bool // it is missing if nil, not if empty
	shape   *shape
}

// shapeOf describes a type: members are needed unless they are omitted when
// they are empty.
func shapeOf(t reflect.Type) *shape {
	if s, ok := forms[t]; ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return shapeOf(t.Elem())
	case reflect.Struct:
		return recordShape(t)
	case reflect.Map:
		return &shape{kind: aMap, of: shapeOf(t.Elem())}
	case reflect.Slice:
		return &shape{kind: aList, of: shapeOf(t.Elem())}
	case reflect.String:
		return text(`^[ -~]{0,1000}$`)
	case reflect.Bool:
		return &shape{kind: aBoolean}
	case reflect.Int64:
		return &shape{kind: anInteger, least: minInt64}
	case reflect.Uint64:
		return &shape{kind: anInteger}
	}
	panic("policies: no shape for " + t.String())
}

const minInt64 = -1 << 63

func recordShape(t reflect.Type) *shape {
	s := &shape{kind: aRecord, figures: figures[t]}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		m := member{
			name: name, key: ast.StringTerm(name), field: i, shape: shapeOf(f.Type),
			omitted: strings.Contains(options, "omit"), whenNil: options == "omitzero",
		}
		if pattern, ok := f.Tag.Lookup("pattern"); ok {
			m.shape = text(pattern)
		}
		s.members = append(s.members, m)
	}
	slices.SortFunc(s.members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return s
}

// figures are what a field must have besides its text.
var figures = map[reflect.Type]map[string][]*ast.Term{
	reflect.TypeFor[fieldView](): {
		string(deal.KindAmount): {ast.StringTerm("currency"), ast.StringTerm("minor")},
		string(deal.KindTime):   {ast.StringTerm("ms")},
		string(deal.KindCount):  {ast.StringTerm("count")},
	},
}

// text is a string of a form. The pattern is anchored at both ends.
func text(pattern string) *shape {
	return &shape{kind: aText, pattern: pattern, form: matcher(pattern), write: reflect.Value.String}
}

// choice is a string of a closed list.
func choice[T ~string](of ...T) *shape {
	s := &shape{kind: aText, write: reflect.Value.String, ready: map[string]*ast.Term{}}
	for _, c := range of {
		s.choices = append(s.choices, string(c))
		s.ready[string(c)] = ast.StringTerm(string(c))
	}
	s.form = func(text string) bool { return slices.Contains(s.choices, text) }
	return s
}

// written is a shape whose values write themselves.
func written[T interface{ String() string }](s *shape) *shape {
	s.write = func(v reflect.Value) string { return v.Interface().(T).String() }
	return s
}

// simple are patterns of a fixed start and so many characters of one class:
// most of all, and compared much faster than by a regular expression.
var simple = regexp.MustCompile(`^\^([a-z0-9-]*)\[([^\]\\]+)\]\{([0-9]+)(?:,([0-9]+))?\}\$$`)

func matcher(pattern string) func(string) bool {
	parts := simple.FindStringSubmatch(pattern)
	if parts == nil {
		return regexp.MustCompile(pattern).MatchString
	}
	start, class := parts[1], regexp.MustCompile("^["+parts[2]+"]$")
	least, _ := strconv.Atoi(parts[3])
	most := least
	if parts[4] != "" {
		most, _ = strconv.Atoi(parts[4])
	}
	var in [256]bool
	for c := range 128 {
		in[c] = class.MatchString(string(rune(c)))
	}
	return func(s string) bool {
		if !strings.HasPrefix(s, start) || len(s) < len(start)+least || len(s) > len(start)+most {
			return false
		}
		for i := len(start); i < len(s); i++ {
			if !in[s[i]] {
				return false
			}
		}
		return true
	}
}
