package node

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// answer changes the seller's node's answers to requests whose path has a part.
func answer(part string, change func(*http.Response)) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil && strings.Contains(r.URL.Path, part) && resp.StatusCode < 300 {
				change(resp)
			}
			return resp, err
		})
	}
}

// body replaces the body of an answer.
func body(change func([]byte) []byte) func(*http.Response) {
	return func(resp *http.Response) {
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		resp.Body = io.NopCloser(bytes.NewReader(change(b)))
	}
}

// bomb is a megabyte for every kilobyte.
func bomb(resp *http.Response) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.CopyN(z, endless{}, 64<<20)
	z.Close()
	resp.Body.Close()
	resp.Body, resp.ContentLength = io.NopCloser(&b), int64(b.Len())
	resp.Header.Set("Content-Encoding", "gzip")
}

// A seller's node that does not keep to the protocol gets nowhere: each
// deviation is refused for its own reason, which is in the log, nothing is
// stored, and nothing is settled.
func TestHostileCounterpartySeller(t *testing.T) {
	for name, c := range map[string]struct {
		network func(w *world) func(http.RoundTripper) http.RoundTripper
		want    Reason
	}{
		"wrong chunk": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return answer("/handover/2", body(func(b []byte) []byte { b[len(b)-1] ^= 1; return b }))
		}, WrongChunk},
		"chunks in another order": {func(*world) func(http.RoundTripper) http.RoundTripper {
			var kept []byte // each range is answered with the bytes of the one before
			return answer("/handover/2", body(func(b []byte) []byte {
				if len(b) == vault.ChunkSize {
					b, kept = append(kept, b[len(kept):]...), b
				}
				b[0] ^= byte(1 - min(len(kept), 1))
				return b
			}))
		}, WrongChunk},
		"a chunk of another document": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return answer("/handover/0", body(func(b []byte) []byte { return bytes.Repeat([]byte{'x'}, len(b)) }))
		}, WrongChunk},
		"body without end": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return answer("/handover/1", func(resp *http.Response) { resp.Body, resp.ContentLength = io.NopCloser(endless{}), -1 })
		}, WrongRange},
		"another range": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return answer("/handover/1", func(resp *http.Response) { resp.Header.Set("Content-Range", "bytes 1-2/3") })
		}, WrongRange},
		"the whole document for a range": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return answer("/handover/1", func(resp *http.Response) { resp.StatusCode = http.StatusOK })
		}, WrongRange},
		"range in an encoding":   {func(*world) func(http.RoundTripper) http.RoundTripper { return answer("/handover/1", bomb) }, EncodedAnswer},
		"listing in an encoding": {func(*world) func(http.RoundTripper) http.RoundTripper { return answer("/handover", bomb) }, EncodedAnswer},
		"listing without end": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return answer("/handover", func(resp *http.Response) { resp.Body = io.NopCloser(io.LimitReader(endless{}, 2*maxListing)) })
		}, AlteredManifest},
		"listing of another release": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Release[0] ^= 1 })
		}, AlteredManifest},
		"listing with a document more": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents = append(l.Documents, l.Documents[0]) })
		}, AlteredManifest},
		"listing with another document": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) {
				l.Documents[1].Manifest, l.Documents[1].Chunks, l.Documents[1].Key = l.Documents[0].Manifest, l.Documents[0].Chunks, l.Documents[0].Key
			})
		}, AlteredManifest},
		"name that leads out of the folder": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].About.Name, l.Documents[0].Name = "../../wallet", "../../wallet" })
		}, AlteredManifest},
		"folder that leads out": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].About.Folder = "../.." })
		}, AlteredManifest},
		"index beyond the title": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[2].Index = 1 << 40 })
		}, AlteredManifest},
		"sizes that do not fit": {func(w *world) func(http.RoundTripper) http.RoundTripper {
			return relist(w, func(l *Listing) { l.Documents[0].Manifest.CipherSize = 1 << 50 })
		}, AlteredManifest},
		"redirect to elsewhere": {func(*world) func(http.RoundTripper) http.RoundTripper {
			return answer("/handover/1", func(resp *http.Response) {
				resp.StatusCode = http.StatusTemporaryRedirect
				resp.Header.Set("Location", "https://127.0.0.1:1/")
			})
		}, Redirected},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			w.network(buyer, c.network(w))
			wantReason(t, w.pull(id, release), c.want)
			w.nothingArrived(id, c.want)
		})
	}
}

