package render

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// pdfcpu keeps a configuration folder in the user's home unless told not to.
var noConfigDir = sync.OnceFunc(api.DisableConfigDir)

// readPDF reads the structure of a PDF, and none of pdfcpu's own words: they may
// quote the document.
func readPDF(ctx context.Context, raw []byte) (*model.Context, error) {
	noConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	conf.Limits.MaxStreamBytes = MaxInput
	conf.Limits.MaxDecodeBytes = maxDecoded
	conf.Limits.MaxObjectCount = maxObjects
	conf.Limits.MaxXRefEntries = maxObjects
	doc, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(raw), conf)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, pdfcpu.ErrWrongPassword), err == nil && doc.Encrypt != nil:
		return nil, invalid(ErrEncrypted, "its pages cannot be marked")
	case err != nil:
		return nil, invalid(ErrDamaged, "its structure cannot be read")
	}
	return doc, nil
}

const (
	maxDecoded = 128 << 20 // bytes of content, of all pages together
	maxObjects = 1 << 20
)

// readPages reads the pages of a PDF.
func readPages(ctx context.Context, raw []byte) ([]page, error) {
	doc, err := readPDF(ctx, raw)
	if err != nil {
		return nil, err
	}
	return pagesOf(ctx, doc)
}

// markPDF puts every page's content into a form of its own, so that nothing in
// it can move, cover or hide the mark, which is drawn after it.
func markPDF(ctx context.Context, raw []byte, mark Mark) ([]byte, error) {
	doc, err := readPDF(ctx, raw)
	if err != nil {
		return nil, err
	}
	pages, err := pagesOf(ctx, doc)
	if err != nil {
		return nil, err
	}
	s, err := newStamp(doc, mark)
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if p.again {
			continue
		}
		if err := s.put(p); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := api.WriteContext(doc, &out); err != nil {
		return nil, invalid(ErrDamaged, "its structure cannot be written")
	}
	return out.Bytes(), checkMarked(ctx, out.Bytes(), len(pages))
}
