package policies

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"cession/deal"
)

// Scores of a resemblance, of 100. A person's one-word alias ("EL DOCTOR") is
// weak, as OFAC itself says of such names; so are ships and aircraft, for a
// party is an organization.
const (
	scoreName  = 100
	scoreAlias = 95
	scoreLoose = 90
	scoreWeak  = 60
)

// hit is the strongest entry of a sanctions list under one form of a name.
type hit struct {
	Entry int `json:"entry"` // the list's own number of the entry
	Score int `json:"score"`
}

// sanctions is a list keyed by name, in the two forms of [normalize]. Rules see
// no name of it: they see how many entries it has.
type sanctions struct {
	Entries int            `json:"entries"`
	AsOf    int64          `json:"as_of"` // milliseconds since 1970, 0 if it is not known
	Exact   map[string]hit `json:"-"`
	Loose   map[string]hit `json:"-"`
}

// Columns of OFAC's SDN.CSV, which has twelve and no header.
const (
	sdnNumber, sdnName, sdnType, sdnRemarks, sdnColumns = 0, 1, 2, 11, 12
)

var aliasForm = regexp.MustCompile(`(?:a\.k\.a\.|f\.k\.a\.|d\.b\.a\.) '(.+?)'(?:[;.]|$)`)

// readSDN reads a list in the format of OFAC's SDN.CSV: unknown values are
// "-0-", aliases stand in the remarks, the file may end in a control-Z.
func readSDN(r io.Reader) (sanctions, error) {
	list := sanctions{Exact: map[string]hit{}, Loose: map[string]hit{}}
	rows := csv.NewReader(r)
	rows.ReuseRecord, rows.FieldsPerRecord = true, -1
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return sanctions{}, deal.Errorf(deal.Invalid, "read sanctions list: %w", err)
		}
		if len(row) == 1 && row[0] == "\x1a" {
			continue
		}
		if err := list.add(row); err != nil {
			return sanctions{}, err
		}
	}
}

func (l *sanctions) add(row []string) error {
	if len(row) != sdnColumns {
		return deal.Errorf(deal.Invalid, "sanctions list, after entry %d: %d columns, want %d as in SDN.CSV", l.Entries, len(row), sdnColumns)
	}
	number, err := strconv.Atoi(strings.TrimSpace(row[sdnNumber]))
	if err != nil || number <= 0 {
		return deal.Errorf(deal.Invalid, "sanctions list, after entry %d: want the entry's number first", l.Entries)
	}
	kind := strings.TrimSpace(row[sdnType])
	score := scoreName
	if kind == "vessel" || kind == "aircraft" {
		score = scoreWeak
	}
	if !l.index(row[sdnName], hit{number, score}) {
		return deal.Errorf(deal.Invalid, "sanctions list: entry %d has no name in Latin letters", number)
	}
	for _, alias := range aliasForm.FindAllStringSubmatch(row[sdnRemarks], -1) {
		score := min(score, scoreAlias)
		if kind == "individual" && len(strings.Fields(alias[1])) == 1 {
			score = scoreWeak
		}
		l.index(alias[1], hit{number, score})
	}
	l.Entries++
	return nil
}

// index enters a name in both forms and reports whether it has any.
func (l *sanctions) index(text string, h hit) bool {
	n := normalize(text)
	if n.exact == "" {
		return false
	}
	keep(l.Exact, n.exact, h)
	keep(l.Loose, n.loose, hit{h.Entry, min(h.Score, scoreLoose)})
	return true
}

// keep lets the strongest entry stand, and of equals the first of the list.
func keep(m map[string]hit, key string, h hit) {
	if old, ok := m[key]; !ok || h.Score > old.Score {
		m[key] = h
	}
}
