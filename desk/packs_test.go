package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cession/deal"
)

// fakePacks is a library in memory that takes bundles called good…. Hooks fail a
// submission before it has its effect, or lose its answer afterwards.
type fakePacks struct {
	mu            sync.Mutex
	list          []PackInfo
	bundles       map[deal.Commitment][]byte
	submitted     int
	before, after func() error
}

func newPacks() *fakePacks {
	shipped := PackInfo{Name: "standard", Version: "1.0.0", Kind: "pack", Digest: counted("pack", 1), State: PackActive}
	return &fakePacks{list: []PackInfo{shipped}, bundles: map[deal.Commitment][]byte{}}
}

func (f *fakePacks) List(context.Context) []PackInfo {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.list)
}

func (f *fakePacks) Bundle(digest deal.Commitment) ([]byte, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, ok := f.bundles[digest]
	if !ok {
		return nil, "", deal.Errorf(deal.NotFound, "no such pack")
	}
	return b, "etag-" + digest.Short(), nil
}

func (f *fakePacks) Activation(digest deal.Commitment, number uint64) ([]byte, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range slices.Backward(f.list) {
		if p.Digest == digest && p.Number > 0 && (number == 0 || p.Number == number) {
			return []byte("activation " + strconv.FormatUint(p.Number, 10)), "etag-" + strconv.FormatUint(p.Number, 10), nil
		}
	}
	return nil, "", deal.Errorf(deal.NotFound, "no such activation")
}

func (f *fakePacks) Submit(_ context.Context, bundle, activation []byte) (PackInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := hook(f.before); err != nil {
		return PackInfo{}, err
	}
	digest := deal.Commitment(sha256.Sum256(bundle))
	if !bytes.HasPrefix(bundle, []byte("good")) {
		f.list = append(f.list, PackInfo{Digest: digest, Number: 9, State: PackRefused, Why: "not signed"})
		return PackInfo{}, deal.Errorf(deal.Refused, "bundle: not signed by a maker")
	}
	n, err := strconv.ParseUint(string(activation), 10, 64)
	if err != nil {
		return PackInfo{}, deal.Errorf(deal.Invalid, "activation: want its JSON form")
	}
	p := PackInfo{Name: "market", Version: "2", Kind: "pack", Digest: digest, Number: n, State: PackActive, Since: start}
	if !slices.ContainsFunc(f.list, func(o PackInfo) bool { return o.Digest == digest && o.Number == n }) {
		f.submitted++
		f.list, f.bundles[digest] = append(f.list, p), bundle
	}
	return p, hook(f.after)
}

func TestPacks(t *testing.T) {
	packs := newPacks()
	h := newHarness(t, func(c *Config) { c.Packs = packs })
	ctx := t.Context()
	for _, number := range []string{"1", "3"} { // it is gone back to
		info, err := h.client(winner).SubmitPack(ctx, []byte("good bundle"), []byte(number))
		if err != nil || info.Name != "market" || info.State != PackActive || !info.Since.Equal(start) {
			t.Fatalf("submitted: %+v, %v", info, err)
		}
	}
	digest := deal.Commitment(sha256.Sum256([]byte("good bundle")))
	if list, err := h.client(loser).Packs(ctx); err != nil || len(list) != 3 || list[0].State != PackActive {
		t.Errorf("packs: %+v, %v", list, err)
	}
	if b, err := h.client(loser).PackBundle(ctx, digest); err != nil || string(b) != "good bundle" {
		t.Errorf("bundle %q, %v", b, err)
	}
	if b, err := h.client(loser).PackActivation(ctx, digest); err != nil || string(b) != "activation 3" {
		t.Errorf("activation %q, %v", b, err)
	}
	if _, err := h.client(loser).PackBundle(ctx, counted("pack", 1)); deal.KindOf(err) != deal.NotFound {
		t.Errorf("bundle of what ships with the program: %v", err)
	}
	if _, err := h.client(winner).SubmitPack(ctx, []byte("evil"), []byte("4")); deal.KindOf(err) != deal.Refused || !strings.Contains(err.Error(), "not signed by a maker") {
		t.Errorf("an unsigned bundle: %v", err)
	}
	if _, err := h.client(winner).SubmitPack(ctx, []byte("good"), []byte("?")); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a broken activation: %v", err)
	}
	if _, err := h.client(winner).SubmitPack(ctx, nil, []byte("1")); deal.KindOf(err) != deal.Invalid {
		t.Errorf("no bundle: %v", err)
	}
}

