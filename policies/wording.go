package policies

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// wording is what an answer shows, but for what is computed.
type wording struct {
	actual, threshold []part
	computed          int
}

// part is one after the other of what a figure shows.
type part struct {
	form partForm
	text string // as it is, or what stands between the elements of a list
}

type partForm int

// The forms of parts. All but the first take one of the computed values, an
// amount takes two.
const (
	asText partForm = iota
	asFigure
	asTime
	asAmount
	asShort
	asJoin
)

func (t wording) String() string { return fmt.Sprint(t.actual, "|", t.threshold) }

// parts takes a figure apart. What must be computed goes to the end of computed.
func parts(figure *ast.Term, computed []*ast.Term) ([]part, []*ast.Term) {
	switch v := figure.Value.(type) {
	case ast.String:
		return []part{{asText, string(v)}}, computed
	case *ast.Array:
		var all []part
		for i := range v.Len() {
			var some []part
			some, computed = parts(v.Elem(i), computed)
			all = append(all, some...)
		}
		return all, computed
	case ast.Object:
		if form, terms, ok := object1(v); ok {
			return []part{form}, append(computed, terms...)
		}
	}
	return []part{{asFigure, ""}}, append(computed, figure)
}

// object1 recognizes the objects that mean one figure.
func object1(o ast.Object) (part, []*ast.Term, bool) {
	one := func(form partForm, key *ast.Term, with string) (part, []*ast.Term, bool) {
		return part{form, with}, []*ast.Term{o.Get(key)}, true
	}
	switch {
	case o.Len() == 1 && o.Get(keyMS) != nil:
		return one(asTime, keyMS, "")
	case o.Len() == 1 && o.Get(keyShort) != nil:
		return one(asShort, keyShort, "")
	case o.Len() == 2 && o.Get(keyJoin) != nil && o.Get(keyWith) != nil:
		if with, ok := o.Get(keyWith).Value.(ast.String); ok {
			return one(asJoin, keyJoin, string(with))
		}
	case o.Len() == 2 && o.Get(keyMinor) != nil && o.Get(keyCurrency) != nil:
		return part{asAmount, ""}, []*ast.Term{o.Get(keyMinor), o.Get(keyCurrency)}, true
	}
	return part{}, nil, false
}

// unfold reads an answer that was rewritten: the number of its wording, the
// verdict, and what was computed.
func unfold(list *ast.Array, wordings []wording) (a answer) {
	if list.Len() < 2 {
		return a
	}
	number, ok := whole(list.Elem(0))
	verdict, plain := list.Elem(1).Value.(ast.Boolean)
	if !ok || !plain || number < 0 || number >= int64(len(wordings)) || wordings[number].computed != list.Len()-2 {
		return a
	}
	a.result.State = deal.Fail
	if verdict {
		a.result.State = deal.Pass
	}
	t, next := wordings[number], 2
	a.result.Actual, next = fill(t.actual, list, next)
	a.result.Threshold, _ = fill(t.threshold, list, next)
	return a
}

// fill writes a figure from its parts.
func fill(parts []part, list *ast.Array, next int) (string, int) {
	if len(parts) == 1 && parts[0].form == asText {
		return parts[0].text, next
	}
	var b strings.Builder
	ok := true
	for _, p := range parts {
		if p.form == asText {
			b.WriteString(p.text)
			continue
		}
		ok = p.write(&b, list, next) && ok
		next++
		if p.form == asAmount {
			next++
		}
	}
	if !ok || b.Len() > maxFigure {
		return withheld, next
	}
	return b.String(), next
}

func (p part) write(b *strings.Builder, list *ast.Array, i int) bool {
	switch term := list.Elem(i); p.form {
	case asTime:
		return writeTime(b, term)
	case asAmount:
		return writeAmount(b, term, list.Elem(i+1))
	case asShort:
		return writeShort(b, term)
	case asJoin:
		return writeJoin(b, term, p.text)
	default:
		return figure(b, term.Value)
	}
}
