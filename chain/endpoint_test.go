package chain

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/chain/chaintest"
	"cession/deal"
)

// TestReadsStickTogether: all reads of a preparation go to one endpoint, the
// same as those of the next one.
func TestReadsStickTogether(t *testing.T) {
	f := newFleet(t, 2)
	for range 3 {
		p := f.prepare(f.anchorCall())
		p.Start, p.Nonce = false, f.nonce()
		if out, err := f.sender.Prepare(t.Context(), p); err != nil || len(out.Outcomes) != 1 {
			t.Fatalf("%+v, %v", out, err)
		}
	}
	if a, b := f.calls(0), f.calls(1); a == 0 || b != 0 {
		t.Errorf("%d and %d calls, want all at the first", a, b)
	}
}

// TestReadSetBeginsAgain: the endpoint dies in the middle of a preparation. All
// of it is done at the other, and the next one begins there.
func TestReadSetBeginsAgain(t *testing.T) {
	for name, fault := range map[string]func(*chaintest.Proxy) chaintest.Fault{
		"down": (*chaintest.Proxy).Down, "hangs": (*chaintest.Proxy).Hang, "answer lost": (*chaintest.Proxy).LoseAnswer,
		"throttled": func(p *chaintest.Proxy) chaintest.Fault { return p.Status(429, "") },
		"quota":     func(p *chaintest.Proxy) chaintest.Fault { return p.Error(-32005, "daily request count exceeded") },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, 2, WithTimeout(300*time.Millisecond))
			if _, err := f.fleet.ChainID(t.Context()); err != nil {
				t.Fatal(err)
			}
			f.proxies[0].FailMethod("eth_estimateGas", fault(f.proxies[0]))
			p := f.prepare(f.anchorCall())
			p.Start, p.Nonce = false, f.nonce()
			out, err := f.sender.Prepare(t.Context(), p)
			if err != nil || len(out.Outcomes) != 1 || out.Outcomes[0].Attempt == nil {
				t.Fatalf("%+v, %v", out, err)
			}
			if n := f.proxies[1].Count("eth_getTransactionCount"); n != 2 {
				t.Errorf("the second endpoint was asked for %d counts, want both again", n)
			}
			before := f.calls(0)
			if _, err := f.sender.Prepare(t.Context(), p); err != nil || f.calls(0) != before {
				t.Errorf("%d calls went back to the first: %v", f.calls(0)-before, err)
			}
		})
	}
}

// TestEndpointStates: what puts an endpoint out, and that it comes back.
func TestEndpointStates(t *testing.T) {
	f := newFleet(t, 2)
	f.mine(10)
	bad := f.proxies[0]
	for _, step := range []struct {
		name  string
		cause func()
		want  EndpointState
	}{
		{"well", func() { bad.Fail(nil) }, EndpointHealthy},
		{"down", func() { bad.FailMethod("", bad.Down()) }, EndpointDown},
		{"hangs", func() { bad.FailMethod("", bad.Hang()) }, EndpointDown},
		{"back", func() { bad.Fail(nil) }, EndpointHealthy},
		{"one block back", func() { f.freeze(0, 1) }, EndpointRewound},
		{"forward again", func() { bad.Fail(nil); f.mine(1) }, EndpointHealthy},
		{"three behind", func() { f.freeze(0, 0); f.mine(3) }, EndpointHealthy},
		{"four behind", func() { f.mine(1) }, EndpointLagging},
		{"caught up", func() { bad.Fail(nil) }, EndpointHealthy},
	} {
		step.cause()
		if have := f.states(); have[0] != step.want || have[1] != EndpointHealthy {
			t.Errorf("%s: %v, want %s", step.name, have, step.want)
		}
		chosen, err := f.fleet.choose(t.Context())
		if err != nil || step.want != EndpointHealthy && chosen != f.fleet.endpoints[1] {
			t.Errorf("%s: read from the bad one: %v", step.name, err)
		}
	}
}