// The desk is an HTTP source of packs to whoever asks: index and files, each
// with an entity tag, no credential.
func TestPackSource(t *testing.T) {
	packs := newPacks()
	h := newHarness(t, func(c *Config) { c.Packs = packs })
	for _, s := range [][2]string{{"good bundle", "1"}, {"good other", "2"}, {"good bundle", "3"}, {"evil", "4"}} {
		_, _ = h.client("").SubmitPack(t.Context(), []byte(s[0]), []byte(s[1]))
	}
	index := h.send("none", "GET", "/v1/packs/index.json", "")
	var files PackIndex
	if err := json.Unmarshal([]byte(index.body), &files); err != nil || index.status != 200 || len(files) != 3 {
		t.Fatalf("index: status %d, %s", index.status, index.body)
	}
	for i, want := range []string{"activation 1", "activation 2", "activation 3"} {
		a := h.send("none", "GET", "/v1/packs/"+files[i].Activation, "")
		if a.status != 200 || a.body != want || a.header.Get("Content-Type") != "application/jose+json" {
			t.Errorf("%s: status %d, %q", files[i].Activation, a.status, a.body)
		}
	}
	for _, path := range []string{"index.json", files[0].Bundle, files[0].Activation} {
		a := h.send("none", "GET", "/v1/packs/"+path, "")
		tag := a.header.Get("ETag")
		if a.status != 200 || len(tag) < 3 || a.header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: status %d, tag %q", path, a.status, tag)
		}
		for _, have := range []string{tag, `"x", W/` + tag, "*"} {
			if again := h.send("none", "GET", "/v1/packs/"+path, "", "If-None-Match: "+have); again.status != 304 || again.body != "" || again.header.Get("ETag") != tag {
				t.Errorf("%s again with %s: status %d, %d bytes", path, have, again.status, len(again.body))
			}
		}
		if other := h.send("none", "GET", "/v1/packs/"+path, "", `If-None-Match: "other"`); other.body != a.body {
			t.Errorf("%s with another tag: status %d", path, other.status)
		}
	}
	before := index.header.Get("ETag")
	_, _ = h.client("").SubmitPack(t.Context(), []byte("good third"), []byte("5"))
	if h.send("none", "GET", "/v1/packs/index.json", "").header.Get("ETag") == before {
		t.Error("the tag of the index did not change with it")
	}
	for path, want := range map[string]int{"x/bundle": 422, counted("no", 1).String() + "/bundle": 404, files[0].Digest.String() + "/activations/9": 404, "nothing/else": 404, "x/y/z/bundle": 404} {
		if a := h.send("none", "GET", "/v1/packs/"+path, ""); a.status != want {
			t.Errorf("%s: status %d, want %d", path, a.status, want)
		}
	}
	for _, route := range []string{"GET /v1/packs", "POST /v1/packs", "DELETE /v1/packs/index.json", "GET /v1/packs/../market"} {
		method, path, _ := strings.Cut(route, " ")
		if a := h.send("none", method, path, ""); a.status == 200 {
			t.Errorf("%s without a credential: status %d", route, a.status)
		}
	}
}

func TestSubmitPackAgainAfterItWasLost(t *testing.T) {
	for name, set := range map[string]func(*fakePacks){
		"not taken":              func(f *fakePacks) { f.before = once(errLost) },
		"taken, the answer lost": func(f *fakePacks) { f.after = once(errLost) },
	} {
		packs := newPacks()
		h := newHarness(t, func(c *Config) { c.Packs = packs })
		set(packs)
		if info, err := h.client(winner).SubmitPack(t.Context(), []byte("good"), []byte("1")); err != nil || info.Number != 1 || packs.submitted != 1 {
			t.Errorf("%s: %+v, %v, taken %d times", name, info, err, packs.submitted)
		}
	}
}

