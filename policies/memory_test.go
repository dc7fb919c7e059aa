package policies

import (
	"math/rand/v2"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// The engine finds in a memory what it would find in a cache of its own: few
// and many entries, with and without a value, within and outside of a with.
func TestMemoryAsTheEnginesOwn(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	have, want := topdown.VirtualCache(newMemory()), topdown.NewVirtualCache()
	place := make(ast.Ref, 0, 8) // used again, as the engine does
	depth, most := 0, 0
	for range 20_000 {
		place = append(place[:0], ast.DefaultRootDocument, ast.StringTerm("cession"))
		for range r.IntN(3) {
			place = append(place, ast.StringTerm(string(rune('a'+r.IntN(9)))))
		}
		place = append(place, ast.ArrayTerm(ast.IntNumberTerm(r.IntN(5))))
		switch n := r.IntN(2000); {
		case n == 0:
			have.Push()
			want.Push()
			depth++
		case n == 1 && depth > 0:
			have.Pop()
			want.Pop()
			depth--
		case n < 400:
			value := ast.IntNumberTerm(n)
			if known, undefined := want.Get(place); undefined || known == nil && n%3 == 0 {
				value = nil // what has no value gets none later
			}
			have.Put(place, value)
			want.Put(place, value)
		}
		value, undefined := have.Get(place)
		if wanted, none := want.Get(place); value != wanted || undefined != none {
			t.Fatalf("%v: %v, %t, want %v, %t", place, value, undefined, wanted, none)
		}
		if n := len(have.Keys()); n != len(want.Keys()) {
			t.Fatalf("%d keys, want %d", n, len(want.Keys()))
		} else {
			most = max(most, n)
		}
	}
	if most <= 2*few {
		t.Errorf("there were never more than %d entries", most)
	}
}
