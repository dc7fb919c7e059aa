package node

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A large document comes in parts, a small one in one piece; both again are no
// error and send nothing that is there.
func TestUploadFile(t *testing.T) {
	w := newWorld(t)
	id := w.awaiting()
	var parts, moved atomic.Int64
	w.link(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if isPart(r) {
				parts.Add(1)
			}
			return next.RoundTrip(r)
		})
	})
	for range 2 {
		moved.Store(0)
		check(t, w.send(id, func(n int64) { moved.Add(n) }))
		if moved.Load() != int64(len(longBody())) {
			t.Errorf("progress shows %d bytes, want %d", moved.Load(), len(longBody()))
		}
		w.arrived(id)
	}
	if parts.Load() != 4 {
		t.Errorf("%d parts were sent, want 4", parts.Load())
	}
	small := files()[0]
	id = w.drafted(small)
	w.act(seller, id, "", "documents.notarize")
	for range 2 {
		check(t, w.members[seller].client.UploadFile(context.Background(), id, 0, bytes.NewReader(small.body), int64(len(small.body)), nil))
	}
}

// Each request once gets no answer, or is lost on the way; the upload goes on.
func TestUploadFileAnswersLost(t *testing.T) {
	for name, arrives := range map[string]bool{"request lost": false, "answer lost": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.awaiting()
			var mu sync.Mutex
			lost := map[string]bool{}
			w.link(func(next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					mu.Lock()
					key := r.Method + r.URL.Path
					first := strings.Contains(key, "/upload") && !lost[key]
					lost[key] = true
					mu.Unlock()
					if !first {
						return next.RoundTrip(r)
					}
					if arrives {
						resp, err := next.RoundTrip(r)
						check(t, err)
						resp.Body.Close()
					}
					return nil, errCut
				})
			})
			check(t, w.send(id, nil))
			if len(lost) != 6 { // the list, four parts, the end
				t.Errorf("%d requests were lost, want 6", len(lost))
			}
			w.arrived(id)
		})
	}
}

// Client or node is stopped after each part; what is there is not sent again.
func TestUploadFileResumes(t *testing.T) {
	for name, restart := range map[string]bool{"the client": false, "the node": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.awaiting()
			var sent atomic.Int64
			for run := 0; ; run++ {
				if run > 10 {
					t.Fatal("the upload does not end")
				}
				ctx, cancel := context.WithCancel(context.Background())
				arrived, first := make(chan struct{}), atomic.Bool{}
				w.link(func(next http.RoundTripper) http.RoundTripper {
					return roundTrip(func(r *http.Request) (*http.Response, error) {
						if !isPart(r) {
							return next.RoundTrip(r)
						}
						if !first.CompareAndSwap(false, true) {
							<-arrived
							cancel()
							return nil, errCut
						}
						defer close(arrived)
						sent.Add(1)
						return next.RoundTrip(r)
					})
				})
				err := w.members[seller].client.UploadFile(ctx, id, 0, bytes.NewReader(longBody()), int64(len(longBody())), nil)
				cancel()
				if err == nil {
					break
				}
				if restart {
					w.restart(seller)
				} else {
					w.link(func(http.RoundTripper) http.RoundTripper { return pinnedTransport(w.members[seller].node.Pin(), nil) })
				}
			}
			if sent.Load() != 4 {
				t.Errorf("%d parts were sent, want 4", sent.Load())
			}
			w.arrived(id)
		})
	}
}

// A node that has too many uploads says when to come back; not before that the
// client does.
func TestUploadFileComesBack(t *testing.T) {
	w := newWorld(t)
	id := w.drafted(files()[0])
	w.act(seller, id, "", "documents.notarize")
	var asked []time.Time
	w.link(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if asked = append(asked, time.Now()); len(asked) > 1 {
				return next.RoundTrip(r)
			}
			answer := httptest.NewRecorder()
			writeProblem(answer, tooMany(2*time.Second), true)
			return answer.Result(), nil
		})
	})
	body := files()[0].body
	check(t, w.members[seller].client.UploadFile(context.Background(), id, 0, bytes.NewReader(body), int64(len(body)), nil))
	if len(asked) != 2 || asked[1].Sub(asked[0]) < 2*time.Second {
		t.Errorf("asked at %v", asked)
	}
}
