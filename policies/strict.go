package policies

import (
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// Bounds of a document that is read.
const (
	maxDocument = 4 << 20 // bytes
	maxDepth    = 32
)

// parseDocument reads JSON as the engine takes it, and refuses what two readers
// could understand in two ways. It reports whether the document is in canonical
// form, as appendJSON writes it; if it does not, the document may still be.
// Errors quote nothing of the document.
//
// Replaying reads as much as it decides, so this is written by hand.
func parseDocument(b []byte) (document *ast.Term, canonical bool, err error) {
	switch {
	case len(b) > maxDocument:
		return nil, false, deal.Errorf(deal.Invalid, "document: more than %d bytes", maxDocument)
	case !utf8.Valid(b):
		return nil, false, deal.Errorf(deal.Invalid, "document: not valid UTF-8")
	}
	// A term takes some 16 bytes of a document.
	r := strictReader{in: string(b), canonical: true, encoder: encoder{free: make([]ast.Term, 0, min(len(b)/24+1, 256))}}
	if document, err = r.value(0); err != nil {
		return nil, false, err
	}
	if r.space(); r.pos < len(r.in) {
		return nil, false, deal.Errorf(deal.Invalid, "document: something follows after its end")
	}
	return document, r.canonical, nil
}

// strictReader makes terms of a text that is UTF-8.
type strictReader struct {
	encoder
	in        string
	pos       int
	canonical bool           // so far
	items     [][2]*ast.Term // of the objects that are open
	elements  []*ast.Term    // of the arrays that are open
}

func (r *strictReader) broken() error {
	return deal.Errorf(deal.Invalid, "document: not JSON at byte %d", r.pos)
}

// space skips what may stand between two tokens.
func (r *strictReader) space() {
	for ; r.pos < len(r.in); r.pos++ {
		switch r.in[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.canonical = false
		default:
			return
		}
	}
}

// next skips space and takes c if it follows.
func (r *strictReader) next(c byte) bool {
	if r.space(); r.pos < len(r.in) && r.in[r.pos] == c {
		r.pos++
		return true
	}
	return false
}

func (r *strictReader) value(depth int) (*ast.Term, error) {
	if r.space(); r.pos == len(r.in) {
		return nil, r.broken()
	}
	switch c := r.in[r.pos]; c {
	case '"':
		return r.text()
	case '{', '[':
		r.pos++
		if depth == maxDepth {
			return nil, deal.Errorf(deal.Invalid, "document: more than %d levels deep", maxDepth)
		}
		if c == '[' {
			return r.array(depth + 1)
		}
		return r.object(depth + 1)
	case 't':
		return r.word("true", ast.InternedTerm(true))
	case 'f':
		return r.word("false", ast.InternedTerm(false))
	case 'n':
		return r.word("null", ast.InternedNullTerm)
	}
	return r.number()
}

func (r *strictReader) word(word string, means *ast.Term) (*ast.Term, error) {
	if end := r.pos + len(word); end <= len(r.in) && r.in[r.pos:end] == word {
		r.pos = end
		return means, nil
	}
	return nil, r.broken()
}

func (r *strictReader) array(depth int) (*ast.Term, error) {
	start := len(r.elements)
	for first := true; !r.next(']'); first = false {
		if !first && !r.next(',') {
			return nil, r.broken()
		}
		element, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		r.elements = append(r.elements, element)
	}
	array := ast.NewArray(append([]*ast.Term{}, r.elements[start:]...)...)
	r.elements = r.elements[:start]
	return r.new(array), nil
}

func (r *strictReader) object(depth int) (*ast.Term, error) {
	start, names := len(r.items), names{}
	for first := true; !r.next('}'); first = false {
		if !first && !r.next(',') {
			return nil, r.broken()
		}
		key, err := r.name()
		if err != nil {
			return nil, err
		}
		if !names.add(key, r.items[start:]) {
			return nil, deal.Errorf(deal.Invalid, "document: a key stands twice, again at byte %d", r.pos)
		}
		if !r.next(':') {
			return nil, r.broken()
		}
		value, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		r.items = append(r.items, [2]*ast.Term{key, value})
	}
	r.canonical = r.canonical && names.seen == nil
	object := ast.NewObject(r.items[start:]...)
	r.items = r.items[:start]
	return r.new(object), nil
}

// name reads the name of a member.
func (r *strictReader) name() (*ast.Term, error) {
	if r.space(); r.pos == len(r.in) || r.in[r.pos] != '"' {
		return nil, r.broken()
	}
	return r.text()
}

// names are those of the members of one object. As long as they ascend, as they
// do in canonical form, none can stand there twice.
type names struct {
	last string
	seen map[string]bool // once they do not ascend
}

// add reports whether a name is new beside those of the members before it.
func (n *names) add(key *ast.Term, before [][2]*ast.Term) bool {
	name := stringOf(key)
	if n.seen == nil {
		if len(before) == 0 || name > n.last {
			n.last = name
			return true
		}
		n.seen = make(map[string]bool, 2*len(before))
		for _, item := range before {
			n.seen[stringOf(item[0])] = true
		}
	}
	if n.seen[name] {
		return false
	}
	n.seen[name] = true
	return true
}
