package lane

import (
	"time"

	"cession/deal"
)

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
			if !a.Tried {
				continue
			}
			f.Hashes = append(f.Hashes, a.Hash)
			if a.Seen != s.Head.Hash {
				o.After = deal.Commitment{}
			}
		}
		if !r.Adopted.IsZero() && !r.terminal() {
			f.Hashes = append(f.Hashes, r.Adopted)
		}
		if len(f.Hashes) > 0 {
			o.Follow = append(o.Follow, f)
		}
	}
	if s.Roused || s.Resync {
		o.After = deal.Commitment{}
	}
	s.Look.busy = len(o.Follow) > 0 || s.Roused || s.Resync
	s.resyncing = s.Look.busy && s.Resync
	return o, s.Look.busy
}
