package lane

import "time"

// blankGas is what a transaction of nothing costs (EIP-2028's intrinsic gas of a transfer).
const blankGas = 21_000

// Spending is what a lane paid on a day.
type Spending struct {
	Day  string `json:"day"`  // UTC, YYYY-MM-DD
	Paid uint64 `json:"paid"` // wei
}

func day(now time.Time) string { return now.UTC().Format(time.DateOnly) }

// midnight returns when the next UTC day begins.
func midnight(now time.Time) time.Time {
	y, m, d := now.UTC().Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC)
}

// pay counts what a transaction in a final block cost.
func (s *State) pay(wei uint64, now time.Time) {
	if s.Spent.Day != day(now) {
		s.Spent = Spending{Day: day(now)}
	}
	s.Spent.Paid = add(s.Spent.Paid, wei)
	s.Totals.Fees = add(s.Totals.Fees, wei)
}

// paid returns what was paid today.
func (s *State) paid(now time.Time) uint64 {
	if s.Spent.Day != day(now) {
		return 0
	}
	return s.Spent.Paid
}

// cost returns what an included transaction of the record cost the lane's
// account. Where that was not told, it is what it may have cost at most.
func (r *Record) cost(in Inclusion) uint64 {
	a := r.attempt(in.Tx)
	switch {
	case a == nil: // somebody else's
		return 0
	case in.Paid != 0:
		return in.Paid
	case in.Receipt.Tx == in.Tx && in.Receipt.Gas != 0:
		return mul(in.Receipt.Gas, in.Receipt.GasPrice)
	}
	return mul(a.Gas, a.Cap)
}

// reserved returns what the record may still cost. It is computed, not kept, so
// that nothing can forget to release it.
func (r *Record) reserved() (most uint64) {
	anew := r.Restore && !r.Anew && r.Mined != nil && r.last().Hash != r.Mined.Tx
	switch {
	case r.Status == Mined:
		return r.cost(*r.Mined)
	case r.unresolved() || anew:
		for _, a := range r.current() {
			most = max(most, mul(a.Gas, a.Cap))
		}
	}
	return most
}

// reserved returns what is in flight may cost, together.
func (s *State) reserved() (sum uint64) {
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, r := range list {
			sum = add(sum, r.reserved())
		}
	}
	return sum
}

// spare returns what is left of the day's limit.
func (s *State) spare(now time.Time) uint64 {
	used := add(s.paid(now), s.reserved())
	return s.limits(nil).PerDay - min(used, s.limits(nil).PerDay)
}

// limits returns the limits of a record, or the lane's if it is nil.
func (s *State) limits(r *Record) Limits {
	l := s.cfg.Limits.edit(s.Limits)
	if r != nil {
		l = l.edit(r.Limits)
	}
	return l
}

// bound is the highest fee cap a record may have, and which limit says so.
type bound struct {
	cap   uint64 // wei per gas
	limit string
	day   bool
}

// bound returns what an attempt of the record with so much gas may pay. A
// transaction of nothing is cheap and frees others: it may pay twice as much per gas.
func (s *State) bound(r *Record, gas uint64, blank bool, now time.Time) bound {
	l := s.limits(r)
	b := bound{cap: l.PerGas, limit: "the limit per gas"}
	if blank {
		b.cap = mul(b.cap, 2)
	}
	gas = max(gas, 1)
	if c := l.PerIntent / gas; c < b.cap {
		b = bound{cap: c, limit: "the limit per transaction"}
	}
	if c := add(s.spare(now), r.reserved()) / gas; c < b.cap {
		b = bound{cap: c, limit: "the limit per day", day: true}
	}
	return b
}

// over notes that a limit keeps the record from going on.
func (s *State) over(r *Record, daily bool, now time.Time) {
	r.Reason = FeeCeiling
	if daily && s.Dry.IsZero() {
		s.Dry = now
	}
}

// newDay lets go on what waited for it.
func (s *State) newDay(now time.Time) {
	if !s.Dry.IsZero() && day(s.Dry) != day(now) {
		s.thaw()
	}
}

// thaw has everything that met a limit try again.
func (s *State) thaw() {
	s.Dry = time.Time{}
	for _, r := range s.Open {
		if r.Reason == FeeCeiling {
			r.Retry = time.Time{}
			if r.Status == Queued {
				r.proceed()
			}
		}
	}
}

// urgency returns how soon the record should be in: as its step says, but soon
// when the time is near after which it is of no use.
func (s *State) urgency(r *Record, now time.Time) Urgency {
	if near, ok := s.near(r); ok && !now.Before(near) && !now.After(r.Intent.By) {
		return High
	}
	if u := s.cfg.Steps[r.Intent.Step].Urgency; u != "" {
		return u
	}
	return Normal
}

// near returns when a record becomes urgent.
func (s *State) near(r *Record) (time.Time, bool) {
	return r.Intent.By.Add(-10 * s.cfg.BumpAfter), !r.Intent.By.IsZero()
}

// bumpAfter returns how long an attempt of the record may take.
func (s *State) bumpAfter(r *Record, now time.Time) time.Duration {
	if near, ok := s.near(r); ok && !now.Before(near) && !now.After(r.Intent.By) {
		return s.cfg.BumpAfter / 3
	}
	return s.cfg.BumpAfter
}