// nothingArrived wants the reason in the log and in the state of the handover,
// and no way on.
func (w *world) nothingArrived(id deal.ID, why Reason) {
	w.t.Helper()
	if !w.noted(buyer, "handover.pull", string(why)) {
		w.t.Errorf("%s is not in the buyer's log", why)
	}
	list, err := w.members[buyer].client.Handover(context.Background(), id)
	check(w.t, err)
	for _, h := range list {
		if h.Verified || h.Running || h.Reason != why {
			w.t.Errorf("handover is shown as %+v, want stopped for %s", h, why)
		}
	}
	if _, err := w.try(buyer, id, "", "handover.receipt"); deal.KindOf(err) != deal.Conflict {
		w.t.Errorf("receipt for documents that did not arrive: %v", err)
	}
	if _, err := w.try(buyer, id, "", "settlement.settle"); err == nil {
		w.t.Error("settled without documents")
	}
}

// noted reports whether a node's log of its own doings has an entry with this
// result.
func (w *world) noted(at deal.PartyID, what, result string) bool {
	list, err := w.members[at].node.state.logEntries(context.Background(), "own = 1")
	check(w.t, err)
	for _, e := range list {
		if v, err := e.View(); err == nil && v.What == what && v.Result == result {
			return true
		}
	}
	return false
}

// impostor answers as the seller's node, with its key, whatever a test wants.
func (w *world) impostor(speak func(net.Conn)) {
	w.t.Helper()
	n := w.members[seller].node
	l, err := tls.Listen("tcp", "127.0.0.1:0", n.serverTLS())
	check(w.t, err)
	w.t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); speak(c) }()
		}
	}()
	address := l.Addr().String()
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		next.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
		return next
	})
}

// A seller's node whose own key speaks HTTP that no node speaks.
func TestHostileCounterpartyWire(t *testing.T) {
	for name, c := range map[string]struct {
		speak func(net.Conn)
		want  Reason
	}{
		"headers without end": {func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\n")
			for i := 0; ; i++ {
				if _, err := fmt.Fprintf(c, "X-%d: %s\r\n", i, strings.Repeat("a", 1000)); err != nil {
					return
				}
			}
		}, EndlessHeaders},
		"redirect": {func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
		}, Redirected},
		"not HTTP": {func(c net.Conn) { fmt.Fprint(c, "SSH-2.0-x\r\n") }, ""},
		"nothing":  {func(net.Conn) {}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			w.impostor(func(conn net.Conn) {
				buffer := make([]byte, 4096)
				_, _ = conn.Read(buffer) // the request
				c.speak(conn)
			})
			err := w.pull(id, release)
			if c.want != "" {
				wantReason(t, err, c.want)
				w.nothingArrived(id, c.want)
			} else if err == nil || deal.KindOf(err) != "" {
				t.Errorf("have %v, want an error that is worth another try", err)
			}
		})
	}
}

// A seller's node that says no more in the middle of a range is left, and asked
// again later.
func TestHostileCounterpartySlowSender(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	w.members[buyer].node.transfers.stall = 50 * time.Millisecond
	slow := true
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil && slow && strings.HasSuffix(r.URL.Path, "/2") {
				resp.Body = &stuck{resp.Body, r.Context()}
			}
			return resp, err
		})
	})
	if err := w.pull(id, release); reasonOf(err) != SlowPeer || deal.KindOf(err) != deal.Lost {
		t.Errorf("have %v, want a lost error for %s", err, SlowPeer)
	}
	if !w.noted(buyer, "handover.pull", string(SlowPeer)) {
		t.Errorf("%s is not in the buyer's log", SlowPeer)
	}
	slow, w.members[buyer].node.transfers.stall = false, stallTime
	check(t, w.pull(id, release))
	w.sameFiles(buyer, w.members[buyer].client.Content, id)
}

// stuck is a body of which nothing comes.
type stuck struct {
	io.ReadCloser
	ctx context.Context
}

func (s *stuck) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

// A stream that ends early is taken up where it ended.
func TestHostileCounterpartyTruncates(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return noRepeats(w, release, answer("/handover/2", body(func(b []byte) []byte { return b[:len(b)*2/3] }))(next))
	})
	if err := w.pull(id, release); !errors.Is(err, io.ErrUnexpectedEOF) || deal.KindOf(err) != "" {
		t.Errorf("have %v, want an error that is worth another try", err)
	}
	w.restart(buyer)
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper { return noRepeats(w, release, next) })
	check(t, w.pull(id, release))
	w.sameFiles(buyer, w.members[buyer].client.Content, id)
}
