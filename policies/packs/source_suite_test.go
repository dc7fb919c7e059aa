package packs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

// stand is a source under test, and what makes it misbehave.
type stand struct {
	source Source
	put    func(t *testing.T, file string, content []byte)
	net    *network                  // nil for a source without one
	limit  func(d time.Duration)     // sets how long one read may take
	down   func(t *testing.T) func() // takes the source away, and brings it back
}

// testSource is what every kind of source must pass.
func testSource(t *testing.T, open func(t *testing.T) stand) {
	t.Run("reads", func(t *testing.T) { testReads(t, open(t)) })
	t.Run("failures", func(t *testing.T) { testFailures(t, open(t)) })
	t.Run("feeds a library", func(t *testing.T) { testFeeds(t, open(t)) })
	t.Run("misleads a library", func(t *testing.T) { testMisleads(t, open(t)) })
}

func testReads(t *testing.T, s stand) {
	s.put(t, "index.json", []byte("one"))
	s.put(t, "deep/er.tar.gz", []byte("two"))
	for range 2 {
		expectFile(t, s.source, "index.json", "one")
		expectFile(t, s.source, "deep/er.tar.gz", "two")
	}
	if s.net != nil && s.net.bodies.Load() != 2 {
		t.Errorf("%d answers had a body, want 2: the files had not changed", s.net.bodies.Load())
	}
	s.put(t, "index.json", []byte("changed"))
	expectFile(t, s.source, "index.json", "changed")
	if _, err := s.source.Read(t.Context(), "index.json", 6); !errors.Is(err, ErrTooLarge) {
		t.Errorf("7 bytes where 6 are allowed: %v", err)
	}
	if _, err := s.source.Read(t.Context(), "none.json", 10); deal.KindOf(err) != deal.NotFound || !errors.Is(err, ErrSource) {
		t.Errorf("a file that is not there: %v, want kind notfound", err)
	}
	for _, name := range []string{"../index.json", "/etc/passwd", "deep/../index.json", "", ".", "a//b", "http://elsewhere/x", "deep/"} {
		if _, err := read(t.Context(), s.source, name, 10); deal.KindOf(err) != deal.Invalid {
			t.Errorf("file %q: %v, want kind invalid", name, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.source.Read(ended, "index.json", 10); !errors.Is(err, context.Canceled) {
		t.Errorf("after its end: %v", err)
	}
}

func expectFile(t *testing.T, s Source, file, want string) {
	t.Helper()
	if b, err := s.Read(t.Context(), file, 10); err != nil || string(b) != want {
		t.Errorf("%s is %q, %v, want %q", file, b, err, want)
	}
}

// What may pass is tried again; what does not is an error without kind.
func testFailures(t *testing.T, s stand) {
	const text = "this is longer than what arrives"
	s.put(t, "a.json", []byte(text))
	back := s.down(t)
	if b, err := s.source.Read(t.Context(), "a.json", 100); err == nil || !errors.Is(err, ErrSource) || b != nil {
		t.Errorf("without its source: %q, %v", b, err)
	}
	back()
	if s.net == nil {
		return
	}
	for name, fault := range map[string]func(*http.Request) (*http.Response, error){
		"request lost": requestLost, "answer lost": answerLost, "answer cut off": answerCut, "unavailable": unavailable,
	} {
		file := strings.ReplaceAll(name, " ", "-")
		s.put(t, file, []byte(text))
		s.net.next(100, fault)
		if b, err := s.source.Read(t.Context(), file, 100); !errors.Is(err, ErrSource) || deal.KindOf(err) != "" || b != nil {
			t.Errorf("%s: %q, %v, want a failure without kind", name, b, err)
		}
		s.net.next(1, fault)
		if b, err := read(t.Context(), s.source, file, 100); err != nil || string(b) != text {
			t.Errorf("%s, once: %q, %v", name, b, err)
		}
		s.net.heal()
	}
	s.limit(50 * time.Millisecond)
	s.net.next(100, dripping)
	s.put(t, "b.json", []byte("a file not read before"))
	if b, err := s.source.Read(t.Context(), "b.json", 100); !errors.Is(err, context.DeadlineExceeded) || b != nil {
		t.Errorf("from a server that falls silent: %q, %v", b, err)
	}
	s.net.heal()
	s.limit(time.Minute)
}

// publish writes what a library has as a source does.
func publish(t *testing.T, s stand, entries ...Entry) {
	t.Helper()
	b, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	s.put(t, IndexName, b)
}

// offered puts a pack and its activation into a source.
func offered(t *testing.T, s stand, bundle, activation []byte) Entry {
	t.Helper()
	a, _, err := ReadActivation(activation)
	if err != nil {
		t.Fatal(err)
	}
	base := fmt.Sprintf("packs/%s-%d", a.Pack, a.Number)
	s.put(t, base+".tar.gz", bundle)
	s.put(t, base+".json", activation)
	return Entry{Name: a.Name, Kind: a.Kind, Digest: a.Pack, Number: a.Number, Bundle: base + ".tar.gz", Activation: base + ".json"}
}

// A library follows its source without a restart, and goes on without it.
func testFeeds(t *testing.T, s stand) {
	l := opened(t, Config{Trust: trust(t), Sources: []Source{s.source}})
	one, two := signed(t, limited("1", "500"), "anna"), signed(t, limited("2", "600"), "anna")
	a := about(t, one, 1, l.base.Digest())
	b := about(t, two, 2, a.Pack)
	first := offered(t, s, one, activated(t, a, "bert", "carl"))
	publish(t, s, first)
	refreshed(t, l)
	stillDecides(t, l, a.Pack, 500)
	second := offered(t, s, two, activated(t, b, "bert", "carl"))
	publish(t, s, second, first)
	refreshed(t, l)
	stillDecides(t, l, b.Pack, 600)
	list, act, _ := listed(t, listOf("2026-11-22", newcomer+smallSDN), 1, deal.Commitment{})
	publish(t, s, second, first, offered(t, s, list, act))
	refreshed(t, l)
	if p, err := l.Current(); err != nil || !refuses(t, p, "Newly Listed Limited", today) {
		t.Errorf("the edition does not count: %v", err)
	}
	back := s.down(t)
	if err := l.Refresh(t.Context()); !errors.Is(err, ErrSource) {
		t.Errorf("refreshed without the source: %v", err)
	}
	if at := l.Sources()[0]; at.Why == "" || at.Source != s.source.String() || at.Read.IsZero() {
		t.Errorf("status of the source: %+v", at)
	}
	stillDecides(t, l, b.Pack, 600)
	back()
	refreshed(t, l)
	if at := l.Sources()[0]; at.Why != "" {
		t.Errorf("status of the source: %+v", at)
	}
}

func refreshed(t *testing.T, l *Library) {
	t.Helper()
	if err := l.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Whatever a source says, the pack in force stays; once it is honest again the
// next one is accepted.
func testMisleads(t *testing.T, s stand) {
	m := running(t)
	l := opened(t, Config{Dir: m.config.Dir, Trust: trust(t), Sources: []Source{s.source}})
	yes := activated(t, about(t, m.next, 8, m.digest), "bert", "carl")
	entry := offered(t, s, m.next, yes)
	other := entry
	other.Number = 9
	for name, c := range map[string]struct {
		bundle, activation []byte
		index              Entry
		unread             error // of Refresh
		why                string
	}{
		"half a bundle":          {m.next[:len(m.next)/2], yes, entry, nil, "not a bundle"},
		"oversized bundle":       {make([]byte, MaxBundle+1), yes, entry, nil, "too large"},
		"empty bundle":           {nil, yes, entry, nil, "not a bundle"},
		"the pack before":        {m.bundle, yes, entry, nil, "the activation is about the pack"},
		"oversized activation":   {m.next, make([]byte, MaxActivation+1), entry, nil, "too large"},
		"half an activation":     {m.next, yes[:len(yes)/2], entry, nil, "not an activation"},
		"another in its index":   {m.next, yes, other, nil, "the index lists something else"},
		"files outside":          {m.next, yes, Entry{Name: "small", Digest: entry.Digest, Number: 8, Bundle: "../x", Activation: "/x"}, ErrSource, ""},
		"files that are missing": {m.next, yes, Entry{Name: "small", Digest: entry.Digest, Number: 8, Bundle: "x", Activation: "y"}, ErrSource, ""},
	} {
		s.put(t, entry.Bundle, c.bundle)
		s.put(t, entry.Activation, c.activation)
		publish(t, s, c.index)
		if err := l.Refresh(t.Context()); !errors.Is(err, c.unread) {
			t.Errorf("%s: %v, want %v", name, err, c.unread)
		}
		stillDecides(t, l, m.digest, 500)
		all := l.Status()
		if last := all[len(all)-1]; c.unread == nil && (last.State != Refused || last.Source != s.source.String() || !strings.Contains(last.Why, c.why)) {
			t.Errorf("%s: status shows %+v", name, last)
		}
	}
	for name, index := range map[string]string{"no JSON": "<html>", "cut off": `[{"name":"small"`, "keys twice": `[{"name":"a","name":"b"}]`, "an object": `{}`, "more keys": `[{"trust":"me"}]`, "empty": ""} {
		s.put(t, IndexName, []byte(index))
		if err := l.Refresh(t.Context()); !errors.Is(err, ErrSource) {
			t.Errorf("index with %s: %v", name, err)
		}
		stillDecides(t, l, m.digest, 500)
	}
	publish(t, s, offered(t, s, m.next, yes))
	refreshed(t, l)
	stillDecides(t, l, entry.Digest, 600)
	for _, st := range l.Status() {
		if st.State == Refused && st.Number == 8 && st.Digest == entry.Digest {
			t.Errorf("status still shows %+v", st)
		}
	}
}
