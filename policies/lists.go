package policies

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// Bounds of any list, whatever its manifest says.
const (
	maxEntries  = 200_000
	maxListSize = 64 << 20 // bytes
)

// day is how lists write days, and instant how they are written to people.
const (
	day     = time.DateOnly
	instant = "2006-01-02 15:04:05 UTC"
)

// lists are the data of a pack, as the rules see them. Each is keyed by what
// rules look up, so that none of them has to search.
type lists struct {
	Limits        limits                       `json:"limits,omitzero"`
	Jurisdictions map[string]country           `json:"jurisdictions,omitzero"` // by country
	KYC           map[string]kycClass          `json:"kyc,omitzero"`           // by class
	Sanctions     sanctions                    `json:"sanctions,omitzero"`
	Operations    operations                   `json:"operations,omitzero"`
	Licenses      map[string]map[string]ground `json:"licenses,omitzero"` // by kind of party and license
	Calendar      calendar                     `json:"calendar,omitzero"`
	Disclosure    disclosure                   `json:"disclosure,omitzero"`
	Conflicts     conflicts                    `json:"conflicts,omitzero"`
	TapeFields    tapeFields                   `json:"tape_fields,omitzero"`
}

// read reads one list into its place and returns how many entries it has. A
// list that is larger or smaller than its bounds is refused.
func (l *lists) read(b []byte, ref listRef) (n int, err error) {
	if len(b) > maxListSize {
		return 0, deal.Errorf(deal.Invalid, "list %s: more than %d bytes", ref.Name, maxListSize)
	}
	if n, err = l.parse(b, ref); err != nil {
		return 0, err
	}
	switch most := ref.most(); {
	case n < ref.Minimum:
		return 0, deal.Errorf(deal.Invalid, "list %s: %d entries, want at least %d", ref.Name, n, ref.Minimum)
	case n > most:
		return 0, deal.Errorf(deal.Invalid, "list %s: %d entries, want at most %d", ref.Name, n, most)
	}
	return n, nil
}

// most is how many entries the list may have.
func (r listRef) most() int {
	if r.Maximum > 0 {
		return r.Maximum
	}
	return maxEntries
}

func (l *lists) parse(b []byte, ref listRef) (n int, err error) {
	switch ref.Name {
	case "limits":
		l.Limits, err = readYAML[limits](b)
		return len(l.Limits.Amount), err
	case "jurisdictions":
		l.Jurisdictions, err = readCountries(b)
		return len(l.Jurisdictions), err
	case "kyc":
		l.KYC, err = readClasses(b)
		return len(l.KYC), err
	case "sanctions":
		l.Sanctions, err = readSDN(bytes.NewReader(b))
		l.Sanctions.AsOf = millis(ref.AsOf)
		return l.Sanctions.Entries, err
	case "operations":
		l.Operations, err = readYAML[operations](b)
		return len(l.Operations.Verbs), err
	case "licenses":
		l.Licenses, err = readLicenses(b)
		return len(l.Licenses), err
	case "calendar":
		l.Calendar, err = readCalendar(b)
		return l.Calendar.Entries, err
	case "disclosure":
		l.Disclosure, err = readYAML[disclosure](b)
		return len(l.Disclosure.Before), err
	case "conflicts":
		l.Conflicts, err = readConflicts(b)
		return l.Conflicts.Entries / 2, err
	case "tape_fields":
		l.TapeFields, err = readTapeFields(b)
		return l.TapeFields.Entries, err
	}
	return 0, deal.Errorf(deal.Invalid, "list %.40q: there is no such list", ref.Name)
}

// millis counts milliseconds since 1970; a time that is not known is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// checked is a list that knows when it has holes.
type checked interface{ check() error }

// readYAML reads a list that is not keyed by the text alone.
func readYAML[T checked](b []byte) (list T, err error) {
	if err = strictYAML(b, &list); err == nil {
		err = list.check()
	}
	return list, err
}

// strictYAML refuses keys the type does not know, keys that stand twice,
// fractions, which would be cut off, and anything after the first document.
func strictYAML(b []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return deal.Errorf(deal.Invalid, "%w", err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return deal.Errorf(deal.Invalid, "want one YAML document and nothing after it")
	}
	var document yaml.Node
	if err := yaml.Unmarshal(b, &document); err != nil {
		return deal.Errorf(deal.Invalid, "%w", err)
	}
	return wholeNumbers(&document)
}

func wholeNumbers(node *yaml.Node) error {
	// Digits alone are of that tag, too, if there are very many.
	if node.Kind == yaml.ScalarNode && node.Tag == "!!float" && strings.Trim(node.Value, "0123456789") != "" {
		return deal.Errorf(deal.Invalid, "line %d: %.20q: want a whole number", node.Line, node.Value)
	}
	for _, inner := range node.Content {
		if err := wholeNumbers(inner); err != nil {
			return err
		}
	}
	return nil
}

// table reads a CSV list with this header, row by row. What is wrong with a row
// is reported with its number.
func table(b []byte, list, header string, read func(row []string) error) error {
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		return deal.Errorf(deal.Invalid, "list %s: %w", list, err)
	}
	if len(rows) == 0 || strings.Join(rows[0], ",") != header {
		return deal.Errorf(deal.Invalid, "list %s: want the columns %s in the first row", list, header)
	}
	for i, row := range rows[1:] {
		if err := read(row); err != nil {
			return deal.Errorf(deal.Invalid, "list %s, row %d: %w", list, i+2, err)
		}
	}
	return nil
}

// unique enters a value under a key that must be new.
func unique[V any](m map[string]V, key string, v V) error {
	if _, twice := m[key]; twice {
		return deal.Errorf(deal.Invalid, "%.60q stands twice", key)
	}
	m[key] = v
	return nil
}
