package chain

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"

	"cession/deal"
)

// Client asks one Ethereum node over JSON-RPC. Every call has a timeout. Reads
// are repeated a few times when the node does not answer; sends never are.
// A client is safe for concurrent use.
type Client struct {
	rpc     *rpc.Client
	eth     *ethclient.Client
	timeout time.Duration
	tries   uint
	chain   atomic.Uint64 // chain id, 0 until the node has told it
}

// Option changes how a client calls its node.
type Option func(*Client)

// WithTimeout sets how long one call may take; the default is 10 seconds.
func WithTimeout(d time.Duration) Option { return func(c *Client) { c.timeout = d } }

// WithTries sets how often a read is tried before its error is returned; the
// default is 4, which takes about a second and a half when the node is down.
func WithTries(n uint) Option { return func(c *Client) { c.tries = max(1, n) } }

// Dial makes a client for the node at an http, https, ws or wss URL. For http
// nothing is sent yet: the node may still be down. Errors do not show the URL.
func Dial(ctx context.Context, url string, opts ...Option) (*Client, error) {
	c := &Client{timeout: 10 * time.Second, tries: 4}
	for _, o := range opts {
		o(c)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	conn, err := rpc.DialOptions(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("dial Ethereum node: %w", classify(err))
	}
	c.rpc, c.eth = conn, ethclient.NewClient(conn)
	return c, nil
}

// Close ends the connection.
func (c *Client) Close() { c.rpc.Close() }

// ChainID returns the chain the node is on. It is asked once.
func (c *Client) ChainID(ctx context.Context) (uint64, error) {
	if id := c.chain.Load(); id != 0 {
		return id, nil
	}
	id, err := read(ctx, c, "read chain id", c.eth.ChainID)
	if err != nil {
		return 0, err
	}
	if !id.IsUint64() {
		return 0, deal.Errorf(deal.Invalid, "the node's chain id is larger than 64 bits")
	}
	c.chain.Store(id.Uint64())
	return id.Uint64(), nil
}

// requireChain returns a conflict if the node is on another chain.
func (c *Client) requireChain(ctx context.Context, want uint64) error {
	id, err := c.ChainID(ctx)
	if err == nil && id != want {
		return deal.Errorf(deal.Conflict, "the node is on chain %d, want %d: check --rpc-url", id, want)
	}
	return err
}

// read asks the node until it answers, at most c.tries times.
func read[T any](ctx context.Context, c *Client, what string, ask func(context.Context) (T, error)) (T, error) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 200*time.Millisecond, 2*time.Second
	answer, err := backoff.Retry(ctx, func() (T, error) {
		ctx, cancel := context.WithTimeout(ctx, c.timeout)
		defer cancel()
		answer, err := ask(ctx)
		if err = classify(err); err != nil && !transient(err) {
			err = backoff.Permanent(err)
		}
		return answer, err
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(c.tries), backoff.WithMaxElapsedTime(0))
	if err != nil {
		return answer, fmt.Errorf("%s: %w", what, err)
	}
	return answer, nil
}
