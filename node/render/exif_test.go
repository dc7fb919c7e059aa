package render

import (
	"encoding/binary"
	"image"
	"image/color"
	"testing"

	"cession/node/vault"
)

// withExif puts metadata with an orientation into a JPEG.
func withExif(photo []byte, order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	tiff := order.AppendUint32(order.AppendUint16([]byte(mark), 42), 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, f := range [][2]uint16{{0x010f, 7}, {0x0112, orientation}} {
		tiff = order.AppendUint16(order.AppendUint16(tiff, f[0]), 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(order.AppendUint16(tiff, f[1]), 0)
	}
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, photo[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	return append(append(out, segment...), photo[2:]...)
}

func TestOrientation(t *testing.T) {
	for want := 1; want <= 8; want++ {
		for mark, order := range map[string]binary.AppendByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
			doc := withExif(photo(30, 20), order, mark, uint16(want))
			if have := orientation(doc); have != want {
				t.Errorf("%s: orientation %d, want %d", mark, have, want)
			}
			for cut := range doc { // nothing of it is trusted
				orientation(doc[:cut])
			}
		}
	}
	for _, odd := range []uint16{0, 9, 0xffff} {
		if have := orientation(withExif(photo(30, 20), binary.BigEndian, "MM", odd)); have != 1 {
			t.Errorf("orientation %d is taken for %d", odd, have)
		}
	}
	w, h := dimensions(t, markedCopy(t, withExif(photo(300, 200), binary.BigEndian, "MM", 6), vault.JPEG))
	if w != 200 || h != 300 {
		t.Errorf("a photo on its side comes out as %d x %d", w, h)
	}
}

// Where the first and the last pixel of a 3 x 2 image are when it is upright.
func TestTurned(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 3, 2))
	first, last := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}
	m.SetRGBA(0, 0, first)
	m.SetRGBA(2, 0, last) // at the other end of the first row
	for orientation, want := range map[int][2]image.Point{
		1: {{0, 0}, {2, 0}}, 2: {{2, 0}, {0, 0}}, 3: {{2, 1}, {0, 1}}, 4: {{0, 1}, {2, 1}},
		5: {{0, 0}, {0, 2}}, 6: {{1, 0}, {1, 2}}, 7: {{1, 2}, {1, 0}}, 8: {{0, 2}, {0, 0}},
	} {
		have := turned(m, orientation)
		if have.RGBAAt(want[0].X, want[0].Y) != first || have.RGBAAt(want[1].X, want[1].Y) != last {
			t.Errorf("orientation %d: the first row does not run from %v to %v", orientation, want[0], want[1])
		}
	}
}
