package render

import (
	"context"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// checkMarked reads a copy again, as its reader will: what is odd in a document
// must not bring a page through without a mark.
func checkMarked(ctx context.Context, raw []byte, count int) error {
	doc, err := readPDF(ctx, raw)
	if err != nil {
		return err
	}
	pages, err := pagesOf(ctx, doc)
	if err != nil {
		return err
	}
	if len(pages) != count {
		return invalid(ErrDamaged, "its copy has lost pages")
	}
	for _, p := range pages {
		if !marked(doc, p) {
			return invalid(ErrDamaged, "a page cannot be marked")
		}
	}
	return nil
}

// marked reports whether a page draws a mark, and draws it last.
func marked(doc *model.Context, p page) bool {
	content, _, err := doc.DereferenceStreamDict(p.dict["Contents"])
	if err != nil || content == nil || content.Decode() != nil || string(content.Content) != drawBoth {
		return false
	}
	resources, err := doc.DereferenceDict(p.resources)
	if err != nil || resources == nil {
		return false
	}
	forms, err := doc.DereferenceDict(resources["XObject"])
	if err != nil || forms == nil {
		return false
	}
	mark, ok := forms[markForm].(types.IndirectRef)
	if !ok {
		return false
	}
	sd, _, err := doc.DereferenceStreamDict(mark)
	return err == nil && sd != nil
}
