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
	resync := s.resyncing
	s.resyncing = false
	s.Look.done()
	if o.Head.Number < s.Head.Number && !s.Short {
		s.Short = true // a lagging node, or a rewound chain: the next look tells
		return
	}
	if o.Indexing {
		s.Look.fail(NodeIndexing, now)
	}
	s.Roused, s.Short = false, false
	s.Head, s.Fees, s.Balance = o.Head, o.Fees, o.Balance
	s.Safe, s.Sealed, s.Used, s.Pool = o.Safe, o.Finalized, o.Mined, o.Pending
	s.restore(o.Mined, now)
	sightings := make(map[deal.Commitment]Sighting, len(o.Sightings))
	for _, x := range o.Sightings {
		sightings[x.Hash] = x
	}
	for _, r := range append(s.restoring(), s.Open...) {
		if r.Filler && r.Status == Queued && r.Nonce < o.Pending {
			s.free(r, now)
		}
		if look, ok := r.look(sightings, o.Head); ok {
			s.judge(r, look, o, now)
		}
	}
	s.diagnose(o, now)
	if resync && s.Resync {
		s.resync(o, now)
	}
}

// sight is what one look at all attempts of a record found.
type sight struct {
	mined   *Inclusion
	known   bool      // a node has the last attempt, or any that shares its nonce
	adopted *Sighting // of the transaction that an operator says had the effect
}

// look gathers the sightings of a record's attempts. It is false unless every
// attempt that may have reached a node was looked up.
func (r *Record) look(sightings map[deal.Commitment]Sighting, head Block) (out sight, ok bool) {
	if !r.Adopted.IsZero() {
		x, found := sightings[r.Adopted]
		if !found {
			return sight{}, false
		}
		ok, out.adopted = true, &x
		if x.Mined != nil && x.Mined.Receipt.OK {
			out.mined = x.Mined
			out.mined.Tx = r.Adopted
		}
	}
	for i := range r.Attempts {
		a := &r.Attempts[i]
		x, found := sightings[a.Hash]
		if !found {
			if a.Tried {
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
		s.restored(r, look, o, now)
	case look.mined != nil:
		s.included(r, *look.mined, now)
	case look.adopted != nil:
		s.adopting(r, *look.adopted, now)
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
	r.Usurped = 0
	if in.Tx != r.Adopted {
		r.Adopted = deal.Commitment{}
	}
	if moved {
		r.Reason = Reorged
		s.Totals.Reorgs++
	}
	blank := r.blank(in.Tx)
	if r.Lost && !blank {
		r.Lost, r.Notice = false, deal.Restored
	}
	switch heads := (Heads{Latest: s.Head, Safe: s.Safe, Finalized: s.Sealed}); {
	case !s.cfg.finality(r.Intent.Step).reached(in.Block, heads):
	case blank:
		s.blanked(r, in, now)
	default:
		s.settle(r, in.Receipt, now)
	}
}

// pending: in the pool. If it was in a block before, that block is gone.
func (s *State) pending(r *Record, now time.Time) {
	r.Usurped = 0
	cheap := r.last().Cap < s.Fees.Base
	switch {
	case r.Mined != nil:
		s.outOfBlock(r)
	case cheap && r.Reason == "":
		r.Reason = FeeBelowBase
	case r.Reason == Dropped || r.Reason == RPCDown || r.Reason == FeeBelowBase && !cheap:
		r.proceed()
	}
	r.become(Sent, now)
}

// dropped: no node has it and its nonce is free. The stored bytes go out again.
func (s *State) dropped(r *Record, now time.Time) {
	r.Usurped = 0
	why := Dropped
	if r.Mined != nil {
		s.outOfBlock(r)
		why = Reorged
		r.become(Sent, now)
	}
	resend(r, why, now)
}

// usurped: another transaction has its nonce, so no attempt can be mined. Once
// that is final it goes back to the queue, where it is simulated again before it
// is signed - or it is what it was to be: given up, held, or no longer needed.
func (s *State) usurped(r *Record, now time.Time) {
	s.note(ForeignNonce, now)
	r.become(Sent, now)
	if r.Mined != nil {
		s.outOfBlock(r)
	}
	r.Reason = ForeignNonce
	if r.Usurped++; r.Usurped <= 2 {
		r.Usurper = s.Head.Number
	}
	heads := Heads{Latest: s.Head, Safe: s.Safe, Finalized: s.Sealed}
	if r.Usurped >= usurpedLooks && s.cfg.finality(r.Intent.Step).reached(r.Usurper, heads) {
		s.misused(now)
		s.free(r, now)
	}
}

// diagnose says what is wrong with the account or the chain, if anything.
func (s *State) diagnose(o Observation, now time.Time) {
	_, gap := s.gap(0)
	lost := s.restoring()
	for len(lost) > 0 && lost[0].Anew {
		lost = lost[1:]
	}
	switch {
	case gap > 0:
		s.note(NonceGap, now)
	case len(lost) > 0:
		s.note(ChainRewound, now)
	case s.Reason == ChainRewound || s.Reason == NonceGap:
		s.note("", now)
	}
}
