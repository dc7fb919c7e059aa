package chain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"cession/deal"
)

// Client asks an Ethereum chain over JSON-RPC, through one endpoint or several.
// Every call has a timeout. Reads are repeated a few times when an endpoint
// does not answer, elsewhere if there are others; sends go to all endpoints,
// once. A client is safe for concurrent use.
//
// With several endpoints a read goes to a healthy one, and to the same as the
// last one while that stays healthy; reads that belong together never mix
// endpoints. An endpoint is healthy if it answers, is on the right chain, is
// not more than 3 blocks behind the others, and has not gone back. What would
// end a transaction's life is believed only if as many endpoints as the quorum
// say the same; see [WithQuorum].
type Client struct {
	endpoints []*endpoint
	timeout   time.Duration
	tries     uint
	quorum    int
	now       func() time.Time
	chain     atomic.Uint64 // chain that every endpoint must be on; 0 until it is known
	wanted    atomic.Bool   // chain is what a market wants, not what an endpoint told
	last      atomic.Int32  // endpoint that was chosen last
}

// Option changes how a client calls its endpoints.
type Option func(*Client)

// WithTimeout sets how long one call may take; the default is 10 seconds.
func WithTimeout(d time.Duration) Option { return func(c *Client) { c.timeout = d } }

// WithTries sets how often a read is tried before its error is returned; the
// default is 4, which takes about a second and a half when the node is down.
func WithTries(n uint) Option { return func(c *Client) { c.tries = max(1, n) } }

// WithQuorum sets how many endpoints must say the same before a [Sender]
// believes what it cannot take back: that a transaction is in a block, or is
// nowhere; that a call was done before, or would revert; where a signer's
// nonces start. The default is 2, or 1 if there is one endpoint; more than
// there are is as many as there are.
//
// A single endpoint that lies or lags, then, holds transactions up but settles
// nothing. Nor does anything settle while fewer than the quorum are healthy,
// though transactions still go out: to outlive the loss of one endpoint, give
// three, or a quorum of 1.
func WithQuorum(n int) Option { return func(c *Client) { c.quorum = max(1, n) } }

// Dial makes a client for the node at an http, https, ws or wss URL, or for
// several, separated by commas. For http nothing is sent yet: a node may still
// be down. Of several websockets one at least must be up. Errors do not show
// the URLs.
func Dial(ctx context.Context, urls string, opts ...Option) (*Client, error) {
	c := &Client{timeout: 10 * time.Second, tries: 4, quorum: 2, now: time.Now}
	for _, o := range opts {
		o(c)
	}
	var failure error
	connected := 0
	for url := range strings.SplitSeq(urls, ",") {
		e, err := newEndpoint(strings.TrimSpace(url), c.now)
		if err != nil {
			c.Close()
			return nil, err
		}
		c.endpoints = append(c.endpoints, e)
		dialing, cancel := context.WithTimeout(ctx, c.timeout)
		if _, err := e.connect(dialing); err != nil {
			failure = err
		} else {
			connected++
		}
		cancel()
	}
	if connected == 0 {
		return nil, fmt.Errorf("dial Ethereum node: %w", classify(failure))
	}
	c.quorum = min(c.quorum, len(c.endpoints))
	return c, nil
}

// Close ends the connections.
func (c *Client) Close() {
	for _, e := range c.endpoints {
		e.close()
	}
}

// ChainID returns the chain the endpoints are on. Each is asked once, or until
// it is on the right one; one on another chain than the rest is not used.
func (c *Client) ChainID(ctx context.Context) (uint64, error) {
	if c.bound(ctx) != nil {
		return c.chain.Load(), nil // or it would not have been chosen
	}
	if len(c.endpoints) > 1 {
		if _, err := c.candidates(ctx); err != nil {
			return 0, fmt.Errorf("read chain id: %w", err)
		}
		return c.chain.Load(), nil
	}
	e := c.endpoints[0]
	if id := e.chainID(); id != 0 {
		return id, nil
	}
	id, err := read(ctx, c, "read chain id", readChainID)
	if err != nil {
		return 0, err
	}
	e.onChain(id)
	return id, nil
}

func readChainID(ctx context.Context, n *conn) (uint64, error) {
	id, err := n.eth.ChainID(ctx)
	if err != nil {
		return 0, err
	}
	if !id.IsUint64() || id.Sign() == 0 {
		return 0, errors.New("the node's chain id is zero or larger than 64 bits")
	}
	return id.Uint64(), nil
}

// requireChain returns a conflict if the endpoints are on another chain.
func (c *Client) requireChain(ctx context.Context, want uint64) error {
	if len(c.endpoints) > 1 && c.wanted.CompareAndSwap(false, true) {
		c.chain.Store(want)
	}
	id, err := c.ChainID(ctx)
	if err == nil && id != want {
		for _, e := range c.endpoints {
			e.foreign(want) // asked again next time: what is behind a URL changes
		}
		return deal.Errorf(deal.Conflict, "the node is on chain %d, want %d: check --rpc-url", id, want)
	}
	return err
}

// read asks an endpoint until it answers, at most c.tries times, or 2 if the
// context is bound to one of several: then the whole view is begun again elsewhere.
func read[T any](ctx context.Context, c *Client, what string, ask func(context.Context, *conn) (T, error)) (T, error) {
	bound, tries := c.bound(ctx), c.tries
	if bound != nil {
		tries = min(tries, 2)
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 200*time.Millisecond, 2*time.Second
	answer, err := backoff.Retry(ctx, func() (answer T, err error) {
		e := bound
		if e == nil {
			e, err = c.choose(ctx)
		}
		if err == nil {
			answer, err = try(ctx, c, e, ask)
		}
		if err != nil && (!transient(err) || bound != nil && errors.Is(err, context.DeadlineExceeded)) {
			err = backoff.Permanent(err)
		}
		return answer, err
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(0))
	if err != nil {
		return answer, fmt.Errorf("%s: %w", what, err)
	}
	return answer, nil
}

// try asks one endpoint once and notes whether it answered.
func try[T any](ctx context.Context, c *Client, e *endpoint, ask func(context.Context, *conn) (T, error)) (answer T, err error) {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	n, err := e.connect(limited)
	if err == nil {
		answer, err = ask(limited, n)
	}
	err = classify(err)
	if ctx.Err() == nil {
		e.note(err)
	}
	return answer, err
}
