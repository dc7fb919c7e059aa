package node

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

// ask sends a request to a node as its customer and returns status, header and
// the problem in the answer.
func (m *member) ask(t *testing.T, method, path string, header map[string]string, body io.Reader) (*http.Response, Problem) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, method, m.client.base+path, body)
	check(t, err)
	r.Header.Set("Authorization", "Bearer "+m.client.token)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	resp, err := m.client.http.Do(r)
	check(t, err)
	defer resp.Body.Close()
	var p Problem
	b, err := io.ReadAll(resp.Body)
	check(t, err)
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/problem+json") {
		check(t, json.Unmarshal(b, &p))
	}
	resp.Body = io.NopCloser(bytes.NewReader(b))
	return resp, p
}

// TestEdges: what is out of bounds is answered with a problem document that says
// what is wanted, and with the status that HTTP has for it.
func TestEdges(t *testing.T) {
	w := newWorld(t)
	m := w.members[seller]
	id := w.listed()
	asJSON := map[string]string{"Content-Type": "application/json"}
	plan := "/v1/deals/" + string(id) + "/documents/plan"
	for name, c := range map[string]struct {
		method, path string
		header       map[string]string
		body         io.Reader
		status       int
		kind         deal.Kind
	}{
		"body too large":            {"POST", "/v1/acts", asJSON, strings.NewReader(`{"step":"` + strings.Repeat("a", maxDelta) + `"}`), 413, deal.Invalid},
		"endless body":              {"POST", "/v1/acts", asJSON, endlessBody('{'), 413, deal.Invalid},
		"JSON of another type":      {"POST", plan, map[string]string{"Content-Type": "text/plain"}, strings.NewReader("[]"), 415, deal.Invalid},
		"JSON of no type":           {"POST", plan, nil, strings.NewReader("[]"), 415, deal.Invalid},
		"upload of another type":    {"PUT", "/v1/deals/" + string(id) + "/documents/0", map[string]string{"Content-Type": "multipart/form-data; boundary=x"}, strings.NewReader("x"), 415, deal.Invalid},
		"member twice":              {"POST", "/v1/acts", asJSON, strings.NewReader(`{"step":"a","step":"b"}`), 422, deal.Invalid},
		"unknown member":            {"POST", "/v1/acts", asJSON, strings.NewReader(`{"steps":"a"}`), 422, deal.Invalid},
		"no operation":              {"GET", "/v1/nothing", nil, nil, 404, deal.NotFound},
		"another method":            {"DELETE", "/v1/acts", nil, nil, 405, deal.Invalid},
		"key too long":              {"POST", "/v1/deals", map[string]string{keyHeader: strings.Repeat("k", 129)}, nil, 422, deal.Invalid},
		"no such deal":              {"GET", "/v1/deals/" + string(deal.NewID()), nil, nil, 404, deal.NotFound},
		"not an id":                 {"GET", "/v1/deals/%2e%2e", nil, nil, 422, deal.Invalid},
		"path out of the documents": {"GET", "/v1/deals/" + string(id) + "/documents/..%2f..%2ftoken", nil, nil, 422, deal.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			resp, p := m.ask(t, c.method, c.path, c.header, c.body)
			if resp.StatusCode != c.status || p.Status != c.status || p.Kind != c.kind || p.Title == "" || p.Type == "" {
				t.Errorf("status %d, problem %+v: want %d, %s", resp.StatusCode, p, c.status, c.kind)
			}
			if c.status == 405 && resp.Header.Get("Allow") != "POST" {
				t.Errorf("Allow: %q", resp.Header.Get("Allow"))
			}
		})
	}
	t.Run("header too large", func(t *testing.T) {
		resp, _ := m.ask(t, "GET", "/v1/views", map[string]string{"X-Long": strings.Repeat("x", 100<<10)}, nil)
		if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("status %d", resp.StatusCode)
		}
	})
	t.Run("still well", func(t *testing.T) {
		if _, err := m.client.Deal(context.Background(), id); err != nil {
			t.Error(err)
		}
	})
}

// endlessBody is a body without end of one byte.
type endlessBody byte

func (e endlessBody) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(e)
	}
	return len(b), nil
}

