package render

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation returns how a photo is to be turned to stand upright, by the
// Orientation field of its metadata (Exif 2.32, 4.6.5.1.6): 1 to 8, where 1 is
// not at all. A copy has no metadata, so it has to be turned for good.
func orientation(raw []byte) int {
	for at := 2; at+4 <= len(raw) && raw[at] == 0xff; { // segments of a JPEG
		size := int(binary.BigEndian.Uint16(raw[at+2:]))
		end := at + 2 + size
		if raw[at+1] == 0xda || size < 2 || end > len(raw) {
			break // the image itself, or nothing that can be read
		}
		if exif, ok := bytes.CutPrefix(raw[at+4:end], []byte("Exif\x00\x00")); ok && raw[at+1] == 0xe1 {
			return orientationOf(exif)
		}
		at = end
	}
	return 1
}

// orientationOf reads the first directory of a TIFF header.
func orientationOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	fields := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(fields) < 12 {
			break
		}
		if order.Uint16(fields) == 0x0112 {
			if v := int(order.Uint16(fields[8:])); v >= 1 && v <= 8 {
				return v
			}
		}
		fields = fields[12:]
	}
	return 1
}

// turned returns an image as its orientation wants it.
func turned(m *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	tw, th := w, h
	if orientation > 4 {
		tw, th = h, w
	}
	t := image.NewRGBA(image.Rect(0, 0, tw, th))
	for y := range th {
		for x := range tw {
			sx, sy := x, y
			if orientation > 4 {
				sx, sy = y, x
			}
			switch orientation {
			case 2, 7, 3, 8: // from right to left
				sx = w - 1 - sx
			}
			switch orientation {
			case 3, 4, 6, 7: // upside down
				sy = h - 1 - sy
			}
			copy(t.Pix[t.PixOffset(x, y):], m.Pix[m.PixOffset(sx, sy):][:4])
		}
	}
	return t
}
