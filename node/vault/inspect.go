package vault

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/ianaindex"
)

const (
	// maxStructure is the largest document whose structure is read with readers
	// that hold parts of it, or all, in memory; in bytes.
	maxStructure = 64 << 20
	maxDepth     = 1000 // of nested elements or objects

	// readAhead is how much is read at once of what is read from start to end, in
	// bytes: age takes memory anew for every read.
	readAhead = 256 << 10
)

// Inspect checks a document of size bytes and returns its type: that it is not
// empty or too large, is what its name says, is complete, readable and not
// encrypted. It is no validation against a standard, and no malware scan.
//
// What is wrong comes as an error of kind invalid wrapping [ErrEmpty],
// [ErrTooLarge], [ErrType], [ErrMismatch], [ErrTruncated], [ErrEncrypted] or
// [ErrDamaged]; its text has neither the name nor anything of the content. Errors
// of r come back as they are. It does not panic, whatever r holds.
func Inspect(r io.ReaderAt, size int64, name string) (MediaType, error) {
	media, err := typeOf(name)
	switch {
	case err != nil:
		return "", err
	case size == 0:
		return "", errEmpty()
	case size < 0 || size > limit(media):
		return "", errTooLarge(limit(media))
	}
	input := &failureAt{r: r}
	err = inspect(media, io.NewSectionReader(input, 0, size))
	if input.err != nil {
		return "", fmt.Errorf("inspect document: %w", input.err)
	}
	if err != nil {
		return "", err
	}
	return media, nil
}

func limit(media MediaType) int64 {
	if media == XML || media == JSON {
		return maxStructure
	}
	return MaxSize
}

func inspect(media MediaType, r *io.SectionReader) error {
	switch media {
	case PDF:
		return inspectPDF(r)
	case XML:
		return inspectXML(r)
	case CSV:
		return inspectCSV(r)
	case JSON:
		return inspectJSON(r)
	case PNG:
		return inspectFrame(r, "a PNG image", "\x89PNG\r\n\x1a\n", "IEND\xaeB`\x82")
	case JPEG:
		return inspectFrame(r, "a JPEG image", "\xff\xd8\xff", "\xff\xd9")
	default:
		return inspectText(r)
	}
}

// inspectFrame looks for how a format begins and ends.
func inspectFrame(r *io.SectionReader, format, begin, end string) error {
	if !bytes.HasPrefix(head(r, int64(len(begin))), []byte(begin)) {
		return errMismatch(format)
	}
	if !bytes.Contains(tail(r, 64), []byte(end)) { // some writers pad
		return errTruncated("its end")
	}
	return nil
}

func head(r *io.SectionReader, n int64) []byte { return part(r, 0, n) }

func tail(r *io.SectionReader, n int64) []byte { return part(r, max(0, r.Size()-n), n) }

func part(r *io.SectionReader, offset, n int64) []byte {
	b := make([]byte, max(0, min(n, r.Size()-offset)))
	got, _ := r.ReadAt(b, offset) // failureAt remembers errors
	return b[:got]
}

// inspectXML reads all tokens. Entities are not expanded, so there is nothing to
// blow up; no schema is applied.
func inspectXML(r *io.SectionReader) error {
	d := xml.NewDecoder(bufio.NewReaderSize(r, readAhead))
	d.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		e, err := ianaindex.IANA.Encoding(label)
		if err != nil || e == nil {
			return nil, errors.New("unknown charset")
		}
		return e.NewDecoder().Reader(input), nil
	}
	depth, elements := 0, 0
	for {
		token, err := d.Token()
		var syntax *xml.SyntaxError
		switch {
		case err == io.EOF && elements > 0:
			return nil
		case elements == 0 && err != nil:
			return errMismatch("XML")
		case errors.As(err, &syntax) && d.InputOffset() >= r.Size() && depth > 0:
			return errTruncated("its last closing tags")
		case err != nil:
			return errDamaged("its XML is not well-formed")
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
			elements++
		case xml.EndElement:
			depth--
		}
		if depth > maxDepth {
			return errDamaged("its XML is nested too deeply")
		}
	}
}

func inspectJSON(r *io.SectionReader) error {
	d := json.NewDecoder(bufio.NewReaderSize(r, readAhead))
	depth := 0
	for tokens := 0; ; tokens++ {
		token, err := d.Token()
		switch {
		case err == io.EOF && tokens > 0 && depth == 0:
			return nil
		case tokens == 0 && err != nil:
			return errMismatch("JSON")
		case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
			return errTruncated("its closing brackets or quotes")
		case err != nil:
			return errDamaged("its JSON is malformed")
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth > maxDepth {
			return errDamaged("its JSON is nested too deeply")
		}
	}
}

// inspectText takes UTF-8, with or without a byte order mark.
func inspectText(r *io.SectionReader) error {
	b := bufio.NewReaderSize(r, readAhead)
	for {
		c, width, err := b.ReadRune()
		switch {
		case err != nil:
			return nil // the end, or an error failureAt remembers
		case c == utf8.RuneError && width == 1, c == 0:
			return errMismatch("text (UTF-8)")
		}
	}
}
