package node

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"cession/deal"
	"cession/node/vault"
)

// A node replaces its keys in the middle of the transfer of one document: the
// release names the buyer's old receiving key, under which the file key is
// wrapped. The transfer goes on, at once or with the next attempt, nothing that
// was verified is fetched again, and the document opens, also after a restart.
func TestRotateDuringTransfer(t *testing.T) {
	const size = 9 << 20
	sum, err := vault.Hash(bulk(size))
	check(t, err)
	for name, c := range map[string]struct {
		rotate  []deal.PartyID
		restart bool // the buyer's node ends in the middle, too
	}{
		"the buyer's receiving key":                   {[]deal.PartyID{buyer}, false},
		"the buyer's receiving key, twice":            {[]deal.PartyID{buyer, buyer}, false},
		"the buyer's receiving key, then it restarts": {[]deal.PartyID{buyer}, true},
		"the seller's keys":                           {[]deal.PartyID{seller}, false},
		"both":                                        {[]deal.PartyID{seller, buyer}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.largeHandover(size)
			named := release.Field("key").String()
			var asked atomic.Int64
			var once sync.Once
			w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
				return noRepeats(w, release, roundTrip(func(r *http.Request) (*http.Response, error) {
					if r.Header.Get("Range") != "" && asked.Add(1) > 3 {
						once.Do(func() {
							for _, of := range c.rotate {
								if _, err := w.members[of].node.Rotate(context.Background()); err != nil {
									t.Errorf("rotate %s: %v", of, err)
								}
							}
						})
						if c.restart {
							return nil, errCut
						}
					}
					return next.RoundTrip(r)
				}))
			})
			err := w.pull(id, release)
			if c.restart {
				if err == nil {
					t.Fatal("the line was not cut")
				}
				w.restart(buyer)
			}
			for range 5 {
				if err == nil {
					break
				}
				if deal.KindOf(err) == deal.Refused {
					t.Fatalf("the transfer is refused: %v", err)
				}
				w.network(buyer, func(next http.RoundTripper) http.RoundTripper { return noRepeats(w, release, next) })
				err = w.pull(id, release)
			}
			check(t, err)
			for _, of := range c.rotate {
				w.redial(of)
				if !w.found(of, "node.rotate", "ok") {
					t.Errorf("the keys of %s were not replaced", of)
				}
			}
			w.opensUnder(id, named, sum)
			w.restart(buyer)
			w.opensUnder(id, named, sum)
		})
	}
}

// opensUnder wants the buyer's node to open the only document of a deal, which
// was wrapped for a receiving key of its own that may be an old one.
func (w *world) opensUnder(id deal.ID, key string, want vault.Sum) {
	w.t.Helper()
	if n := w.members[buyer].node; !n.identity.holds(key) {
		w.t.Error("the node has lost the key that the release names")
	}
	body, err := w.members[buyer].client.Content(context.Background(), id, 0)
	check(w.t, err)
	defer body.Close()
	if sum, err := vault.Hash(body); err != nil || sum != want {
		w.t.Errorf("the document opens as %+v, %v; want %+v", sum, err, want)
	}
}
