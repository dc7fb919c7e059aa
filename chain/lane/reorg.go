package lane

import (
	"slices"
	"time"

	"cession/deal"
)

// outOfBlock notes that the block the record was in is no longer part of the
// chain. Whoever saw an effect is told.
func (s *State) outOfBlock(r *Record) {
	effect := r.Mined.Receipt.OK && !r.blank(r.Mined.Tx) && !r.Filler
	r.Mined, r.Reason = nil, Reorged
	s.Totals.Reorgs++
	if effect {
		r.Lost, r.Notice = true, deal.Reorged
	}
}

// restore looks for outcomes that a rewound chain may have lost: it counts fewer
// transactions of the signer than that. Where the bytes are stored they are sent again.
func (s *State) restore(mined uint64, now time.Time) {
	for _, r := range s.Recent {
		if r.Restore || r.Undone || r.Mined == nil {
			continue
		}
		a := r.attempt(r.Mined.Tx)
		if a == nil || a.Nonce < mined {
			continue
		}
		r.rewind(*a)
		r.Restore, r.Usurped = true, 0
		s.note(ChainRewound, now)
	}
}

// rewind makes the attempt that was mined the last one. The others at its nonce
// are followed too: one of them may be mined in its place.
func (r *Record) rewind(mined Attempt) {
	r.Attempts = slices.DeleteFunc(r.Attempts, func(a Attempt) bool { return a.Nonce != mined.Nonce || a.Hash == mined.Hash })
	r.Attempts = append(r.Attempts, mined)
	for i := range r.Attempts {
		a := &r.Attempts[i]
		a.Sent, a.Tried, a.Seen = false, a.Tried || a.Hash == mined.Hash, deal.Commitment{}
	}
}

// restored follows a transaction that a rewound chain lost. Its outcome stays what it is.
func (s *State) restored(r *Record, look sight, o Observation, now time.Time) {
	switch {
	case look.mined != nil && (look.mined.Receipt.OK || look.mined.Tx == r.Mined.Tx || !r.Receipt.OK):
		if old, a := r.attempt(r.Mined.Tx), r.attempt(look.mined.Tx); old.Nonce != a.Nonce {
			s.pay(r.cost(*look.mined), now) // prepared anew
		}
		r.Mined = look.mined
		s.regained(r, now)
		return
	case look.mined != nil: // prepared anew, and reverted
		s.lost(r)
		s.undone(r, WouldRevert)
		return
	}
	s.lost(r)
	switch {
	case r.Anew || look.known:
		r.Usurped = 0
	case o.Mined > r.last().Nonce || len(r.last().Raw) == 0:
		if r.Usurped++; r.Usurped >= usurpedLooks {
			s.anew(r)
		}
	default:
		r.Usurped = 0
		resend(r, ChainRewound, now)
	}
}

// lost tells that an outcome is not certain any more.
func (s *State) lost(r *Record) {
	if r.Lost {
		return
	}
	r.Lost = true
	s.Totals.Reorgs++
	r.Reason = ChainRewound
	if r.Receipt.OK && !r.Filler {
		r.Notice = deal.Reorged
	}
}

// regained: the effect is in the chain again.
func (s *State) regained(r *Record, _ time.Time) {
	if r.Lost && r.Receipt.OK && !r.Filler {
		r.Notice = deal.Restored
	}
	r.Restore, r.Lost, r.Anew, r.Undone, r.Usurped = false, false, false, false, 0
	r.Waits = false
	r.proceed()
}

// anew has a lost effect whose stored transaction cannot be mined any more
// prepared again, if the call is known. What had no effect is not missed.
func (s *State) anew(r *Record) {
	r.Usurped = 0
	switch {
	case r.Filler || !r.Receipt.OK:
		r.Restore, r.Lost = false, false
		r.proceed()
	case members(r.Intent.Call) == 1:
		r.Anew = true
		r.proceed()
		r.Reason = ChainRewound
	default:
		s.undone(r, ChainRewound)
	}
}

// undone: the effect cannot be had again. The outcome stays, and so does the
// record, as one that is stuck.
func (s *State) undone(r *Record, why Reason) {
	detail := r.Detail
	r.proceed()
	r.Restore, r.Anew, r.Undone, r.Waits, r.Kept = false, false, true, false, false
	r.Reason, r.Detail, r.Notice = why, detail, deal.Undone
}

// resend has every attempt at the record's nonce broadcast again.
func resend(r *Record, why Reason, now time.Time) {
	accepted := false
	for _, a := range r.current() {
		accepted = accepted || a.Sent
		a.Sent = false
	}
	if accepted {
		r.stall(why, now)
		if r.Failures == 1 {
			r.Retry = time.Time{}
		}
	}
}

// resync takes the next nonce from the chain again. It goes down only if
// nothing is held that the chain does not have.
func (s *State) resync(o Observation, now time.Time) {
	next := o.Pending
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, r := range list {
			if n, ok := r.holds(); ok {
				next = max(next, n+1)
			}
		}
	}
	s.Resync, s.Started, s.Nonce, s.Foreign = false, true, next, time.Time{}
	s.note("", now)
	s.Sign.hurry()
}

// adopting waits for a transaction that was sent elsewhere. Without the call's
// effect it is of no use, and neither if no node knows it.
func (s *State) adopting(r *Record, x Sighting, now time.Time) {
	if r.Status == Mined {
		s.outOfBlock(r)
		r.become(Queued, now)
	}
	r.Looks++
	if x.Mined == nil && (x.Known || r.Looks < usurpedLooks) {
		if x.Known {
			r.Looks = 0
		}
		s.Roused = s.Roused || !x.Known
		return
	}
	r.mark(Adopt, now)
	r.Adopted, r.Looks = deal.Commitment{}, 0
}
