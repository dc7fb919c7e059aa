package lane

import (
	"slices"
	"time"

	"cession/deal"
)

func (s *State) prepared(p Prepared, now time.Time) {
	s.Sign.done()
	s.Fees = p.Fees
	if len(p.Outcomes) == 0 {
		s.unprepared(p, now)
		return
	}
	if s.Reason == ForeignNonce {
		s.note("", now)
	}
	spare := s.spare(now)
	for _, o := range p.Outcomes {
		r := s.find(o.Intent)
		if o.Attempt != nil && (r == nil || !r.awaits() || s.Started && o.Attempt.Nonce != s.Nonce) {
			// Resolved or held meanwhile, or its nonce went to another. What
			// follows was signed for later nonces and would leave a gap; none of
			// it was broadcast.
			return
		}
		if r != nil && r.awaits() {
			s.outcome(r, o, spare, now)
			spare -= min(spare, r.reserved())
		}
	}
}

// awaits reports whether the record waits for a nonce and may have one.
func (r *Record) awaits() bool {
	return r.Anew || r.Status == Queued && r.Hold == "" && r.To == "" && r.Adopted.IsZero() && !r.Filler
}

func (s *State) outcome(r *Record, o Outcome, spare uint64, now time.Time) {
	switch {
	case o.Attempt != nil:
		s.signed(r, *o.Attempt, now)
	case o.Stalled == FeeCeiling:
		r.stall(o.Stalled, now)
		s.over(r, spare < s.limits(r).PerIntent, now)
	case o.Stalled != "":
		r.stall(o.Stalled, now)
	case o.Done != nil && r.Anew:
		s.regained(r, now)
	case o.Done != nil:
		r.proceed()
		s.settle(r, *o.Done, now)
	case o.Revert != "" && s.depends(r):
		// Not certain: another intent of the deal may be what it needs.
		r.Reason, r.Detail, r.Waits = WouldRevert, o.Revert, true
	case r.Anew && o.Revert != "":
		r.Detail = o.Revert
		s.undone(r, WouldRevert)
	case r.Anew:
		s.undone(r, o.Refused)
	case o.Revert != "" && s.went(r) != "":
		r.move(s.went(r))
	case o.Revert != "":
		r.Reason, r.Detail = WouldRevert, o.Revert
		s.settle(r, deal.Receipt{Reason: string(WouldRevert) + "/" + o.Revert}, now)
	default:
		r.Reason = o.Refused
		s.settle(r, deal.Receipt{Reason: string(o.Refused)}, now)
	}
}

// signed gives the record its nonce.
func (s *State) signed(r *Record, a Attempt, now time.Time) {
	a.At, a.Blank = now, false
	r.Attempts = append(r.Attempts, a)
	r.prune()
	if !r.Anew {
		r.become(Signed, now)
	}
	r.proceed()
	r.Anew, r.Waits, r.Usurped = false, false, 0
	s.Started, s.Nonce = true, a.Nonce+1
	s.Dry = time.Time{}
}

// prune forgets the oldest attempts whose nonces others used.
func (r *Record) prune() {
	dead := len(r.Attempts) - len(r.current())
	r.Attempts = slices.Delete(r.Attempts, 0, max(0, dead-MaxAttempts))
}

// misused notes that the key was used outside the lane. The lane goes on; an
// operator has to see it, and says so by resync.
func (s *State) misused(now time.Time) {
	if s.Foreign.IsZero() {
		s.Foreign = now
	}
}

// unprepared finds out why nothing was signed.
func (s *State) unprepared(p Prepared, now time.Time) {
	if p.Mined > s.Nonce {
		s.misused(now)
		s.Nonce = p.Mined
		return
	}
	s.restore(p.Mined, now)
	holds := func(r *Record) bool { return r.unresolved() || r.Status == Mined || r.Restore && !r.Anew }
	if !slices.ContainsFunc(s.Open, holds) && !slices.ContainsFunc(s.Recent, holds) {
		// Nothing is left that could fill the nonces in between.
		s.Nonce = p.Pending
	}
	s.Sign.fail(ChainRewound, now)
}

func (s *State) replaced(e Replaced, now time.Time) {
	s.Sign.done()
	asked := s.replacing
	s.replacing = nil
	r := s.find(e.Intent)
	if r == nil || asked == nil || asked.Intent.ID != e.Intent || asked.Nonce != e.Attempt.Nonce {
		return
	}
	fills := r.Filler && r.Status == Queued && r.Nonce == e.Attempt.Nonce
	holds := r.unresolved() && r.last().Nonce == e.Attempt.Nonce
	if !fills && !holds || r.Canceled != asked.Blank {
		return // mined meanwhile, or another kind is wanted
	}
	a := e.Attempt
	a.At, a.Blank = now, asked.Blank
	r.Attempts = append(r.Attempts, a)
	r.Order = nil
	r.proceed()
	if fills {
		r.become(Signed, now)
	}
	if !a.Blank {
		s.Totals.Bumps++
	}
}
