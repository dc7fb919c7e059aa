package node

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// A buyer's node that does not take what it asks for is cut, while others are
// served.
func TestHostileCounterpartySlowReader(t *testing.T) {
	x := newWorld(t)
	x.members[seller].node.transfers.stall = 200 * time.Millisecond
	id, release := x.largeHandover(24 << 20)
	request := fmt.Sprintf("GET /peer/v1/deals/%s/handover/0?ticket=%s HTTP/1.1\r\nHost: x\r\n%s: %s\r\nRange: bytes=0-%d\r\n\r\n",
		id, release.ID, partyHeader, buyer, maxRange-1)
	c := x.rawLine(buyer)
	_, err := io.WriteString(c, request) // and takes nothing
	check(t, err)
	check(t, x.pull(id, release)) // over lines of its own
	for end := time.Now().Add(30 * time.Second); !x.logged(seller, "handover.range", string(SlowPeer)); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s is not in the seller's log", SlowPeer)
		}
	}
	check(t, c.SetReadDeadline(time.Now().Add(time.Second))) // what the kernel holds may take longer
	if n, err := io.Copy(io.Discard, c); n >= maxRange || (err != nil && errors.Is(err, io.EOF)) {
		t.Errorf("the slow reader got %d bytes, %v: it was not cut", n, err)
	}
}

// rawLine is a connection to the seller's node with a party's certificate.
func (w *world) rawLine(from deal.PartyID) net.Conn {
	w.t.Helper()
	r, err := w.members[from].node.Record(context.Background(), seller)
	check(w.t, err)
	cfg := pinnedTransport(r.SPKI, w.members[from].node).TLSClientConfig
	raw, err := net.Dial("tcp", strings.TrimPrefix(r.Endpoint, "https://"))
	check(w.t, err)
	check(w.t, raw.(*net.TCPConn).SetReadBuffer(4096))
	c := tls.Client(raw, cfg)
	w.t.Cleanup(func() { c.Close() })
	return c
}

// Requests of a buyer's node that no node sends are refused and logged, and let
// nothing out.
func TestHostileCounterpartyBuyer(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	c, err := w.members[buyer].node.peer(context.Background(), seller)
	check(t, err)
	base, ticket := "/peer/v1/deals/"+string(id)+"/handover", "?ticket="+release.ID.String()
	for _, p := range []string{"/..%2f..%2fnode.db", "/%2e%2e/%2e%2e/token", "/-1", "/99", "/0x0", "/%00", "/0%00.db", "/" + strconv.FormatUint(1<<63, 10)} {
		resp, err := c.do(context.Background(), http.MethodGet, base+p+ticket, http.Header{"Range": {"bytes=0-1"}}, nil)
		if err == nil {
			resp.Body.Close()
			t.Errorf("path %s was answered", p)
		}
	}
	if !w.logged(seller, "handover.range", string(NotReleased)) {
		t.Errorf("%s is not in the seller's log", NotReleased)
	}
	for _, r := range [][]string{
		nil, {"bytes=0-"}, {"bytes=-5"}, {"bytes=5-1"}, {"bytes=0-1,3-4"}, {"bytes=0-99999999999"}, {"bytes=0-16777216"}, {"lines=0-1"},
		{"bytes=0-1", "bytes=2-3"}, {"bytes=-1--1"}, {"bytes=99999999999999999999-1"}, {"bytes=0-9223372036854775807"}, {"bytes= 0-1"}, {strings.Repeat("bytes=0-1,", 1000)},
	} {
		_, err := c.do(context.Background(), http.MethodGet, base+"/2"+ticket, http.Header{"Range": r}, nil)
		if reasonOf(err) != BadRange || deal.KindOf(err) != deal.Invalid {
			t.Errorf("range %.40v: %v, want %s", r, err, BadRange)
		}
	}
	if !w.logged(seller, "handover.range", string(BadRange)) {
		t.Errorf("%s is not in the seller's log", BadRange)
	}
	w.badDone(c, id, release, base)
}

