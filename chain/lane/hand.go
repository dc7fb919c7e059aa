package lane

import (
	"slices"
	"time"
)

// blocked reports whether the lane hands on what it has not broadcast: it is
// paused, or something has kept it for HandAfter from getting on. A node that
// does not answer is none: other lanes would ask the same one.
func (s *State) blocked(now time.Time) bool {
	if !s.Paused.IsZero() {
		return true
	}
	for _, since := range s.troubles() {
		if now.Sub(since) >= s.cfg.HandAfter {
			return true
		}
	}
	return false
}

// troubles returns since when there is what blocks a lane if it lasts.
func (s *State) troubles() (out []time.Time) {
	if why := s.Sign.Reason; why == SignerDown || why == InsufficientFunds {
		out = append(out, s.Sign.Since)
	}
	if since, poor := s.poor(); poor {
		out = append(out, since)
	}
	if s.Reason == NonceGap {
		out = append(out, s.Since)
	}
	if !s.Dry.IsZero() {
		out = append(out, s.Dry)
	}
	if held := s.unresolved(); len(held) > 0 && held[0].tried() && s.Look.Reason == "" {
		out = append(out, held[0].begun())
	}
	return out
}

// begun returns since when the record is unresolved: when the first attempt at
// its nonce was persisted, or an operator tried it again.
func (r *Record) begun() time.Time {
	if at := r.current()[0].At; at.After(r.Again) {
		return at
	}
	return r.Again
}

// blockTimes returns when the lane may become blocked.
func (s *State) blockTimes() (out []time.Time) {
	for _, since := range s.troubles() {
		out = append(out, since.Add(s.cfg.HandAfter))
	}
	return out
}

// sibling returns the lane that is to have a record, or "" if none is left.
func (s *State) sibling(r *Record) string {
	left := slices.DeleteFunc(slices.Clone(s.cfg.Siblings), func(id string) bool {
		return id == s.cfg.ID() || !r.Anywhere && slices.Contains(r.Via, id)
	})
	if len(r.Via) >= maxVia {
		return ""
	}
	return For(r.Intent.Deal, left)
}

// went returns the lane that the newest intent of the record's deal was handed
// to: what needs its effect goes there too.
func (s *State) went(r *Record) string {
	for i := len(s.Recent) - 1; i >= 0; i-- {
		x := s.Recent[i]
		if x.Intent.Deal != r.Intent.Deal || x.Filler {
			continue
		}
		known := slices.Contains(s.cfg.Siblings, x.To) && !slices.Contains(r.Via, x.To)
		if x.Status == Moved && known && len(r.Via) < maxVia {
			return x.To
		}
		return ""
	}
	return ""
}

// hands gives what is not broadcast to other lanes, one intent of a deal after the other.
func (s *State) hands(now time.Time) (out []Action) {
	for s.Blocked && s.giveBackTop(now) {
	}
	for _, r := range s.Open {
		if s.leaves(r) {
			r.move(s.sibling(r))
		}
	}
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, r := range list {
			due := r.Status == Queued || r.Status == Moved && !r.Reported
			if r.To == "" || !due || r.handing || now.Before(r.Retry) {
				continue
			}
			r.handing = true
			via := append(slices.Clone(r.Via), s.cfg.ID())
			out = append(out, Hand{To: r.To, Submission: Submission{Intent: r.Intent, Via: via, Submitted: r.Submitted, Limits: r.Limits}})
		}
	}
	return out
}

// move has the record handed to a lane. From now on that one may have it.
func (r *Record) move(to string) {
	r.To, r.Waits = to, false
	r.Retry, r.Failures = time.Time{}, 0
	r.Version++
}

// leaves reports whether the record is to be handed on.
func (s *State) leaves(r *Record) bool {
	if r.Status != Queued || r.Filler || r.To != "" || !r.Adopted.IsZero() {
		return false
	}
	if r.Hold != HoldAside && (r.Hold != "" || !s.Blocked) {
		return false
	}
	return s.sibling(r) != "" && !s.depends(r)
}

// giveBackTop takes back the highest nonce if nothing was ever broadcast at it
// and another lane can have its intent.
func (s *State) giveBackTop(now time.Time) bool {
	held := s.unresolved()
	if len(held) == 0 {
		return false
	}
	r := held[len(held)-1]
	return r.Hold == "" && !r.Canceled && s.sibling(r) != "" && s.giveBack(r, now)
}

// giveBack frees the nonce of a record at which nothing was ever broadcast, if
// it is the last one given out.
func (s *State) giveBack(r *Record, now time.Time) bool {
	if !s.returnable(r) {
		return false
	}
	n := r.last().Nonce
	r.Attempts = slices.DeleteFunc(r.Attempts, func(a Attempt) bool { return a.Nonce == n })
	r.Order = nil
	r.proceed()
	r.become(Queued, now)
	s.Nonce = n
	return true
}

func (s *State) returnable(r *Record) bool {
	return r.unresolved() && !r.Filler && !r.tried() && r.last().Nonce+1 == s.Nonce
}

func (s *State) handed(e Handed, now time.Time) {
	r := s.find(e.Intent)
	if r == nil || r.To == "" {
		return
	}
	r.handing = false
	r.told()
	if r.Status != Queued && r.Status != Moved {
		return
	}
	if r.Status == Queued {
		s.Totals.Moved++
		r.Reason, r.Detail, r.Hold, r.Waits = "", "", "", false
		r.become(Moved, now)
	}
	r.Reported = true
}
