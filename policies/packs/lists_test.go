package packs

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"cession/deal"
	"cession/policies"
)

const newcomer = `9999,"NEWLY LISTED LIMITED",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-` + "\n"

// listed returns a signed edition of the sanctions list and its activation.
func listed(t testing.TB, folder fstest.MapFS, number uint64, previous deal.Commitment) (bundle, activation []byte, digest deal.Commitment) {
	t.Helper()
	bundle = signed(t, folder, "anna")
	a := about(t, bundle, number, previous)
	return bundle, activated(t, a, "bert", "carl"), a.Pack
}

func refuses(t testing.TB, p *policies.Pack, name string, now time.Time) bool {
	t.Helper()
	return !decided(t, p, offer(t, 1, name, now)).Allow
}

// A new edition counts at once, for every pack that is loaded, and changes what
// no deal is pinned to.
func TestLiveList(t *testing.T) {
	m := running(t)
	submitted(t, m.Library, m.next, activated(t, about(t, m.next, 8, m.digest), "bert", "carl"))
	b, a, _ := listed(t, listOf("2026-11-22", newcomer+smallSDN), 1, deal.Commitment{})
	if s := submitted(t, m.Library, b, a); s.State != Active || s.Kind != policies.KindList {
		t.Errorf("submitted: %+v", s)
	}
	for _, digest := range []deal.Commitment{m.digest, about(t, m.next, 8, m.digest).Pack} {
		p, ok := m.Pack(digest)
		if !ok || p.Digest() != digest || !refuses(t, p, "Newly Listed Limited", today) || refuses(t, p, "Honest Fund", today) {
			t.Errorf("the new edition does not count in %s", digest.Short())
		}
		d := decided(t, p, offer(t, 1, "Honest Fund", today))
		if len(d.Lists) != 1 || d.Lists[0].AsOf.Format(time.DateOnly) != "2026-11-22" {
			t.Errorf("the decision names %+v", d.Lists)
		}
	}
	again := opened(t, Config{Dir: m.config.Dir, Trust: trust(t)})
	if p, err := again.Current(); err != nil || !refuses(t, p, "Newly Listed Limited", today) {
		t.Errorf("after a restart the new edition does not count: %v", err)
	}
}

// A list takes effect when its activation says so, without anybody asking.
func TestListTakesEffectLater(t *testing.T) {
	m := running(t)
	b := signed(t, listOf("2026-11-22", newcomer+smallSDN), "anna")
	draft := about(t, b, 1, deal.Commitment{})
	draft.From = today.Add(time.Hour)
	if s := submitted(t, m.Library, b, activated(t, draft, "bert", "carl")); s.State != Pending {
		t.Errorf("submitted: %+v", s)
	}
	for _, when := range []time.Duration{59 * time.Minute, time.Hour} {
		m.clock.turn(today.Add(when))
		p, err := m.Current()
		if err != nil || refuses(t, p, "Newly Listed Limited", m.clock.Now()) != (when == time.Hour) {
			t.Errorf("after %s the edition counts or does not: %v", when, err)
		}
	}
}

func TestHostileLists(t *testing.T) {
	m := running(t)
	b, a, digest := listed(t, listOf("2026-11-21", newcomer+smallSDN), 5, deal.Commitment{})
	submitted(t, m.Library, b, a)
	lines := strings.SplitAfter(smallSDN, "\n")
	limit := func(f fstest.MapFS, old, text string) fstest.MapFS {
		f["manifest.yaml"] = replaced(f["manifest.yaml"], old, text)
		return f
	}
	for name, c := range map[string]struct {
		folder fstest.MapFS
		number uint64
		want   error
		words  string
	}{
		"older edition": {listOf("2026-11-20", smallSDN), 6, ErrDowngrade, "is of 2026-11-20, and there is one of 2026-11-21"},
		"older number":  {listOf("2026-11-22", smallSDN), 4, ErrDowngrade, "number 4 of sanctions"},
		"stale":         {limit(listOf("2026-11-21", smallSDN), "maximum_age: 30d", "maximum_age: 1d"), 6, ErrStale, "1 days old, and may be 1"},
		"of the future": {listOf("2026-11-24", smallSDN), 6, ErrList, "yet to come"},
		"too small":     {limit(listOf("2026-11-22", lines[0]), "minimum: 2", "minimum: 1"), 6, ErrList, "want at least 2"},
		"too large":     {listOf("2026-11-22", newcomer+strings.Replace(newcomer, "9999", "9998", 1)+smallSDN), 6, ErrList, "want at most 3"},
		"of no use":     {limit(limit(listOf("2026-11-22", "{}"), "name: sanctions, file: sdn.csv, minimum: 2", "name: kyc, file: sdn.csv, minimum: 1"), "name: sanctions", "name: kyc"), 6, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if c.want == nil {
				c.folder["sdn.csv"] = small()["data/kyc.yaml"]
				c.want, c.words = ErrList, "has no list kyc that is replaced"
			}
			b, a, _ := listed(t, c.folder, c.number, digest)
			_, err := m.Submit(t.Context(), b, a)
			if !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.words) || deal.KindOf(err) != deal.Refused && deal.KindOf(err) != deal.Invalid {
				t.Errorf("%v, want %v with %q", err, c.want, c.words)
			}
			stillDecides(t, m.Library, m.digest, 500)
			if p, err := m.Current(); err != nil || !refuses(t, p, "Newly Listed Limited", today) {
				t.Errorf("the edition in use is gone: %v", err)
			}
		})
	}
}

