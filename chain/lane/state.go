package lane

import (
	"encoding/json"
	"fmt"
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
	Keep    Slot      `json:"keep"`             // of Publish

	Roused bool `json:"roused,omitempty"` // to look at the chain although nothing is in flight
	Short  bool `json:"short,omitempty"`  // the last look found a shorter chain, which was not believed yet

	Version uint64     `json:"version"`          // rises with each command on the lane
	Acted   uint64     `json:"acted,omitempty"`  // the version at the last command
	Paused  time.Time  `json:"paused,omitzero"`  // by an operator, since
	Resync  bool       `json:"resync,omitempty"` // the next look sets Nonce
	Limits  Limits     `json:"limits,omitzero"`  // set by an operator; zero members are the configuration's
	Blocked bool       `json:"blocked,omitempty"`
	Dry     time.Time  `json:"dry,omitzero"`     // since when the day's limit holds something up
	Foreign time.Time  `json:"foreign,omitzero"` // since when somebody else is known to use the key; until resync
	Spent   Spending   `json:"spent,omitzero"`
	Totals  Totals     `json:"totals"`
	Used    uint64     `json:"used"`    // nonces used on chain, at the last look
	Pool    uint64     `json:"pool"`    // the same and those the node's pool would run next
	Safe    uint64     `json:"safe"`    // block
	Sealed  uint64     `json:"sealed"`  // finalized block
	Balance uint64     `json:"balance"` // gwei
	Fillers uint64     `json:"fillers"` // transactions of nothing, so far
	Seq     uint64     `json:"seq"`     // of the newest entry
	KeptSeq uint64     `json:"keptSeq"` // of the newest entry that is published
	Log     []Entry    `json:"log,omitempty"`
	Pending []Proposal `json:"pending,omitempty"`

	cfg       Config
	replacing *Replace // under way
	resyncing bool     // a look that began after Resync is under way
}

// Slot is a kind of action of which one at most is under way.
type Slot struct {
	Retry    time.Time `json:"retry,omitzero"` // not before
	Failures int       `json:"failures,omitempty"`
	Reason   Reason    `json:"reason,omitempty"`
	Since    time.Time `json:"since,omitzero"` // of the first of the failures

	busy bool
}

func (s *Slot) free(now time.Time) bool { return !s.busy && !now.Before(s.Retry) }

func (s *Slot) done() { *s = Slot{} }

func (s *Slot) fail(why Reason, now time.Time) {
	if s.Failures == 0 {
		s.Since = now
	}
	s.Retry = now.Add(backoff(s.Failures))
	s.Failures++
	s.Reason, s.busy = why, false
}

// hurry has the next try made at once.
func (s *Slot) hurry() { s.Retry = time.Time{} }

// New returns the state of a lane, empty unless the input carries one.
func New(in Input) *State {
	s := in.State
	if s == nil {
		s = &State{}
	}
	s.cfg = in.Config.Defaults()
	return s
}

// clone returns a copy that shares nothing with the state, as if it had been restarted.
func (s *State) clone() (*State, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("copy the lane's state: %w", err)
	}
	var c State
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("copy the lane's state: %w", err)
	}
	c.cfg = s.cfg
	return &c, nil
}

// Config returns the completed configuration.
func (s *State) Config() Config { return s.cfg }

// Configure gives a running lane another configuration. The limits that an
// operator has set stay. One for another account or chain changes nothing.
func (s *State) Configure(c Config) {
	if c.ChainID == s.cfg.ChainID && c.Address == s.cfg.Address {
		s.cfg = c.Defaults()
		s.thaw()
	}
}

// Rouse has the lane look at the chain at once, which may have been rewound
// while nothing was in flight.
func (s *State) Rouse() { s.Roused = true }

// Record returns what is known of an intent. Its reason is the one an operator sees.
func (s *State) Record(id deal.Commitment) (Record, bool) {
	r := s.find(id)
	if r == nil {
		return Record{}, false
	}
	out := *r
	out.Reason = r.reason()
	return out, true
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

// restoring returns the terminal records that a rewound chain may have lost,
// lowest nonce first. Those that are to be prepared anew hold none.
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

// depends reports whether the intent may need the effect of another one of its
// deal that is not decided: in flight, queued before it, or lost by a rewound chain.
func (s *State) depends(r *Record) bool {
	for _, x := range s.Recent {
		if x == r {
			return false
		}
		if x.Restore && x.Intent.Deal == r.Intent.Deal && !x.Filler {
			return true
		}
	}
	before := true
	for _, x := range s.Open {
		if x == r {
			before = false
		} else if x.Intent.Deal == r.Intent.Deal && !x.Filler && (x.unresolved() || before && x.Status == Queued) {
			return true
		}
	}
	return false
}
