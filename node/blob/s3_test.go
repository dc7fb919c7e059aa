package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/blob"
	"cession/node/blob/blobtest"
)

func TestS3(t *testing.T) {
	config := blobtest.StartS3(t)
	stores := 0
	open := func(t *testing.T, transport http.RoundTripper) *blob.S3 {
		t.Helper()
		stores++
		config.Prefix, config.Transport = fmt.Sprintf("store-%d/", stores), transport
		s, err := blob.OpenS3(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t, nil) })
	t.Run("lost replies", func(t *testing.T) { testLostReplies(t, open) })
	t.Run("lost requests", func(t *testing.T) { testLostRequests(t, open) })
	t.Run("taken, not seen yet", func(t *testing.T) { testTakenUnseen(t, open) })
	t.Run("stale uploads", func(t *testing.T) { testStaleUploads(t, open) })
	t.Run("stalled downloads", func(t *testing.T) {
		config.CallTimeout = time.Second
		testStalledDownload(t, open)
	})
	t.Run("wrong bucket", func(t *testing.T) {
		wrong := config
		wrong.Bucket = "nobodys"
		_, err := blob.OpenS3(t.Context(), wrong)
		expectKind(t, err, deal.NotFound)
	})
	t.Run("wrong keys", func(t *testing.T) {
		wrong := config
		wrong.SecretKey = "wrong"
		_, err := blob.OpenS3(t.Context(), wrong)
		expectKind(t, err, deal.Refused)
		if strings.Contains(fmt.Sprint(err), config.SecretKey) {
			t.Error("the error shows a secret")
		}
	})
}

var errBroken = errors.New("connection broke")

// broken is a network that breaks where it is told to.
type broken struct {
	before func(*http.Request) bool // the request does not arrive
	after  func(*http.Request) bool // the reply does not
}

func (b *broken) RoundTrip(r *http.Request) (*http.Response, error) {
	if b.before != nil && b.before(r) {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, errBroken
	}
	reply, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && b.after != nil && b.after(r) {
		io.Copy(io.Discard, reply.Body)
		reply.Body.Close()
		return nil, errBroken
	}
	return reply, err
}

func isCreate(r *http.Request) bool { return r.Header.Get("If-None-Match") == "*" }

func isPart(r *http.Request) bool { return r.URL.Query().Has("partNumber") }

var sizes = map[string]int{"whole": 1000, "parts": 9 << 20}

// The object is there, but its writer never hears of it: it must find its own
// object, and not take it for another's or write it twice.
func testLostReplies(t *testing.T, open func(*testing.T, http.RoundTripper) *blob.S3) {
	for name, size := range sizes {
		t.Run(name, func(t *testing.T) {
			net := &broken{}
			s, content := open(t, net), blobtest.Content(size)
			net.after = isCreate
			sum, err := s.Put(t.Context(), "a", bytes.NewReader(content))
			if err != nil || sum.Size != int64(size) {
				t.Errorf("put whose reply is lost: %+v, %v", sum, err)
			}
			net.after = func(r *http.Request) bool { return isCreate(r) || r.Method == http.MethodHead }
			_, err = s.Put(t.Context(), "b", bytes.NewReader(content))
			expectKind(t, err, deal.Lost)
			net.after = nil
			_, err = s.Put(t.Context(), "b", bytes.NewReader(content)) // looking again settles it
			expectKind(t, err, deal.Conflict)
			r, err := s.ReadRange(t.Context(), "b", 0, -1)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
				t.Errorf("content after a lost reply: %d bytes, %v", len(got), err)
			}
		})
	}
}

// Nothing arrived, but nobody can know that.
func testLostRequests(t *testing.T, open func(*testing.T, http.RoundTripper) *blob.S3) {
	for name, size := range sizes {
		t.Run(name, func(t *testing.T) {
			net := &broken{}
			s, content := open(t, net), blobtest.Content(size)
			net.before = isCreate
			_, err := s.Put(t.Context(), "a", bytes.NewReader(content))
			expectKind(t, err, deal.Lost)
			net.before = nil
			if _, err = s.Put(t.Context(), "a", bytes.NewReader(content)); err != nil {
				t.Errorf("put again: %v", err)
			}
		})
	}
	t.Run("one part", func(t *testing.T) {
		net := &broken{}
		s, content, failed := open(t, net), blobtest.Content(20<<20), 0
		net.before = func(r *http.Request) bool {
			if isPart(r) && r.URL.Query().Get("partNumber") == "2" {
				failed++
			}
			return failed == 1 && isPart(r)
		}
		if _, err := s.Put(t.Context(), "a", bytes.NewReader(content)); err != nil || failed != 2 {
			t.Errorf("put whose second part is lost once: %v, sent %d times", err, failed)
		}
		net.before = isPart
		_, err := s.Put(t.Context(), "b", bytes.NewReader(content))
		if !errors.Is(err, errBroken) || deal.KindOf(err) != "" {
			t.Errorf("put none of whose parts arrive: %v, want an error to try again", err)
		}
		_, err = s.Stat(t.Context(), "b")
		expectKind(t, err, deal.NotFound)
	})
}

