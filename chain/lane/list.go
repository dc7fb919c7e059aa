package lane

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cession/deal"
)

// Listing is a lane at a glance: what an operator sees first.
type Listing struct {
	Lane     string       `json:"lane"`
	Address  deal.Address `json:"address"`
	ChainID  uint64       `json:"chainId"`
	Version  uint64       `json:"version"` // for commands on the lane
	Nonce    uint64       `json:"nonce"`   // the next one to use
	Mined    uint64       `json:"mined"`   // nonces used on chain
	Head     Block        `json:"head"`
	Fees     Fees         `json:"fees"`
	Balance  uint64       `json:"balance"`           // of the signer, in gwei
	Reasons  []Reason     `json:"reasons,omitempty"` // what is wrong with the lane as a whole
	Since    time.Time    `json:"since,omitzero"`    // the first of them
	Paused   bool         `json:"paused,omitempty"`
	Blocked  bool         `json:"blocked,omitempty"` // it hands on what it has not broadcast
	Limits   Limits       `json:"limits"`
	Today    uint64       `json:"today"` // wei paid and reserved this UTC day
	Queued   int          `json:"queued"`
	InFlight int          `json:"inFlight"`
	Gap      int          `json:"gap"`             // unused nonces that nothing stored fills
	Oldest   time.Time    `json:"oldest,omitzero"` // when the oldest open intent was submitted
	Totals   Totals       `json:"totals"`
	Pending  []Command    `json:"pending,omitempty"` // commands that wait for a second operator
	Items    []Item       `json:"items"`             // stuck ones first, oldest first; then open ones; then outcomes, newest first
}

// Totals are counted since the lane began.
type Totals struct {
	Final   uint64 `json:"final"`
	Failed  uint64 `json:"failed"`
	Moved   uint64 `json:"moved"`
	Bumps   uint64 `json:"bumps"`
	Cancels uint64 `json:"cancels"` // transactions of nothing that were mined
	Reorgs  uint64 `json:"reorgs"`
	Fees    uint64 `json:"fees"` // wei paid
}

// List returns the lane at a glance.
func (s *State) List() Listing {
	_, gap := s.gap(0)
	l := Listing{Lane: s.cfg.ID(), Address: s.cfg.Address, ChainID: s.cfg.ChainID, Version: s.Version,
		Nonce: s.Nonce, Mined: s.Used, Head: s.Head, Fees: s.Fees, Balance: s.Balance,
		Reasons: s.reasons(), Since: s.since(), Paused: !s.Paused.IsZero(), Blocked: s.Blocked,
		Limits: s.limits(nil), Today: add(s.Spent.Paid, s.reserved()), Gap: gap, Totals: s.Totals, Items: s.items()}
	for _, r := range s.Open {
		if r.Status == Queued {
			l.Queued++
		} else {
			l.InFlight++
		}
		if !r.Filler && (l.Oldest.IsZero() || r.Submitted.Before(l.Oldest)) {
			l.Oldest = r.Submitted
		}
	}
	for _, p := range s.Pending {
		l.Pending = append(l.Pending, p.Command)
	}
	return l
}

// since returns when the first of the lane's troubles began.
func (s *State) since() (first time.Time) {
	times := []time.Time{s.Paused, s.Sign.Since, s.Send.Since, s.Look.Since, s.Dry, s.Foreign}
	if s.Reason != "" {
		times = append(times, s.Since)
	}
	if since, poor := s.poor(); poor {
		times = append(times, since)
	}
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// items returns every record at a glance, stuck ones first.
func (s *State) items() []Item {
	out := make([]Item, 0, len(s.Open)+len(s.Recent))
	for _, r := range s.Open {
		out = append(out, s.item(r))
	}
	for i := len(s.Recent) - 1; i >= 0; i-- {
		out = append(out, s.item(s.Recent[i]))
	}
	slices.SortStableFunc(out, func(a, b Item) int {
		if a.Stuck != b.Stuck {
			return cmp.Compare(rank(a), rank(b))
		}
		if a.Stuck {
			return a.Submitted.Compare(b.Submitted)
		}
		return 0
	})
	return out
}

func rank(it Item) int {
	if it.Stuck {
		return 0
	}
	return 1
}

// Headline says in a line what the lane is doing, with numbers and no names.
func (s *State) Headline() string {
	held, queued := s.unresolved(), 0
	for _, r := range s.Open {
		if r.Status == Queued {
			queued++
		}
	}
	line := "idle"
	if len(s.Open) > 0 {
		line = fmt.Sprintf("%d in flight, %d queued", len(held), queued)
	}
	if len(held) > 0 {
		line += fmt.Sprintf(", lowest nonce %d since %s", held[0].last().Nonce, held[0].Submitted.UTC().Format(time.RFC3339))
	}
	for _, why := range s.reasons() {
		line += ", " + string(why)
	}
	return line
}