// A pack may be larger than any other body, and too large.
func TestPackSize(t *testing.T) {
	packs := newPacks()
	h := newHarness(t, func(c *Config) { c.Packs = packs })
	large := append([]byte("good"), make([]byte, 2*maxBody)...)
	if _, err := h.client(winner).SubmitPack(t.Context(), large, []byte("1")); err != nil {
		t.Errorf("a large pack: %v", err)
	}
	if _, err := h.client(winner).SubmitPack(t.Context(), make([]byte, maxPack+maxBody), []byte("1")); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a pack that is too large: %v", err)
	}
	for range submitted {
		if _, err := h.desk.meter.submission(); err != nil {
			t.Fatal(err)
		}
	}
	if a := h.send(winner, "POST", "/v1/packs", `{"bundle":"eA==","activation":"MQ=="}`); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("one too many at once: status %d", a.status)
	}
}

// Who reads without a credential is counted by network.
func TestRateOfNetworks(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Limits, c.Packs = Limits{Rate: 0.001, Burst: 2, Streams: 1}, newPacks() })
	for range 2 {
		if a := h.send("none", "GET", "/v1/packs/index.json", ""); a.status != 200 {
			t.Fatalf("status %d within the limit", a.status)
		}
	}
	if a := h.send("none", "GET", "/v1/packs/index.json", ""); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("status %d over the limit", a.status)
	}
	if a := h.send(winner, "GET", "/v1/packs/index.json", ""); a.status != 200 {
		t.Errorf("a party: status %d", a.status)
	}
	for remote, want := range map[string]string{
		"192.0.2.7:99": "192.0.2.7/32", "[2001:db8:1:2:3:4:5:6]:1": "2001:db8:1:2::/64", "[::ffff:192.0.2.7]:1": "192.0.2.7/32",
		"[fe80::1%eth0]:1": "fe80::/64", "pipe": "others",
	} {
		if have := networkOf(remote); have != want {
			t.Errorf("%s: network %s, want %s", remote, have, want)
		}
	}
}

// However many networks there are, the desk remembers a bounded number.
func TestMetersAreBounded(t *testing.T) {
	m, now := newMeter(Limits{Rate: 1, Burst: 2}), start
	for i := range 3 * maxNetworks {
		_ = m.take("network:"+strconv.Itoa(i), now)
	}
	if n := len(m.buckets); n > maxNetworks+1 {
		t.Errorf("%d meters", n)
	}
	for range 2 {
		_ = m.take("network:late", now)
	}
	if err := m.take("network:later", now); deal.KindOf(err) != "" || err == nil {
		var p *Problem
		if !errors.As(err, &p) || p.Status != 429 {
			t.Errorf("networks that share a meter: %v", err)
		}
	}
	if err := m.take("party:x", now); err != nil {
		t.Errorf("a party: %v", err)
	}
	if err := m.take("network:later", now.Add(time.Minute)); err != nil || len(m.buckets) > 3 {
		t.Errorf("after a while: %v, %d meters", err, len(m.buckets))
	}
}

// Market and policy name the pack in force, which changes while the desk runs.
func TestPackInForce(t *testing.T) {
	packs, current := newPacks(), counted("pack", 1)
	h := newHarness(t, func(c *Config) { c.Packs, c.Pack = packs, func() deal.Commitment { return current } })
	if p, err := h.client(winner).Policy(t.Context()); err != nil || p.Name != "standard" || p.Version != "1.0.0" || p.Pack != current || p.Number != 0 {
		t.Errorf("policy %+v, %v", p, err)
	}
	info, err := h.client("").SubmitPack(t.Context(), []byte("good"), []byte("7"))
	if err != nil {
		t.Fatal(err)
	}
	current = info.Digest
	market, err := h.client(winner).MarketInfo(t.Context())
	if err != nil || market.ChainID != 1337 || market.Policy != (PolicyInfo{current, "market", "2", 7}) {
		t.Errorf("market %+v, %v", market, err)
	}
	o, err := h.client(seller).OpenDeal(t.Context(), "")
	if err != nil || o.Pack != current {
		t.Errorf("opened under %s, %v; want %s", o.Pack.Short(), err, current.Short())
	}
	current = deal.Commitment{}
	if _, err := h.client(seller).OpenDeal(t.Context(), ""); deal.KindOf(err) != deal.Conflict {
		t.Errorf("no pack in force: %v", err)
	}
	if h.deals.opened != 1 {
		t.Errorf("%d deals opened", h.deals.opened)
	}
}
