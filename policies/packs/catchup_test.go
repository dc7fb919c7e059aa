package packs

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"cession/deal"
)

// history is a source with three packs, each in force for three months in
// turn, of which some checkers of the first two no longer count.
func history(t *testing.T) (s stand, digests []deal.Commitment, at time.Time) {
	dir := t.TempDir()
	s = stand{source: Folder(dir), put: func(t *testing.T, file string, b []byte) { putFile(t, filepath.Join(dir, file), b) }}
	var entries []Entry
	var previous deal.Commitment
	for i, checkers := range [][]string{{"late", "gone"}, {"gone", "bert"}, {"bert", "carl"}} {
		folder := limited(fmt.Sprint(i+1), fmt.Sprint(100*i+100))
		folder["manifest.yaml"] = replaced(folder["manifest.yaml"], "as_of: 2026-11-20", []string{"as_of: 2026-01-01", "as_of: 2026-04-01", "as_of: 2026-11-01"}[i])
		b := signed(t, folder, "anna")
		a := about(t, b, uint64(i+1), previous)
		a.From = time.Date(2026, time.Month(1+3*i), 2, 0, 0, 0, 0, time.UTC)
		a.At = a.From
		if i < 2 {
			a.Until = a.From.AddDate(0, 4, 0)
		}
		entries = append(entries, offered(t, s, b, activated(t, a, checkers...)))
		digests, previous = append(digests, a.Pack), a.Pack
	}
	list, act, _ := listed(t, listOf("2026-11-22", smallSDN), 1, deal.Commitment{})
	publish(t, s, append(entries, offered(t, s, list, act))...)
	return s, digests, today
}

// A library that was not there finds all packs, because each activation says
// which pack it follows on.
func TestCatchUp(t *testing.T) {
	s, digests, at := history(t)
	dir := t.TempDir()
	for range 2 { // from the source, and then from its own folder
		l := opened(t, Config{Dir: dir, Trust: trust(t), Sources: []Source{s.source}, Now: func() time.Time { return at }})
		refreshed(t, l)
		stillDecides(t, l, digests[2], 300)
		for i, digest := range digests {
			p, ok := l.Pack(digest)
			if !ok || !decided(t, p, offer(t, int64(100*i+100), "Honest Fund", at)).Allow || decided(t, p, offer(t, int64(100*i+101), "Honest Fund", at)).Allow {
				t.Errorf("pack %d does not decide as it did", i+1)
			}
		}
	}
}

// Without what follows on them, old packs are refused as any are.
func TestNoCatchUpWithoutChain(t *testing.T) {
	s, digests, at := history(t)
	entries, err := readIndex(t.Context(), s.source)
	if err != nil {
		t.Fatal(err)
	}
	var packs []Entry // oldest first
	for _, e := range entries {
		if e.Name == "small" {
			packs = append(packs, e)
		}
	}
	for name, index := range map[string][]Entry{"newest withheld": packs[:2], "only the first": packs[:1]} {
		publish(t, s, index...)
		l := opened(t, Config{Trust: trust(t), Sources: []Source{s.source}, Now: func() time.Time { return at }})
		refreshed(t, l)
		if p, err := l.Current(); err != nil || p != l.base {
			t.Errorf("%s: in force is %s, %v", name, nameOf(p), err)
		}
		for _, digest := range digests {
			if _, ok := l.Pack(digest); ok {
				t.Errorf("%s: %s was accepted", name, digest.Short())
			}
		}
	}
	// A pack somebody puts before the newest is not one it follows on.
	stray := signed(t, limited("stray", "900"), "anna")
	a := about(t, stray, 2, digests[0])
	publish(t, s, packs[0], offered(t, s, stray, activated(t, a, "bert", "gone")), packs[2])
	l := opened(t, Config{Trust: trust(t), Sources: []Source{s.source}, Now: func() time.Time { return at }})
	refreshed(t, l)
	stillDecides(t, l, digests[2], 300)
	if _, ok := l.Pack(a.Pack); ok {
		t.Error("a pack beside the chain was accepted")
	}
}

// Run follows its sources until it is told to end.
func TestRun(t *testing.T) {
	s, digests, at := history(t)
	l := opened(t, Config{Trust: trust(t), Sources: []Source{s.source}, Now: func() time.Time { return at }})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.Run(ctx, time.Millisecond)
	}()
	for {
		if p, err := l.Current(); err == nil && p.Digest() == digests[2] {
			break
		}
		if ctx.Err() != nil {
			t.Fatal("the pack does not come")
		}
		time.Sleep(time.Millisecond)
	}
	cancel()
	<-ended
	if err := l.Refresh(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("refreshed after the end: %v", err)
	}
}
