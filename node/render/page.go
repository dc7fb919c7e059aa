package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"

	"cession/deal"
	"cession/node/vault"
)

// Resolutions of page images, in dots per inch.
const (
	MinDPI     = 40
	DefaultDPI = 110
	MaxDPI     = 200
)

func drawPage(ctx context.Context, doc []byte, media vault.MediaType, number, dpi int, mark Mark) ([]byte, error) {
	if dpi < MinDPI || dpi > MaxDPI {
		return nil, deal.Errorf(deal.Invalid, "resolution: want %d to %d dots per inch", MinDPI, MaxDPI)
	}
	canvas, err := pageImage(ctx, doc, media, number, dpi)
	if err != nil {
		return nil, err
	}
	if err := drawMark(ctx, canvas, mark); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = encodePNG(&out, canvas)
	return out.Bytes(), err
}

func pageImage(ctx context.Context, doc []byte, media vault.MediaType, number, dpi int) (*image.RGBA, error) {
	if media != vault.PDF {
		if number != 1 {
			return nil, noPage(number, 1)
		}
		canvas, _, err := readImage(doc)
		if err != nil {
			return nil, err
		}
		return shrunk(canvas, maxPagePixels), nil
	}
	pages, err := readPages(ctx, doc)
	if err != nil {
		return nil, err
	}
	if number < 1 || number > len(pages) {
		return nil, noPage(number, len(pages))
	}
	return rasterize(ctx, doc, number, fitted(pages[number-1], dpi))
}

func noPage(number, count int) error {
	return deal.Errorf(deal.NotFound, "there is no page %d: the document has %d", number, count)
}

// maxPagePixels is what a page image has at most: A4 at [MaxDPI].
const maxPagePixels = 4 << 20

// shrunk returns an image of at most so many pixels: each is the mean of a
// square of those there were.
func shrunk(m *image.RGBA, limit int) *image.RGBA {
	k := 1
	for max(1, m.Rect.Dx()/k)*max(1, m.Rect.Dy()/k) > limit {
		k++
	}
	if k == 1 {
		return m
	}
	small := image.NewRGBA(image.Rect(0, 0, max(1, m.Rect.Dx()/k), max(1, m.Rect.Dy()/k)))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			var sum [4]int
			side := image.Rect(x*k, y*k, x*k+k, y*k+k).Intersect(m.Rect)
			for sy := side.Min.Y; sy < side.Max.Y; sy++ {
				row := m.Pix[m.PixOffset(side.Min.X, sy):m.PixOffset(side.Max.X, sy)]
				for i, v := range row {
					sum[i%4] += int(v)
				}
			}
			for i, v := range sum {
				small.Pix[small.PixOffset(x, y)+i] = uint8(v / (side.Dx() * side.Dy()))
			}
		}
	}
	return small
}

// fitted lowers a resolution until the page fits.
func fitted(p page, dpi int) int {
	w, h := p.shown()
	for dpi > 1 && w*h*float64(dpi*dpi)/(72*72) > maxPagePixels {
		dpi = dpi * 9 / 10
	}
	return dpi
}

// rasterize has pdftoppm draw one page. Errors: [ErrNoTool]; invalid; those of ctx.
func rasterize(ctx context.Context, doc []byte, number, dpi int) (*image.RGBA, error) {
	n, r := fmt.Sprint(number), fmt.Sprint(dpi)
	out, err := run(ctx, doc, maxPagePixels*3*2+64, "-f", n, "-l", n, "-r", r, "-cropbox", "-")
	switch {
	case errors.Is(err, errOutput):
		return nil, invalid(ErrTooLarge, "the image of the page has too many pixels")
	case errors.Is(err, errFailed):
		return nil, invalid(ErrDamaged, "the page cannot be drawn")
	case err != nil:
		return nil, err
	}
	canvas, err := parsePPM(out)
	if err != nil {
		return nil, invalid(ErrDamaged, "the page cannot be drawn")
	}
	return canvas, nil
}

// parsePPM reads a binary portable pixmap (magic P6, 8 bits a channel).
func parsePPM(b []byte) (*image.RGBA, error) {
	var w, h, depth int
	r := bytes.NewReader(b)
	if _, err := fmt.Fscanf(r, "P6\n%d %d\n%d\n", &w, &h, &depth); err != nil {
		return nil, err
	}
	if depth != 255 || w < 1 || h < 1 || w > len(b) || h > len(b) || r.Len() != 3*w*h {
		return nil, errors.New("not a pixmap")
	}
	pixels := b[len(b)-r.Len():]
	canvas := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(canvas.Pix[4*i:], pixels[3*i:3*i+3])
		canvas.Pix[4*i+3] = 255
	}
	return canvas, nil
}
