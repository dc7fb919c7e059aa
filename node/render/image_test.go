package render

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"cession/node/vault"
)

// picture has no two areas that are alike.
func picture(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), uint8(200 + r.IntN(20)), 255})
		}
	}
	return m
}

func photo(w, h int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, picture(w, h), nil)
	return b.Bytes()
}

func drawing(w, h int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, picture(w, h))
	return b.Bytes()
}

func dimensions(t testing.TB, raw []byte) (w, h int) {
	t.Helper()
	c, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return c.Width, c.Height
}

// changed counts, in a grid over the image, the parts that a mark has changed.
func changed(t testing.TB, before, after image.Image, grid int) (parts int) {
	t.Helper()
	b := before.Bounds()
	if b != after.Bounds() {
		t.Fatalf("size %v, want %v", after.Bounds(), b)
	}
	for i := range grid * grid {
		cell := image.Rect(i%grid*b.Dx()/grid, i/grid*b.Dy()/grid, (i%grid+1)*b.Dx()/grid, (i/grid+1)*b.Dy()/grid)
		if differs(before, after, cell) {
			parts++
		}
	}
	return parts
}

func differs(a, b image.Image, area image.Rectangle) bool {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				return true
			}
		}
	}
	return false
}

// unmarked is what becomes of a document that nothing is drawn on.
func unmarked(t testing.TB, doc []byte) image.Image {
	t.Helper()
	canvas, format, err := readImage(doc)
	if err != nil || format == "png" {
		return canvas
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, canvas, &jpeg.Options{Quality: jpegQuality}); err != nil {
		t.Fatal(err)
	}
	return decoded(t, b.Bytes())
}

func decoded(t testing.TB, raw []byte) *image.RGBA {
	t.Helper()
	canvas, _, err := readImage(raw)
	if err != nil {
		t.Fatal(err)
	}
	return canvas
}

// A mark is in every ninth of an image, which keeps its format and size.
func TestImagesAreMarkedAllOver(t *testing.T) {
	for name, c := range map[string]struct {
		media vault.MediaType
		doc   []byte
	}{
		"photo": {vault.JPEG, photo(900, 1200)}, "drawing": {vault.PNG, drawing(800, 600)}, "small": {vault.PNG, drawing(300, 200)}, "strip": {vault.PNG, drawing(1500, 150)},
	} {
		out := markedCopy(t, c.doc, c.media)
		if _, format, err := image.DecodeConfig(bytes.NewReader(out)); err != nil || "image/"+format != string(c.media) {
			t.Fatalf("%s: format %s, %v", name, format, err)
		}
		if n := changed(t, unmarked(t, c.doc), decoded(t, out), 3); n != 9 {
			t.Errorf("%s: %d of 9 parts are marked", name, n)
		}
	}
}

// Two readers have two copies.
func TestMarksDiffer(t *testing.T) {
	doc := drawing(800, 600)
	first := markedCopy(t, doc, vault.PNG)
	if !bytes.Equal(first, markedCopy(t, doc, vault.PNG)) {
		t.Error("the same mark makes two copies")
	}
	other := testMark
	other.Read = "another0"
	out, err := markImage(t.Context(), doc, other)
	if err != nil || bytes.Equal(first, out) {
		t.Errorf("another mark makes the same copy, %v", err)
	}
}

// An image of more pixels than a page is looked at as a smaller one, marked all
// over; the copy that goes out as a whole keeps its size.
func TestPageOfALargeImage(t *testing.T) {
	doc := drawing(3000, 2000)
	out, err := renderer().Page(t.Context(), bytes.NewReader(doc), vault.PNG, 1, DefaultDPI, testMark)
	if err != nil {
		t.Fatal(err)
	}
	if w, h := dimensions(t, out); w != 1500 || h != 1000 {
		t.Errorf("the page has %d x %d pixels, want half of 3000 x 2000", w, h)
	}
	if n := changed(t, shrunk(decoded(t, doc), maxPagePixels), decoded(t, out), 3); n != 9 {
		t.Errorf("%d of 9 parts are marked", n)
	}
	if w, h := dimensions(t, markedCopy(t, doc, vault.PNG)); w != 3000 || h != 2000 {
		t.Errorf("the copy has %d x %d pixels", w, h)
	}
	for _, size := range [][2]int{{1, 100}, {100, 1}, {7, 5}} { // what is narrower than a square
		m := shrunk(image.NewRGBA(image.Rect(0, 0, size[0], size[1])), 4)
		if n := m.Rect.Dx() * m.Rect.Dy(); n < 1 || n > 4 {
			t.Errorf("%v shrinks to %v", size, m.Rect)
		}
	}
}
