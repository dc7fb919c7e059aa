package desk

import (
	"regexp"
	"time"
	"unicode/utf8"

	"cession/deal"
)

// Profile is who a party is: the identity the operator vouches for.
type Profile struct {
	ID           deal.PartyID `json:"id"`
	Name         string       `json:"name"`         // of the organization
	Jurisdiction string       `json:"jurisdiction"` // country of incorporation, ISO 3166-1 alpha-2 in lower case
	Kind         string       `json:"kind"`         // one word: bank, fund, corporate, …
	KYCClass     string       `json:"kycClass"`     // one word, as the policy pack names it
	KYCUntil     time.Time    `json:"kycUntil"`     // when the verification lapses
	KYCSince     *time.Time   `json:"kycSince,omitempty" doc:"when the verification was made"`
	License      string       `json:"license,omitempty" doc:"one word, as the policy pack names it, such as credit_servicer"`
	LicenseUntil *time.Time   `json:"licenseUntil,omitempty" doc:"when the license lapses; absent: it does not"`
	Group        string       `json:"group,omitempty" doc:"identifier of the group of companies it belongs to: one word, no name"`
	Status       PartyStatus  `json:"status,omitempty"`
}

// PartyStatus says whether a party may act at all.
type PartyStatus string

// The statuses of a party.
const (
	Active    PartyStatus = "active"
	Suspended PartyStatus = "suspended" // nobody signs for it
)

// Member is a party of the market with its identity.
type Member struct {
	Party   deal.Party `json:"party"`
	Profile Profile    `json:"profile"`
}

// maxSigners bounds what one signature may have to be tried against.
const maxSigners = 16

var (
	countryForm = regexp.MustCompile(`^[a-z]{2}$`)
	wordForm    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
	groupForm   = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)
)

// check reports the first thing that is wrong with a member.
func (m Member) check() error {
	p, who := m.Profile, m.Party
	if err := who.ID.Check(); err != nil {
		return err
	}
	switch {
	case p.ID != who.ID:
		return deal.Errorf(deal.Invalid, "party %s: its profile is of %.40q", who.ID, string(p.ID))
	case p.Name == "" || len(p.Name) > 200 || !utf8.ValidString(p.Name):
		return deal.Errorf(deal.Invalid, "party %s: want a name of at most 200 bytes", who.ID)
	case !countryForm.MatchString(p.Jurisdiction):
		return deal.Errorf(deal.Invalid, "party %s: want its jurisdiction as two lower-case letters of ISO 3166-1", who.ID)
	case !wordForm.MatchString(p.Kind) || !wordForm.MatchString(p.KYCClass):
		return deal.Errorf(deal.Invalid, "party %s: want its kind and KYC class as one word each, in lower case", who.ID)
	case p.KYCUntil.IsZero():
		return deal.Errorf(deal.Invalid, "party %s: want the date until which its KYC holds", who.ID)
	}
	if err := p.checkOptional(); err != nil {
		return err
	}
	switch {
	case who.Wallet.IsZero() || !who.May(who.Wallet):
		return deal.Errorf(deal.Invalid, "party %s: want its wallet among its signers", who.ID)
	case len(who.Signers) > maxSigners:
		return deal.Errorf(deal.Invalid, "party %s: want at most %d signers", who.ID, maxSigners)
	}
	return nil
}

// checkOptional reports the first thing that is wrong with what a profile need not have.
func (p Profile) checkOptional() error {
	switch {
	case p.KYCSince != nil && (p.KYCSince.IsZero() || !p.KYCSince.Before(p.KYCUntil)):
		return deal.Errorf(deal.Invalid, "party %s: want the date of its KYC before the date until which that holds", p.ID)
	case p.License != "" && !wordForm.MatchString(p.License):
		return deal.Errorf(deal.Invalid, "party %s: want its license as one word, in lower case", p.ID)
	case p.LicenseUntil != nil && (p.License == "" || p.LicenseUntil.IsZero()):
		return deal.Errorf(deal.Invalid, "party %s: want a license with the date until which it holds", p.ID)
	case p.Group != "" && !groupForm.MatchString(p.Group):
		return deal.Errorf(deal.Invalid, "party %s: want its group as one word of at most 64 characters, in lower case", p.ID)
	}
	return nil
}