// TestForeignEndpoint: one on another chain is never read from, nor sent to.
func TestForeignEndpoint(t *testing.T) {
	f := newFleet(t, 2)
	f.proxies[0].FailMethod("eth_chainId", f.proxies[0].Result("0x1"))
	if _, err := f.fleet.Block(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := f.sender.ledger.Balance(t.Context(), f.relayer.Address()); err != nil {
		t.Fatal(err)
	}
	if have := f.states(); have[0] != EndpointForeign || have[1] != EndpointHealthy {
		t.Errorf("states %v", have)
	}
	raw := f.signed()
	if err := f.fleet.Send(t.Context(), raw); err != nil || f.proxies[0].Count("eth_sendRawTransaction") != 0 {
		t.Errorf("send: %v, %d times to the wrong chain", err, f.proxies[0].Count("eth_sendRawTransaction"))
	}
	f.proxies[0].Fail(nil)
	if have := f.states(); have[0] != EndpointHealthy {
		t.Errorf("states %v, want it back once it is on the right chain", have)
	}
}

// TestAllForeign: a conflict, as with one endpoint.
func TestAllForeign(t *testing.T) {
	f := newFleet(t, 2)
	for _, p := range f.proxies {
		p.FailMethod("eth_chainId", p.Result("0x1"))
	}
	if _, err := f.sender.ledger.Balance(t.Context(), f.relayer.Address()); deal.KindOf(err) != deal.Conflict {
		t.Errorf("read: %v, want kind conflict", err)
	}
}

// TestHealthShowsNoKey: the operators see hosts, not what providers put behind.
func TestHealthShowsNoKey(t *testing.T) {
	f := newFleet(t, 1)
	c := dial(t, strings.Replace(f.proxies[0].URL, "http://", "http://user:s3cr3t@", 1)+"/v3/s3cr3t?key=s3cr3t , "+f.proxies[0].URL, WithTries(1))
	if _, err := c.Block(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	shown, err := json.Marshal(c.Endpoints())
	if err != nil || strings.Contains(string(shown), "s3cr3t") || !strings.Contains(string(shown), "127.0.0.1:") {
		t.Errorf("health %s, %v", shown, err)
	}
	for _, urls := range []string{"", "http://a,", "http://s3cr3t\x7f,http://b", "ipc:///s3cr3t", "/s3cr3t"} {
		if _, err := Dial(t.Context(), urls); deal.KindOf(err) != deal.Invalid || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("dial %q: %v, want kind invalid", urls, err)
		}
	}
}

// TestWebsockets: one that is down is no reason not to start, and is used once it is up.
func TestWebsockets(t *testing.T) {
	if _, err := Dial(t.Context(), "ws://127.0.0.1:1,ws://127.0.0.1:1"); err == nil {
		t.Error("dialed although no endpoint is up")
	}
	up := strings.Replace(chaintest.Anvil(t), "http://", "ws://", 1)
	c := dial(t, "ws://127.0.0.1:1,"+up)
	if id, err := c.ChainID(t.Context()); err != nil || id != chaintest.ChainID {
		t.Errorf("chain id %d, %v", id, err)
	}
	if h := c.Endpoints(); h[0].State != EndpointDown || h[1].State != EndpointHealthy {
		t.Errorf("health %+v", h)
	}
}

// TestReference: one of three that boasts puts no other out.
func TestReference(t *testing.T) {
	now := time.Now()
	for name, tt := range map[string]struct {
		heads []uint64
		want  uint64
	}{
		"one": {[]uint64{7}, 7}, "two": {[]uint64{7, 9}, 9}, "a boast": {[]uint64{1 << 60, 7, 9}, 9}, "none": {nil, 0},
	} {
		var all []EndpointHealth
		for _, h := range tt.heads {
			all = append(all, EndpointHealth{Head: h, Seen: now})
		}
		all = append(all, EndpointHealth{Head: 99, Seen: now.Add(-2 * time.Minute)}, EndpointHealth{Head: 99, Seen: now, State: EndpointForeign})
		if have := reference(all, now); have != tt.want {
			t.Errorf("%s: %d, want %d", name, have, tt.want)
		}
		slices.Reverse(all)
		if have := reference(all, now); have != tt.want {
			t.Errorf("%s, reversed: %d, want %d", name, have, tt.want)
		}
	}
}
