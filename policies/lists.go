package policies

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"regexp"

	"go.yaml.in/yaml/v3"

	"cession/deal"
)

// limits are the figures the rules compare with. Amounts are in minor units by
// ISO 4217 code.
type limits struct {
	Amount   map[string]int64 `json:"amount" yaml:"amount"`
	FourEyes struct {
		Hours int              `json:"hours" yaml:"hours"`
		Above map[string]int64 `json:"above" yaml:"above"`
	} `json:"four_eyes" yaml:"four_eyes"`
	Act struct {
		Hours int `json:"hours" yaml:"hours"`
	} `json:"act" yaml:"act"`
	Documents struct {
		Maximum int `json:"maximum" yaml:"maximum"`
	} `json:"documents" yaml:"documents"`
	Screening struct {
		Score int `json:"score" yaml:"score"`
	} `json:"screening" yaml:"screening"`
}

// country says whether a party may sit there.
type country struct {
	Name     string `json:"name"`
	Status   string `json:"status"` // allowed or blocked
	Citation string `json:"citation"`
}

// kycClass says whether a party identified in this way may deal.
type kycClass struct {
	Accepted bool   `json:"accepted" yaml:"accepted"`
	Citation string `json:"citation" yaml:"citation"`
}

// lists are the data of a pack, as the rules see them.
type lists struct {
	Limits        limits              `json:"limits"`
	Jurisdictions map[string]country  `json:"jurisdictions"`
	KYC           map[string]kycClass `json:"kyc"`
	Sanctions     sanctions           `json:"sanctions"`
	Operations    operations          `json:"operations"`
}

// readList reads one list into its place and returns how many entries it has.
func (l *lists) readList(fsys fs.FS, ref listRef) (int, error) {
	b, err := fs.ReadFile(fsys, ref.File)
	if err != nil {
		return 0, deal.Errorf(deal.Invalid, "list %s: %w", ref.Name, err)
	}
	switch ref.Name {
	case "limits":
		err = strictYAML(b, &l.Limits)
		if err == nil {
			err = l.Limits.check()
		}
		return len(l.Limits.Amount), err
	case "jurisdictions":
		l.Jurisdictions, err = readCountries(b)
		return len(l.Jurisdictions), err
	case "kyc":
		err = strictYAML(b, &l.KYC)
		return len(l.KYC), err
	case "sanctions":
		l.Sanctions, err = readSDN(bytes.NewReader(b))
		return l.Sanctions.Entries, err
	case "operations":
		err = strictYAML(b, &l.Operations)
		if err == nil {
			err = l.Operations.check()
		}
		return len(l.Operations.Verbs), err
	}
	return 0, deal.Errorf(deal.Invalid, "list %.40q: want limits, jurisdictions, kyc, sanctions or operations", ref.Name)
}

func (l limits) check() error {
	for currency, above := range l.FourEyes.Above {
		if above < 0 || l.Amount[currency] < above {
			return deal.Errorf(deal.Invalid, "limits: four_eyes.above of %.10q: want 0 up to the amount limit", currency)
		}
	}
	if l.FourEyes.Hours <= 0 || l.Act.Hours <= 0 || l.Documents.Maximum <= 0 || l.Screening.Score <= 0 || l.Screening.Score > scoreLoose {
		return deal.Errorf(deal.Invalid, "limits: want hours, maximum and score above 0, and a score of at most %d", scoreLoose)
	}
	return nil
}

var countryForm = regexp.MustCompile(`^[a-z]{2}$`)

// readCountries reads country,name,status,citation with a header.
func readCountries(b []byte) (map[string]country, error) {
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "read jurisdictions: %w", err)
	}
	places := map[string]country{}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		if _, twice := places[row[0]]; twice || len(row) != 4 || !countryForm.MatchString(row[0]) || (row[2] != "allowed" && row[2] != "blocked") {
			return nil, deal.Errorf(deal.Invalid, "jurisdictions, row %d: want a country once, its name, allowed or blocked, citation", i+1)
		}
		places[row[0]] = country{row[1], row[2], row[3]}
	}
	return places, nil
}

// strictYAML refuses keys the type does not know, and keys that stand twice.
func strictYAML(b []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return deal.Errorf(deal.Invalid, "%w", err)
	}
	return nil
}
