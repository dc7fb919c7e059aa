package lane

import (
	"time"

	"cession/deal"
)

// Item is an intent at a glance. What its reason means and what to do about it
// is [Advise] of that reason.
type Item struct {
	Intent    deal.Commitment `json:"intent"`
	Deal      deal.ID         `json:"deal"`
	Step      string          `json:"step"`
	Call      string          `json:"call"`
	Version   uint64          `json:"version"`
	Status    Status          `json:"status"`
	Submitted time.Time       `json:"submitted"`
	Changed   time.Time       `json:"changed"`
	By        time.Time       `json:"by,omitzero"` // of no use after
	Nonce     *uint64         `json:"nonce,omitempty"`
	Tx        deal.Commitment `json:"tx,omitzero"` // newest attempt, or the one in the chain
	Attempts  int             `json:"attempts"`
	Stuck     bool            `json:"stuck,omitempty"` // it does not go on as it should; Reason says why
	Reason    Reason          `json:"reason,omitempty"`
	Since     time.Time       `json:"since,omitzero"` // of Reason
	Detail    string          `json:"detail,omitempty"`
	Hold      Hold            `json:"hold,omitempty"`
	Canceled  bool            `json:"canceled,omitempty"`
	Filler    bool            `json:"filler,omitempty"`
	To        string          `json:"to,omitempty"`     // lane that has it, or is to have it
	Blocks    int             `json:"blocks,omitempty"` // open intents that cannot end before it does
	Fee       uint64          `json:"fee,omitempty"`    // wei its transaction cost; one of nothing that canceled it is an item of its own
	Receipt   *deal.Receipt   `json:"receipt,omitempty"`
}

func (s *State) item(r *Record) Item {
	it := Item{Intent: r.Intent.ID, Deal: r.Intent.Deal, Step: r.Intent.Step, Call: r.Intent.Call.Name(),
		Version: r.Version, Status: r.Status, Submitted: r.Submitted, Changed: r.Changed, By: r.Intent.By,
		Tx: r.tx(), Attempts: len(r.Attempts), Detail: r.Detail, Hold: r.Hold, Canceled: r.Canceled,
		Filler: r.Filler, To: r.To, Blocks: s.blocks(r), Fee: r.Fee}
	it.Reason, it.Since = s.why(r)
	it.Stuck = it.Reason != "" && !r.Waits && (!r.terminal() || r.Restore || r.Undone)
	switch n, ok := r.holds(); {
	case ok:
		it.Nonce = &n
	case len(r.Attempts) > 0:
		n = r.last().Nonce
		it.Nonce = &n
	}
	if r.Status == Final || r.Status == Failed {
		out := r.Receipt
		it.Receipt = &out
		if out.Call != "" {
			it.Call = out.Call
		}
	}
	return it
}

// why returns the reason that a record is not further, and since when: its own,
// or what is wrong with the lane.
func (s *State) why(r *Record) (Reason, time.Time) {
	if why := r.reason(); why != "" || r.terminal() || r.Status == Mined {
		return why, r.Since
	}
	if !s.Paused.IsZero() {
		return Paused, s.Paused
	}
	if r.Status == Queued && s.Sign.Reason != "" {
		return s.Sign.Reason, s.Sign.Since
	}
	if r.Status != Queued && s.Reason == NonceGap {
		return s.Reason, s.Since
	}
	for _, slot := range []Slot{s.Send, s.Look} {
		if r.Status != Queued && slot.Reason != "" {
			return slot.Reason, slot.Since
		}
	}
	return "", time.Time{}
}

// blocks counts the open records that cannot end before this one does: those
// with higher nonces, those for which there is no nonce to be had, and those
// that wait for it in its deal.
func (s *State) blocks(r *Record) (n int) {
	if r.terminal() || r.Status == Mined {
		return 0
	}
	nonce, holds := r.holds()
	full := holds && len(s.unresolved()) >= s.cfg.MaxInFlight
	for _, x := range s.Open {
		if x == r {
			continue
		}
		theirs, held := x.holds()
		behind := holds && held && x.Status != Mined && theirs > nonce
		waits := x.Waits && x.Intent.Deal == r.Intent.Deal
		if behind || waits || full && x.Status == Queued && !x.Filler {
			n++
		}
	}
	return n
}
