package cases

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"
)

// resolver finds the documents of cases that are like others.
type resolver struct {
	drafts map[string]*draft
	done   map[string]object
}

// resolveAll returns the cases in the order in which they are written.
func resolveAll(drafts []draft) ([]Case, error) {
	r := resolver{map[string]*draft{}, map[string]object{}}
	var errs []error
	for i := range drafts {
		d := &drafts[i]
		if first, twice := r.drafts[d.Name]; twice {
			errs = append(errs, fault(d.File, d.Line, "case %.60q: there is one of this name at %s", d.Name, first.where()))
			continue
		}
		r.drafts[d.Name] = d
	}
	all := make([]Case, 0, len(drafts))
	for i := range drafts {
		d := &drafts[i]
		doc, err := r.document(d, 0)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if d.Document = doc; d.expects {
			all = append(all, d.Case)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return all, nil
}

// document of a case: its own, or that of the case it is like, changed.
func (r resolver) document(d *draft, depth int) (doc object, err error) {
	if doc, ok := r.done[d.Name]; ok {
		return doc, nil
	}
	if depth > maxLikes {
		return nil, fault(d.File, d.Line, "case %.60q: like another, which is like another, and so on: want at most %d of them", d.Name, maxLikes)
	}
	if d.document != nil {
		v, err := root(kindOf(d.document)).value(d.document, nil)
		if err != nil {
			return nil, fault(d.File, d.document.Line, "document of %.60q: %w", d.Name, err)
		}
		doc = v.(object)
	} else if doc, err = r.parent(d, depth); err != nil {
		return nil, err
	}
	for _, s := range d.steps {
		if s.value == nil {
			doc, err = drop(doc, s.path)
		} else {
			doc, err = set(doc, s.path, s.value)
		}
		if err != nil {
			return nil, fault(d.File, s.line, "%w", err)
		}
	}
	r.done[d.Name] = doc
	return doc, nil
}

func (r resolver) parent(d *draft, depth int) (object, error) {
	like, ok := r.drafts[d.like]
	if !ok {
		return nil, fault(d.File, d.Line, "case %.60q: there is no case %.60q to be like%s", d.Name, d.like, r.near(d.like))
	}
	return r.document(like, depth+1)
}

// near names the cases of the same step, which are what was meant most often.
func (r resolver) near(name string) string {
	step, _, _ := strings.Cut(name, ".")
	var names []string
	for _, known := range sortedKeys(r.drafts) {
		if strings.HasPrefix(known, step+".") && len(names) < 5 {
			names = append(names, known)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ": there is " + strings.Join(names, ", ")
}

// kindOf is a document with no more than tells what it is about.
func kindOf(n *yaml.Node) object {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == operationMember {
			return object{operationMember: nil}
		}
	}
	return object{}
}
