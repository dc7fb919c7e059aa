package render

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"cession/deal"
	"cession/node/vault"
)

// A document that cannot be marked is a clear error, and bounded work; nothing
// of it comes out.
func TestHostileDocuments(t *testing.T) {
	for name, c := range map[string]struct {
		media vault.MediaType
		doc   []byte
		want  error
	}{
		"nothing":              {vault.PDF, nil, ErrDamaged},
		"no PDF":               {vault.PDF, []byte("%PDF-1.7\nhello"), ErrDamaged},
		"cut short":            {vault.PDF, many(3)[:200], ErrDamaged},
		"broken xref":          {vault.PDF, bytes.ReplaceAll(many(3), []byte(" 0 R"), []byte(" 7 X")), ErrDamaged},
		"encrypted":            {vault.PDF, encrypted(t), ErrEncrypted},
		"tree in a circle":     {vault.PDF, pdfOf(catalog, "<</Type/Pages/Count 1/Kids[2 0 R]>>"), ErrDamaged},
		"tree of many circles": {vault.PDF, pdfOf(catalog, "<</Type/Pages/Count 1/Kids["+strings.Repeat("2 0 R ", 50)+"]>>"), ErrDamaged},
		"catalog for a tree":   {vault.PDF, pdfOf("<</Type/Catalog/Pages 1 0 R>>"), ErrDamaged},
		"no pages":             {vault.PDF, pdfOf(catalog, "<</Type/Pages/Count 1000/Kids[]>>"), ErrDamaged},
		"thousands of pages":   {vault.PDF, many(MaxPages + 1), ErrTooLarge},
		"content that is none": {vault.PDF, pdfOf(catalog, oneKid, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents(no)>>", letters), ErrDamaged},
		"content that unpacks": {vault.PDF, bomb(), nil},
		"too large":            {vault.PDF, make([]byte, MaxInput+1), ErrTooLarge},
		"page that is a line":  {vault.PDF, onePage("/MediaBox[0 0 900000 1]", hello), ErrTooLarge},
		"image that is a line": {vault.PNG, drawing(100_000, 1), ErrTooLarge},
		"text":                 {vault.Text, []byte("hello"), ErrType},
		"no image":             {vault.PNG, []byte("\x89PNG\r\n\x1a\nhello"), ErrDamaged},
		"image without end":    {vault.JPEG, photo(64, 64)[:300], ErrDamaged},
		"huge image":           {vault.PNG, hugePNG(), ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := renderer().Watermark(context.Background(), &out, bytes.NewReader(c.doc), c.media, testMark)
			wantKind(t, err, deal.Invalid, c.want)
			if out.Len() > 0 {
				t.Errorf("%d bytes came out", out.Len())
			}
		})
	}
}

// Each shape of a page has a mark of its own: all of them are bounded too.
func TestPagesOfManyShapes(t *testing.T) {
	for ratio, want := range map[int]error{140: ErrTooLarge, 1: nil} {
		objects, kids := []string{catalog, "", letters, streamOf(hello)}, ""
		for i := range 300 {
			kids += fmt.Sprintf("%d 0 R ", 5+i)
			objects = append(objects, fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d 100]/Contents 4 0 R>>", 100*ratio+i))
		}
		objects[1] = "<</Type/Pages/Count 300/Kids[" + kids + "]/Resources<</Font<</H 3 0 R>>>>>>"
		err := renderer().Watermark(context.Background(), io.Discard, bytes.NewReader(pdfOf(objects...)), vault.PDF, testMark)
		if !errors.Is(err, want) {
			t.Errorf("shapes of %d to 1: %v, want %v", ratio, err, want)
		}
	}
}

// What pages are only drawn with bounded resolution, whatever size they claim.
func TestHugePageIsDrawnSmall(t *testing.T) {
	for name, size := range map[string]string{
		"huge": "/MediaBox[0 0 14400 14400]", "absurd": "/MediaBox[0 0 900000 900000]", "strip": "/MediaBox[0 0 200000 100]",
	} {
		image, err := renderer().Page(context.Background(), bytes.NewReader(onePage(size, hello)), vault.PDF, 1, MaxDPI, testMark)
		if err != nil {
			wantKind(t, err, deal.Invalid, nil)
			continue
		}
		if w, h := dimensions(t, image); w*h > 2*maxPagePixels {
			t.Errorf("%s: %d x %d pixels", name, w, h)
		}
	}
}

// Work that does not heed its context is given up, and keeps its place until it ends.
func TestSlowWorkKeepsItsPlace(t *testing.T) {
	r := New(1, time.Millisecond)
	ctx, cancel := context.WithCancel(context.Background())
	release, ended := make(chan struct{}), make(chan struct{})
	started := make(chan struct{})
	go func() {
		defer close(ended)
		_, err := limited(r, ctx, bytes.NewReader(many(1)), vault.PDF, func(context.Context, []byte) (int, error) {
			close(started)
			<-release
			return 0, nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("given up with %v", err)
		}
	}()
	<-started
	cancel()
	<-ended
	if _, err := r.Pages(context.Background(), bytes.NewReader(many(1)), vault.PDF); !errors.Is(err, ErrBusy) {
		t.Errorf("while work goes on: %v, want busy", err)
	}
	close(release)
	patient := &Renderer{r.slots, 10 * time.Second}
	if n, err := patient.Pages(context.Background(), bytes.NewReader(many(2)), vault.PDF); n != 2 || err != nil {
		t.Errorf("afterwards: %d pages, %v", n, err)
	}
}

// A caller with less patience than there is time learns nothing of the document.
func TestCallerIsImpatient(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err := limited(renderer(), ctx, bytes.NewReader(many(1)), vault.PDF, func(ctx context.Context, _ []byte) (int, error) {
		<-ctx.Done()
		return 0, ctx.Err()
	})
	wantKind(t, err, "", context.DeadlineExceeded)
}

// What a document makes a reader panic with is the document's fault.
func TestPanicIsDamage(t *testing.T) {
	r := renderer()
	for range 3 { // more often than there are slots
		_, err := limited(r, context.Background(), bytes.NewReader(nil), vault.PDF, func(context.Context, []byte) (int, error) { panic("quotes the document") })
		wantKind(t, err, deal.Invalid, ErrDamaged)
		if strings.Contains(fmt.Sprint(err), "quotes") {
			t.Errorf("the error tells of the document: %v", err)
		}
	}
}

func encrypted(t *testing.T) []byte {
	t.Helper()
	noConfigDir()
	conf := model.NewAESConfiguration("", "owner", 256)
	var out bytes.Buffer
	if err := api.Encrypt(bytes.NewReader(many(1)), &out, conf); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bomb has pages whose contents unpack to a thousand times their size.
func bomb() []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(bytes.Repeat([]byte(" "), 40<<20))
	z.Close()
	stream := fmt.Sprintf("<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", packed.Len(), packed.String())
	return pdfOf(catalog, oneKid, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents["+strings.Repeat("5 0 R ", 50)+"]>>", letters, stream)
}

// hugePNG says that it has 100,000 by 100,000 pixels.
func hugePNG() []byte {
	header := make([]byte, 17)
	copy(header, "IHDR")
	binary.BigEndian.PutUint32(header[4:], 100_000)
	binary.BigEndian.PutUint32(header[8:], 100_000)
	header[12], header[13] = 8, 2
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\r"), header...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(header))
}

// source is a document that cannot be read.
type source struct {
	*bytes.Reader
	reads int
}

var errSource = errors.New("the store is away")

func (s *source) Read([]byte) (int, error) {
	s.reads++
	return 0, errSource
}

// A store that fails is not the document's fault; while others are rendered
// nothing is read into memory.
func TestSourceFails(t *testing.T) {
	src := &source{Reader: bytes.NewReader(many(1))}
	if _, err := renderer().Pages(context.Background(), src, vault.PDF); !errors.Is(err, errSource) || deal.KindOf(err) != "" {
		t.Errorf("have %v of kind %q", err, deal.KindOf(err))
	}
	src.reads = 0
	if _, err := New(0, time.Millisecond).Pages(context.Background(), src, vault.PDF); !errors.Is(err, ErrBusy) || src.reads > 0 {
		t.Errorf("while busy: %v, %d reads", err, src.reads)
	}
}
