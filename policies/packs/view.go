package packs

import (
	"log/slog"
	"maps"
	"slices"
	"time"

	"cession/deal"
	"cession/policies"
)

// view is what a library shows from one moment to another. It never changes.
type view struct {
	packs    map[deal.Commitment]*policies.Pack // with their live lists
	numbers  map[deal.Commitment]uint64         // of the newest activation
	head     *entry                             // newest pack whose time has come; nil: the pack in the program
	base     deal.Commitment
	applied  map[deal.Commitment][]edition // what the packs have of lists
	troubles map[deal.Commitment]string    // lists a pack could not take
	next     time.Time                     // when something comes into force; zero: nothing will
}

// edition is a list as somebody published it.
type edition struct {
	policies.ListInfo
	content []byte
	from    string // bundle it came in
}

func (v *view) digest() deal.Commitment {
	if v.head == nil {
		return v.base
	}
	return v.head.Pack
}

// view returns the one of this moment.
func (l *Library) view() *view {
	v, now := l.current.Load(), l.config.Now()
	if v.next.IsZero() || now.Before(v.next) {
		return v
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.look(now)
	return l.current.Load()
}

// look makes a new view. l.mu is held.
func (l *Library) look(now time.Time) {
	v, err := l.see(l.entries, now)
	if err != nil {
		l.log.Error("list not in use", slog.String("error", err.Error()))
	}
	l.current.Store(v)
}

// see makes the view of some entries at a time. A pack that cannot take a list
// keeps the edition it has, and refuses when that has become too old; the error
// is that it is the pack in force.
func (l *Library) see(entries []*entry, now time.Time) (v *view, err error) {
	v = &view{
		packs: map[deal.Commitment]*policies.Pack{}, numbers: map[deal.Commitment]uint64{l.base.Digest(): 0}, base: l.base.Digest(),
		applied: map[deal.Commitment][]edition{}, troubles: map[deal.Commitment]string{},
	}
	bare := map[deal.Commitment]*policies.Pack{l.base.Digest(): l.base}
	for _, p := range l.earlier {
		bare[p.Digest()], v.numbers[p.Digest()] = p, 0
	}
	newest := map[string]*entry{}
	for _, e := range entries {
		if now.Before(e.From) {
			if v.next.IsZero() || e.From.Before(v.next) {
				v.next = e.From
			}
			continue
		}
		newest[e.line()] = e
		if e.Kind == policies.KindPack {
			v.head, v.numbers[e.Pack], bare[e.Pack] = e, e.Number, e.signed.Pack
		}
	}
	editions := editions(newest)
	for digest, p := range bare {
		if trouble := v.apply(l.current.Load(), digest, p, editions); digest == v.digest() {
			err = trouble
		}
	}
	return v, err
}

// editions returns the newest edition of each list.
func editions(newest map[string]*entry) map[string]edition {
	found := map[string]edition{}
	for _, key := range slices.Sorted(maps.Keys(newest)) {
		for _, ed := range newest[key].lists {
			if have, ok := found[ed.Name]; !ok || ed.AsOf.After(have.AsOf) {
				found[ed.Name] = ed
			}
		}
	}
	return found
}

// apply gives a pack the live lists that are newer than its own. Where nothing
// is new, the pack of the view before stays.
func (v *view) apply(before *view, digest deal.Commitment, p *policies.Pack, newest map[string]edition) (err error) {
	v.packs[digest] = p
	var wanted []edition
	for _, info := range p.Lists() {
		if ed, ok := newest[info.Name]; ok && info.Live && ed.AsOf.After(info.AsOf) {
			wanted = append(wanted, ed)
		}
	}
	same := func(a, b edition) bool { return a.Name == b.Name && a.Digest == b.Digest && a.AsOf.Equal(b.AsOf) }
	if before != nil && before.packs[digest] != nil && slices.EqualFunc(before.applied[digest], wanted, same) {
		v.packs[digest], v.applied[digest] = before.packs[digest], wanted
		return nil
	}
	for _, ed := range wanted {
		if p, err = p.WithList(ed.Name, ed.content, ed.AsOf); err != nil {
			v.keep(before, digest)
			v.troubles[digest] = err.Error()
			return invalid(ErrList, "%s, %s: %s", ed.from, ed.Name, err)
		}
	}
	v.packs[digest], v.applied[digest] = p, wanted
	return nil
}

// keep leaves a pack as it was.
func (v *view) keep(before *view, digest deal.Commitment) {
	if before != nil && before.packs[digest] != nil {
		v.packs[digest], v.applied[digest] = before.packs[digest], before.applied[digest]
	}
}
