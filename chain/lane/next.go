package lane

import (
	"time"

	"cession/deal"
)

// Wait is how long an [Observe] waits for a new head, at most.
const Wait = 10 * time.Second

// Next hands out what is to be done now. An action is handed out once; it is
// under way until its event is applied, and handed out again after a restart
// from JSON. Signing, sending and looking run beside each other, one of each.
func (s *State) Next(now time.Time) []Action {
	out := s.reports(now)
	if a, ok := s.sending(now); ok {
		out = append(out, a)
	}
	if a, ok := s.signing(now); ok {
		out = append(out, a)
	}
	if a, ok := s.looking(now); ok {
		out = append(out, a)
	}
	return out
}

func (s *State) reports(now time.Time) (out []Action) {
	for _, r := range s.Recent {
		r.Reported = r.Reported || r.Intent.Reply == ""
		if !r.Reported && !r.reporting && !now.Before(r.Retry) {
			r.reporting = true
			out = append(out, Report{Reply: r.Intent.Reply, Receipt: r.Receipt})
		}
	}
	return out
}

// sending broadcasts what no node has accepted, lowest nonce first.
func (s *State) sending(now time.Time) (Broadcast, bool) {
	var b Broadcast
	if !s.Send.free(now) {
		return b, false
	}
	held := s.unresolved()
	for _, r := range append(s.restoring(), held...) {
		replacing := len(held) > 0 && r == held[0] && r.Reason.priced()
		if replacing || now.Before(r.Retry) {
			continue
		}
		for _, a := range r.unsent() {
			a.Tried = true
			b.Raw = append(b.Raw, a.Raw)
		}
	}
	s.Send.busy = len(b.Raw) > 0
	return b, s.Send.busy
}

// unsent returns the attempts to broadcast: the last one, and if no node is
// known to have any, all that can still be mined - the last may be one that the
// node refuses, say because it costs more than the signer has.
func (r *Record) unsent() (out []*Attempt) {
	last := r.last()
	if last.Sent {
		return nil
	}
	for i := range r.Attempts {
		a := &r.Attempts[i]
		if a.Nonce == last.Nonce && a.Sent {
			return []*Attempt{last}
		}
		if a.Nonce == last.Nonce && len(a.Raw) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// signing bumps the lowest unresolved nonce if that is due, or prepares what is queued.
func (s *State) signing(now time.Time) (Action, bool) {
	if !s.Sign.free(now) {
		return nil, false
	}
	held := s.unresolved()
	if len(held) > 0 {
		if a, ok := s.bump(held[0], now); ok {
			s.Sign.busy = true
			return a, true
		}
	}
	p := Prepare{ChainID: s.cfg.ChainID, From: s.cfg.Address, Start: !s.Started,
		Nonce: s.Nonce, Lowest: s.lowest(), Ceiling: s.cfg.Ceiling}
	for _, r := range s.Open {
		if len(held)+len(p.Intents) >= s.cfg.MaxInFlight {
			break
		}
		waits := r.Waits && s.holdsDeal(r.Intent.Deal)
		if r.Status == Queued && !waits && !now.Before(r.Retry) {
			p.Intents = append(p.Intents, r.Intent)
		}
	}
	s.Sign.busy = len(p.Intents) > 0
	return p, s.Sign.busy
}

// bump replaces the attempt if it is old enough or pays too little to be taken.
func (s *State) bump(r *Record, now time.Time) (Replace, bool) {
	due, ok := s.bumpDue(r)
	if !ok || now.Before(due) {
		return Replace{}, false
	}
	last := r.last()
	tip, cap, ok := Bump(*last, s.Fees, s.cfg.Ceiling)
	if !ok || len(r.Attempts) >= MaxAttempts {
		r.Reason = FeeCeiling
		return Replace{}, false
	}
	return Replace{ChainID: s.cfg.ChainID, From: s.cfg.Address, Intent: r.Intent,
		Nonce: last.Nonce, Gas: last.Gas, Tip: tip, Cap: cap}, true
}

// bumpDue returns when the lowest unresolved record is to be bumped. It must
// have been looked for since it was signed, so that an unreachable node raises no fee.
func (s *State) bumpDue(r *Record) (time.Time, bool) {
	last := r.last()
	switch {
	case r.Usurped > 0:
		return time.Time{}, false
	case r.Reason.priced() && last.Tried && !last.Sent:
		return r.Retry, true
	case last.Sent && !last.Seen.IsZero():
		return last.At.Add(s.cfg.BumpAfter), true
	}
	return time.Time{}, false
}

func (s *State) holdsDeal(id deal.ID) bool {
	for _, r := range s.Open {
		if r.Intent.Deal == id && r.unresolved() {
			return true
		}
	}
	return false
}

// looking follows every attempt that may have reached a node. It waits for a
// new head only if all of them were looked up at the last one.
func (s *State) looking(now time.Time) (Observe, bool) {
	if !s.Look.free(now) || s.Send.busy {
		return Observe{}, false
	}
	o := Observe{From: s.cfg.Address, Wait: Wait, After: s.Head.Hash}
	for _, r := range append(s.restoring(), s.Open...) {
		f := Follow{Call: r.Intent.Call}
		for _, a := range r.Attempts {
			if !a.Tried || r.terminal() && len(a.Raw) == 0 {
				continue
			}
			f.Hashes = append(f.Hashes, a.Hash)
			if a.Seen != s.Head.Hash {
				o.After = deal.Commitment{}
			}
		}
		if len(f.Hashes) > 0 {
			o.Follow = append(o.Follow, f)
		}
	}
	if s.Roused {
		o.After = deal.Commitment{}
	}
	s.Look.busy = len(o.Follow) > 0 || s.Roused
	return o, s.Look.busy
}

// Due returns when [State.Next] may have something new to hand out although
// nothing was applied, or false if that cannot be.
func (s *State) Due(now time.Time) (time.Time, bool) {
	times := []time.Time{s.Sign.Retry, s.Send.Retry, s.Look.Retry}
	for _, r := range s.Open {
		times = append(times, r.Retry)
	}
	for _, r := range s.Recent {
		times = append(times, r.Retry)
	}
	if held := s.unresolved(); len(held) > 0 {
		if due, ok := s.bumpDue(held[0]); ok {
			times = append(times, due)
		}
	}
	var first time.Time
	for _, t := range times {
		if t.After(now) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first, !first.IsZero()
}
