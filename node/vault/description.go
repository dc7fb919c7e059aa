package vault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cession/deal"
)

// Description is what a document is to people. It stays on nodes; its digest is
// in the document's [Leaf], so that nobody can rename or move a document that
// was notarized. Only Name is required.
type Description struct {
	// In the order of their JSON names: encoding/json then writes the canonical
	// form of RFC 8785, which is what is hashed.
	Dated      string  `json:"dated,omitempty"`      // date of the document (full-date of RFC 3339)
	Folder     string  `json:"folder,omitempty"`     // "/" between; "": the top
	Kind       string  `json:"kind,omitempty"`       // of document, in the seller's words: "invoice"
	Name       string  `json:"name"`                 // of the file
	Note       string  `json:"note,omitempty"`       // for readers
	Number     string  `json:"number,omitempty"`     // index number: "2.1.3"
	Supersedes *uint64 `json:"supersedes,omitempty"` // index of the version before
	Title      string  `json:"title,omitempty"`      //
	ViewOnly   bool    `json:"viewOnly,omitempty"`   // readers get images of its pages, until it is handed over
}

// The longest texts of a description, in bytes.
const (
	maxName   = 255
	maxFolder = 1000
	maxKind   = 100
	maxTitle  = 300
	maxNote   = 2000
)

// maxFolders is how many folders may lie in each other.
const maxFolders = 16

var numberForm = regexp.MustCompile(`^[1-9][0-9]{0,5}(\.[1-9][0-9]{0,5}){0,16}$`)

// CheckName reports a document name that is no plain file name: 1 to 255 bytes
// of UTF-8 that shows as it is, without / and \.
func CheckName(name string) error {
	if name == "" || len(name) > maxName || name == "." || name == ".." || strings.ContainsAny(name, `/\`) || !printable(name) {
		return deal.Errorf(deal.Invalid, "document name: want a plain file name of 1 to %d bytes, without folders, and without control and other invisible characters: rename it", maxName)
	}
	return nil
}

// CheckNumber reports an index number that is not like "2.1.3". Empty is none.
func CheckNumber(number string) error {
	if number != "" && !numberForm.MatchString(number) {
		return deal.Errorf(deal.Invalid, "index number %.40q: want whole numbers from 1 with dots between, like 2.1.3", number)
	}
	return nil
}

// Check reports a description that no document has. Errors are of kind invalid;
// their texts have nothing of it but a malformed number or date.
func (d Description) Check() error {
	if err := CheckName(d.Name); err != nil {
		return err
	}
	if err := checkFolderName(d.Folder); err != nil {
		return err
	}
	if err := CheckNumber(d.Number); err != nil {
		return err
	}
	if d.Dated != "" {
		if _, err := time.Parse(time.DateOnly, d.Dated); err != nil {
			return deal.Errorf(deal.Invalid, "date %.40q: want year, month and day, like 2026-01-31", d.Dated)
		}
	}
	for _, text := range []struct {
		what, text string
		limit      int
	}{{"kind", d.Kind, maxKind}, {"title", d.Title, maxTitle}, {"note", d.Note, maxNote}} {
		if len(text.text) > text.limit || !printable(text.text) {
			return deal.Errorf(deal.Invalid, "%s: want one line of at most %d bytes", text.what, text.limit)
		}
	}
	return nil
}

func checkFolderName(folder string) error {
	if folder == "" {
		return nil
	}
	parts := strings.Split(folder, "/")
	if len(folder) > maxFolder || len(parts) > maxFolders {
		return deal.Errorf(deal.Invalid, "folder: want at most %d bytes and %d folders in each other", maxFolder, maxFolders)
	}
	for _, part := range parts {
		if CheckName(part) != nil {
			return deal.Errorf(deal.Invalid, "folder: want plain names with / between, without control characters")
		}
	}
	return nil
}

// printable tells whether a text is UTF-8 that shows as it is. Spaces of all
// kinds do: macOS has a narrow one in the names of screenshots.
func printable(text string) bool {
	shows := func(r rune) bool { return unicode.IsPrint(r) || unicode.Is(unicode.Zs, r) }
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !shows(r) })
}

// Path returns folder and name, "/" between.
func (d Description) Path() string {
	if d.Folder == "" {
		return d.Name
	}
	return d.Folder + "/" + d.Name
}

// Canonical returns the canonical JSON form (RFC 8785).
func (d Description) Canonical() []byte {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		panic(fmt.Sprintf("vault: encode description: %v", err)) // it has no value that can fail
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

// Digest returns the SHA-256 of the canonical form.
func (d Description) Digest() Digest { return SHA256(d.Canonical()) }

// Equal reports whether two descriptions are the same.
func (d Description) Equal(other Description) bool { return d.Digest() == other.Digest() }

// Inherit returns a description completed by that of the version before: index
// number, kind and title, unless others are given. What is for view only stays so.
func (d Description) Inherit(earlier Description) Description {
	if d.Number == "" {
		d.Number = earlier.Number
	}
	if d.Kind == "" {
		d.Kind = earlier.Kind
	}
	if d.Title == "" {
		d.Title = earlier.Title
	}
	d.ViewOnly = d.ViewOnly || earlier.ViewOnly
	return d
}
