package lane

import (
	"slices"
	"time"

	"cession/deal"
)

// State is everything a lane remembers, bounded by the package's constants. It
// survives JSON; what is under way at that moment is handed out again. One
// goroutine owns it.
type State struct {
	Started bool      `json:"started"` // Nonce was taken from the chain
	Nonce   uint64    `json:"nonce"`   // the next one to use
	Head    Block     `json:"head"`    // last seen
	Fees    Fees      `json:"fees"`
	Reason  Reason    `json:"reason,omitempty"` // what is wrong with the account or the chain
	Since   time.Time `json:"since,omitzero"`   // of Reason
	Open    []*Record `json:"open,omitempty"`   // in order of submission
	Recent  []*Record `json:"recent,omitempty"` // terminal, oldest first
	Sign    Slot      `json:"sign"`             // of Prepare and Replace
	Send    Slot      `json:"send"`             // of Broadcast
	Look    Slot      `json:"look"`             // of Observe

	Roused bool `json:"roused,omitempty"` // to look at the chain although nothing is in flight

	cfg Config
}

// Slot is a kind of action of which one at most is under way.
type Slot struct {
	Retry    time.Time `json:"retry,omitzero"` // not before
	Failures int       `json:"failures,omitempty"`
	Reason   Reason    `json:"reason,omitempty"`

	busy bool
}

func (s *Slot) free(now time.Time) bool { return !s.busy && !now.Before(s.Retry) }

func (s *Slot) done() { *s = Slot{} }

func (s *Slot) fail(why Reason, now time.Time) {
	s.Retry = now.Add(backoff(s.Failures))
	s.Failures++
	s.Reason, s.busy = why, false
}

// New returns the state of a lane, empty unless the input carries one.
func New(in Input) *State {
	s := in.State
	if s == nil {
		s = &State{}
	}
	s.cfg = in.Config.Defaults()
	return s
}

// Config returns the completed configuration.
func (s *State) Config() Config { return s.cfg }

// Check reports whether the lane can take the intent: invalid if it is
// malformed, conflict if the lane has [MaxQueue] open intents already.
func (s *State) Check(in deal.Intent) error {
	if in.ID.IsZero() {
		return deal.Errorf(deal.Invalid, "intent without id")
	}
	if err := in.Deal.Check(); err != nil {
		return err
	}
	if n := members(in.Call); n != 1 {
		return deal.Errorf(deal.Invalid, "intent %s: want one call, have %d", in.ID.Short(), n)
	}
	if s.find(in.ID) == nil && len(s.Open) >= MaxQueue {
		return deal.Errorf(deal.Conflict, "intent %s: the lane has %d open intents; submit it later", in.ID.Short(), MaxQueue)
	}
	return nil
}

func members(c deal.Call) (n int) {
	for _, set := range []bool{c.Anchor != nil, c.Mint != nil, c.Open != nil, c.Fund != nil,
		c.Settle != nil, c.Refund != nil, c.Payout != nil} {
		if set {
			n++
		}
	}
	return n
}

// Submit takes an intent, once: the same identifier again changes nothing. If
// its outcome is known, it is returned, and will be reported again.
func (s *State) Submit(in deal.Intent, now time.Time) (receipt deal.Receipt, done bool) {
	r := s.find(in.ID)
	if r == nil {
		s.Open = append(s.Open, &Record{Intent: in, Status: Queued, Submitted: now, Changed: now})
		return deal.Receipt{}, false
	}
	if r.terminal() {
		r.Reported = false
		return r.Receipt, true
	}
	return deal.Receipt{}, false
}

// Rouse has the lane look at the chain at once, which may have been rewound
// while nothing was in flight.
func (s *State) Rouse() { s.Roused = true }

// Record returns what is known of an intent.
func (s *State) Record(id deal.Commitment) (Record, bool) {
	if r := s.find(id); r != nil {
		return *r, true
	}
	return Record{}, false
}

func (s *State) find(id deal.Commitment) *Record {
	for _, list := range [][]*Record{s.Open, s.Recent} {
		if i := slices.IndexFunc(list, func(r *Record) bool { return r.Intent.ID == id }); i >= 0 {
			return list[i]
		}
	}
	return nil
}

// note sets what is wrong with the account or the chain; "" for nothing.
func (s *State) note(why Reason, now time.Time) {
	if s.Reason != why {
		s.Reason, s.Since = why, now
	}
}

// unresolved returns the records that hold a nonce, lowest first.
func (s *State) unresolved() []*Record {
	var out []*Record
	for _, r := range s.Open {
		if r.unresolved() {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, byNonce)
	return out
}

// restoring returns the terminal records that a rewound chain may have lost, lowest nonce first.
func (s *State) restoring() []*Record {
	var out []*Record
	for _, r := range s.Recent {
		if r.Restore {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, byNonce)
	return out
}

func byNonce(a, b *Record) int {
	switch x, y := a.last().Nonce, b.last().Nonce; {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// lowest returns the lowest nonce not known to be mined.
func (s *State) lowest() uint64 {
	if held := s.unresolved(); len(held) > 0 {
		return held[0].last().Nonce
	}
	return s.Nonce
}

// settle ends an intent.
func (s *State) settle(r *Record, out deal.Receipt, now time.Time) {
	out.Intent, out.Call = r.Intent.ID, r.Intent.Call.Name()
	r.become(Failed, now)
	if out.OK {
		r.Status = Final
		r.Detail = ""
	}
	r.Receipt, r.Retry, r.Failures, r.Waits = out, time.Time{}, 0, false
	if out.OK || r.Reason != WouldRevert && r.Reason != GasOverTxCap {
		r.Reason = ""
	}
}

// sweep moves what has ended from Open to Recent and forgets the oldest outcomes.
func (s *State) sweep() {
	s.Open = slices.DeleteFunc(s.Open, func(r *Record) bool {
		if r.terminal() {
			r.Intent.Call = deal.Call{}
			s.Recent = append(s.Recent, r)
		}
		return r.terminal()
	})
	for i, r := range s.Recent {
		for j := range r.Attempts {
			a := &r.Attempts[j]
			old := i < len(s.Recent)-KeptBytes && !r.Restore
			if old || r.Mined == nil || r.Mined.Tx != a.Hash {
				a.Raw = nil
			}
		}
	}
	excess := len(s.Recent) - Outcomes
	s.Recent = slices.DeleteFunc(s.Recent, func(r *Record) bool {
		drop := excess > 0 && r.Reported && !r.Restore
		if drop {
			excess--
		}
		return drop
	})
}
