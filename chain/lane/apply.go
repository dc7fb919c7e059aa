package lane

import "time"

// Apply takes what came of an action.
func (s *State) Apply(e Event, now time.Time) {
	switch e := e.(type) {
	case Prepared:
		s.prepared(e, now)
	case Replaced:
		s.replaced(e, now)
	case Broadcasted:
		s.broadcasted(e, now)
	case Observation:
		s.observed(e, now)
	case Reported:
		if r := s.find(e.Intent); r != nil {
			r.Reported, r.reporting = true, false
			r.told()
		}
	case Warned:
		s.warned(e)
	case Handed:
		s.handed(e, now)
	case Published:
		s.published(e, now)
	case Failure:
		s.failed(e, now)
	}
	s.tidy(now)
}

// warnAgain is how long a notice that could not be told waits.
const warnAgain = 5 * time.Second

// told forgets the trouble of telling somebody.
func (r *Record) told() { r.Retry, r.Failures = time.Time{}, 0 }

// untold has somebody told later.
func (r *Record) untold(now time.Time) {
	r.Retry = now.Add(backoff(r.Failures))
	r.Failures++
}

func (s *State) failed(f Failure, now time.Time) {
	switch a := f.Action.(type) {
	case Prepare, Replace:
		s.replacing = nil
		s.Sign.fail(f.Reason, now)
	case Broadcast:
		s.Send.fail(f.Reason, now)
	case Observe:
		s.resyncing = false
		s.Look.fail(f.Reason, now)
	case Publish:
		s.Keep.fail(f.Reason, now)
	case Report:
		if r := s.find(a.Receipt.Intent); r != nil {
			r.reporting = false
			r.untold(now)
		}
	case Warn:
		if r := s.find(a.Notice.Intent); r != nil {
			r.warning, r.Tell = false, now.Add(warnAgain)
		}
	case Hand:
		if r := s.find(a.Submission.Intent.ID); r != nil {
			r.handing = false
			if r.Status == Moved {
				r.untold(now)
			} else {
				r.stall(f.Reason, now)
			}
		}
	}
}
