package packs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cession/deal"
	"cession/policies"
)

// A pack takes effect at the time its activation names, stays loaded when
// another one does, and all of that is so again after a restart.
func TestLifeOfPacks(t *testing.T) {
	m := running(t)
	draft := about(t, m.next, 8, m.digest)
	draft.From = today.Add(24 * time.Hour)
	if s := submitted(t, m.Library, m.next, activated(t, draft, "bert", "carl")); s.State != Pending {
		t.Errorf("submitted: %+v", s)
	}
	stillDecides(t, m.Library, m.digest, 500)
	if _, ok := m.Pack(draft.Pack); ok || m.Wanted(draft.Pack, m.digest) != nil {
		t.Error("a pack decides before its time")
	}
	m.clock.turn(draft.From)
	for _, l := range []*Library{m.Library, opened(t, Config{Dir: m.config.Dir, Trust: trust(t), Now: m.clock.Now})} {
		stillDecides(t, l, draft.Pack, 600)
		old, ok := l.Pack(m.digest)
		if !ok || decided(t, old, offer(t, 501, "Honest Fund", m.clock.Now())).Allow {
			t.Error("the pack before is gone, or decides otherwise")
		}
		var states []string
		for _, s := range l.Status() {
			states = append(states, fmt.Sprintf("%d %s", s.Number, s.State))
		}
		if got := strings.Join(states, ", "); got != "0 loaded, 7 loaded, 8 active" {
			t.Errorf("status: %s", got)
		}
		if index := l.Index(); len(index) != 2 || index[1].Digest != draft.Pack || index[1].Number != 8 {
			t.Errorf("index: %+v", index)
		}
		if b, a, ok := l.FilesOf(draft.Pack, 0); !ok || string(b) != string(m.next) || len(a) == 0 {
			t.Error("the bundle is not handed on as it came")
		}
	}
}

func TestNumbersAndWanted(t *testing.T) {
	m := running(t)
	standard := m.base.Digest()
	for digest, want := range map[deal.Commitment]policies.WantedPack{
		m.digest: {Digest: m.digest, Number: 7, Current: 0, Active: true},
		standard: {Digest: standard, Number: 0, Current: 0, Active: false},
	} {
		n, ok := m.Number(digest)
		if got := m.Wanted(digest, standard); got == nil || *got != want || !ok || n != want.Number {
			t.Errorf("wanted %s: %+v, number %d, want %+v", digest.Short(), got, n, want)
		}
	}
	if got := m.Wanted(deal.Commitment{1}, standard); got != nil {
		t.Errorf("an unknown pack is %+v", got)
	}
	if got := m.Wanted(m.digest, deal.Commitment{1}); got != nil {
		t.Errorf("what follows on an unknown pack is %+v", got)
	}
	if _, ok := m.Number(deal.Commitment{1}); ok {
		t.Error("an unknown pack has a number")
	}
}

// When the time of the newest pack is over, none is in force: that before does
// not come back. Deals that stay with it are still decided.
func TestExpiry(t *testing.T) {
	m := running(t)
	draft := about(t, m.next, 8, m.digest)
	draft.Until = today.Add(time.Hour)
	submitted(t, m.Library, m.next, activated(t, draft, "bert", "carl"))
	m.clock.turn(draft.Until.Add(-time.Second))
	stillDecides(t, m.Library, draft.Pack, 600)
	m.clock.turn(draft.Until)
	if p, err := m.Current(); !errors.Is(err, ErrExpired) || deal.KindOf(err) != deal.Refused || p != nil {
		t.Errorf("in force is %s, %v, want none as it has expired", nameOf(p), err)
	}
	if w := m.Wanted(draft.Pack, m.digest); w == nil || w.Active {
		t.Errorf("wanted: %+v, want not active", w)
	}
	all := m.Status()
	if last := all[len(all)-1]; last.State != Expired || !last.Since.Equal(draft.Until) {
		t.Errorf("status: %+v", last)
	}
	p, ok := m.Pack(draft.Pack)
	if !ok || !decided(t, p, offer(t, 600, "Honest Fund", m.clock.Now())).Allow {
		t.Error("deals that stay with it are not decided")
	}
	third := signed(t, limited("3", "700"), "anna")
	a := about(t, third, 9, draft.Pack)
	a.From = m.clock.Now()
	submitted(t, m.Library, third, activated(t, a, "bert", "carl"))
	stillDecides(t, m.Library, a.Pack, 700)
}

