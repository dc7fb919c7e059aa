package policies

import (
	"fmt"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
)

// fault is what is wrong with a document, and where; never a value.
type fault struct {
	where   string // as a JSON pointer
	unknown bool   // a member nobody knows stands there
}

// conforms checks a value, and reports the first place at which it is not of
// the shape.
func (s *shape) conforms(v ast.Value) (fault, bool) {
	switch v := v.(type) {
	case ast.String:
		return fault{}, s.kind == aText && s.form(string(v))
	case ast.Number:
		return fault{}, s.kind == anInteger && s.counts(string(v))
	case ast.Boolean:
		return fault{}, s.kind == aBoolean
	case *ast.Array:
		return s.listConforms(v)
	case ast.Object:
		if s.kind == aMap {
			return s.mapConforms(v)
		}
		return s.recordConforms(v)
	}
	return fault{}, false
}

// counts reports whether a number is whole, in digits, and within bounds.
func (s *shape) counts(digits string) bool {
	if s.least == 0 {
		n, err := strconv.ParseUint(digits, 10, 64)
		return err == nil && n <= maxInt64
	}
	_, err := strconv.ParseInt(digits, 10, 64)
	return err == nil
}

const maxInt64 = 1<<63 - 1

func (s *shape) listConforms(list *ast.Array) (fault, bool) {
	if s.kind != aList {
		return fault{}, false
	}
	for i := range list.Len() {
		if f, ok := s.of.conforms(list.Elem(i).Value); !ok {
			return f.below(strconv.Itoa(i)), false
		}
	}
	return fault{}, true
}

func (s *shape) mapConforms(o ast.Object) (f fault, ok bool) {
	bad := o.Until(func(key, value *ast.Term) bool {
		name, text := key.Value.(ast.String)
		if f, ok = s.of.conforms(value.Value); !ok || !text || !mapKey(string(name)) {
			f = f.below(pointer(string(name)))
			return true
		}
		return false
	})
	return f, !bad
}

func (s *shape) recordConforms(o ast.Object) (fault, bool) {
	if s.kind != aRecord {
		return fault{}, false
	}
	found := 0
	for i := range s.members {
		m := &s.members[i]
		value := o.Get(m.key)
		if value == nil {
			if !m.omitted {
				return fault{where: "/" + m.name}, false
			}
			continue
		}
		found++
		if f, ok := m.shape.conforms(value.Value); !ok {
			return f.below(m.name), false
		}
	}
	if found < o.Len() {
		return fault{unknown: true}, false
	}
	if s.figures != nil {
		for _, name := range s.figures[stringOf(o.Get(keyKind))] {
			if o.Get(name) == nil {
				return fault{where: "/" + stringOf(name)}, false
			}
		}
	}
	return fault{}, true
}

func (f fault) below(name string) fault {
	f.where = "/" + name + f.where
	return f
}

// mapKey bounds the names of fields and acts.
var mapKey = matcher(keyPattern)

const keyPattern = `^[a-z0-9_.]{1,129}$`

// pointer shows a key in a place only if it is one the documents could have.
func pointer(key string) string {
	if mapKey(key) {
		return key
	}
	return fmt.Sprintf("(a key of %d bytes)", len(key))
}

// place says where a document is wrong, as the decision shows it.
func (f fault) place() string {
	if f.where == "" {
		return "/"
	}
	return f.where
}