// Missing, empty, oversized lists: such a bundle cannot be built with ours, so
// it is made by hand and signed by an officer.
func TestHostileBundlesOfLists(t *testing.T) {
	m := running(t)
	good := signed(t, listOf("2026-11-22", newcomer+smallSDN), "anna")
	yes := activated(t, about(t, good, 1, deal.Commitment{}), "bert", "carl")
	for name, c := range map[string]struct {
		change func(files)
		words  string
	}{
		"missing": {func(f files) { delete(f, "sdn.csv") }, "list sanctions: open sdn.csv"},
		"empty":   {func(f files) { f["sdn.csv"] = []byte("\x1a") }, "list sanctions: 0 entries, want at least 2"},
		"oversized": {func(f files) {
			f["manifest.yaml"] = []byte(strings.Replace(string(f["manifest.yaml"]), "minimum: 2", "minimum: 1, maximum: 2", 1))
		}, "list sanctions: 3 entries, want at most 2"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := unarchive(good)
			if err != nil {
				t.Fatal(err)
			}
			delete(f, signaturesName)
			c.change(f)
			if f[signaturesName], err = f.sign("anna", keys()["anna"]); err != nil {
				t.Fatal(err)
			}
			b, err := f.archive()
			if err != nil {
				t.Fatal(err)
			}
			_, err = m.Submit(t.Context(), b, yes)
			if !errors.Is(err, ErrRules) || deal.KindOf(err) != deal.Invalid || !strings.Contains(fmt.Sprint(err), c.words) {
				t.Errorf("%v, want invalid with %q", err, c.words)
			}
			stillDecides(t, m.Library, m.digest, 500)
		})
	}
}

// A list nobody renews stops the rules that read it, and the pack in the same
// state is not accepted anew.
func TestStaleList(t *testing.T) {
	m := running(t)
	yes := activated(t, about(t, m.next, 8, m.digest), "bert", "carl")
	m.clock.turn(today.AddDate(0, 0, 40))
	_, err := m.Submit(t.Context(), m.next, yes)
	if !errors.Is(err, ErrStale) || deal.KindOf(err) != deal.Refused || !strings.Contains(fmt.Sprint(err), "the list sanctions is of 2026-11-20, 42 days old, and may be 30") {
		t.Errorf("%v, want refused as stale", err)
	}
	p, err := m.Current()
	if err != nil || p.Digest() != m.digest {
		t.Fatalf("in force is %s, %v", nameOf(p), err)
	}
	d := decided(t, p, offer(t, 1, "Honest Fund", m.clock.Now()))
	if d.Allow || len(d.Reasons()) != 1 || d.Reasons()[0].State != deal.NotEvaluated || d.Reasons()[0].ID != "price.sanctions" {
		t.Errorf("decided on a stale list: %+v", d.Reasons())
	}
	b, a, _ := listed(t, listOf("2026-12-30", smallSDN), 1, deal.Commitment{})
	submitted(t, m.Library, b, a)
	stillDecides(t, m.Library, m.digest, 500)
	submitted(t, m.Library, m.next, yes)
}
