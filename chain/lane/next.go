package lane

import "time"

// Wait is how long an [Observe] waits for a new head, at most.
const Wait = 10 * time.Second

// Next hands out what is to be done now. An action is handed out once; it is
// under way until its event is applied, and handed out again after a restart
// from JSON. Signing, sending and looking run beside each other, one of each.
func (s *State) Next(now time.Time) []Action {
	s.newDay(now)
	s.Blocked = s.blocked(now)
	s.stepAside(now)
	out := s.reports(now)
	out = append(out, s.warnings(now)...)
	out = append(out, s.hands(now)...)
	if a, ok := s.publishing(now); ok {
		out = append(out, a)
	}
	if a, ok := s.sending(now); ok {
		out = append(out, a)
	}
	if a, ok := s.signing(now); ok {
		out = append(out, a)
	}
	if a, ok := s.looking(now); ok {
		out = append(out, a)
	}
	s.tidy(now)
	return out
}

func (s *State) reports(now time.Time) (out []Action) {
	for _, r := range s.Recent {
		if !r.Reported && !r.reporting && r.Status != Moved && !now.Before(r.Retry) {
			r.reporting = true
			out = append(out, Report{Reply: r.Intent.Reply, Receipt: r.Receipt})
		}
	}
	return out
}

// Due returns when [State.Next] may have something new to hand out although
// nothing was applied, or false if that cannot be.
func (s *State) Due(now time.Time) (time.Time, bool) {
	times := []time.Time{s.Sign.Retry, s.Send.Retry, s.Look.Retry}
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, r := range list {
			times = append(times, r.Retry, r.Tell)
		}
	}
	if s.unkept() {
		times = append(times, s.Keep.Retry)
	}
	if !s.Dry.IsZero() {
		times = append(times, midnight(s.Dry))
	}
	times = append(times, s.bumpTimes()...)
	times = append(times, s.blockTimes()...)
	var first time.Time
	for _, t := range times {
		if t.After(now) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first, !first.IsZero()
}
