package vault

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
)

// bombPDF is a PDF of one page whose catalog is in a stream that unpacks to so
// many MiB of blanks.
func bombPDF(unpacked int) []byte {
	catalog, pages, page := "<</Type/Catalog/Pages 2 0 R>> ", "<</Type/Pages/Kids[3 0 R]/Count 1>> ", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>> "
	first := fmt.Sprintf("1 0 2 %d 3 %d ", len(catalog), len(catalog)+len(pages))
	var packed, b bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = io.WriteString(z, first+catalog+pages+page)
	for range unpacked {
		_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	z.Close()
	b.WriteString("%PDF-1.5\n")
	objects := b.Len()
	fmt.Fprintf(&b, "4 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n", len(first), packed.Len(), packed.Bytes())
	xref := b.Len()
	table := []byte{0, 0, 0, 0, 0xff, 0xff}
	for i := range 3 {
		table = append(table, 2, 0, 0, 4, 0, byte(i))
	}
	for _, at := range []int{objects, xref} {
		table = append(table, 1, byte(at>>16), byte(at>>8), byte(at), 0, 0)
	}
	fmt.Fprintf(&b, "5 0 obj\n<</Type/XRef/Size 6/W[1 3 2]/Root 1 0 R/Length %d>>stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", len(table), table, xref)
	return b.Bytes()
}

// allocated returns the bytes that something takes from memory in all.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A small PDF that unpacks to a large one is refused before it fills the memory.
func TestInspectUnpacks(t *testing.T) {
	for unpacked, want := range map[int]error{1: nil, 256: ErrDamaged} {
		b := bombPDF(unpacked)
		var err error
		took := allocated(func() { _, err = Inspect(bytes.NewReader(b), int64(len(b)), "a.pdf") })
		if !errors.Is(err, want) || took > 128<<20 {
			t.Errorf("%d MiB in %d bytes: %v, with %d MiB of memory", unpacked, len(b), err, took>>20)
		}
	}
}

// oneQuote is a CSV document of so many bytes with a quote that is never closed.
type oneQuote struct{ size int64 }

func (q oneQuote) ReadAt(p []byte, offset int64) (int, error) {
	n := int(min(int64(len(p)), q.size-offset))
	for i := range p[:n] {
		p[i] = "a,b\n"[(offset+int64(i))%4]
		if offset+int64(i) == 4 {
			p[i] = '"'
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// A quote that is never closed does not take the document into memory.
func TestInspectUnclosedQuote(t *testing.T) {
	var err error
	took := allocated(func() { _, err = Inspect(oneQuote{1 << 30}, 1<<30, "a.csv") })
	if !errors.Is(err, ErrDamaged) || took > 64<<20 {
		t.Errorf("%v, with %d MiB of memory", err, took>>20)
	}
	if _, err = Inspect(oneQuote{1 << 20}, 1<<20, "a.csv"); !errors.Is(err, ErrTruncated) {
		t.Errorf("one that is small: %v", err)
	}
}
