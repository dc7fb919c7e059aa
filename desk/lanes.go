package desk

import (
	"context"
	"strings"

	"cession/chain/lane"
	"cession/deal"
)

// Lanes sends the market's transactions: the lanes as the desk needs them.
// Every method may fail with kind lost; Operate called again with the same
// command id then has the answer of the first call.
type Lanes interface {
	// Listings returns the lanes that answer, in a fixed order, and a
	// [SilentError] if there are others. A lane that was never started is empty.
	Listings(ctx context.Context) ([]lane.Listing, error)
	// Record returns what a lane knows of an intent, or notfound.
	Record(ctx context.Context, laneID string, intent deal.Commitment) (lane.Record, error)
	// Plan says what a command would do and changes nothing.
	Plan(ctx context.Context, laneID string, c lane.Command) (lane.Answer, error)
	// Operate carries a command out, or fails with kind conflict if its version
	// is not that of what it is about, or refused if its actor may not.
	Operate(ctx context.Context, laneID string, c lane.Command) (lane.Answer, error)
}

// SilentError names the lanes that did not answer. Its kind is lost.
type SilentError struct {
	Lanes []string
	Err   error // of the first
}

// Error names them.
func (e *SilentError) Error() string {
	return "no answer from " + strings.Join(e.Lanes, ", ") + ": " + e.Err.Error()
}

// Unwrap gives the error its kind.
func (e *SilentError) Unwrap() []error {
	return []error{deal.Errorf(deal.Lost, "some lanes did not answer"), e.Err}
}

// LaneList is the deployment's lanes with what they have in flight and did last.
type LaneList struct {
	Lanes  []lane.Listing              `json:"lanes"`
	Silent []string                    `json:"silent,omitempty" doc:"lanes that did not answer"`
	Advice map[lane.Reason]lane.Advice `json:"advice,omitempty" doc:"for the reasons that the lanes have"`
}

// Spending is what the chain was paid for one deal, as far as it is final.
type Spending struct {
	Deal         deal.ID `json:"deal,omitempty"` // "" for what served no deal: filled gaps
	Transactions int     `json:"transactions"`   // that cost something, those of nothing with them
	Gas          uint64  `json:"gas"`            // they used
	Wei          uint64  `json:"wei"`            // they cost, whatever came of them
}

// SpendingList is what was paid, the most expensive deal first.
type SpendingList struct {
	Spending []Spending `json:"spending"`
	Silent   []string   `json:"silent,omitempty" doc:"lanes that did not answer: what they paid last may be missing"`
}
