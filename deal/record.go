package deal

import (
	"slices"
	"time"
)

// Record is an act that was taken, with what came of it.
type Record struct {
	Act      Act       `json:"act"`
	Role     Role      `json:"role"`
	At       time.Time `json:"at"`
	Decision Decision  `json:"decision"`
	Receipts []Receipt `json:"receipts,omitempty"`
}

// Refusal is an act that policy refused. It changes nothing but the work.
type Refusal struct {
	Act      Commitment `json:"act"`
	Step     string     `json:"step"`
	Action   string     `json:"action"`
	Party    PartyID    `json:"party"`
	At       time.Time  `json:"at"`
	Decision Decision   `json:"decision"`
}

// Transfer is the buyer's node's report of a completed handover: of the
// documents that were sold.
type Transfer struct {
	Root     Commitment `json:"root"`
	Count    uint64     `json:"count"`
	Verified uint64     `json:"verified"` // documents whose plaintext hash matches the title
	At       time.Time  `json:"at"`
}

// maxRefusals bounds what one party can make a deal remember by being refused;
// beyond it the party's oldest are forgotten, and would be decided again.
const maxRefusals = 100

// Refuse records that policy refused an act, and what would lift the refusal.
func (p *Progress) Refuse(act Act, d Decision, now time.Time) {
	p.Refusals = append(p.Refusals, Refusal{act.ID, act.Step, act.Action, act.Party, now, d})
	own := func(r Refusal) bool { return r.Party == act.Party }
	if n := len(p.Refusals); n > maxRefusals {
		count := 0
		for _, r := range p.Refusals {
			if own(r) {
				count++
			}
		}
		if count > maxRefusals {
			oldest := slices.IndexFunc(p.Refusals, own)
			p.Refusals = slices.Delete(p.Refusals, oldest, oldest+1)
		}
	}
	p.demand(act, d, now)
	p.Version++
}
