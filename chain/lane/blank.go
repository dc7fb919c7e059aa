package lane

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"cession/deal"
)

// fillGap is the step of a record that fills a gap; no deal has it.
const fillGap = "fill-gap"

// cancel has the record's nonce used by a transaction of nothing. Both are
// followed, and one of them will be mined.
func (r *Record) cancel(h Hold) {
	r.Canceled, r.Hold, r.Order = true, h, nil
	r.Retry, r.Failures = time.Time{}, 0
}

// uncancel wants the call again. What was never handed out is forgotten.
func (r *Record) uncancel() {
	r.Canceled, r.Order = false, nil
	r.Attempts = slices.DeleteFunc(r.Attempts, func(a Attempt) bool { return a.Blank && !a.Tried })
}

// blanked ends what a transaction of nothing in a final block was for: the
// record is free again, given up, or it was only there to fill a gap. The
// transaction gets a record of its own, which can be restored as any other.
func (s *State) blanked(r *Record, in Inclusion, now time.Time) {
	s.Totals.Cancels++
	in.Receipt.OK, in.Receipt.Reason, in.Receipt.Tx, in.Receipt.Block = true, "", in.Tx, in.Block
	if r.Filler {
		s.settle(r, in.Receipt, now)
		return
	}
	var blanks []Attempt
	for _, a := range r.current() {
		if a.Blank {
			blanks = append(blanks, *a)
		}
	}
	b := &Record{Intent: s.fillerIntent(r.last().Nonce), Filler: true, Status: Mined, Submitted: r.Submitted, Changed: r.Changed,
		Attempts: blanks, Mined: &in}
	b.Intent.Deal, b.Intent.Step = r.Intent.Deal, r.Intent.Step
	s.settle(b, in.Receipt, now)
	s.Open = append(s.Open, b) // until the sweep
	r.Attempts = slices.DeleteFunc(r.Attempts, func(a Attempt) bool { return a.Blank })
	r.Mined = nil
	s.free(r, now)
}

// free has a record whose nonce is used by something else go on without it.
func (s *State) free(r *Record, now time.Time) {
	why := r.Reason
	r.proceed()
	r.Usurped, r.Order, r.Canceled = 0, nil, false
	switch {
	case r.Filler:
		s.settle(r, deal.Receipt{Reason: string(ForeignNonce)}, now)
	case r.Ending:
		s.settle(r, deal.Receipt{Reason: GivenUp}, now)
	default:
		r.become(Queued, now)
		if r.Hold == HoldAside {
			r.Reason = r.Aside
		} else if why == ForeignNonce {
			r.Reason = why
		}
	}
}

// stepAside takes the lowest record out of the way of those behind it, if it is
// tried for so long that it is not known to be a matter of price or of the node.
func (s *State) stepAside(now time.Time) {
	held := s.unresolved()
	if len(held) < 2 || !s.Paused.IsZero() || s.Reason == NonceGap || s.Look.Reason != "" {
		return
	}
	r := held[0]
	last := r.last()
	switch {
	case r.Canceled || r.Hold != "" || r.Order != nil || r.Usurped > 0 || !r.tried() || last.Seen.IsZero():
		return
	case now.Sub(last.At) < min(s.cfg.HandAfter, s.bumpAfter(r, now)): // what an operator or a bump changed gets its time
		return
	case now.Sub(r.begun()) < s.cfg.HandAfter || r.Reason.paid():
		return
	}
	if r.Reason == "" {
		r.Reason = TipBelowMin
	}
	r.Aside = r.Reason
	r.cancel(HoldAside)
	r.Version++ // so that no operator acts on it who has not seen that
}

// paid reports whether money is the cure: a higher fee, a higher limit, or funds.
func (r Reason) paid() bool {
	return r.priced() || r == FeeCeiling || r == RPCFeeCap || r == InsufficientFunds
}

// filling signs a transaction of nothing for a nonce that nothing else fills.
func (s *State) filling(r *Record, now time.Time) (Replace, bool) {
	b := s.bound(r, blankGas, true, now)
	tip, cap := Price(s.Fees, High, b.cap)
	if cap < s.Fees.Base {
		s.over(r, b.day, now)
		return Replace{}, false
	}
	return Replace{ChainID: s.cfg.ChainID, From: s.cfg.Address, Intent: r.Intent,
		Nonce: r.Nonce, Gas: blankGas, Tip: tip, Cap: cap, Blank: true}, true
}

func (s *State) fillerIntent(nonce uint64) deal.Intent {
	s.Fillers++
	id := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d", s.cfg.ID(), nonce, s.Fillers))
	return deal.Intent{ID: id, Step: fillGap}
}

// gap returns the nonces that the chain waits for and nothing stored fills:
// those from its pending count to the highest that something holds. At most so
// many are named; all are counted.
func (s *State) gap(most int) (nonces []uint64, count int) {
	held := map[uint64]bool{}
	var top uint64
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, r := range list {
			n, ok := r.holds()
			if ok && n >= s.Pool {
				held[n] = true
				top = max(top, n)
			}
		}
	}
	if len(held) == 0 {
		return nil, 0
	}
	for n := s.Pool; n < top && len(nonces) < most; n++ {
		if !held[n] {
			nonces = append(nonces, n)
		}
	}
	return nonces, int(top-s.Pool) + 1 - len(held)
}

// holds returns the nonce that the record's stored bytes fill, or will.
func (r *Record) holds() (uint64, bool) {
	switch {
	case r.Filler && r.Status == Queued:
		return r.Nonce, true
	case r.unresolved() || r.Status == Mined && r.Adopted.IsZero() || r.Restore && !r.Anew && len(r.last().Raw) > 0:
		return r.last().Nonce, true
	}
	return 0, false
}
