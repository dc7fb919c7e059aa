package lane

import (
	"fmt"
	"time"

	"cession/deal"
)

// Listing is a lane at a glance: what an operator sees first.
type Listing struct {
	Lane    string    `json:"lane"`
	Nonce   uint64    `json:"nonce"` // the next one to use
	Head    Block     `json:"head"`
	Fees    Fees      `json:"fees"`
	Reasons []Reason  `json:"reasons,omitempty"` // what is wrong with the lane as a whole
	Since   time.Time `json:"since,omitzero"`
	Items   []Item    `json:"items"` // open ones in order of submission, then outcomes, newest first
}

// Item is an intent at a glance.
type Item struct {
	Intent    deal.Commitment `json:"intent"`
	Deal      deal.ID         `json:"deal"`
	Step      string          `json:"step"`
	Call      string          `json:"call"`
	Status    Status          `json:"status"`
	Submitted time.Time       `json:"submitted"`
	Changed   time.Time       `json:"changed"`
	Nonce     *uint64         `json:"nonce,omitempty"`
	Tx        deal.Commitment `json:"tx,omitzero"` // newest attempt, or the one in the chain
	Attempts  int             `json:"attempts"`
	Reason    Reason          `json:"reason,omitempty"`
	Detail    string          `json:"detail,omitempty"`
	Receipt   *deal.Receipt   `json:"receipt,omitempty"`
}

// List returns the lane at a glance.
func (s *State) List() Listing {
	l := Listing{Lane: s.cfg.ID(), Nonce: s.Nonce, Head: s.Head, Fees: s.Fees, Since: s.Since, Items: []Item{}}
	for _, why := range []Reason{s.Reason, s.Sign.Reason, s.Send.Reason, s.Look.Reason} {
		if why != "" {
			l.Reasons = append(l.Reasons, why)
		}
	}
	for _, r := range s.Open {
		l.Items = append(l.Items, r.item())
	}
	for i := len(s.Recent) - 1; i >= 0; i-- {
		l.Items = append(l.Items, s.Recent[i].item())
	}
	return l
}

func (r *Record) item() Item {
	it := Item{Intent: r.Intent.ID, Deal: r.Intent.Deal, Step: r.Intent.Step, Call: r.Intent.Call.Name(),
		Status: r.Status, Submitted: r.Submitted, Changed: r.Changed, Attempts: len(r.Attempts),
		Reason: r.Reason, Detail: r.Detail}
	if a := r.last(); a != nil {
		nonce := a.Nonce
		it.Nonce, it.Tx = &nonce, a.Hash
	}
	if r.Mined != nil {
		it.Tx = r.Mined.Tx
	}
	if r.terminal() {
		out := r.Receipt
		it.Call, it.Receipt = out.Call, &out
	}
	return it
}

// Headline says in a line what the lane is doing, with numbers and no names.
func (s *State) Headline() string {
	held, queued := s.unresolved(), 0
	for _, r := range s.Open {
		if r.Status == Queued {
			queued++
		}
	}
	if len(s.Open) == 0 {
		return "idle"
	}
	line := fmt.Sprintf("%d in flight, %d queued", len(held), queued)
	if len(held) > 0 {
		line += fmt.Sprintf(", lowest nonce %d since %s", held[0].last().Nonce, held[0].Submitted.UTC().Format(time.RFC3339))
	}
	for _, why := range s.List().Reasons {
		line += ", " + string(why)
	}
	return line
}