// Another writer was first, but its object cannot be seen yet.
func testTakenUnseen(t *testing.T, open func(*testing.T, http.RoundTripper) *blob.S3) {
	for name, size := range sizes {
		t.Run(name, func(t *testing.T) {
			net := &taken{}
			s := open(t, net)
			net.on = true
			_, err := s.Put(t.Context(), "a", bytes.NewReader(blobtest.Content(size)))
			if expectKind(t, err, deal.Conflict); !errors.Is(err, blob.ErrExists) {
				t.Errorf("put: %v, want ErrExists", err)
			}
		})
	}
}

// taken is a store in which somebody else is always first.
type taken struct{ on bool }

func (n *taken) RoundTrip(r *http.Request) (*http.Response, error) {
	if !n.on || !isCreate(r) {
		return http.DefaultTransport.RoundTrip(r)
	}
	if r.Body != nil {
		r.Body.Close()
	}
	return &http.Response{StatusCode: http.StatusPreconditionFailed, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// A process that dies leaves its upload behind; here the abort does not arrive.
func testStaleUploads(t *testing.T, open func(*testing.T, http.RoundTripper) *blob.S3) {
	net := &broken{}
	s := open(t, net)
	net.before = func(r *http.Request) bool { return isPart(r) || r.Method == http.MethodDelete }
	if _, err := s.Put(t.Context(), "a", bytes.NewReader(blobtest.Content(9<<20))); err == nil {
		t.Fatal("put without any part succeeded")
	}
	net.before = nil
	for _, c := range []struct {
		age  time.Duration
		want int
	}{{time.Hour, 0}, {-time.Hour, 1}, {-time.Hour, 0}} {
		if n, err := s.AbortStale(t.Context(), c.age); err != nil || n != c.want {
			t.Errorf("abort uploads older than %v: %d, %v; want %d", c.age, n, err, c.want)
		}
	}
}

func testStalledDownload(t *testing.T, open func(*testing.T, http.RoundTripper) *blob.S3) {
	net := &stalling{}
	s := open(t, net)
	if _, err := s.Put(t.Context(), "a", strings.NewReader("content")); err != nil {
		t.Fatal(err)
	}
	for _, cut := range []bool{false, true} {
		net.cut = cut
		r, err := s.ReadRange(t.Context(), "a", 0, 7)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err == nil || string(got) != "con" {
			t.Errorf("download that ends after 3 bytes (cut %v): %q, %v; want an error", cut, got, err)
		}
		r.Close()
	}
}

// stalling is a network whose downloads say nothing more after three bytes, or
// pretend that they are over.
type stalling struct{ cut bool }

func (n *stalling) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && r.Header.Get("Range") != "" {
		stall := readFunc(func([]byte) (int, error) {
			if n.cut {
				return 0, io.EOF
			}
			<-r.Context().Done()
			return 0, r.Context().Err()
		})
		reply.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(reply.Body, 3), stall), reply.Body}
	}
	return reply, err
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// fake is a store that says yes to everything, as old ones do to If-None-Match.
func fake(t *testing.T, serve http.HandlerFunc) blob.S3Config {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	return blob.S3Config{
		Endpoint: strings.TrimPrefix(server.URL, "http://"), Bucket: "cession", AccessKey: "access", SecretKey: "secret",
		CallTimeout: 200 * time.Millisecond,
	}
}

func TestS3RefusesOverwritingStore(t *testing.T) {
	config := fake(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
	_, err := blob.OpenS3(t.Context(), config)
	expectKind(t, err, deal.Refused)
}

func TestS3SilentStore(t *testing.T) {
	config := fake(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if _, err := blob.OpenS3(t.Context(), config); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("open a store that does not answer: %v", err)
	}
}

func expectKind(t *testing.T, err error, want deal.Kind) {
	t.Helper()
	if deal.KindOf(err) != want {
		t.Errorf("error %v of kind %q, want %q", err, deal.KindOf(err), want)
	}
}
