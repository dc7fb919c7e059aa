package policies

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// parseSlowly reads JSON as the engine takes it, and refuses what two readers
// could understand in two ways. Errors quote nothing of the document.
func parseSlowly(b []byte) (*ast.Term, error) {
	switch {
	case len(b) > maxDocument:
		return nil, deal.Errorf(deal.Invalid, "document: more than %d bytes", maxDocument)
	case !utf8.Valid(b):
		return nil, deal.Errorf(deal.Invalid, "document: not valid UTF-8")
	}
	d := slowReader{json.NewDecoder(bytes.NewReader(b))}
	d.UseNumber()
	term, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, deal.Errorf(deal.Invalid, "document: something follows after its end")
	}
	return term, nil
}

type slowReader struct{ *json.Decoder }

func (d slowReader) value(depth int) (*ast.Term, error) {
	token, err := d.Token()
	if err != nil {
		return nil, d.broken()
	}
	switch t := token.(type) {
	case string:
		return d.text(t)
	case json.Number:
		return d.number(string(t))
	case bool:
		return ast.InternedTerm(t), nil
	case json.Delim:
		if depth == maxDepth {
			return nil, deal.Errorf(deal.Invalid, "document: more than %d levels deep", maxDepth)
		}
		if t == '[' {
			return d.array(depth + 1)
		}
		return d.object(depth + 1)
	}
	return ast.NullTerm(), nil
}

func (d slowReader) broken() error {
	return deal.Errorf(deal.Invalid, "document: not JSON at byte %d", d.InputOffset())
}

func (d slowReader) array(depth int) (*ast.Term, error) {
	elements := []*ast.Term{}
	for d.More() {
		element, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
	}
	if _, err := d.Token(); err != nil {
		return nil, d.broken()
	}
	return ast.ArrayTerm(elements...), nil
}

func (d slowReader) object(depth int) (*ast.Term, error) {
	o := ast.NewObjectWithCapacity(16)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, d.broken()
		}
		name, _ := token.(string)
		key, err := d.text(name)
		if err != nil {
			return nil, err
		}
		if o.Get(key) != nil {
			return nil, deal.Errorf(deal.Invalid, "document: a key stands twice, again at byte %d", d.InputOffset())
		}
		value, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		o.Insert(key, value)
	}
	if _, err := d.Token(); err != nil {
		return nil, d.broken()
	}
	return ast.NewTerm(o), nil
}

// text refuses what the decoder had to replace: half of a surrogate pair.
func (d slowReader) text(s string) (*ast.Term, error) {
	if strings.ContainsRune(s, utf8.RuneError) {
		return nil, deal.Errorf(deal.Invalid, "document: a text before byte %d is not valid UTF-8", d.InputOffset())
	}
	return ast.StringTerm(s), nil
}

// number takes whole numbers in digits only, of which there is one spelling.
func (d slowReader) number(digits string) (*ast.Term, error) {
	if strings.ContainsAny(digits, ".eE") || digits == "-0" {
		return nil, deal.Errorf(deal.Invalid, "document: a number before byte %d is not whole and in digits", d.InputOffset())
	}
	if _, err := strconv.ParseInt(digits, 10, 64); err != nil {
		return nil, deal.Errorf(deal.Invalid, "document: a number before byte %d is more than 64 bits hold", d.InputOffset())
	}
	return &ast.Term{Value: ast.Number(digits)}, nil
}
