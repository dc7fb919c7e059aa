package packs

import (
	"log/slog"
	"maps"
	"slices"
	"time"

	"cession/deal"
	"cession/policies"
)

// State is where a bundle stands.
type State string

// The states.
const (
	Active  State = "active"  // in force: new deals are opened under it
	Loaded  State = "loaded"  // was in force, and decides for deals that stay with it
	Pending State = "pending" // accepted, its time is yet to come
	Expired State = "expired" // its time is over, and nothing has taken its place
	Refused State = "refused" // not accepted
)

// Status says where one bundle stands and why.
type Status struct {
	Name     string              `json:"name"`
	Version  string              `json:"version"`
	Kind     string              `json:"kind"`
	Digest   deal.Commitment     `json:"digest"`
	Number   uint64              `json:"number"`
	State    State               `json:"state"`
	Maker    string              `json:"maker,omitempty"`    // officer; nobody for the pack in the program
	Checkers []string            `json:"checkers,omitempty"` // officers
	Why      string              `json:"why,omitempty"`      // it was refused, or lacks a list
	Source   string              `json:"source,omitempty"`   // of what was refused
	Since    time.Time           `json:"since,omitzero"`     // in this state; zero: from the start
	Until    time.Time           `json:"until,omitzero"`
	Lists    []policies.ListInfo `json:"lists,omitempty"` // as they are used now
}

// SourceStatus says how it went with a source last time.
type SourceStatus struct {
	Source string    `json:"source"`
	Read   time.Time `json:"read,omitzero"` // last time it was read whole
	Why    string    `json:"why,omitempty"` // it was not
}

// maxRefusals bounds what is remembered of what was not accepted.
const maxRefusals = 64

// Status returns the pack in the program, what was accepted, oldest first, and
// what was not.
func (l *Library) Status() []Status {
	v := l.view()
	l.mu.Lock()
	entries, refusals := slices.Clone(l.entries), slices.Clone(l.refusals)
	l.mu.Unlock()
	base := v.packs[v.base]
	all := []Status{{Name: base.Name(), Version: base.Version(), Kind: base.Kind(), Digest: v.base, State: Loaded, Why: v.troubles[v.base], Lists: base.Lists()}}
	if v.head == nil {
		all[0].State = Active
	}
	for _, e := range entries {
		all = append(all, l.status(e))
	}
	return append(all, refusals...)
}

// Sources returns how it went with the sources, by name.
func (l *Library) Sources() (all []SourceStatus) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(l.sources)) {
		all = append(all, l.sources[name])
	}
	return all
}

func (l *Library) status(e *entry) Status {
	v, now := l.view(), l.config.Now()
	s := Status{
		Name: e.Name, Version: e.Version, Kind: e.Kind, Digest: e.Pack, Number: e.Number, Maker: e.signed.Maker,
		State: Active, Since: e.From, Until: e.over(), Lists: e.signed.Pack.Lists(),
	}
	for _, o := range e.checkers {
		s.Checkers = append(s.Checkers, o.ID)
	}
	if p := v.packs[e.Pack]; e.Kind == policies.KindPack && p != nil {
		s.Lists, s.Why = p.Lists(), v.troubles[e.Pack]
	}
	switch successor := l.successor(e, now); {
	case now.Before(e.From):
		s.State, s.Since = Pending, e.admitted
	case successor != nil:
		s.State, s.Since = Loaded, successor.From
	case !e.inForce(now):
		s.State, s.Since = Expired, e.over()
	}
	return s
}

// successor returns the entry that took the place of another.
func (l *Library) successor(of *entry, now time.Time) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.entries {
		if e.line() == of.line() && e.Number > of.Number && !now.Before(e.From) {
			return e
		}
	}
	return nil
}

// refuse remembers what was not accepted, for people to see.
func (l *Library) refuse(s Status, source string, err error) {
	s.State, s.Source, s.Why, s.Since = Refused, source, err.Error(), l.config.Now().UTC()
	l.mu.Lock()
	defer l.mu.Unlock()
	same := func(o Status) bool {
		return o.Digest == s.Digest && o.Number == s.Number && o.Name == s.Name && o.Source == source
	}
	if i := slices.IndexFunc(l.refusals, same); i >= 0 {
		if l.refusals[i].Why == s.Why {
			return
		}
		l.refusals = slices.Delete(l.refusals, i, i+1)
	}
	if l.refusals = append(l.refusals, s); len(l.refusals) > maxRefusals {
		l.refusals = l.refusals[1:]
	}
	l.log.Warn("policies refused", slog.String("source", source), slog.Uint64("number", s.Number), slog.String("digest", s.Digest.String()), slog.String("why", s.Why))
}

// forgive forgets refusals of what was accepted after all. l.mu is held.
func (l *Library) forgive(e *entry) {
	l.refusals = slices.DeleteFunc(l.refusals, func(s Status) bool { return s.Digest == e.Pack && s.Number == e.Number && s.Name == e.Name })
}

// claim is what a bundle claims to be, by its activation or else by the index.
// Nothing of it is verified; its readers bound it.
func claim(activation []byte, listed Entry) Status {
	if a, officers, err := ReadActivation(activation); err == nil {
		return Status{Name: a.Name, Version: a.Version, Kind: a.Kind, Digest: a.Pack, Number: a.Number, Checkers: officers}
	}
	s := Status{Digest: listed.Digest, Number: listed.Number}
	if wordForm.MatchString(listed.Name) {
		s.Name = listed.Name
	}
	return s
}
