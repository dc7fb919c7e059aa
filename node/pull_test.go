package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"cession/deal"
	"cession/node/blob"
	"cession/node/vault"
)

// cut ends every answer of the network after so many bytes of ciphertext in
// all.
type cut struct {
	next http.RoundTripper
	mu   sync.Mutex
	left int64 // guarded by mu
}

// take reserves up to so many bytes; negative ones are given back.
func (c *cut) take(n int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	n = min(n, max(c.left, 0))
	c.left -= n
	return n
}

func (c *cut) dead() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left <= 0
}

var errCut = errors.New("the line is dead")

func (c *cut) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.dead() {
		return nil, errCut
	}
	resp, err := c.next.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusPartialContent {
		return resp, err
	}
	resp.Body = &cutBody{resp.Body, c}
	return resp, nil
}

type cutBody struct {
	io.ReadCloser
	*cut
}

func (b *cutBody) Read(p []byte) (int, error) {
	room := b.take(int64(len(p)))
	if room == 0 {
		return 0, errCut
	}
	n, err := b.ReadCloser.Read(p[:room])
	b.take(int64(n) - room)
	return n, err
}

// The buyer's node is stopped after every chunk, and in the middle of one, and
// started again: the pull completes, and no chunk that was verified is asked
// for again.
func TestPullResumes(t *testing.T) {
	for name, step := range map[string]int64{"at every chunk": vault.ChunkSize, "in the middle of a chunk": vault.ChunkSize*3/2 + 17} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			var runs int
			err := errCut
			for ; err != nil && runs < 12; runs++ {
				w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
					return noRepeats(w, release, &cut{next: next, left: step})
				})
				err = w.pull(id, release)
				w.restart(buyer)
			}
			check(t, err)
			if runs < 2 {
				t.Errorf("the pull was interrupted %d times, want at least 1", runs-1)
			}
			w.sameFiles(buyer, w.members[buyer].client.Content, id)
			if left := w.leftovers(buyer); left != 0 {
				t.Errorf("%d partial files are left", left)
			}
		})
	}
}

// noRepeats fails the test when a range is asked for that holds a chunk the
// bitmap has.
func noRepeats(w *world, release deal.Act, next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		var index uint64
		var from, to int64
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &from, &to); err == nil {
			_, err := fmt.Sscanf(r.URL.Path[strings.LastIndex(r.URL.Path, "/"):], "/%d", &index)
			check(w.t, err)
			have, _, err := w.members[buyer].node.state.chunks(context.Background(), release.ID, index)
			check(w.t, err)
			for c := from / vault.ChunkSize; c <= to/vault.ChunkSize; c++ {
				if have.has(int(c)) {
					w.t.Errorf("chunk %d of document %d is fetched again", c, index)
				}
			}
		}
		return next.RoundTrip(r)
	})
}

func (w *world) leftovers(of deal.PartyID) int {
	list, err := dirEntries(w.members[of].dir)
	check(w.t, err)
	return list
}

// The blob store fails when a document is put, or puts it and the answer is
// lost: both times the pull completes later.
func TestPullStoreFails(t *testing.T) {
	for name, stored := range map[string]bool{"not stored": false, "stored, answer lost": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			failed := false
			w.members[buyer].blobs.put = func(_ string, put func() (blob.Sum, error)) (sum blob.Sum, err error) {
				if failed {
					return put()
				}
				failed = true
				if stored {
					_, err = put()
					check(t, err)
				}
				return sum, blob.ErrNoSpace
			}
			if err := w.pull(id, release); !errors.Is(err, blob.ErrNoSpace) {
				t.Errorf("have %v, want no space", err)
			}
			check(t, w.pull(id, release))
			w.sameFiles(buyer, w.members[buyer].client.Content, id)
		})
	}
}

// The seller's node is told of the delivery and the answer is lost, or it is not
// told: the buyer has its documents either way, and telling again is no error.
func TestDeliveryAnswerLost(t *testing.T) {
	for name, told := range map[string]bool{"not told": false, "told, answer lost": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			down := true
			w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					if !down || !strings.HasSuffix(r.URL.Path, "/done") {
						return next.RoundTrip(r)
					}
					if told {
						resp, err := next.RoundTrip(r)
						check(t, err)
						resp.Body.Close()
					}
					return nil, errCut
				})
			})
			check(t, w.pull(id, release))
			w.act(buyer, id, "", "handover.receipt")
			_, done, err := w.members[seller].node.Delivered(context.Background(), release.ID)
			if err != nil || done != told {
				t.Errorf("seller's node says delivered %t, %v; want %t", done, err, told)
			}
			down = false
			check(t, w.pull(id, release))
			if _, done, _ = w.members[seller].node.Delivered(context.Background(), release.ID); !done {
				t.Error("the seller's node still waits")
			}
		})
	}
}
