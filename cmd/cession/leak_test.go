//go:build !slim

package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/demo"
)

// TestPlayedMarket plays the deal of the demo once and looks at it from outside:
// what the operator holds of it, and what the loser can do.
func TestPlayedMarket(t *testing.T) {
	m := openMarket(t)
	ctx := limit(t, 8*time.Minute)
	cfg := m.script()
	cfg.Report = nil
	l := newLoser(t, m, cfg)
	cfg.Before = l.before
	result, err := demo.Run(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("loser", func(t *testing.T) { testLoser(t, ctx, l, result) })
	t.Run("leak", func(t *testing.T) { testLeak(t, ctx, m, cfg, result) })
}

// testLeak looks for everything that only the parties may know, in everything
// the operator holds, shows and writes to the chain.
func testLeak(t *testing.T, ctx context.Context, m *market, cfg demo.Config, r demo.Result) {
	canaries := canariesOf(t, m, cfg.Portfolio)
	t.Logf("canaries: %v", count(canaries))
	for _, kind := range []string{fileName, docText, docContent, docDigest, docSalt, talk, agreement, secret, organization} {
		if count(canaries)[kind] < 3 {
			t.Errorf("only %d canaries of kind %s", count(canaries)[kind], kind)
		}
	}
	o := mustOperator(t, m.data)
	// What must be found shows that each search sees what is there.
	id, root := string(r.Deal), r.Deal.Key()
	s := &search{detector: newDetector(canaries), witnesses: newDetector([]canary{
		{witness, "id of the deal", []byte(id), true}, {witness, "key of the deal", root[:], false},
	}), read: map[string]int{}, items: map[string]int{}, places: map[string]int{}, seen: map[string]int{}}
	s.files(t, m.data)
	s.databases(t, m.data)
	s.histories(t, ctx, m, o, r.Deal)
	for _, a := range everyAnswer(t, ctx, o.Desk, bearerOf(t, in(m.data, operatorToken)), r.Deal) {
		if a.status != http.StatusOK && !(a.unbundled() && a.status == http.StatusNotFound) {
			t.Errorf("GET %s as the operator: status %d", a.path, a.status)
		}
		s.look("api", a.path, a.body)
	}
	s.chain(t, ctx, o.RPC)
	s.processes(t, m, o.PID)
	for source, least := range map[string]struct{ items, bytes int }{
		"file": {20, 1 << 20}, "database": {500, 1 << 19}, "history": {4, 100 << 10}, "api": {12, 100 << 10}, "chain": {20, 50 << 10}, "process": {4, 1 << 10},
	} {
		t.Logf("%-8s %7d items %9d bytes, the deal %d times", source, s.items[source], s.read[source], s.seen[source])
		if s.items[source] < least.items || s.read[source] < least.bytes || s.seen[source] == 0 && source != "process" {
			t.Errorf("%s: only %d items, %d bytes, the deal %d times", source, s.items[source], s.read[source], s.seen[source])
		}
	}
	for place, least := range map[string]int{
		"database desk.db decisions": 40, "database desk.db work": 1, "api /v1/decisions": 1, "api /v1/work": 1, "api /v1/packs": 1,
		"api /v1/deals/" + id + "/decisions": 1,
	} {
		if s.places[place] < least {
			t.Errorf("%s: only %d items", place, s.places[place])
		}
	}
	for _, hit := range slices.Sorted(maps.Keys(s.hits)) {
		t.Errorf("%s (%d times)", hit, s.hits[hit])
	}
	if s.hits == nil {
		t.Logf("none of %d canaries", len(canaries))
	}
	if s.allowed == 0 {
		t.Error("the desk's directory names no organization: the search does not see what is there")
	}
	atHome(t, ctx, m, cfg, s.detector, r.Deal)
}

const witness = "witness"

func count(canaries []canary) map[string]int {
	kinds := map[string]int{}
	for _, c := range canaries {
		kinds[c.kind]++
	}
	return kinds
}

// search looks for canaries in many places and counts what it has read.
type search struct {
	*detector
	witnesses *detector
	items     map[string]int // by source
	places    map[string]int // items, by source and place
	read      map[string]int // bytes, by source
	seen      map[string]int // places with a witness, by source
	hits      map[string]int // places, by what was found where
	allowed   int
}

func (s *search) look(source, place string, b []byte) {
	s.items[source]++
	s.places[source+" "+place]++
	s.read[source] += len(b)
	s.seen[source] += len(s.witnesses.find(b))
	for c := range s.find(b) {
		if c.kind == organization && inDirectory(source, place) {
			s.allowed++
			continue
		}
		if s.hits == nil {
			s.hits = map[string]int{}
		}
		s.hits[fmt.Sprintf("%s %s: %s (%s)", source, place, c.kind, c.name)]++
	}
}

// inDirectory reports whether a place is the desk's list of organizations.
func inDirectory(source, place string) bool {
	switch source {
	case "file":
		return strings.HasPrefix(place, "desk.db")
	case "database":
		return place == "desk.db parties"
	case "api":
		return strings.HasPrefix(place, "/v1/parties")
	}
	return false
}

// atHome checks that what was not found is there to be found: at the nodes of
// the parties, in what they show to their own customers.
func atHome(t *testing.T, ctx context.Context, m *market, cfg demo.Config, d *detector, id deal.ID) {
	t.Helper()
	kept := map[string]int{}
	err := filepath.WalkDir(m.home(cfg.Seller), func(file string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			for kind, n := range d.kinds(mustRead(t, file)) {
				kept[kind] += n
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{fileName, docDigest, docSalt, talk, secret} {
		if kept[kind] == 0 {
			t.Errorf("the seller's node keeps no %s: the search does not see what is there", kind)
		}
	}
	if kept[docContent] != 0 {
		t.Errorf("the seller's node keeps documents in the clear: %v", kept)
	}
	for _, party := range []deal.PartyID{cfg.Seller, cfg.Bidders[0]} {
		api, err := m.up.node(party)
		if err != nil {
			t.Fatal(err)
		}
		for i := range cfg.Portfolio {
			body, err := api.Content(ctx, id, uint64(i))
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(body)
			if err != nil || body.Close() != nil || d.kinds(content)[docContent] < slicesOf {
				t.Errorf("document %d of %s: %v, %v found", i, party, err, d.kinds(content))
			}
		}
	}
}
