package render

import (
	"bytes"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// stamp puts one mark on the pages of one document.
type stamp struct {
	doc     *model.Context
	mark    Mark
	content types.IndirectRef             // of every page: the page's own form, then the mark's
	text    types.IndirectRef             // resources of the mark
	marks   map[string]*types.IndirectRef // by the shape of a page
	decoded int64                         // bytes, so far
	drawn   int                           // bytes of marks, so far
}

// Names of the resources; pages have no others, so they cannot clash.
const (
	pageForm = "CessionPage"
	markForm = "CessionMark"
	drawBoth = "q /" + pageForm + " Do Q q /" + markForm + " Do Q"
)

func newStamp(doc *model.Context, mark Mark) (*stamp, error) {
	s := &stamp{doc: doc, mark: mark, marks: map[string]*types.IndirectRef{}}
	content, err := s.stream(types.Dict{}, []byte(drawBoth))
	if err != nil {
		return nil, err
	}
	resources, err := doc.IndRefForNewObject(types.Dict{
		"Font": types.Dict{"F": types.Dict{
			"Type": types.Name("Font"), "Subtype": types.Name("Type1"),
			"BaseFont": types.Name(fontName), "Encoding": types.Name("WinAnsiEncoding"),
		}},
		"ExtGState": types.Dict{
			"L": types.Dict{"Type": types.Name("ExtGState"), "ca": types.Float(lineOpacity), "CA": types.Float(edgeOpacity), "BM": types.Name("Normal"), "SMask": types.Name("None")},
			"B": types.Dict{"Type": types.Name("ExtGState"), "ca": types.Float(backOpacity)},
			"T": types.Dict{"Type": types.Name("ExtGState"), "ca": types.Float(1)},
		},
	})
	if err != nil {
		return nil, invalid(ErrDamaged, "nothing can be added to it")
	}
	s.content, s.text = *content, *resources
	return s, nil
}

// put marks a page.
func (s *stamp) put(p page) error {
	own, err := s.form(p)
	if err != nil {
		return err
	}
	mark, err := s.markFor(p)
	if err != nil {
		return err
	}
	forms := types.Dict{markForm: *mark}
	if own != nil {
		forms[pageForm] = *own
	} else {
		blank, err := s.stream(formDict(p.media, nil), []byte(" "))
		if err != nil {
			return err
		}
		forms[pageForm] = *blank
	}
	p.dict.Update("Resources", types.Dict{"XObject": forms})
	p.dict.Update("Contents", s.content)
	return nil
}

// form makes a form XObject of a page's content (8.10), or returns nil if it has
// none. A content of one stream keeps its bytes as they are.
func (s *stamp) form(p page) (*types.IndirectRef, error) {
	o, _ := p.dict.Find("Contents")
	o, err := s.doc.Dereference(o)
	if err != nil {
		return nil, invalid(ErrDamaged, "the content of a page cannot be read")
	}
	d := formDict(p.media, p.resources)
	switch c := o.(type) {
	case nil:
		return nil, nil
	case types.StreamDict:
		return s.reuse(c, d)
	case types.Array:
		joined, err := s.join(c)
		if err != nil {
			return nil, err
		}
		return s.stream(d, joined)
	}
	return nil, invalid(ErrDamaged, "the content of a page cannot be read")
}

func formDict(b box, resources types.Object) types.Dict {
	if resources == nil {
		resources = types.Dict{}
	}
	return types.Dict{
		"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "FormType": types.Integer(1),
		"BBox":      types.NewNumberArray(b.x0, b.y0, b.x1, b.y1),
		"Resources": resources,
	}
}

// reuse makes a form of a stream without decoding it. Pages may share a stream:
// the form is another object, with the resources of its page.
func (s *stamp) reuse(c types.StreamDict, d types.Dict) (*types.IndirectRef, error) {
	if c.Raw == nil {
		return nil, invalid(ErrDamaged, "the content of a page cannot be read")
	}
	for _, key := range []string{"Filter", "DecodeParms"} {
		if v, ok := c.Find(key); ok {
			d[key] = v
		}
	}
	size := int64(len(c.Raw))
	d["Length"] = types.Integer(size)
	c.Dict, c.StreamLength, c.StreamLengthObjNr, c.IsPageContent = d, &size, nil, false
	return s.add(c)
}

// join decodes the streams of a content, which may break it between any two
// tokens (7.8.2).
func (s *stamp) join(list types.Array) ([]byte, error) {
	var all bytes.Buffer
	for _, o := range list {
		c, _, err := s.doc.DereferenceStreamDict(o)
		if err != nil {
			return nil, invalid(ErrDamaged, "the content of a page cannot be read")
		}
		if c == nil {
			continue
		}
		if err := c.DecodeWithLimit(maxDecoded - s.decoded); err != nil {
			return nil, invalid(ErrDamaged, "the content of a page cannot be decoded")
		}
		s.decoded += int64(len(c.Content))
		if s.decoded >= maxDecoded {
			return nil, invalid(ErrTooLarge, fmt.Sprintf("its pages have more than %d MiB of content", maxDecoded>>20))
		}
		all.Write(c.Content)
		all.WriteByte('\n')
	}
	return all.Bytes(), nil
}

// stream adds a stream to the document.
func (s *stamp) stream(d types.Dict, content []byte) (*types.IndirectRef, error) {
	sd, err := s.doc.NewStreamDictForBuf(content)
	if err != nil {
		return nil, invalid(ErrDamaged, "nothing can be added to it")
	}
	for k, v := range d {
		sd.Update(k, v)
	}
	if err := sd.Encode(); err != nil {
		return nil, invalid(ErrDamaged, "nothing can be added to it")
	}
	return s.add(*sd)
}

func (s *stamp) add(sd types.StreamDict) (*types.IndirectRef, error) {
	ref, err := s.doc.IndRefForNewObject(sd)
	if err != nil {
		return nil, invalid(ErrDamaged, "nothing can be added to it")
	}
	return ref, nil
}

// maxDrawn bounds the marks of a document, in bytes: each shape of a page has one.
const maxDrawn = 64 << 20

// markFor returns the mark for pages of this shape.
func (s *stamp) markFor(p page) (*types.IndirectRef, error) {
	key := fmt.Sprint(p.box, p.rotate)
	if ref, ok := s.marks[key]; ok {
		return ref, nil
	}
	if err := markable(p.shown()); err != nil {
		return nil, err
	}
	drawing := s.drawing(p)
	if s.drawn += len(drawing); s.drawn > maxDrawn {
		return nil, invalid(ErrTooLarge, "its pages have too many shapes")
	}
	ref, err := s.stream(formDict(p.box, s.text), []byte(drawing))
	if err == nil {
		s.marks[key] = ref
	}
	return ref, err
}
