package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"cession/deal"
)

// peerClient talks to one other node, whose key is pinned.
type peerClient struct {
	base string
	self deal.PartyID
	http *http.Client
}

// peerTimeout bounds a request to a peer and the reading of its answer. Ranges
// have limits of their own, which a slow line makes.
const peerTimeout = 2 * time.Minute

// noRedirect: a node answers itself or not at all.
func noRedirect(*http.Request, []*http.Request) error {
	return refuse(Redirected, "nodes do not redirect")
}

// peerCache keeps connections to peers. A record with another key or endpoint
// is another peer.
type peerCache struct {
	mu      sync.Mutex
	clients map[string]*peerClient
}

func (n *Node) peer(ctx context.Context, party deal.PartyID) (*peerClient, error) {
	r, err := n.Record(ctx, party)
	if err != nil {
		return nil, fmt.Errorf("look up the node of %s: %w", party, err)
	}
	n.peers.mu.Lock()
	defer n.peers.mu.Unlock()
	key := r.SPKI.String() + r.Endpoint
	if c, ok := n.peers.clients[key]; ok {
		return c, nil
	}
	c := &peerClient{r.Endpoint, n.Party, newHTTPClient(pinnedTransport(r.SPKI, n))}
	if n.peers.clients == nil {
		n.peers.clients = map[string]*peerClient{}
	}
	n.peers.clients[key] = c
	return c, nil
}

func (c *peerCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.clients {
		p.http.CloseIdleConnections()
	}
	c.clients = nil
}

func newHTTPClient(t *http.Transport) *http.Client {
	return &http.Client{Transport: t, Timeout: peerTimeout, CheckRedirect: noRedirect}
}

// pinnedTransport connects to the holder of one key; with n, as this node.
func pinnedTransport(pin deal.Commitment, n *Node) *http.Transport {
	cfg := pinnedTLS(pin, nil)
	if n != nil {
		cfg = pinnedTLS(pin, n.identity)
	}
	return &http.Transport{
		DialContext:     (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSClientConfig: cfg, TLSHandshakeTimeout: 10 * time.Second,
		ResponseHeaderTimeout: time.Minute, IdleConnTimeout: time.Minute,
		MaxResponseHeaderBytes: 64 << 10, DisableCompression: true,
	}
}

// stream asks for a document of any size: no time limit but the context's.
func (c *peerClient) stream(ctx context.Context, path string, header http.Header) (*http.Response, error) {
	unlimited := *c.http
	unlimited.Timeout = 0
	return (&peerClient{c.base, c.self, &unlimited}).do(ctx, http.MethodGet, path, header, nil)
}

// do sends a request; the caller closes the body. An answer that is a problem
// is the error it was made from.
func (c *peerClient) do(ctx context.Context, method, path string, header http.Header, body any) (*http.Response, error) {
	var payload io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		payload = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, payload)
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		r.Header[k] = v
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set(partyHeader, string(c.self))
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask the peer's node: %w", unanswered(err))
	}
	if encoding := resp.Header.Get("Content-Encoding"); encoding != "" || resp.Uncompressed {
		resp.Body.Close()
		return nil, refuse(EncodedAnswer, "the peer's node answers in an encoding that was not asked for")
	}
	return resp, checkStatus(resp)
}

// unanswered tells what a peer must not do from a line that is down.
func unanswered(err error) error {
	err = bare(err)
	if strings.Contains(err.Error(), "server response headers exceeded") { // net/http has no value for it
		return refuse(EndlessHeaders, "the peer's node sends more headers than any answer has")
	}
	return err
}

// get reads a JSON answer of at most limit bytes.
func (c *peerClient) get(ctx context.Context, path string, limit int64, v any) error {
	resp, err := c.do(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return decodeBody(resp.Body, limit, v)
}

func decodeBody(body io.Reader, limit int64, v any) error {
	b, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if int64(len(b)) > limit {
		return deal.Errorf(deal.Refused, "%w: the answer has more than %d bytes", AlteredManifest, limit)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return deal.Errorf(deal.Refused, "%w: the answer is not of the documented form", AlteredManifest)
	}
	return nil
}

// checkStatus turns a problem document into an error and closes the body.
func checkStatus(resp *http.Response) error {
	if resp.StatusCode < 300 {
		return nil
	}
	defer resp.Body.Close()
	p := Problem{Title: resp.Status}
	if resp.StatusCode == http.StatusTooManyRequests {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return tooMany(time.Duration(min(max(seconds, 1), 3600)) * time.Second)
	}
	b, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	_ = json.Unmarshal(b, &p) // without one the status is all there is
	p.tame()
	return p.asError()
}

// bare drops the URL from a client error: it does not belong in histories.
func bare(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
