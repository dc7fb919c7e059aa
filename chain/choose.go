package chain

import (
	"context"
	"fmt"
	"time"

	"cession/deal"
)

// EndpointState is why an endpoint is used or not.
type EndpointState string

// The states of an endpoint. Only one that is healthy is used for reads;
// transactions are sent to all that are not on another chain.
const (
	EndpointHealthy EndpointState = "healthy"
	EndpointUnknown EndpointState = "unknown"     // not asked yet
	EndpointDown    EndpointState = "down"        // did not answer the last time
	EndpointLagging EndpointState = "lagging"     // more than 3 blocks behind the others
	EndpointRewound EndpointState = "rewound"     // its head went back less than a minute ago, and is not there again
	EndpointForeign EndpointState = "wrong_chain" // on another chain
)

// EndpointHealth is how an endpoint is, as its last answers showed.
type EndpointHealth struct {
	Host     string        `json:"host"` // of the URL: no path, no credentials
	State    EndpointState `json:"state"`
	Head     uint64        `json:"head,omitempty"`   // latest block it told
	Lag      uint64        `json:"lag"`              // blocks behind the others
	Seen     time.Time     `json:"seen,omitzero"`    // when it told its head
	Failures int           `json:"failures"`         // calls without an answer, in a row
	Calls    uint64        `json:"calls"`            // since the start
	Errors   uint64        `json:"errors"`           // of them, without an answer
	Disputes uint64        `json:"disputes"`         // blocks that another endpoint has otherwise
	Chosen   bool          `json:"chosen,omitempty"` // the reads go here
}

// Endpoints returns the health of the endpoints in the order given to [Dial],
// without asking them.
func (c *Client) Endpoints() []EndpointHealth {
	now := c.now()
	out := make([]EndpointHealth, len(c.endpoints))
	high := make([]uint64, len(c.endpoints))
	for i, e := range c.endpoints {
		out[i], high[i] = e.health(now, c.chain.Load())
		out[i].Chosen = int(c.last.Load()) == i
	}
	best := reference(out, now)
	for i := range out {
		h := &out[i]
		if h.Head < best {
			h.Lag = best - h.Head
		}
		switch {
		case h.State != EndpointHealthy:
		case h.Head < high[i]:
			h.State = EndpointRewound
		case h.Lag > maxLag:
			h.State = EndpointLagging
		}
	}
	return out
}

// health returns what an endpoint shows by itself, and its highest head of the
// last minute.
func (e *endpoint) health(now time.Time, chain uint64) (h EndpointHealth, high uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h = EndpointHealth{Host: e.host, State: EndpointHealthy, Head: e.head, Seen: e.headAt,
		Failures: e.failures, Calls: e.calls, Errors: e.errors, Disputes: e.disputes}
	switch {
	case e.chain != 0 && chain != 0 && e.chain != chain:
		h.State = EndpointForeign
	case e.failures > 0:
		h.State = EndpointDown
	case e.headAt.IsZero():
		h.State = EndpointUnknown
	}
	if now.Sub(e.highAt) <= headMemory {
		high = e.high
	}
	return h, high
}

// reference returns the head that lag is measured by: the highest, or the
// second highest of three and more, so that one that boasts puts no other out.
func reference(all []EndpointHealth, now time.Time) uint64 {
	var first, second uint64
	n := 0
	for _, h := range all {
		if h.State == EndpointForeign || h.Seen.IsZero() || now.Sub(h.Seen) > headMemory {
			continue
		}
		n++
		second = max(second, min(first, h.Head))
		first = max(first, h.Head)
	}
	if n > 2 {
		return second
	}
	return first
}

// healthy returns the endpoints to read from, the last one chosen first. If all
// of them went back, so did the chain.
func (c *Client) healthy() []*endpoint {
	states := c.Endpoints()
	rewound := 0
	for _, h := range states {
		if h.State == EndpointRewound {
			rewound++
		}
	}
	var out []*endpoint
	for i, h := range states {
		ok := h.State == EndpointHealthy || rewound == len(states)
		if ok && h.Chosen {
			out = append([]*endpoint{c.endpoints[i]}, out...)
		} else if ok {
			out = append(out, c.endpoints[i])
		}
	}
	return out
}

// candidates returns the healthy endpoints after a look at their heads. The
// error without any is one of no answer, or a conflict if all are on another chain.
func (c *Client) candidates(ctx context.Context) ([]*endpoint, error) {
	if len(c.endpoints) == 1 {
		return c.endpoints, nil
	}
	c.refresh(ctx, backOff)
	if out := c.healthy(); len(out) > 0 {
		return out, nil
	}
	c.refresh(ctx, 0)
	if out := c.healthy(); len(out) > 0 {
		return out, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, &transportError{cause: err}
	}
	return nil, c.noneHealthy()
}

func (c *Client) noneHealthy() error {
	count := map[EndpointState]int{}
	for _, h := range c.Endpoints() {
		count[h.State]++
	}
	if count[EndpointForeign] == len(c.endpoints) {
		return deal.Errorf(deal.Conflict, "no endpoint is on chain %d: check --rpc-url", c.chain.Load())
	}
	return &transportError{cause: fmt.Errorf("of %d endpoints none is healthy: %d down, %d lagging, %d rewound, %d on another chain",
		len(c.endpoints), count[EndpointDown]+count[EndpointUnknown], count[EndpointLagging], count[EndpointRewound], count[EndpointForeign])}
}

// choose returns the endpoint for one read.
func (c *Client) choose(ctx context.Context) (*endpoint, error) {
	all, err := c.candidates(ctx)
	if err != nil {
		return nil, err
	}
	c.prefer(all[0])
	return all[0], nil
}

// prefer has the next reads go to the endpoint as well.
func (c *Client) prefer(e *endpoint) {
	for i := range c.endpoints {
		if c.endpoints[i] == e {
			c.last.Store(int32(i))
		}
	}
}

// refresh reads the heads that are not fresh and waits for them; see
// [endpoint.probe] for those that are down. The first endpoint to tell a chain tells that of all, unless a market
// wanted one before.
func (c *Client) refresh(ctx context.Context, rest time.Duration) {
	var wait []<-chan struct{}
	for _, e := range c.endpoints {
		if done := e.probe(c, rest); done != nil {
			wait = append(wait, done)
		}
	}
	for _, done := range wait {
		select {
		case <-done:
		case <-ctx.Done():
			return
		}
	}
	for _, e := range c.endpoints {
		if id := e.chainID(); id != 0 && c.chain.CompareAndSwap(0, id) {
			return
		}
	}
}
