package lane

import (
	"slices"
	"time"

	"cession/deal"
)

// maxVia is how many lanes an intent may have been in.
const maxVia = 64

// Check reports whether the lane can take the intent: invalid if it is
// malformed, conflict if the lane has [MaxQueue] open intents already, or more
// outcomes than it can keep that nobody wants to hear.
func (s *State) Check(sub Submission) error {
	in := sub.Intent
	if in.ID.IsZero() {
		return deal.Errorf(deal.Invalid, "intent without id")
	}
	if err := in.Deal.Check(); err != nil {
		return err
	}
	if n := members(in.Call); n != 1 {
		return deal.Errorf(deal.Invalid, "intent %s: want one call, have %d", in.ID.Short(), n)
	}
	if len(sub.Via) > maxVia {
		return deal.Errorf(deal.Invalid, "intent %s: it was in more than %d lanes", in.ID.Short(), maxVia)
	}
	if s.find(in.ID) == nil && (len(s.Open) >= MaxQueue || len(s.Recent) > 2*Outcomes) {
		return deal.Errorf(deal.Conflict, "intent %s: the lane has %d open intents and %d outcomes; submit it later",
			in.ID.Short(), len(s.Open), len(s.Recent))
	}
	return nil
}

func members(c deal.Call) (n int) {
	for _, set := range []bool{c.Anchor != nil, c.Mint != nil, c.Append != nil, c.Open != nil, c.Fund != nil,
		c.Settle != nil, c.Refund != nil, c.Payout != nil} {
		if set {
			n++
		}
	}
	return n
}

// Submit takes an intent, once: the same identifier again changes nothing. If
// its outcome is known, it is returned, and will be reported again. One that
// this lane handed on is not done here; the lane that has it is told again. It
// comes back only if it went through more lanes since, which a repetition of an
// old hand-over did not. What was handed on keeps its age and its limits.
func (s *State) Submit(sub Submission, now time.Time) (receipt deal.Receipt, done bool) {
	r := s.find(sub.Intent.ID)
	if r != nil && r.Status == Moved && len(sub.Via) > len(r.Via)+1 {
		s.Recent = slices.DeleteFunc(s.Recent, func(x *Record) bool { return x == r })
		r = nil
	}
	switch {
	case r == nil:
		r = &Record{Intent: sub.Intent, Via: slices.Clone(sub.Via), Limits: sub.Limits, Status: Queued, Submitted: sub.since(now), Changed: now}
		s.Open = append(s.Open, r)
		r.mark("", now)
	case r.Status == Moved:
		r.Reported, r.Intent = false, sub.Intent
	case r.terminal():
		r.Reported = false
		return r.Receipt, true
	}
	return deal.Receipt{}, false
}

// since returns when the intent was first submitted, which no clock of another
// lane puts into the future.
func (sub Submission) since(now time.Time) time.Time {
	if sub.Submitted.IsZero() || sub.Submitted.After(now) {
		return now
	}
	return sub.Submitted
}
