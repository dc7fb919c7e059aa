package chain

import (
	"strings"
	"sync"
	"testing"
	"time"

	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
)

// clock is a client's time, so that no test waits for it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// pass lets time go by: heads are no longer fresh, and what was down is looked at again.
func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fleet is a market behind several endpoints of one chain.
type fleet struct {
	*laneBench
	clock   *clock
	proxies []*chaintest.Proxy
	fleet   *Client
	call    deal.Call // of the transactions followed
}

func newFleet(t *testing.T, n int, opts ...Option) *fleet {
	t.Helper()
	f := &fleet{laneBench: newLaneBench(t), clock: &clock{now: time.Now()}}
	var urls []string
	for range n {
		p := chaintest.NewProxy(t, f.url)
		f.proxies, urls = append(f.proxies, p), append(urls, p.URL)
	}
	opts = append([]Option{WithTries(1), WithTimeout(2 * time.Second), func(c *Client) { c.now = f.clock.Now }}, opts...)
	f.fleet = dial(t, strings.Join(urls, ","), opts...)
	f.sender = NewSender(NewLedger(f.fleet, f.Market), f.relayer)
	return f
}

// freeze has an endpoint keep to the chain as it was some blocks ago.
func (f *fleet) freeze(i int, blocks uint64) {
	f.t.Helper()
	head, err := f.client.Block(f.t.Context(), nil)
	if err != nil {
		f.t.Fatal(err)
	}
	f.proxies[i].Fail(f.proxies[i].Frozen(f.url, head.Number-blocks))
}

func (f *fleet) mine(blocks int) {
	f.t.Helper()
	f.rpc("anvil_mine", blocks)
	f.clock.pass(2 * time.Second)
}

// states returns the endpoints' states after a read.
func (f *fleet) states() (out []EndpointState) {
	f.t.Helper()
	f.clock.pass(31 * time.Second)
	f.fleet.refresh(f.t.Context(), 0)
	for _, h := range f.fleet.Endpoints() {
		out = append(out, h.State)
	}
	return out
}

func (f *fleet) observe(hash ...deal.Commitment) (lane.Observation, error) {
	return f.sender.Observe(f.t.Context(), lane.Observe{From: f.relayer.Address(),
		Follow: []lane.Follow{{Call: f.call, Hashes: hash}}})
}

// calls counts what an endpoint was asked for, but heads, which all are.
func (f *fleet) calls(i int) (n int) {
	for _, m := range []string{"eth_getTransactionCount", "eth_feeHistory", "eth_estimateGas", "eth_getTransactionReceipt", "eth_getBalance"} {
		n += f.proxies[i].Count(m)
	}
	return n
}

// signed returns the bytes of a transaction that anchors something, and notes its call.
func (f *fleet) signed() deal.Bytes {
	f.t.Helper()
	f.call = f.anchorCall()
	p := f.prepare(f.call)
	p.Start, p.Nonce = false, f.nonce()
	out, err := f.sender.Prepare(f.t.Context(), p)
	if err != nil || len(out.Outcomes) != 1 || out.Outcomes[0].Attempt == nil {
		f.t.Fatalf("prepared %+v, %v", out, err)
	}
	return out.Outcomes[0].Attempt.Raw
}
