package lane

import (
	"slices"
	"time"

	"cession/deal"
)

// Apply takes what came of an action.
func (s *State) Apply(e Event, now time.Time) {
	switch e := e.(type) {
	case Prepared:
		s.prepared(e, now)
	case Replaced:
		s.replaced(e, now)
	case Broadcasted:
		s.broadcasted(e, now)
	case Observation:
		s.observed(e, now)
	case Reported:
		if r := s.find(e.Intent); r != nil {
			r.Reported, r.reporting, r.Retry, r.Failures = true, false, time.Time{}, 0
		}
	case Failure:
		s.failed(e, now)
	}
	s.sweep()
}

func (s *State) prepared(p Prepared, now time.Time) {
	s.Sign.done()
	s.Fees = p.Fees
	if len(p.Outcomes) == 0 {
		s.unprepared(p, now)
		return
	}
	if s.Reason == ForeignNonce || s.Reason == NonceGap {
		s.note("", now)
	}
	for _, o := range p.Outcomes {
		r := s.find(o.Intent)
		if r == nil || r.Status != Queued {
			// Resolved meanwhile by an earlier attempt. What follows was signed
			// for later nonces and would leave a gap; none of it was broadcast.
			return
		}
		s.outcome(r, o, now)
	}
}

func (s *State) outcome(r *Record, o Outcome, now time.Time) {
	switch {
	case o.Attempt != nil:
		a := *o.Attempt
		a.At = now
		r.Attempts = append(r.Attempts, a)
		r.become(Signed, now)
		r.proceed()
		r.Waits, r.Usurped = false, 0
		s.Started, s.Nonce = true, a.Nonce+1
	case o.Stalled != "":
		r.stall(o.Stalled, now)
	case o.Done != nil:
		s.settle(r, *o.Done, now)
	case o.Revert != "" && s.holdsDeal(r.Intent.Deal):
		// Not certain: an earlier intent of the deal may be what it needs.
		r.Reason, r.Detail, r.Waits = WouldRevert, o.Revert, true
	case o.Revert != "":
		r.Reason, r.Detail = WouldRevert, o.Revert
		s.settle(r, deal.Receipt{Reason: string(WouldRevert) + "/" + o.Revert}, now)
	default:
		r.Reason = o.Refused
		s.settle(r, deal.Receipt{Reason: string(o.Refused)}, now)
	}
}

// unprepared finds out why nothing was signed.
func (s *State) unprepared(p Prepared, now time.Time) {
	if p.Mined > s.Nonce {
		s.note(ForeignNonce, now)
		s.Nonce = p.Mined
		return
	}
	s.restore(p.Mined, now)
	signed := func(r *Record) bool { return len(r.Attempts) > 0 }
	if len(s.restoring()) == 0 && !slices.ContainsFunc(s.Open, signed) {
		// Nothing is left that could fill the nonces in between.
		s.Nonce = p.Pending
	}
	s.Sign.fail(ChainRewound, now)
}

// restore has the stored bytes of outcomes sent again whose transactions the
// chain has lost: it counts fewer transactions of the signer than that.
func (s *State) restore(mined uint64, now time.Time) {
	for _, r := range s.Recent {
		if r.Restore || r.Mined == nil {
			continue
		}
		a := r.attempt(r.Mined.Tx)
		if len(a.Raw) == 0 || a.Nonce < mined {
			continue
		}
		r.Attempts = []Attempt{*a}
		r.last().Sent, r.last().Tried, r.last().Seen = false, false, deal.Commitment{}
		r.Restore, r.Usurped = true, 0
		s.note(ChainRewound, now)
	}
}

func (s *State) replaced(e Replaced, now time.Time) {
	s.Sign.done()
	r := s.find(e.Intent)
	if r == nil || !r.unresolved() || r.last().Nonce != e.Attempt.Nonce {
		return // mined meanwhile
	}
	e.Attempt.At = now
	r.Attempts = append(r.Attempts, e.Attempt)
	r.proceed()
}

func (s *State) broadcasted(b Broadcasted, now time.Time) {
	s.Send.done()
	for _, d := range b.Deliveries {
		r, a := s.byHash(d.Hash)
		if a == nil {
			continue
		}
		if a.Seen.IsZero() {
			a.Seen = b.Head.Hash
		}
		switch {
		case d.Reason == "":
			a.Sent = true
			r.sent(a, now)
		case a == r.last():
			r.stall(d.Reason, now)
		}
	}
	if len(b.Deliveries) == 0 {
		s.Send.fail(RPCDown, now)
	}
}

// sent notes that a node has an attempt of the record.
func (r *Record) sent(a *Attempt, now time.Time) {
	if r.Status == Signed {
		r.become(Sent, now)
	}
	if a == r.last() {
		r.proceed()
	}
}

func (s *State) byHash(hash deal.Commitment) (*Record, *Attempt) {
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, r := range list {
			if a := r.attempt(hash); a != nil {
				return r, a
			}
		}
	}
	return nil, nil
}

func (s *State) failed(f Failure, now time.Time) {
	switch a := f.Action.(type) {
	case Prepare, Replace:
		s.Sign.fail(f.Reason, now)
	case Broadcast:
		s.Send.fail(f.Reason, now)
	case Observe:
		s.Look.fail(f.Reason, now)
	case Report:
		if r := s.find(a.Receipt.Intent); r != nil {
			r.reporting = false
			r.Retry = now.Add(backoff(r.Failures))
			r.Failures++
		}
	}
}
