package lane

import (
	"slices"
	"time"

	"cession/deal"
)

// reason returns what an operator sees: a hold comes before what the chain says.
func (r *Record) reason() Reason {
	if r.Hold == HoldPaused || r.Hold == HoldCanceled && r.Status == Queued {
		return Paused
	}
	return r.Reason
}

// tx returns the transaction in the chain, or the newest attempt.
func (r *Record) tx() deal.Commitment {
	switch {
	case r.Mined != nil:
		return r.Mined.Tx
	case !r.Adopted.IsZero():
		return r.Adopted
	case len(r.Attempts) > 0:
		return r.last().Hash
	}
	return deal.Commitment{}
}

// mark adds to the trail what changed since the last mark, and the verb of a command.
func (r *Record) mark(verb Verb, now time.Time) {
	m := Mark{At: now, Status: r.Status, Reason: r.reason(), Tx: r.tx()}
	var last Mark
	if len(r.Trail) > 0 {
		last = r.Trail[len(r.Trail)-1]
	}
	if m.Reason != last.Reason {
		r.Since = now
		if m.Reason == "" {
			r.Since = time.Time{}
		}
	}
	if verb == "" && m.Status == last.Status && m.Reason == last.Reason && m.Tx == last.Tx {
		return
	}
	if verb != "" || m.Status != last.Status || m.Tx != last.Tx { // a reason that comes and goes voids no command
		r.Version++
	}
	if verb != "" || m.Status != last.Status {
		r.Acted = r.Version
	}
	m.Verb = verb
	r.Trail = append(r.Trail, m)
	if len(r.Trail) > MaxTrail {
		r.Trail = slices.Delete(r.Trail, 1, 2)
	}
}

// tidy ends each step: it notes what changed, and moves what has ended.
func (s *State) tidy(now time.Time) {
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, r := range list {
			r.mark("", now)
		}
	}
	s.sweep()
	s.Blocked = s.blocked(now)
}

// reasons returns what is wrong with the lane as a whole, each once.
func (s *State) reasons() (out []Reason) {
	all := []Reason{s.Reason, s.Sign.Reason, s.Send.Reason, s.Look.Reason}
	if !s.Paused.IsZero() {
		all = append([]Reason{Paused}, all...)
	}
	if !s.Dry.IsZero() {
		all = append(all, FeeCeiling)
	}
	if !s.Foreign.IsZero() {
		all = append(all, ForeignNonce)
	}
	if _, poor := s.poor(); poor {
		all = append(all, InsufficientFunds)
	}
	for _, why := range all {
		if why != "" && !slices.Contains(out, why) {
			out = append(out, why)
		}
	}
	return out
}

// poor returns since when the account cannot pay for something.
func (s *State) poor() (since time.Time, poor bool) {
	for _, r := range s.Open {
		if r.Reason == InsufficientFunds && (!poor || r.Since.Before(since)) {
			since, poor = r.Since, true
		}
	}
	return since, poor
}
