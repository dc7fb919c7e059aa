package node

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"cession/deal"
	"cession/node/vault"
)

// relist changes a listing that the seller's wallet signs all the same.
func relist(w *world, change func(*Listing)) func(http.RoundTripper) http.RoundTripper {
	return tamper("/handover", func(b []byte) []byte {
		var l Listing
		if json.Unmarshal(b, &l) != nil || l.Release.IsZero() {
			return b
		}
		change(&l)
		l.Signature, _ = w.members[seller].wallet.SignTypedData(l.TypedData(testMarket.ChainID))
		out, err := json.Marshal(l)
		check(w.t, err)
		return out
	})
}

// What a hostile seller's node or network sends is refused before it is kept.
func TestPullRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		network func(*world) func(http.RoundTripper) http.RoundTripper
		want    Reason
	}{
		"name altered on the way": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return tamper("/handover", func(b []byte) []byte { return bytes.Replace(b, []byte("rm -rf"), []byte("rm -rF"), 1) })
		}, AlteredManifest},
		"path for a name": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].About.Name = "../../etc/cron.d/x" })
		}, AlteredManifest},
		"another name": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].About.Name = "other.txt" })
		}, AlteredManifest},
		"another folder": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].About.Folder = "other" })
		}, AlteredManifest},
		"another index number": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].About.Number = "9" })
		}, AlteredManifest},
		"passed for a newer version": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[1].About.Supersedes = new(uint64) })
		}, AlteredManifest},
		"described as in older plans": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) {
				l.Documents[0].Name, l.Documents[0].About = l.Documents[0].About.Name, vault.Description{}
			})
		}, AlteredManifest},
		"a document left out": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents = l.Documents[:2] })
		}, AlteredManifest},
		"documents swapped": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0], l.Documents[1] = l.Documents[1], l.Documents[0] })
		}, AlteredManifest},
		"another salt": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].Salt = deal.NewSalt() })
		}, AlteredManifest},
		"chunk list of another root": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].Chunks[0][0] ^= 1 })
		}, AlteredManifest},
		"key for somebody else": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].Key = l.Documents[1].Key })
		}, AlteredManifest},
		"wrong chunk": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return tamper("/handover/2", func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
		}, WrongChunk},
		"listing without end": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return func(next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					resp, err := next.RoundTrip(r)
					if err == nil {
						resp.Body = io.NopCloser(io.LimitReader(endless{}, 2*maxListing))
					}
					return resp, err
				})
			}
		}, AlteredManifest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			w.network(buyer, c.network(w))
			wantReason(t, w.pull(id, release), c.want)
			if _, err := w.try(buyer, id, "", "handover.receipt"); deal.KindOf(err) != deal.Conflict {
				t.Errorf("receipt for documents that did not arrive: %v", err)
			}
			if _, err := w.try(buyer, id, "", "settlement.settle"); err == nil {
				t.Error("settled without documents")
			}
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
