package render

import (
	"bytes"
	"context"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// FuzzWatermark: whatever a document holds, it is refused in a documented way or
// comes out with the mark on every page.
func FuzzWatermark(f *testing.F) {
	f.Add(many(2), uint8(0))
	f.Add(onePage("/MediaBox[0 0 595 842]/Rotate 90", hello), uint8(0))
	f.Add(pdfOf(catalog, oneKid, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[5 0 R 5 0 R]>>", letters, streamOf(hello)), uint8(0))
	f.Add(drawing(40, 30), uint8(1))
	f.Add(photo(40, 30), uint8(2))
	f.Add(hugePNG(), uint8(1))
	media := []vault.MediaType{vault.PDF, vault.PNG, vault.JPEG}
	f.Fuzz(func(t *testing.T, doc []byte, kind uint8) {
		m := media[int(kind)%len(media)]
		start := time.Now()
		var out bytes.Buffer
		err := renderer().Watermark(context.Background(), &out, bytes.NewReader(doc), m, testMark)
		if spent := time.Since(start); spent > timeLimit+5*time.Second {
			t.Errorf("took %v", spent)
		}
		if err != nil {
			if deal.KindOf(err) != deal.Invalid || out.Len() > 0 {
				t.Errorf("%v, with %d bytes", err, out.Len())
			}
			return
		}
		if m == vault.PDF {
			everyPageHasAMark(t, out.Bytes())
		}
	})
}

func everyPageHasAMark(t *testing.T, pdf []byte) {
	doc, err := readPDF(context.Background(), pdf)
	if err != nil {
		t.Fatalf("what was written cannot be read: %v", err)
	}
	pages, err := pagesOf(context.Background(), doc)
	if err != nil {
		t.Fatalf("what was written has no pages: %v", err)
	}
	for i, p := range pages {
		if !marked(doc, p) {
			t.Fatalf("page %d has no mark", i+1)
		}
	}
}
