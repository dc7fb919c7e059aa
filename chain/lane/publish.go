package lane

import (
	"slices"
	"time"

	"cession/deal"
)

// A lane publishes so much at once, and so often at most unless there is as much.
const (
	publishBatch = 64
	publishEvery = 2 * time.Second
)

// unpublished returns the outcomes and commands that are not kept elsewhere yet.
func (s *State) unpublished() Publish {
	p := Publish{Lane: s.cfg.ID()}
	for _, r := range s.Recent {
		if !r.Kept && len(p.Items) < publishBatch {
			p.Items = append(p.Items, s.item(r))
		}
	}
	for _, e := range s.Log {
		if e.Seq > s.KeptSeq && len(p.Entries) < publishBatch {
			p.Entries = append(p.Entries, e)
		}
	}
	return p
}

// unkept reports whether there is anything to publish.
func (s *State) unkept() bool {
	return s.Seq > s.KeptSeq || slices.ContainsFunc(s.Recent, func(r *Record) bool { return !r.Kept })
}

func (s *State) publishing(now time.Time) (Publish, bool) {
	if s.Keep.busy || !s.unkept() {
		return Publish{}, false
	}
	p := s.unpublished()
	full := len(p.Items) == publishBatch && s.Keep.Reason == ""
	if !full && !s.Keep.free(now) {
		return Publish{}, false
	}
	s.Keep.busy = len(p.Items)+len(p.Entries) > 0
	return p, s.Keep.busy
}

func (s *State) published(e Published, now time.Time) {
	s.Keep.done()
	s.Keep.Retry = now.Add(publishEvery)
	for _, r := range s.Recent {
		if slices.Contains(e.Intents, r.Intent.ID) {
			r.Kept = true
		}
	}
	s.KeptSeq = max(s.KeptSeq, min(e.Seq, s.Seq))
	s.forget()
}

// forget drops the oldest commands: published ones first, any if they are too many.
func (s *State) forget() {
	for len(s.Log) > MaxEntries && (s.Log[0].Seq <= s.KeptSeq || len(s.Log) > 2*MaxEntries) {
		s.Log = s.Log[1:]
	}
}

// Entries returns what operators did, oldest first.
func (s *State) Entries() []Entry { return slices.Clone(s.Log) }

// warnings tells requesters that an effect is no longer certain, or is again.
func (s *State) warnings(now time.Time) (out []Action) {
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, r := range list {
			if r.Notice == "" || r.warning || now.Before(r.Tell) {
				continue
			}
			if r.Intent.Reply == "" {
				r.Notice = ""
				continue
			}
			r.warning = true
			out = append(out, Warn{Reply: r.Intent.Reply, Notice: deal.Notice{Intent: r.Intent.ID, State: r.Notice}})
		}
	}
	return out
}

// warned forgets a notice that was told, unless there is a newer one.
func (s *State) warned(e Warned) {
	r := s.find(e.Notice.Intent)
	if r == nil {
		return
	}
	r.warning, r.Tell = false, time.Time{}
	if r.Notice == e.Notice.State {
		r.Notice = ""
	}
}
