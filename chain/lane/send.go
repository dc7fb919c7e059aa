package lane

import "time"

// sending broadcasts what no node has accepted, lowest nonce first.
func (s *State) sending(now time.Time) (Broadcast, bool) {
	b := Broadcast{From: s.cfg.Address}
	if !s.Send.free(now) || !s.Paused.IsZero() {
		return b, false
	}
	held := s.unresolved()
	for _, r := range append(s.restoring(), held...) {
		replacing := len(held) > 0 && r == held[0] && r.Reason.priced()
		if replacing || r.Anew || r.Hold == HoldPaused || now.Before(r.Retry) {
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

// unsent returns the attempts to broadcast, of the kind that is wanted: the call,
// or a transaction of nothing. It is the last one, and if no node is known to
// have any, all that can still be mined - the last may be one that the node
// refuses, say because it costs more than the signer has.
func (r *Record) unsent() (out []*Attempt) {
	accepted := false
	for _, a := range r.current() {
		accepted = accepted || a.Sent
		if a.Blank == (r.Canceled || r.Filler) && len(a.Raw) > 0 {
			out = append(out, a)
		}
	}
	n := len(out)
	switch {
	case n == 0 || out[n-1].Sent:
		return nil
	case accepted && out[n-1].Hash != r.last().Hash:
		return nil // a node has what replaced it
	case accepted:
		return out[n-1:]
	}
	return out
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
		case a == r.newest():
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
	if a != r.newest() || r.Reason == Dropped || r.Reason == Reorged {
		return // what a node forgot once it has again when a look finds it there
	}
	r.proceed()
}

// byHash finds the attempt whose bytes are stored.
func (s *State) byHash(hash [32]byte) (*Record, *Attempt) {
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, r := range list {
			if a := r.attempt(hash); a != nil && len(a.Raw) > 0 {
				return r, a
			}
		}
	}
	return nil, nil
}
