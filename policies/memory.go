package policies

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// memory is what the rules have answered so far while one document is decided
// on, for the engine's [topdown.VirtualCache]. The engine's own holds a tree of
// maps; there are too few entries for that to pay.
type memory struct {
	known []remembered
	terms []*ast.Term // of the places of what is known
	index map[int]int // the newest of each mark, once there are many
	below []memory    // what was known outside of the innermost with
}

// few are looked through faster than looked up.
const few = 48

// remembered is one entry; without a value, there is none at its place.
type remembered struct {
	mark  int
	older int // of the same mark, in the index; -1: none
	place ast.Ref
	value *ast.Term
}

var _ topdown.VirtualCache = (*memory)(nil)

func newMemory() *memory {
	return &memory{known: make([]remembered, 0, few), terms: make([]*ast.Term, 0, 4*few)}
}

// Push begins anew, until Pop.
func (m *memory) Push() {
	m.below = append(m.below, memory{known: m.known, terms: m.terms, index: m.index})
	m.known, m.terms, m.index = nil, nil, nil
}

// Pop returns to what was known before Push.
func (m *memory) Pop() {
	last := len(m.below) - 1
	m.known, m.terms, m.index = m.below[last].known, m.below[last].terms, m.below[last].index
	m.below = m.below[:last]
}

// Get returns the value at a place, or that it has none.
func (m *memory) Get(place ast.Ref) (value *ast.Term, undefined bool) {
	if found := m.find(mark(place), place); found != nil {
		return found.value, found.value == nil
	}
	return nil, false
}

// Put keeps a value. The engine uses the slice again; its terms stay.
func (m *memory) Put(place ast.Ref, value *ast.Term) {
	hash := mark(place)
	if found := m.find(hash, place); found != nil {
		found.value = value
		return
	}
	start := len(m.terms)
	m.terms = append(m.terms, place...)
	m.known = append(m.known, remembered{hash, -1, m.terms[start:len(m.terms):len(m.terms)], value})
	m.note(len(m.known) - 1)
}

// note puts an entry into the index, and with the first that is too many all.
func (m *memory) note(i int) {
	switch {
	case i < few:
		return
	case m.index == nil:
		m.index = make(map[int]int, 2*few)
		for earlier := range i {
			m.enter(earlier)
		}
	}
	m.enter(i)
}

func (m *memory) enter(i int) {
	r := &m.known[i]
	if older, ok := m.index[r.mark]; ok {
		r.older = older
	}
	m.index[r.mark] = i
}

// Keys are the places that have a value.
func (m *memory) Keys() (places []ast.Ref) {
	for _, r := range m.known {
		if r.value != nil {
			places = append(places, r.place)
		}
	}
	return places
}

func (m *memory) find(mark int, place ast.Ref) *remembered {
	if m.index != nil {
		i, ok := m.index[mark]
		for ; ok && i >= 0; i = m.known[i].older {
			if m.known[i].is(place) {
				return &m.known[i]
			}
		}
		return nil
	}
	for i := range m.known {
		if m.known[i].mark == mark && m.known[i].is(place) {
			return &m.known[i]
		}
	}
	return nil
}

func (r *remembered) is(place ast.Ref) bool {
	return slices.EqualFunc(r.place, place, (*ast.Term).Equal)
}

// mark tells most places apart: by how long they are, and by their end.
func mark(place ast.Ref) int {
	return len(place) + 31*place[len(place)-1].Hash()
}
