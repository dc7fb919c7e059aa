package render

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"cession/node/vault"
)

// hundred returns real invoices bound together until there are 100 pages or more.
func hundred(b *testing.B) ([]byte, int) {
	noConfigDir()
	var readers []io.ReadSeeker
	for len(readers) < 44 {
		for _, doc := range portfolio(b) {
			readers = append(readers, bytes.NewReader(doc))
		}
	}
	var bound bytes.Buffer
	if err := api.MergeRaw(readers[:44], &bound, false, nil); err != nil {
		b.Fatal(err)
	}
	pages, err := renderer().Pages(context.Background(), bytes.NewReader(bound.Bytes()), vault.PDF)
	if err != nil {
		b.Fatal(err)
	}
	return bound.Bytes(), pages
}

// BenchmarkWatermark marks real pages; the design says 0.12 s for 100 of them.
func BenchmarkWatermark(b *testing.B) {
	doc, pages := hundred(b)
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if err := renderer().Watermark(context.Background(), io.Discard, bytes.NewReader(doc), vault.PDF, testMark); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N)*100/float64(pages), "ms/100pages")
}

// BenchmarkPage draws and marks one page of a real invoice.
func BenchmarkPage(b *testing.B) {
	for _, doc := range portfolio(b) {
		for b.Loop() {
			if _, err := renderer().Page(context.Background(), bytes.NewReader(doc), vault.PDF, 1, DefaultDPI, testMark); err != nil {
				b.Fatal(err)
			}
		}
		return
	}
}
