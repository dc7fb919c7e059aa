package policies

import (
	"regexp"

	"cession/deal"
)

// country says whether a party may sit there.
type country struct {
	Name     string `json:"name"`
	Status   string `json:"status"` // allowed or blocked
	Citation string `json:"citation"`
}

// kycClass says whether a party identified in this way may deal, and how old
// its identification may be.
type kycClass struct {
	Accepted       *bool  `json:"accepted" yaml:"accepted"`
	MaximumAgeDays *int   `json:"maximum_age_days" yaml:"maximum_age_days"` // 0: any age, as long as it is not out of date
	Citation       string `json:"citation" yaml:"citation"`
}

// ground says where a permission comes from.
type ground struct {
	Citation string `json:"citation"`
}

// conflicts are the pairs of parties that may not deal with each other, keyed
// "one other", both ways round. Entries counts the keys, so that one that is
// lost is noticed.
type conflicts struct {
	Entries int               `json:"entries"`
	Pairs   map[string]string `json:"pairs"` // why
}

var (
	countryForm = regexp.MustCompile(`^[a-z]{2}$`)
	wordForm    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
)

// readCountries reads country,name,status,citation.
func readCountries(b []byte) (map[string]country, error) {
	places := map[string]country{}
	return places, table(b, "jurisdictions", "country,name,status,citation", func(row []string) error {
		if !countryForm.MatchString(row[0]) || (row[2] != "allowed" && row[2] != "blocked") {
			return deal.Errorf(deal.Invalid, "want a country in lower case, its name, allowed or blocked, citation")
		}
		return unique(places, row[0], country{row[1], row[2], row[3]})
	})
}

// readClasses reads the classes of customer identification.
func readClasses(b []byte) (map[string]kycClass, error) {
	var classes map[string]kycClass
	if err := strictYAML(b, &classes); err != nil {
		return nil, deal.Errorf(deal.Invalid, "list kyc: %w", err)
	}
	for name, c := range classes {
		if !wordForm.MatchString(name) || c.Accepted == nil || c.MaximumAgeDays == nil || *c.MaximumAgeDays < 0 || *c.MaximumAgeDays > 10*maxDays || c.Citation == "" {
			return nil, deal.Errorf(deal.Invalid, "list kyc: class %.40q: want accepted, maximum_age_days (0: any age), and a citation", name)
		}
	}
	return classes, nil
}

// readLicenses reads kind,license,citation: a party of a kind may deal with one
// of its licenses, or without one where the license none is listed.
func readLicenses(b []byte) (map[string]map[string]ground, error) {
	kinds := map[string]map[string]ground{}
	return kinds, table(b, "licenses", "kind,license,citation", func(row []string) error {
		if !wordForm.MatchString(row[0]) || !wordForm.MatchString(row[1]) || row[2] == "" {
			return deal.Errorf(deal.Invalid, "want a kind of party, a license it may have or none, citation")
		}
		if kinds[row[0]] == nil {
			kinds[row[0]] = map[string]ground{}
		}
		return unique(kinds[row[0]], row[1], ground{row[2]})
	})
}

// readConflicts reads party,other,reason.
func readConflicts(b []byte) (conflicts, error) {
	list := conflicts{Pairs: map[string]string{}}
	err := table(b, "conflicts", "party,other,reason", func(row []string) error {
		one, err := partyID(row[0])
		if err != nil {
			return err
		}
		other, err := partyID(row[1])
		if err != nil {
			return err
		}
		if one == other || !wordForm.MatchString(row[2]) {
			return deal.Errorf(deal.Invalid, "want two parties, and why in one word, such as same_owner")
		}
		if err := unique(list.Pairs, string(one+" "+other), row[2]); err != nil {
			return err
		}
		list.Entries = len(list.Pairs) + 1
		return unique(list.Pairs, string(other+" "+one), row[2])
	})
	return list, err
}

func partyID(s string) (deal.PartyID, error) {
	id := deal.PartyID(s)
	return id, id.Check()
}
