package policies

import (
	"time"

	"cession/deal"
)

// Input is what a pack decides on: the workflow's question, and what the desk
// knows of the parties it concerns.
type Input struct {
	Question deal.Question            `json:"question"`
	Parties  map[deal.PartyID]Profile `json:"parties"` // the acting party, the seller, and the bidder, if there is one
	Exposure *Exposure                `json:"exposure,omitempty"`
	Wanted   *WantedPack              `json:"wanted,omitempty"` // for rules.adopt and room_rules.adopt
}

// Exposure is what deals add up to that are agreed and not over, this one left
// out, in minor units of the market's currency. Without it the rules on
// exposure are not evaluated.
type Exposure struct {
	Counterparty int64 `json:"counterparty"` // between the same seller and bidder
	Day          int64 `json:"day"`          // agreed by the acting party since midnight UTC, with anybody
}

// WantedPack is what is known of the pack an act would have the deal judged by.
// Without it the pack is not at hand, and the rules about it are not evaluated.
type WantedPack struct {
	Digest  deal.Commitment `json:"digest"`
	Number  uint64          `json:"number"`  // of its activation
	Current uint64          `json:"current"` // number of the pack the deal is judged by now
	Active  bool            `json:"active"`  // in force, with all signatures it needs
}

// Profile is what the desk knows of a party. Its name never leaves the desk:
// neither what the rules see nor a [deal.Decision] holds it.
type Profile struct {
	ID           deal.PartyID `json:"id"`
	Name         string       `json:"name"`         // legal name in Latin letters; without one, screening is not evaluated
	Jurisdiction string       `json:"jurisdiction"` // ISO 3166-1 alpha-2, lower case
	Kind         string       `json:"kind"`         // bank, credit_purchaser, fund or corporate
	KYCClass     string       `json:"kycClass"`     // of the pack's list kyc
	KYCUntil     *time.Time   `json:"kycUntil,omitempty"`
	KYCSince     *time.Time   `json:"kycSince,omitempty"`     // when the check was made
	License      string       `json:"license,omitempty"`      // of the pack's list licenses, such as credit_servicer
	LicenseUntil *time.Time   `json:"licenseUntil,omitempty"` //
	Group        string       `json:"group,omitempty"`        // identifier of the group of companies it belongs to, one word
}
