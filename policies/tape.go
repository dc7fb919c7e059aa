package policies

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cession/deal"
)

// TapeField is a field that a data tape of loans must have.
type TapeField struct {
	ID       string   // template.field, such as loan.loan_identifier
	Index    string   // number in the templates, such as 3.01; may be empty
	Name     string   // as the templates write it
	Optional bool     // only if the tape has other fields of the same template
	Aliases  []string // other names of its column
	letters  []string // of all its names
}

// tapeFields are the fields a data tape must have. Rules see only how many;
// tapes stay on the nodes, which read them.
type tapeFields struct {
	Entries int         `json:"entries"`
	Fields  []TapeField `json:"-"`
}

// Tape is what a pack makes of the header of a data tape.
type Tape struct {
	Columns map[string]int // by field: where it is found; nil: this is no data tape
	Missing []string       // fields that are not there and must be, sorted
}

var (
	tapeFieldForm = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$`)
	tapeIndexForm = regexp.MustCompile(`^([1-9]\.[0-9]{2})?$`)
)

// minTapeColumns tells a data tape from another table.
const minTapeColumns = 3

// readTapeFields reads field,index,name,needed,aliases; aliases are separated
// by a bar.
func readTapeFields(b []byte) (tapeFields, error) {
	var list tapeFields
	ids := map[string]bool{}
	err := table(b, "tape_fields", "field,index,name,needed,aliases", func(row []string) error {
		if !tapeFieldForm.MatchString(row[0]) || !tapeIndexForm.MatchString(row[1]) || row[2] == "" || (row[3] != "always" && row[3] != "template") {
			return deal.Errorf(deal.Invalid, "want template.field, its number as in 3.10 or none, its name, always or template, aliases")
		}
		f := TapeField{ID: row[0], Index: row[1], Name: row[2], Optional: row[3] == "template"}
		if row[4] != "" {
			f.Aliases = strings.Split(row[4], "|")
		}
		for _, name := range append([]string{f.ID, f.Name}, f.Aliases...) {
			f.letters = append(f.letters, lettersOf(name))
		}
		list.Fields = append(list.Fields, f)
		list.Entries++
		return unique(ids, f.ID, true)
	})
	return list, err
}

// Tape maps the columns of a data tape to the fields it must have, by their
// names, numbers or aliases, and says which are missing. A template of which
// the tape has no field of its own need not be there, unless its fields are
// always needed.
func (p *Pack) Tape(header []string) Tape {
	t := Tape{Columns: map[string]int{}}
	fields := p.lists.TapeFields.Fields
	given := map[string]bool{}
	for i, column := range header {
		var found []string
		column = strings.TrimSpace(column)
		letters := lettersOf(column)
		for _, f := range fields {
			if f.is(column, letters) {
				found = append(found, f.ID)
				if _, earlier := t.Columns[f.ID]; !earlier {
					t.Columns[f.ID] = i
				}
			}
		}
		if len(found) == 1 {
			given[template(found[0])] = true
		}
	}
	if !t.recognized() {
		return Tape{}
	}
	for _, f := range fields {
		if _, ok := t.Columns[f.ID]; !ok && (!f.Optional || given[template(f.ID)]) {
			t.Missing = append(t.Missing, f.ID)
		}
	}
	slices.Sort(t.Missing)
	return t
}

// recognized reports whether this is a data tape of loans at all: it names the
// loan, and more of the fields.
func (t Tape) recognized() bool {
	columns := map[int]bool{}
	for _, column := range t.Columns {
		columns[column] = true
	}
	_, loan := t.Columns["loan.loan_identifier"]
	return loan && len(columns) >= minTapeColumns
}

// is reports whether a column holds the field, by its name and the letters of it.
func (f TapeField) is(column, letters string) bool {
	return (f.Index != "" && column == f.Index) || (letters != "" && slices.Contains(f.letters, letters))
}

// lettersOf drops case and whatever separates words.
func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func template(id string) string {
	name, _, _ := strings.Cut(id, ".")
	return name
}
