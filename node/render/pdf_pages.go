package render

import (
	"context"
	"fmt"
	"math"
	"reflect"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// page is a page of a PDF with what it inherits (ISO 32000-1, 7.7.3.4).
type page struct {
	dict      types.Dict
	resources types.Object // may be nil
	box       box          // what is shown of it
	media     box
	rotate    int  // 0, 90, 180, 270: clockwise, when shown
	again     bool // it was in the list before
}

// box is a rectangle in the units of a page.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) width() float64  { return b.x1 - b.x0 }
func (b box) height() float64 { return b.y1 - b.y0 }

// shown returns how wide and high the page is when it is shown, in points.
func (p page) shown() (w, h float64) {
	if p.rotate%180 != 0 {
		return p.box.height(), p.box.width()
	}
	return p.box.width(), p.box.height()
}

// pagesOf walks the tree of pages.
func pagesOf(ctx context.Context, doc *model.Context) ([]page, error) {
	catalog, err := doc.Catalog()
	if err != nil {
		return nil, invalid(ErrDamaged, "it has no catalog")
	}
	root, _ := catalog.Find("Pages")
	if d, err := doc.DereferenceDict(root); err != nil || d == nil || d["Kids"] == nil {
		return nil, invalid(ErrDamaged, "it has no tree of pages")
	}
	w := &walk{ctx: ctx, doc: doc, taken: map[uintptr]bool{}}
	if err := w.node(root, page{}, 0); err != nil {
		return nil, err
	}
	if len(w.pages) == 0 {
		return nil, invalid(ErrDamaged, "it has no pages")
	}
	return w.pages, nil
}

type walk struct {
	ctx   context.Context
	doc   *model.Context
	taken map[uintptr]bool // dictionaries of pages
	pages []page
	nodes int
}

// Bounds on the tree of pages, which may run in a circle.
const (
	maxDepth = 100
	maxNodes = 4 * MaxPages
)

// node walks an inner node or takes a page; above is what it inherits.
func (w *walk) node(o types.Object, above page, depth int) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.nodes++
	d, err := w.doc.DereferenceDict(o)
	if err != nil || depth > maxDepth || w.nodes > maxNodes {
		return invalid(ErrDamaged, "its tree of pages cannot be read")
	}
	if d == nil {
		return nil // an object that is not there is null (7.3.10)
	}
	p := w.inherit(d, above)
	kids, inner := d.Find("Kids")
	if !inner {
		return w.take(p)
	}
	list, err := w.doc.DereferenceArray(kids)
	if err != nil {
		return invalid(ErrDamaged, "its tree of pages cannot be read")
	}
	for _, kid := range list {
		if err := w.node(kid, p, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) inherit(d types.Dict, p page) page {
	p.dict = d
	if r, ok := d.Find("Resources"); ok {
		p.resources = r
	}
	if b, ok := w.rectangle(d, "MediaBox"); ok {
		p.media = b
	}
	if b, ok := w.rectangle(d, "CropBox"); ok {
		p.box = b
	}
	if o, ok := d.Find("Rotate"); ok {
		if r, err := w.doc.DereferenceInteger(o); err == nil && r != nil {
			p.rotate = (int(*r)%360 + 360) % 360 / 90 * 90
		}
	}
	return p
}

// a4 is what viewers take a page without a usable size for, more or less.
var a4 = box{0, 0, 595, 842}

func (w *walk) take(p page) error {
	if len(w.pages) == MaxPages {
		return invalid(ErrTooLarge, fmt.Sprintf("at most %d pages", MaxPages))
	}
	if p.media == (box{}) {
		p.media = a4
	}
	crop := box{max(p.box.x0, p.media.x0), max(p.box.y0, p.media.y0), min(p.box.x1, p.media.x1), min(p.box.y1, p.media.y1)}
	p.box = p.media
	if crop.width() > 0 && crop.height() > 0 {
		p.box = crop
	}
	id := reflect.ValueOf(p.dict).Pointer()
	p.again = w.taken[id]
	w.taken[id] = true
	w.pages = append(w.pages, p)
	return nil
}

// rectangle reads a box of a page; one that is none is left out.
func (w *walk) rectangle(d types.Dict, key string) (b box, ok bool) {
	o, found := d.Find(key)
	if !found {
		return b, false
	}
	list, err := w.doc.DereferenceArray(o)
	if err != nil || len(list) != 4 {
		return b, false
	}
	var v [4]float64
	for i, o := range list {
		if v[i], err = w.doc.DereferenceNumber(o); err != nil || math.Abs(v[i]) > maxCoordinate || math.IsNaN(v[i]) {
			return b, false
		}
	}
	b = box{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}
	return b, b.width() >= 1 && b.height() >= 1
}

// maxCoordinate keeps arithmetic on boxes exact.
const maxCoordinate = 1e6