// TestUnknownCredentialsAreSlowedDown: after some of them there is 429 with
// Retry-After, for the customer's side and for peers', and who has the right ones
// does not notice.
func TestUnknownCredentialsAreSlowedDown(t *testing.T) {
	w := newWorld(t)
	m := w.members[seller]
	slowed := 0
	for range failedBurst + 5 {
		resp, p := m.ask(t, "GET", "/v1/views", map[string]string{"Authorization": "Bearer wrong"}, nil)
		switch resp.StatusCode {
		case http.StatusUnauthorized:
		case http.StatusTooManyRequests:
			slowed++
			if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err != nil || seconds < 1 || p.Kind != deal.Lost {
				t.Errorf("Retry-After: %v, problem %+v", resp.Header.Get("Retry-After"), p)
			}
		default:
			t.Fatalf("status %d", resp.StatusCode)
		}
	}
	if slowed < 3 {
		t.Errorf("%d of %d were slowed down", slowed, failedBurst+5)
	}
	if _, err := m.client.Views(context.Background()); err != nil {
		t.Errorf("the customer: %v", err)
	}
	id := w.listed()
	w.invited(id, buyer) // its node asks the seller's
	if _, err := w.members[buyer].client.RoomDocuments(context.Background(), id); err != nil {
		t.Errorf("a peer: %v", err)
	}
}

// TestRequestsUnderOneKeyAreDoneOnce: opening a deal is not idempotent by nature.
func TestRequestsUnderOneKeyAreDoneOnce(t *testing.T) {
	w := newWorld(t)
	m := w.members[seller]
	open := func(key string) (*http.Response, deal.Opening) {
		resp, _ := m.ask(t, "POST", "/v1/deals", map[string]string{keyHeader: key}, nil)
		var o deal.Opening
		if resp.StatusCode == http.StatusCreated {
			check(t, json.NewDecoder(resp.Body).Decode(&o))
		}
		return resp, o
	}
	_, first := open("one")
	again, same := open("one")
	_, other := open("two")
	if first.ID == "" || same.ID != first.ID || again.Header.Get("Idempotency-Replayed") != "true" || other.ID == first.ID {
		t.Errorf("deals %s, %s (replayed: %s), %s", first.ID, same.ID, again.Header.Get("Idempotency-Replayed"), other.ID)
	}
	w.restart(seller)
	m = w.members[seller]
	if _, o := open("one"); o.ID != first.ID {
		t.Errorf("after a restart the deal is %s, was %s", o.ID, first.ID)
	}
	resp, p := m.ask(t, "POST", "/v1/deals", map[string]string{keyHeader: "one", "Content-Type": "application/json"}, strings.NewReader("{}"))
	if resp.StatusCode != http.StatusUnprocessableEntity || p.Kind != deal.Invalid {
		t.Errorf("another request under the same key: status %d, %+v", resp.StatusCode, p)
	}
}

// TestLostAnswerUnderAKey: the desk opened the deal, its answer got lost, the
// customer asks again: it is the same deal.
func TestLostAnswerUnderAKey(t *testing.T) {
	w := newWorld(t)
	m := w.members[seller]
	w.desk.openLost.Store(true)
	resp, _ := m.ask(t, "POST", "/v1/deals", map[string]string{keyHeader: "lost"}, nil)
	if resp.StatusCode/100 == 2 {
		t.Fatalf("status %d although every answer of the desk was lost", resp.StatusCode)
	}
	w.desk.openLost.Store(false)
	resp, _ = m.ask(t, "POST", "/v1/deals", map[string]string{keyHeader: "lost"}, nil)
	if resp.StatusCode != http.StatusCreated || len(w.desk.deals) != 1 {
		t.Errorf("status %d, the desk has %d deals: want one", resp.StatusCode, len(w.desk.deals))
	}
}

// TestSlowClients: who sends its request a byte at a time loses the connection,
// and who sends nothing after the handshake too.
func TestSlowClients(t *testing.T) {
	w := newWorld(t)
	m := w.members[seller]
	server := m.node.httpServer(context.Background())
	if server.ReadHeaderTimeout <= 0 || server.ReadHeaderTimeout > 15*time.Second || server.IdleTimeout <= 0 || server.MaxHeaderBytes > 64<<10 {
		t.Errorf("timeouts %v, %v, %d bytes", server.ReadHeaderTimeout, server.IdleTimeout, server.MaxHeaderBytes)
	}
	server.ReadHeaderTimeout = 300 * time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	go server.Serve(tls.NewListener(newLimitListener(l), m.node.serverTLS()))
	t.Cleanup(func() { server.Close() })
	for name, send := range map[string]func(net.Conn){
		"no handshake": func(net.Conn) {},
		"slow header": func(c net.Conn) {
			c = tls.Client(c, pinnedTLS(m.node.Pin(), nil))
			for _, b := range []byte("GET /openapi.json HTTP/1.1\r\nHost: x\r\n") {
				if _, err := fmt.Fprintf(c, "%c", b); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := net.Dial("tcp", l.Addr().String())
			check(t, err)
			defer c.Close()
			send(c)
			check(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
			if _, err := io.Copy(io.Discard, bufio.NewReader(c)); err != nil && strings.Contains(err.Error(), "timeout") {
				t.Errorf("the connection is still open: %v", err)
			}
		})
	}
}
