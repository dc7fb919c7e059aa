package lane

import (
	"time"

	"cession/deal"
)

// usurpedLooks is how many looks in a row must find a nonce used by another
// transaction before the intent gets a new one. One could be two nodes behind
// one address that do not agree.
const usurpedLooks = 3

func (s *State) observed(o Observation, now time.Time) {
	s.Look.done()
	if o.Indexing {
		s.Look.fail(NodeIndexing, now)
	}
	s.restore(o.Mined, now)
	s.Roused = false
	s.Head, s.Fees = o.Head, o.Fees
	sightings := make(map[deal.Commitment]Sighting, len(o.Sightings))
	for _, x := range o.Sightings {
		sightings[x.Hash] = x
	}
	for _, r := range append(s.restoring(), s.Open...) {
		if look, ok := r.look(sightings, o.Head); ok {
			s.judge(r, look, o, now)
		}
	}
	s.diagnose(o, now)
}

// sight is what one look at all attempts of a record found.
type sight struct {
	mined *Inclusion
	known bool // a node has the last attempt, or any that shares its nonce
}

// look gathers the sightings of a record's attempts. It is false unless every
// attempt that may have reached a node was looked up.
func (r *Record) look(sightings map[deal.Commitment]Sighting, head Block) (out sight, ok bool) {
	for i := range r.Attempts {
		a := &r.Attempts[i]
		x, found := sightings[a.Hash]
		if !found {
			if a.Tried && !(r.terminal() && len(a.Raw) == 0) {
				return sight{}, false
			}
			continue
		}
		ok = true
		a.Seen = head.Hash
		if x.Mined != nil {
			out.mined = x.Mined
			out.mined.Tx = a.Hash
		}
		if x.Known && a.Nonce == r.last().Nonce {
			out.known, a.Sent = true, true
		}
	}
	return out, ok
}

func (s *State) judge(r *Record, look sight, o Observation, now time.Time) {
	switch {
	case r.Restore:
		r.restored(look, o.Mined, now)
	case look.mined != nil:
		s.included(r, *look.mined, now)
	case r.Status == Queued:
		// Its old nonce is gone; it waits for a new one.
	case look.known:
		s.pending(r, now)
	case o.Mined > r.last().Nonce:
		s.usurped(r, now)
	default:
		s.dropped(r, now)
	}
}

func (s *State) included(r *Record, in Inclusion, now time.Time) {
	moved := r.Mined != nil && r.Mined.BlockHash != in.BlockHash
	r.Mined = &in
	r.become(Mined, now)
	r.proceed()
	if moved {
		r.Reason = Reorged
	}
	if s.Head.Number >= in.Block && s.Head.Number-in.Block >= s.cfg.Finality {
		s.settle(r, in.Receipt, now)
	}
}

// pending: in the pool. If it was in a block before, that block is gone.
func (s *State) pending(r *Record, now time.Time) {
	r.Usurped = 0
	if r.Mined != nil {
		r.Mined, r.Reason = nil, Reorged
	} else if r.Reason == Dropped || r.Reason == RPCDown {
		r.proceed()
	}
	r.become(Sent, now)
}

// dropped: no node has it and its nonce is free. The stored bytes go out again.
func (s *State) dropped(r *Record, now time.Time) {
	r.Usurped = 0
	why := Dropped
	if r.Mined != nil {
		r.Mined, why = nil, Reorged
		r.become(Sent, now)
	}
	resend(r, why, now)
}

// resend has every attempt at the record's nonce broadcast again.
func resend(r *Record, why Reason, now time.Time) {
	last, accepted := r.last(), false
	for i := range r.Attempts {
		a := &r.Attempts[i]
		if a.Nonce == last.Nonce {
			accepted = accepted || a.Sent
			a.Sent = false
		}
	}
	if accepted {
		r.stall(why, now)
		if r.Failures == 1 {
			r.Retry = time.Time{}
		}
	}
}

// usurped: another transaction has its nonce, so no attempt can be mined. It
// goes back to the queue, where it is simulated again before it is signed.
func (s *State) usurped(r *Record, now time.Time) {
	s.note(ForeignNonce, now)
	r.Reason, r.Mined = ForeignNonce, nil
	r.become(Sent, now)
	if r.Usurped++; r.Usurped >= usurpedLooks {
		r.Usurped, r.Retry, r.Failures = 0, time.Time{}, 0
		r.become(Queued, now)
	}
}

// restored follows a transaction that a rewound chain lost. Its outcome stays what it is.
func (r *Record) restored(look sight, mined uint64, now time.Time) {
	switch {
	case look.mined != nil:
		r.Restore = false
		r.proceed()
	case look.known:
	case mined > r.last().Nonce:
		if r.Usurped++; r.Usurped >= usurpedLooks {
			r.Restore, r.Reason = false, ForeignNonce
		}
	default:
		resend(r, ChainRewound, now)
	}
}

// diagnose says what is wrong with the account or the chain, if anything.
func (s *State) diagnose(o Observation, now time.Time) {
	held, lost := s.unresolved(), s.restoring()
	switch {
	case len(lost) > 0 && lost[0].last().Nonce <= o.Pending:
		s.note(ChainRewound, now)
	case len(lost) > 0 || len(held) > 0 && held[0].last().Nonce > o.Pending:
		s.note(NonceGap, now)
	case s.Reason == ChainRewound || s.Reason == NonceGap:
		s.note("", now)
	}
}
