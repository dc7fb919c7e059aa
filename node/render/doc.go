// Package render marks documents for whoever reads them and makes images of
// their pages.
//
// A mark says on every page who read it, when, and in which deal. It makes a
// leak traceable; it does not make a document impossible to copy.
//
// What is rendered may be hostile: all work is bounded in time, memory and
// output, and a document that cannot be marked is an error, never passed on
// unmarked. No plaintext is written to disk.
package render

import (
	"errors"
	"fmt"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// Why a document cannot be rendered; wrapped by errors of kind invalid but
// for the last two.
var (
	ErrType      = errors.New("this type of document has no pages to mark")
	ErrTooLarge  = errors.New("the document is too large to be rendered")
	ErrEncrypted = errors.New("the document is encrypted")
	ErrDamaged   = errors.New("the document is damaged")
	ErrTooSlow   = errors.New("rendering the document takes too much time or memory")

	// These have no kind: they are not the document's fault.
	ErrNoTool = errors.New("pdftoppm is not installed: install poppler-utils")
	ErrBusy   = errors.New("too many documents are being rendered")
)

// Limits on what is rendered.
const (
	MaxInput  = 64 << 20 // bytes of a document
	MaxPages  = 10_000   // of a PDF
	maxPixels = 40 << 20 // of an image
)

// timeLimit bounds one rendering.
const timeLimit = 30 * time.Second

// Mark is what a copy says of its reader.
type Mark struct {
	Party deal.PartyID
	At    time.Time
	Deal  deal.ID
	Read  string // short id of the entry in the view log
}

// line is the mark in ASCII; it runs across the page, again and again.
func (m Mark) line() string {
	return fmt.Sprintf("%s   %s   %s", m.Party, m.At.UTC().Format("2006-01-02 15:04 UTC"), m.Read)
}

// footer is the mark in full.
func (m Mark) footer() string {
	return fmt.Sprintf("Read by %s at %s, deal %s, read %s. This copy is traceable.", m.Party, m.At.UTC().Format(time.RFC3339), m.Deal, m.Read)
}

// Marks reports whether documents of a type can be marked; others are text.
func Marks(media vault.MediaType) bool {
	return media == vault.PDF || media == vault.PNG || media == vault.JPEG
}

func invalid(cause error, words string) error {
	return deal.Errorf(deal.Invalid, "%w: %s", cause, words)
}
