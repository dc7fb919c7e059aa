package vault

import (
	"errors"
	"path"
	"strings"

	"cession/deal"
)

// MediaType is what a document is, as [Inspect] found it (RFC 6838).
type MediaType string

// The kinds of document a node takes.
const (
	PDF  MediaType = "application/pdf"
	XML  MediaType = "application/xml"
	CSV  MediaType = "text/csv"
	JSON MediaType = "application/json"
	Text MediaType = "text/plain"
	PNG  MediaType = "image/png"
	JPEG MediaType = "image/jpeg"
)

var extensions = map[string]MediaType{
	".pdf": PDF, ".xml": XML, ".csv": CSV, ".json": JSON, ".txt": Text, ".md": Text, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG,
}

func (m MediaType) known() bool {
	for _, known := range extensions {
		if m == known {
			return true
		}
	}
	return false
}

// MaxSize is the largest document, in bytes: 64 GiB.
const MaxSize int64 = 64 << 30

// What is wrong with a document; wrapped by errors of kind invalid.
var (
	ErrEmpty     = errors.New("the document is empty (0 bytes)")
	ErrTooLarge  = errors.New("the document is too large")
	ErrType      = errors.New("the document's type is not accepted")
	ErrMismatch  = errors.New("the document is not what its name says")
	ErrTruncated = errors.New("the document is cut short")
	ErrEncrypted = errors.New("the document is encrypted")
	ErrDamaged   = errors.New("the document is damaged")
)

func errEmpty() error {
	return deal.Errorf(deal.Invalid, "%w: choose the right file", ErrEmpty)
}

func errTooLarge(limit int64) error {
	return deal.Errorf(deal.Invalid, "%w: at most %d MiB", ErrTooLarge, limit>>20)
}

func errMismatch(want string) error {
	return deal.Errorf(deal.Invalid, "%w: its name says %s, its content does not; correct the name or the file", ErrMismatch, want)
}

func errTruncated(what string) error {
	return deal.Errorf(deal.Invalid, "%w: it lacks %s; copy or download it again", ErrTruncated, what)
}

func errEncrypted() error {
	return deal.Errorf(deal.Invalid, "%w: save a copy without password, the node encrypts it", ErrEncrypted)
}

func errDamaged(what string) error {
	return deal.Errorf(deal.Invalid, "%w: %s; open it and save it again", ErrDamaged, what)
}

// typeOf returns the type a file name promises.
func typeOf(name string) (MediaType, error) {
	if m, ok := extensions[strings.ToLower(path.Ext(name))]; ok {
		return m, nil
	}
	return "", deal.Errorf(deal.Invalid, "%w: name it .pdf, .xml, .csv, .json, .txt, .md, .png or .jpg, and let it be that", ErrType)
}
