package lane

import (
	"slices"
	"time"

	"cession/deal"
)

// GivenUp is the reason in the receipt of an intent that an operator gave up.
const GivenUp = "GIVEN_UP"

// settle ends an intent.
func (s *State) settle(r *Record, out deal.Receipt, now time.Time) {
	out.Intent, out.Call = r.Intent.ID, r.Intent.Call.Name()
	r.become(Failed, now)
	if out.OK {
		r.Status = Final
		r.Detail = ""
	}
	r.Receipt, r.Retry, r.Failures, r.Waits, r.Order = out, time.Time{}, 0, false, nil
	r.Hold, r.Canceled, r.Ending = "", false, false
	if out.OK || r.Reason != WouldRevert && r.Reason != GasOverTxCap {
		r.Reason = ""
	}
	if r.Mined != nil {
		r.Fee = r.cost(*r.Mined)
		s.pay(r.Fee, now)
	}
	switch {
	case r.Filler:
	case out.OK:
		s.Totals.Final++
	default:
		s.Totals.Failed++
	}
}

// sweep moves what has ended from Open to Recent and forgets the oldest outcomes.
func (s *State) sweep() {
	s.Open = slices.DeleteFunc(s.Open, func(r *Record) bool {
		if r.terminal() {
			s.Recent = append(s.Recent, r)
		}
		return r.terminal()
	})
	for i, r := range s.Recent {
		r.shrink(i < len(s.Recent)-KeptBytes && !r.Restore)
	}
	excess := len(s.Recent) - Outcomes
	s.Recent = slices.DeleteFunc(s.Recent, func(r *Record) bool {
		drop := excess > 0 && r.Reported && !r.Restore && (r.Kept || excess > Outcomes)
		if drop {
			excess--
		}
		return drop
	})
}

// shrink forgets what a terminal record needs no more: the bytes that were not
// mined, and if it is old everything but its outcome and the nonce it used.
func (r *Record) shrink(old bool) {
	r.Reported = r.Reported || r.Intent.Reply == "" && r.Status != Moved
	r.Kept = r.Kept || r.Status == Moved
	for j := range r.Attempts {
		a := &r.Attempts[j]
		if !r.Restore && (old || r.Mined == nil || r.Mined.Tx != a.Hash) {
			a.Raw = nil
		}
	}
	if !old || !r.Reported || len(r.Trail) == 1 && members(r.Intent.Call) == 0 {
		return
	}
	r.Intent.Call = deal.Call{}
	r.Trail = r.Trail[len(r.Trail)-1:]
	if r.Mined == nil {
		r.Attempts = nil
		return
	}
	r.Mined = &Inclusion{Tx: r.Mined.Tx, Block: r.Mined.Block, BlockHash: r.Mined.BlockHash}
	if a := r.attempt(r.Mined.Tx); a != nil {
		r.Attempts = []Attempt{*a}
	}
}
