package chain

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"

	"cession/deal"
)

const (
	maxLag       = 3               // blocks an endpoint may be behind the others
	headFresh    = time.Second     // a head younger than that is not read again to choose an endpoint
	headMemory   = time.Minute     // a head older than that no longer counts against any endpoint
	probeTimeout = 2 * time.Second // for the head of an endpoint, before one is chosen
)

// endpoint is one node of a client, and what is known of its health.
type endpoint struct {
	url  string // may hold an access key: never shown
	host string
	now  func() time.Time

	plain   atomic.Bool // takes no block overrides
	oldFees atomic.Bool // has no fee history

	mu       sync.Mutex
	conn     *conn
	chain    uint64 // 0 until it is told
	head     uint64
	headAt   time.Time // when head was told; zero: never
	high     uint64    // highest head of the last minute
	highAt   time.Time
	failures int // in a row
	failed   time.Time
	calls    uint64
	errors   uint64
	disputes uint64
	probing  chan struct{} // closed at the end of the probe under way
}

type conn struct {
	rpc *rpc.Client
	eth *ethclient.Client
	of  *endpoint
}

func newEndpoint(address string, now func() time.Time) (*endpoint, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, deal.Errorf(deal.Invalid, "endpoint: want an http, https, ws or wss URL")
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
		return &endpoint{url: address, host: u.Host, now: now}, nil
	}
	return nil, deal.Errorf(deal.Invalid, "endpoint: want an http, https, ws or wss URL")
}

// connect returns the connection, which for a websocket may have to be made.
func (e *endpoint) connect(ctx context.Context) (*conn, error) {
	e.mu.Lock()
	n := e.conn
	e.mu.Unlock()
	if n != nil {
		return n, nil
	}
	made, err := rpc.DialOptions(ctx, e.url)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conn != nil { // somebody was faster
		made.Close()
		return e.conn, nil
	}
	e.conn = &conn{made, ethclient.NewClient(made), e}
	return e.conn, nil
}

func (e *endpoint) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conn != nil {
		e.conn.rpc.Close()
	}
}

// note counts a call and whether it was answered, however.
func (e *endpoint) note(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls++
	var silent *transportError
	if errors.As(err, &silent) {
		e.errors++
		e.failures++
		e.failed = e.now()
		return
	}
	e.failures = 0
}

// at notes the endpoint's latest block.
func (e *endpoint) at(head uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	if head >= e.high || now.Sub(e.highAt) > headMemory {
		e.high, e.highAt = head, now
	}
	e.head, e.headAt = head, now
}

func (e *endpoint) chainID() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.chain
}

func (e *endpoint) onChain(id uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.chain = id
}

// foreign forgets a chain that is not the one wanted.
func (e *endpoint) foreign(want uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.chain != want {
		e.chain = 0
	}
}

// dispute notes that another endpoint has another block of the same number.
func (e *endpoint) dispute() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.disputes++
}

// probe has the head read if it is not fresh. It returns what to wait for, or
// nil. An endpoint that is down is looked at once it has rested for so long, or,
// if rest is [backOff], ever more seldom, without anybody waiting for it.
func (e *endpoint) probe(c *Client, rest time.Duration) <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	down, unattended := e.failures > 0, e.failures > 0 && rest == backOff
	if unattended {
		rest = min(time.Second<<min(e.failures, 5), 30*time.Second)
	}
	if e.probing == nil {
		now := e.now()
		if down && now.Sub(e.failed) < rest || !down && now.Sub(e.headAt) < headFresh {
			return nil
		}
		e.probing = make(chan struct{})
		go e.look(c)
	}
	if unattended {
		return nil
	}
	return e.probing
}

// backOff is a rest that grows with the failures, from 2 to 30 seconds.
const backOff = time.Duration(-1)

// look reads the head, and once the chain id. It outlives the caller, who may
// not want to wait.
func (e *endpoint) look(c *Client) {
	ctx, cancel := context.WithTimeout(context.Background(), min(c.timeout, probeTimeout))
	defer cancel()
	defer func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		close(e.probing)
		e.probing = nil
	}()
	if id := e.chainID(); id == 0 || c.chain.Load() != 0 && id != c.chain.Load() {
		id, err := try(ctx, c, e, readChainID)
		if err != nil {
			e.missed(ctx)
			return
		}
		e.onChain(id)
	}
	head, err := try(ctx, c, e, readBlock("latest"))
	if err == nil {
		e.at(uint64(head.Number))
	}
	e.missed(ctx)
}

// missed counts a probe that ran into its own timeout as a failure.
func (e *endpoint) missed(ctx context.Context) {
	if ctx.Err() != nil {
		e.note(&transportError{cause: ctx.Err()})
	}
}