// A pack that ends by itself is over as one whose activation ends.
func TestPackThatEnds(t *testing.T) {
	m := running(t)
	b := signed(t, versioned("2", "manifest.yaml", "name: small", "name: small\neffective: {until: 2026-12-01}"), "anna")
	a := about(t, b, 8, m.digest)
	submitted(t, m.Library, b, activated(t, a, "bert", "carl"))
	stillDecides(t, m.Library, a.Pack, 1000)
	m.clock.turn(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if _, err := m.Current(); !errors.Is(err, ErrExpired) {
		t.Errorf("%v, want expired", err)
	}
	if p, ok := m.Pack(a.Pack); !ok || decided(t, p, offer(t, 1, "Honest Fund", m.clock.Now())).Allow {
		t.Error("it still allows")
	}
}

// Going back to older rules is possible, by a new activation.
func TestRulesOfBefore(t *testing.T) {
	m := running(t)
	next := about(t, m.next, 8, m.digest)
	submitted(t, m.Library, m.next, activated(t, next, "bert", "carl"))
	submitted(t, m.Library, m.bundle, activated(t, about(t, m.bundle, 9, next.Pack), "bert", "carl"))
	stillDecides(t, m.Library, m.digest, 500)
	if n, _ := m.Number(m.digest); n != 9 {
		t.Errorf("the pack has number %d, want 9", n)
	}
}

// A key that has expired, or was revoked for what comes after, does not take
// away a pack; one revoked from before it was used does.
func TestKeysAfterAcceptance(t *testing.T) {
	m := running(t)
	later := today.AddDate(2, 0, 0)
	l := opened(t, Config{Dir: m.config.Dir, Trust: trust(t), Now: func() time.Time { return later }})
	if p, err := l.Current(); err != nil || p.Digest() != m.digest {
		t.Errorf("after the keys expired: %v", err)
	}
	for revoked, kind := range map[time.Time]deal.Kind{today.Add(time.Hour): "", today: deal.Invalid} {
		tr := trust(t)
		tr.Officers[0].Revoked = &revoked
		_, err := Open(t.Context(), Config{Dir: m.config.Dir, Trust: tr, Prove: holds, Now: m.clock.Now})
		if deal.KindOf(err) != kind || (err != nil) != errors.Is(err, ErrSigner) {
			t.Errorf("revoked at %s: %v, want kind %q", revoked, err, kind)
		}
	}
}

// A damaged folder is an error: with what is left of it, an older pack would
// be in force.
func TestDamagedFolder(t *testing.T) {
	files := func(t *testing.T, pattern string) []string {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		return found
	}
	for name, damage := range map[string]func(t *testing.T, dir string) error{
		"bundle missing":     func(t *testing.T, dir string) error { return os.Remove(files(t, dir+"/*.tar.gz")[0]) },
		"bundle cut off":     func(t *testing.T, dir string) error { return os.Truncate(files(t, dir+"/*.tar.gz")[0], 100) },
		"activation missing": func(t *testing.T, dir string) error { return os.Remove(files(t, dir+"/0x*.json")[0]) },
		"index cut off":      func(t *testing.T, dir string) error { return os.Truncate(filepath.Join(dir, shelfName), 10) },
		"index unreadable": func(t *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, shelfName), []byte(`[{"admitted":1,"admitted":2}]`), 0o600)
		},
		"activation of another": func(t *testing.T, dir string) error {
			b := signed(t, limited("9", "9"), "anna")
			return os.WriteFile(files(t, dir+"/0x*.json")[0], activated(t, about(t, b, 7, deal.Commitment{}), "bert", "carl"), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := running(t)
			if err := damage(t, m.config.Dir); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), Config{Dir: m.config.Dir, Trust: trust(t), Prove: holds, Now: m.clock.Now})
			if deal.KindOf(err) != deal.Invalid || strings.Contains(fmt.Sprint(err), m.config.Dir) {
				t.Errorf("%v, want kind invalid without the folder's path", err)
			}
		})
	}
}

// What cannot be kept is not in force: after a restart it would be gone. What
// was kept without our hearing of it is there the next time.
func TestFolderFails(t *testing.T) {
	m := running(t)
	yes := activated(t, about(t, m.next, 8, m.digest), "bert", "carl")
	dir := m.config.Dir
	m.config.Dir = filepath.Join(dir, "gone")
	if _, err := m.Submit(t.Context(), m.next, yes); err == nil || deal.KindOf(err) != "" {
		t.Errorf("%v, want a failure without kind", err)
	}
	stillDecides(t, m.Library, m.digest, 500)
	m.config.Dir = dir
	submitted(t, m.Library, m.next, yes)
	submitted(t, m.Library, m.next, yes) // the answer was lost
	stillDecides(t, m.Library, about(t, m.next, 8, m.digest).Pack, 600)
	if len(m.Index()) != 2 {
		t.Errorf("%d bundles are kept, want 2", len(m.Index()))
	}
}

func TestMarketsDiffer(t *testing.T) {
	if _, err := Open(t.Context(), Config{Trust: trust(t), Market: "elsewhere", Prove: holds}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("%v, want invalid", err)
	}
}

// The pack in the program is proved once, by its own cases, whoever asks.
func TestSample(t *testing.T) {
	later := today.AddDate(3, 0, 0)
	for sample, stale := range map[time.Time]bool{{}: true, later: false} {
		l, err := Open(t.Context(), Config{Sample: sample, Prove: holds, Now: func() time.Time { return later }})
		if err != nil {
			t.Fatal(err)
		}
		p, err := l.Current()
		if err != nil {
			t.Fatal(err)
		}
		for _, info := range p.Lists() {
			if info.Live && (later.Sub(info.AsOf) > info.MaximumAge) != stale {
				t.Errorf("sample %v: list %s is of %s", sample, info.Name, info.AsOf)
			}
		}
	}
}

// Many look while packs come in.
func TestConcurrentUse(t *testing.T) {
	m := running(t)
	var group sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				p, err := m.Current()
				if err != nil || !decided(t, p, offer(t, 500, "Honest Fund", today)).Allow {
					t.Errorf("not allowed while packs come in: %v", err)
					return
				}
				m.Status()
			}
		})
	}
	previous := m.digest
	for i := range 4 {
		b := signed(t, limited(fmt.Sprint(i+2), fmt.Sprint(501+i)), "anna")
		a := about(t, b, uint64(8+i), previous)
		submitted(t, m.Library, b, activated(t, a, "bert", "carl"))
		previous = a.Pack
	}
	close(done)
	group.Wait()
	stillDecides(t, m.Library, previous, 504)
}
