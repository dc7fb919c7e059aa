package lane

import (
	"slices"
	"time"
)

// signing replaces what is to be replaced, fills what is to be filled, bumps the
// lowest unresolved nonce if that is due, or prepares what is queued.
func (s *State) signing(now time.Time) (Action, bool) {
	if !s.Sign.free(now) || !s.Paused.IsZero() || s.Resync {
		return nil, false
	}
	held := s.unresolved()
	for i, r := range held {
		due, ok := s.replaceDue(r, i == 0, now)
		if !ok || now.Before(due) {
			continue
		}
		if a, ok := s.replacement(r, now); ok {
			return s.replace(a), true
		}
	}
	for _, r := range s.Open {
		if r.Filler && r.Status == Queued && !now.Before(r.Retry) {
			if a, ok := s.filling(r, now); ok {
				return s.replace(a), true
			}
		}
	}
	p, ok := s.preparing(len(held), now)
	s.Sign.busy = ok
	return p, ok
}

func (s *State) replace(r Replace) Replace {
	s.Sign.busy, s.replacing = true, &r
	return r
}

// replaceDue returns when a record that holds a nonce is to be signed again: at
// once if an operator wants it, or if the last attempt is not of the kind that
// is wanted; the lowest also when its time is up or it pays too little to be
// taken. That one must have been looked for since it was signed, so that an
// unreachable node raises no fee.
func (s *State) replaceDue(r *Record, lowest bool, now time.Time) (time.Time, bool) {
	last := r.last()
	switch {
	case r.Usurped > 0 || r.Hold == HoldPaused:
		return time.Time{}, false
	case r.Order != nil || last.Blank != r.Canceled:
		return time.Time{}, true
	case !lowest:
		return time.Time{}, false
	case r.Reason.priced() && last.Tried && !last.Sent:
		return r.Retry, true
	case last.Sent && !last.Seen.IsZero():
		return last.At.Add(s.bumpAfter(r, now)), true
	}
	return time.Time{}, false
}

// replacement replaces the last attempt for a higher fee, if the limits leave room.
func (s *State) replacement(r *Record, now time.Time) (Replace, bool) {
	order := r.Order
	r.Order = nil
	gas := r.gas()
	b := s.bound(r, gas, r.Canceled, now)
	tip, cap, ok := s.price(r, order, b, now)
	if !ok || s.exhausted(r) {
		s.over(r, b.day, now)
		return Replace{}, false
	}
	r.Order = order // until it is signed
	return Replace{ChainID: s.cfg.ChainID, From: s.cfg.Address, Intent: r.Intent, Nonce: r.last().Nonce,
		Gas: gas, Tip: tip, Cap: cap, Blank: r.Canceled}, true
}

// price returns the fees that replace the last attempt: an operator's, or the market's.
func (s *State) price(r *Record, order *Order, b bound, now time.Time) (tip, cap uint64, ok bool) {
	last := *r.last()
	u := s.urgency(r, now)
	if r.Canceled {
		u = High
	}
	if order == nil {
		return Bump(last, s.Fees, u, b.cap)
	}
	tip, cap = max(order.Tip, raise(last.Tip, 8)), max(order.Cap, raise(last.Cap, 8))
	return tip, cap, tip <= cap && cap <= b.cap
}

// gas returns the gas limit of the next attempt at the record's nonce.
func (r *Record) gas() uint64 {
	if !r.Canceled {
		for _, a := range r.current() {
			if !a.Blank {
				return a.Gas
			}
		}
	}
	return blankGas
}

// exhausted reports whether the record has as many attempts of its kind as are kept.
func (s *State) exhausted(r *Record) bool {
	n := 0
	for _, a := range r.current() {
		if a.Blank == r.Canceled {
			n++
		}
	}
	return n >= MaxAttempts
}

// preparing asks for what is queued, as far as there is room.
func (s *State) preparing(held int, now time.Time) (Prepare, bool) {
	p := Prepare{ChainID: s.cfg.ChainID, From: s.cfg.Address, Start: !s.Started,
		Nonce: s.Nonce, Lowest: s.lowest(), Budget: s.spare(now)}
	for _, r := range s.wanted(now) {
		if held+len(p.Jobs) >= s.cfg.MaxInFlight {
			break
		}
		if p.Budget == 0 {
			s.over(r, true, now)
			continue
		}
		l := s.limits(r)
		p.Jobs = append(p.Jobs, Job{Intent: r.Intent, Urgency: s.urgency(r, now), PerGas: l.PerGas, PerIntent: l.PerIntent, Again: r.everTried()})
	}
	return p, len(p.Jobs) > 0
}

// everTried reports whether any attempt, at any nonce, may have reached a node.
func (r *Record) everTried() bool {
	return slices.ContainsFunc(r.Attempts, func(a Attempt) bool { return a.Tried && !a.Blank })
}

// wanted returns what may be prepared now: what a rewound chain lost comes first.
func (s *State) wanted(now time.Time) (out []*Record) {
	for _, r := range s.Recent {
		if r.Anew && !now.Before(r.Retry) && !(r.Waits && s.depends(r)) {
			out = append(out, r)
		}
	}
	for _, r := range s.Open {
		free := r.Status == Queued && r.Hold == "" && r.To == "" && r.Adopted.IsZero() && !r.Filler
		if free && !now.Before(r.Retry) && !(r.Waits && s.depends(r)) {
			out = append(out, r)
		}
	}
	return out
}

// bumpTimes returns when the lowest unresolved record is due, or gets urgent.
func (s *State) bumpTimes() (out []time.Time) {
	held := s.unresolved()
	if len(held) == 0 || !s.Paused.IsZero() {
		return nil
	}
	r := held[0]
	if near, ok := s.near(r); ok {
		out = append(out, near)
		if due, ok := s.replaceDue(r, true, near); ok {
			out = append(out, due)
		}
	}
	if due, ok := s.replaceDue(r, true, time.Time{}); ok {
		out = append(out, due)
	}
	return out
}
