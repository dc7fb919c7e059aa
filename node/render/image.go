package render

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"strings"
	"sync"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

const jpegQuality = 90

// markImage marks a PNG or JPEG image; the copy has the same format and none of
// the metadata.
func markImage(ctx context.Context, raw []byte, mark Mark) ([]byte, error) {
	canvas, format, err := readImage(raw)
	if err != nil {
		return nil, err
	}
	if err := drawMark(ctx, canvas, mark); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if format == "jpeg" {
		err = jpeg.Encode(&out, canvas, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = encodePNG(&out, canvas)
	}
	return out.Bytes(), err
}

func encodePNG(w io.Writer, m image.Image) error {
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, m)
}

// readImage decodes an image after it has looked at its size.
func readImage(raw []byte) (*image.RGBA, string, error) {
	size, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, "", invalid(ErrDamaged, "the image cannot be decoded")
	}
	if size.Width < 1 || size.Height < 1 || int64(size.Width)*int64(size.Height) > maxPixels {
		return nil, "", invalid(ErrTooLarge, fmt.Sprintf("at most %d million pixels", maxPixels>>20))
	}
	decoded, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, "", invalid(ErrDamaged, "the image cannot be decoded")
	}
	canvas := image.NewRGBA(image.Rect(0, 0, size.Width, size.Height))
	draw.Draw(canvas, canvas.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
	if format == "jpeg" {
		canvas = turned(canvas, orientation(raw))
	}
	return canvas, format, nil
}

// drawMark draws a mark onto an image, laid out as on a page.
func drawMark(ctx context.Context, canvas *image.RGBA, mark Mark) error {
	w, h := float64(canvas.Rect.Dx()), float64(canvas.Rect.Dy())
	if err := markable(w, h); err != nil {
		return err
	}
	l := layoutOf(w, h)
	strip, again, err := stripOf(mark.line()+"      ", max(l.size, minSize), l.reach(w))
	if err != nil {
		return err
	}
	cos, sin := math.Cos(l.angle), math.Sin(l.angle)
	for i, r := range l.rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		shift := float64(i%2) * again / 2
		at := f64.Aff3{cos, sin, r.x - shift*cos, -sin, cos, h - r.y + shift*sin}
		drawStrip(canvas, at, strip)
	}
	return drawFooter(canvas, mark.footer(), l)
}

// drawStrip draws a strip in short pieces: the time goes with the upright
// rectangle around what is drawn, and that around a whole one is the page.
func drawStrip(canvas *image.RGBA, at f64.Aff3, strip *image.RGBA) {
	piece := strip.Rect
	for x := 0; x < strip.Rect.Max.X; x = piece.Max.X {
		piece.Min.X, piece.Max.X = x, min(x+4*strip.Rect.Dy(), strip.Rect.Max.X)
		xdraw.ApproxBiLinear.Transform(canvas, at, strip, piece, xdraw.Over, nil)
	}
}

// minSize keeps letters legible on small images, in pixels.
const minSize = 9

// stripOf draws a text again and again into a strip that is at least so long,
// and returns how long the text is once.
func stripOf(text string, size, length float64) (*image.RGBA, float64, error) {
	face, err := faceOf(size)
	if err != nil {
		return nil, 0, err
	}
	defer face.Close()
	once := float64(font.MeasureString(face, text)) / 64
	text = strings.Repeat(text, int(length/once)+2)
	height := face.Metrics().Ascent.Ceil() + face.Metrics().Descent.Ceil()
	strip := image.NewRGBA(image.Rect(0, 0, font.MeasureString(face, text).Ceil(), height))
	base := fixed.P(0, face.Metrics().Ascent.Ceil())
	edge := fixed.Int26_6(max(size*edgeWidth, 0.7) * 64)
	dark := color.NRGBA{lineShade, lineShade, lineShade, lineAlpha}
	for _, pass := range []struct {
		color color.NRGBA
		at    fixed.Point26_6
	}{{color.NRGBA{255, 255, 255, edgeAlpha}, base.Add(fixed.Point26_6{X: edge, Y: edge})}, {dark, base}} {
		d := font.Drawer{Dst: strip, Src: image.NewUniform(pass.color), Face: face, Dot: pass.at}
		d.DrawString(text)
	}
	return strip, once, nil
}

// The mark's gray and its opacities, of 255.
var (
	lineShade = uint8(math.Round(lineGray * 255))
	lineAlpha = uint8(math.Round(lineOpacity * 255))
	edgeAlpha = uint8(math.Round(edgeOpacity * 255))
	backAlpha = uint8(math.Round(backOpacity * 255))
)

func drawFooter(canvas *image.RGBA, text string, l layout) error {
	size := max(l.footer, minSize)
	face, err := faceOf(size)
	if err != nil {
		return err
	}
	width := float64(font.MeasureString(face, text)) / 64
	if room := float64(canvas.Rect.Dx()) - 2*l.margin; width > room {
		face.Close()
		size = max(size*room/width, 4)
		if face, err = faceOf(size); err != nil {
			return err
		}
	}
	defer face.Close()
	ground := canvas.Rect
	ground.Min.Y = max(ground.Max.Y-int(1.7*size), ground.Min.Y)
	draw.Draw(canvas, ground, image.NewUniform(color.NRGBA{255, 255, 255, backAlpha}), image.Point{}, draw.Over)
	d := font.Drawer{Dst: canvas, Src: image.NewUniform(color.Gray{50}), Face: face, Dot: fixed.P(int(l.margin), ground.Max.Y-int(0.5*size))}
	d.DrawString(text)
	return nil
}

var parsedFont = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(goregular.TTF) })

// faceOf returns letters of a size in pixels.
func faceOf(size float64) (font.Face, error) {
	f, err := parsedFont()
	if err != nil {
		return nil, fmt.Errorf("render document: %w", err)
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
}
