package records

import (
	"time"

	"cession/deal"
)

// Change is how an answer differs from the one before.
type Change string

// The changes, in the order in which reports list them.
const (
	NewlyRefused       Change = "newly_refused"
	NewlyAllowed       Change = "newly_allowed"
	ObligationsChanged Change = "obligations_changed" // the answer is the same, what it obliges to is not
	RulesChanged       Change = "rules_changed"       // answer and obligations are the same, the state of a rule is not
)

var changes = []Change{NewlyRefused, NewlyAllowed, ObligationsChanged, RulesChanged}

// Affected sums up the decisions with one change.
type Affected struct {
	Decisions int              `json:"decisions"`
	Deals     int              `json:"deals"`
	Value     map[string]int64 `json:"value"` // minor units by currency, of the deals, each counted once
	Examples  []Example        `json:"examples"`
}

// Example is one decision that changed.
type Example struct {
	Chain string          `json:"chain"`
	Act   deal.Commitment `json:"act"`
	Name  string          `json:"name"`
	At    time.Time       `json:"at"`
	Value deal.Amount     `json:"value,omitzero"`
	Rules []RuleAnswer    `json:"rules"` // whose state changed
	line  int
}

// RuleChange counts in how many decisions a rule's answer changed.
type RuleChange struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Refuses int    `json:"refuses"` // did not refuse before, and does now
	Passes  int    `json:"passes"`  // refused before, and does not now
}

// Report is the result of a backtest.
type Report struct {
	Candidate          deal.Commitment     `json:"candidate"`     // digest
	Base               deal.Commitment     `json:"base,omitzero"` // digest; zero: compared with what was recorded
	Decisions          int                 `json:"decisions"`
	Same               int                 `json:"same"`
	Changes            map[Change]Affected `json:"changes"`            // all four
	Deals              int                 `json:"deals"`              // with a newly refused or newly allowed decision
	Value              map[string]int64    `json:"value"`              // of those deals, each counted once
	Rules              []RuleChange        `json:"rules"`              // those that changed, by identifier
	NotComparable      map[string]int      `json:"notComparable"`      // decisions that could not be made again, by why
	RecordedScreenings int                 `json:"recordedScreenings"` // decisions whose screening is the recorded one, though by another list than the candidate's
	Narrowed           int                 `json:"narrowed"`           // decisions that are the same because the rules that could answer otherwise do not: see [Narrow]
	Rate               float64             `json:"rate"`               // decisions per second of wall time, reading included
}
