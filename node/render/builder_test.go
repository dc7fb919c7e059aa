package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

var testMark = Mark{Party: "alpine-bank", At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Deal: "d-abcdefghijklmnopqrst", Read: "k7x2m4qa"}

// pdfOf writes a PDF of objects, numbered from 1; the first is the catalog.
func pdfOf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

const (
	catalog = "<</Type/Catalog/Pages 2 0 R>>"
	oneKid  = "<</Type/Pages/Count 1/Kids[3 0 R]/Resources<</Font<</H 4 0 R>>>>>>"
	letters = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
	hello   = "BT /H 24 Tf 100 400 Td (HELLO INVOICE) Tj ET"
)

func streamOf(content string) string {
	return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
}

// onePage is a PDF of one page with this content and these entries.
func onePage(entries, content string) []byte {
	return pdfOf(catalog, oneKid, "<</Type/Page/Parent 2 0 R "+entries+"/Contents 5 0 R>>", letters, streamOf(content))
}

// many is a PDF of many pages that share one content.
func many(count int) []byte {
	objects := []string{catalog, "", letters, streamOf(hello)}
	var kids strings.Builder
	for i := range count {
		fmt.Fprintf(&kids, "%d 0 R ", 5+i)
		objects = append(objects, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>")
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]/Resources<</Font<</H 3 0 R>>>>>>", count, kids.String())
	return pdfOf(objects...)
}

// portfolio returns the real invoices of the examples.
func portfolio(t testing.TB) map[string][]byte {
	files, err := filepath.Glob("../../examples/portfolio/*.pdf")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d example invoices, %v; want 8", len(files), err)
	}
	docs := map[string][]byte{}
	for _, f := range files {
		if docs[filepath.Base(f)], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	return docs
}

func renderer() *Renderer { return New(2, 10*time.Second) }

func markedCopy(t testing.TB, doc []byte, media vault.MediaType) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := renderer().Watermark(context.Background(), &out, bytes.NewReader(doc), media, testMark); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// textOf extracts the text of each page with another program than the one that
// wrote it.
func textOf(t testing.TB, pdf []byte) []string {
	t.Helper()
	c := exec.Command("pdftotext", "-raw", "-", "-")
	c.Stdin = bytes.NewReader(pdf)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	pages := strings.Split(string(out), "\f")
	return pages[:len(pages)-1]
}

// squeezed leaves out spaces, which extraction adds and drops.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func wantKind(t testing.TB, err error, kind deal.Kind, cause error) {
	t.Helper()
	if deal.KindOf(err) != kind || (cause != nil && !errors.Is(err, cause)) {
		t.Errorf("have error %v of kind %q, want %v of kind %q", err, deal.KindOf(err), cause, kind)
	}
}