// badDone says that documents arrived that did not.
func (w *world) badDone(c *peerClient, id deal.ID, release deal.Act, base string) {
	root := release.Field("root").Commitment()
	for name, x := range map[string]struct {
		body any
		want Reason
		kind deal.Kind
	}{
		"another root":         {doneMessage{release.ID, deal.Commitment{1}, 3}, RootDiffers, deal.Refused},
		"another number":       {doneMessage{release.ID, root, 2}, RootDiffers, deal.Refused},
		"another release":      {doneMessage{deal.Commitment{1}, root, 3}, TicketUnknown, deal.Refused},
		"not the form":         {map[string]any{"release": release.ID, "more": 1}, "", deal.Invalid},
		"members twice":        {json.RawMessage(`{"count":3,"Count":3}`), "", deal.Invalid},
		"more than a receipt":  {map[string]string{"release": strings.Repeat("x", maxBody)}, "", deal.Invalid},
		"a receipt in a stack": {json.RawMessage(strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)), "", deal.Invalid},
	} {
		resp, err := c.do(context.Background(), http.MethodPost, base+"/done", nil, x.body)
		if err == nil {
			resp.Body.Close()
		}
		if reasonOf(err) != x.want || deal.KindOf(err) != x.kind {
			w.t.Errorf("%s: %v, want %q %s", name, err, x.want, x.kind)
		}
		if x.want != "" && !w.logged(seller, "handover.done", string(x.want)) {
			w.t.Errorf("%s is not in the seller's log", x.want)
		}
	}
	if _, done, err := w.members[seller].node.Delivered(context.Background(), release.ID); done || err != nil {
		w.t.Errorf("the seller's node takes the documents for delivered: %t, %v", done, err)
	}
}

// Headers without end, and headers that trickle, are cut by the server.
func TestHostileCounterpartyHeaders(t *testing.T) {
	w := newWorld(t)
	w.handover() // they know each other
	c := w.rawLine(buyer)
	check(t, c.SetDeadline(time.Now().Add(30*time.Second)))
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n")
	for range 200 {
		if _, err := io.WriteString(c, "X: "+strings.Repeat("a", 1000)+"\r\n"); err != nil {
			break
		}
	}
	b, _ := io.ReadAll(c)
	if len(b) > 0 && !bytes.HasPrefix(b, []byte("HTTP/1.1 431 ")) {
		t.Errorf("200 kB of headers are answered with %.40q, want 431", b)
	}
}

// Not more ranges at once than a node has use for.
func TestHostileCounterpartyManyLines(t *testing.T) {
	var l lines
	var free func()
	for range maxLines {
		f, ok := l.take(buyer)
		if !ok {
			t.Fatal("a line is refused too early")
		}
		free = f
	}
	if _, ok := l.take(buyer); ok {
		t.Error("a peer gets more lines than the most")
	}
	if _, ok := l.take(loser); !ok {
		t.Error("a peer is refused for what another one takes")
	}
	free()
	if _, ok := l.take(buyer); !ok {
		t.Error("a line that was given back is not given again")
	}
}

// largeHandover has a deal with one large document as far as a release.
func (w *world) largeHandover(size int64) (deal.ID, deal.Act) {
	w.t.Helper()
	ctx, c := context.Background(), w.members[seller].client
	sum, err := vault.Hash(bulk(size))
	check(w.t, err)
	o, err := c.Open(ctx)
	check(w.t, err)
	w.act(seller, o.ID, "", "draft.open")
	_, err = c.Plan(ctx, o.ID, []PlannedDocument{{Description: vault.Description{Name: "scan.jpg"}, Sum: sum}})
	check(w.t, err)
	w.act(seller, o.ID, "", "documents.notarize")
	check(w.t, c.Upload(ctx, o.ID, 0, bulk(size), size))
	w.act(seller, o.ID, "", "mint.mint", "face=100000 USD", "due="+w.in(900*time.Hour))
	w.act(seller, o.ID, "", "listing.publish", "until="+w.in(300*time.Hour))
	w.invited(o.ID, buyer)
	w.sold(o.ID)
	return o.ID, w.released(o.ID)
}
