package packs

import (
	"io/fs"
	"slices"
	"time"

	"cession/policies"
)

// leeway is how far ahead of our clock a list's publisher may be: days differ
// around the world.
const leeway = 24 * time.Hour

// extract keeps the lists of an entry and lets go of its files.
func (l *Library) extract(e *entry) error {
	if e.Kind == policies.KindList {
		for _, info := range e.signed.Pack.Lists() {
			content, err := fs.ReadFile(e.signed.FS, info.File)
			if err != nil {
				return invalid(ErrList, "%s: %s", info.Name, err)
			}
			e.lists = append(e.lists, edition{info, content, e.Name + " " + e.Version})
		}
	}
	e.signed.FS = nil
	return nil
}

// checkLists refuses a list that is no use now: too old, of the future, older
// than the one before, or wanted by nobody; and a pack with such a list.
func (l *Library) checkLists(e *entry, now time.Time) error {
	v := l.view()
	for _, info := range e.signed.Pack.Lists() {
		if info.AsOf.After(now.Add(leeway)) {
			return refusal(ErrList, "the list %s is of %s, which is yet to come", info.Name, info.AsOf.UTC().Format(time.DateOnly))
		}
		asOf := info.AsOf
		if e.Kind == policies.KindList {
			if err := l.checkEdition(v, e, info); err != nil {
				return err
			}
		} else if info.Live {
			asOf = l.liveAsOf(info)
		}
		if info.MaximumAge > 0 && now.Sub(asOf) > time.Duration(info.MaximumAge) {
			return refusal(ErrStale, "the list %s is of %s, %d days old, and may be %d: get a newer edition",
				info.Name, asOf.UTC().Format(time.DateOnly), int(now.Sub(asOf)/(24*time.Hour)), int(time.Duration(info.MaximumAge)/(24*time.Hour)))
		}
	}
	return nil
}

// checkEdition makes sure that an edition is newer than the one in use, and
// that the pack in force has such a list.
func (l *Library) checkEdition(v *view, e *entry, info policies.ListInfo) error {
	lists := v.packs[v.digest()].Lists()
	i := slices.IndexFunc(lists, func(in policies.ListInfo) bool { return in.Name == info.Name && in.Live })
	if i < 0 {
		return refusal(ErrList, "the pack in force has no list %s that is replaced while it is in force", info.Name)
	}
	newest := lists[i].AsOf
	if before := l.newest(e.line()); before != nil {
		for _, ed := range before.lists {
			if ed.Name == info.Name && ed.AsOf.After(newest) {
				newest = ed.AsOf
			}
		}
	}
	if info.AsOf.Before(newest) {
		return refusal(ErrDowngrade, "the list %s is of %s, and there is one of %s", info.Name, info.AsOf.UTC().Format(time.DateOnly), newest.UTC().Format(time.DateOnly))
	}
	return nil
}

// liveAsOf is of when a live list is once the editions at hand are applied.
func (l *Library) liveAsOf(info policies.ListInfo) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	newest := info.AsOf
	for _, e := range l.entries {
		for _, ed := range e.lists {
			if ed.Name == info.Name && ed.AsOf.After(newest) {
				newest = ed.AsOf
			}
		}
	}
	return newest
}
