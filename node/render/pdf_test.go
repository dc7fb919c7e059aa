package render

import (
	"strings"
	"testing"

	"cession/node/vault"
)

// Every page of a real document says who read it, and has lost nothing.
func TestWatermarkOnEveryPage(t *testing.T) {
	for name, doc := range portfolio(t) {
		t.Run(name, func(t *testing.T) {
			before, after := textOf(t, doc), textOf(t, markedCopy(t, doc, vault.PDF))
			if len(after) != len(before) || len(after) < 1 {
				t.Fatalf("%d pages, want %d", len(after), len(before))
			}
			for i, text := range after {
				if !strings.Contains(squeezed(text), squeezed(testMark.footer())) {
					t.Errorf("page %d lacks the footer", i+1)
				}
			}
			for i, word := range strings.Fields(before[0]) {
				if i < 20 && !strings.Contains(after[0], word) {
					t.Errorf("page 1 has lost %q", word)
				}
			}
		})
	}
}

// What is unusual about a page neither hides nor moves the mark, and the page's
// own content stays.
func TestWatermarkOnOddPages(t *testing.T) {
	const size = "/MediaBox[0 0 595 842]"
	for name, doc := range map[string][]byte{
		"plain":                 onePage(size, hello),
		"turned right":          onePage(size+"/Rotate 90", hello),
		"upside down":           onePage(size+"/Rotate 180", hello),
		"turned left":           onePage(size+"/Rotate -90", hello),
		"cropped, off origin":   onePage("/MediaBox[-300 -300 900 1200]/CropBox[-50 100 545 942]", hello),
		"cropped and turned":    onePage("/MediaBox[-300 -300 900 1200]/CropBox[-50 100 545 942]/Rotate 270", hello),
		"crop outside of media": onePage(size+"/CropBox[9000 9000 9100 9100]", hello),
		"corners swapped":       onePage("/MediaBox[595 842 0 0]", hello),
		"scale left behind":     onePage(size, "q 0.01 0 0 0.01 5000 5000 cm Q "+hello+" q q 0.001 0 0 0.001 9000 9000 cm"),
		"more Q than q":         onePage(size, hello+" Q Q Q 0.001 0 0 0.001 9000 9000 cm"),
		"text not ended":        onePage(size, "BT /H 24 Tf 100 400 Td (HELLO INVOICE) Tj"),
		"clipped away":          onePage(size, hello+" 0 0 1 1 re W n"),
		"invisible text mode":   onePage(size, hello+" 3 Tr"),
		"parts of a content": pdfOf(catalog, oneKid, "<</Type/Page/Parent 2 0 R"+size+"/Contents[5 0 R 6 0 R 99 0 R]>>", letters,
			streamOf("BT /H 24 Tf 100 400 Td"), streamOf("(HELLO INVOICE) Tj ET")),
		"one part":      pdfOf(catalog, oneKid, "<</Type/Page/Parent 2 0 R"+size+"/Contents[5 0 R]>>", letters, streamOf(hello)),
		"other content": pdfOf(strings.Replace(catalog, "/Pages", "/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>/Pages", 1), oneKid, "<</Type/Page/Parent 2 0 R"+size+"/Contents 5 0 R>>", letters, streamOf(hello), "<</Type/OCG/Name(hidden)>>"),
		"own resources": pdfOf(catalog, oneKid, "<</Type/Page/Parent 2 0 R"+size+"/Resources 6 0 R/Contents 5 0 R>>", letters, streamOf(hello),
			"<</Font<</H 4 0 R>>/XObject<</CessionMark 5 0 R/CessionPage 5 0 R>>>>"),
		"page twice": pdfOf(catalog, "<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]/Resources<</Font<</H 4 0 R>>>>>>", "<</Type/Page/Parent 2 0 R"+size+"/Contents 5 0 R>>", letters, streamOf(hello)),
	} {
		t.Run(name, func(t *testing.T) {
			for i, text := range textOf(t, markedCopy(t, doc, vault.PDF)) {
				if !strings.Contains(squeezed(text), squeezed(testMark.footer())) {
					t.Errorf("page %d lacks the footer:\n%s", i+1, text)
				}
				if !strings.Contains(squeezed(text), "HELLOINVOICE") {
					t.Errorf("page %d has lost its own text:\n%s", i+1, text)
				}
			}
		})
	}
	for name, doc := range map[string][]byte{
		"no content":    pdfOf(catalog, oneKid, "<</Type/Page/Parent 2 0 R"+size+">>", letters),
		"empty content": pdfOf(catalog, oneKid, "<</Type/Page/Parent 2 0 R"+size+"/Contents[]>>", letters),
		"no size":       onePage("", ""),
		"no usable box": onePage("/MediaBox[0 0 0 0]", ""),
	} {
		text := textOf(t, markedCopy(t, doc, vault.PDF))
		if len(text) != 1 || !strings.Contains(squeezed(text[0]), squeezed(testMark.footer())) {
			t.Errorf("%s: the page lacks the footer", name)
		}
	}
}

// The mark's own words cannot break out of it.
func TestWatermarkEscapesItsText(t *testing.T) {
	m := testMark
	m.Read = `a) Tj (b\`
	if have := escape(m.Read); have != `a\) Tj \(b\\` {
		t.Errorf("escaped as %s", have)
	}
}
