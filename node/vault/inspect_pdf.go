package vault

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

const (
	maxTrailer = 16 << 20 // bytes
	pdfTimeout = 30 * time.Second

	// The most that a PDF may unpack to or point to: a file of some hundred
	// kilobytes could otherwise fill the memory.
	maxUnpacked = 16 << 20 // bytes of one stream of objects or cross-references
	maxObjects  = 1_000_000
)

var (
	pdfEnd       = regexp.MustCompile(`startxref\s+(\d{1,12})\s+%%EOF`)
	pdfEncrypted = regexp.MustCompile(`/Encrypt\s*(\d+\s+\d+\s+R|<<)`)
)

// inspectPDF follows ISO 32000-1, 7.5. It reads the structure leniently, as
// viewers do, and does not validate: real invoices stray from the standard, and
// a refusal of a good document costs more than a pass for a sloppy one. Of a PDF
// above maxStructure only the beginning, the end and the trailer are read.
func inspectPDF(r *io.SectionReader) error {
	if !bytes.Contains(head(r, 1024), []byte("%PDF-")) {
		return errMismatch("PDF")
	}
	ends := pdfEnd.FindAllSubmatch(tail(r, 2048), -1)
	if len(ends) == 0 {
		return errTruncated("the end of a PDF")
	}
	xref, _ := strconv.ParseInt(string(ends[len(ends)-1][1]), 10, 64)
	if xref >= r.Size() {
		return errTruncated("parts its end refers to")
	}
	if pdfEncrypted.Match(trailer(r, xref)) {
		return errEncrypted()
	}
	if r.Size() > maxStructure {
		return nil
	}
	return inspectStructure(r)
}

// trailer returns the last cross-reference section with its dictionary, which
// is never compressed and which names the encryption, if any (7.5.5, 7.5.8.2).
func trailer(r *io.SectionReader, xref int64) []byte {
	section := part(r, xref, maxTrailer)
	for _, end := range []string{"startxref", "stream"} {
		if i := bytes.Index(section, []byte(end)); i >= 0 {
			section = section[:i]
		}
	}
	return section
}

// pdfcpu keeps a configuration folder in the user's home unless told not to.
var noConfigDir = sync.OnceFunc(api.DisableConfigDir)

// inspectStructure leaves out pdfcpu's own words: they may quote the document.
func inspectStructure(r *io.SectionReader) (err error) {
	defer func() {
		if recover() != nil {
			err = errDamaged("its PDF structure cannot be read")
		}
	}()
	noConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.Cmd = model.VALIDATE
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	conf.Limits.MaxStreamBytes, conf.Limits.MaxDecodeBytes = maxStructure, maxUnpacked
	conf.Limits.MaxObjectCount, conf.Limits.MaxXRefEntries = maxObjects, maxObjects
	ctx, cancel := context.WithTimeout(context.Background(), pdfTimeout)
	defer cancel()
	doc, err := pdfcpu.ReadWithContext(ctx, r, conf)
	if errors.Is(err, pdfcpu.ErrWrongPassword) || err == nil && doc.Encrypt != nil {
		return errEncrypted()
	}
	if err != nil || doc.EnsurePageCount() != nil {
		return errDamaged("its PDF structure cannot be read")
	}
	if doc.PageCount < 1 {
		return errDamaged("it has no pages")
	}
	return nil
}
