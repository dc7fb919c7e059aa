package chain

import (
	"encoding/json"
	"testing"
	"time"

	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
)

// mined sends a transaction that anchors something and returns its hash.
func (f *fleet) mined() deal.Commitment {
	f.t.Helper()
	raw := f.signed()
	if err := f.client.Send(f.t.Context(), raw); err != nil {
		f.t.Fatal(err)
	}
	f.nonce() // once it is mined
	f.clock.pass(2 * time.Second)
	return Keccak(raw)
}

// seen reports whether the look believed the transaction to be in a block with its effect.
func (f *fleet) seen(hash deal.Commitment) bool {
	f.t.Helper()
	o, err := f.observe(hash)
	if err != nil {
		f.t.Fatal(err)
	}
	if len(o.Sightings) != 1 && !o.Indexing {
		f.t.Fatalf("%+v: neither a sighting nor the reason why not", o)
	}
	return len(o.Sightings) == 1 && o.Sightings[0].Mined != nil && o.Sightings[0].Mined.Receipt.OK
}

func TestTwoAgree(t *testing.T) {
	f := newFleet(t, 2)
	hash := f.mined()
	if !f.seen(hash) {
		t.Error("not believed although both endpoints say so")
	}
	if f.proxies[1].Count("eth_getTransactionReceipt") == 0 {
		t.Error("the second endpoint was not asked")
	}
}

// forged is the receipt of a transaction that is nowhere, in a canonical block,
// with the event that the call wants.
func (f *fleet) forged(hash deal.Commitment) any {
	f.t.Helper()
	var receipt map[string]any
	done := f.do(f.call)
	if err := f.client.raw().CallContext(f.t.Context(), &receipt, "eth_getTransactionReceipt", done.Tx.String()); err != nil {
		f.t.Fatal(err)
	}
	receipt["transactionHash"] = hash
	return receipt
}

// TestLyingEndpoint: a receipt that one endpoint makes up settles nothing,
// whichever is asked first; nor does one that it denies.
func TestLyingEndpoint(t *testing.T) {
	for i, name := range []string{"asked first", "the witness"} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, 2)
			f.signed()
			hash := deal.NewSalt()
			liar := f.proxies[i]
			liar.FailMethod("eth_getTransactionReceipt", liar.Result(f.forged(hash)))
			f.clock.pass(2 * time.Second)
			if f.seen(hash) {
				t.Error("a forged receipt is believed")
			}
			f.sender = NewSender(NewLedger(dial(t, liar.URL), f.Market), f.relayer)
			if !f.seen(hash) {
				t.Error("the forgery would fool nobody: the test shows nothing")
			}
			f.sender = NewSender(NewLedger(f.fleet, f.Market), f.relayer)
			liar.Fail(nil)
			hash = f.mined()
			liar.FailMethod("eth_getTransactionReceipt", liar.Result(nil))
			if o, err := f.observe(hash); err != nil || len(o.Sightings) != 0 || !o.Indexing {
				t.Errorf("a denied receipt: %+v, %v; want no sighting", o, err)
			}
		})
	}
}

// TestLaggingWitness: what only one endpoint can know yet is not believed yet.
// The head is what both have.
func TestLaggingWitness(t *testing.T) {
	for i, name := range []string{"asked first", "the witness"} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, 2)
			before, err := f.observe()
			if err != nil {
				t.Fatal(err)
			}
			f.freeze(i, 0)
			hash := f.mined()
			o, err := f.observe(hash)
			if err != nil || o.Head != before.Head || len(o.Sightings) != 0 || !o.Indexing || o.Mined != before.Mined {
				t.Errorf("%+v, %v; want the head and count of before and no sighting", o, err)
			}
			f.proxies[i].Fail(nil)
			f.clock.pass(2 * time.Second)
			if !f.seen(hash) {
				t.Error("not believed once both have it")
			}
		})
	}
}

// TestReorgBetweenEndpoints: two that differ about the head settle nothing; a
// third decides.
func TestReorgBetweenEndpoints(t *testing.T) {
	for n, name := range map[int]string{2: "two", 3: "three"} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, n)
			hash := f.mined()
			fork := f.proxies[0]
			fork.FailMethod("eth_getBlockByNumber", fork.Result(map[string]any{"number": f.headNumber(), "hash": deal.NewSalt(),
				"parentHash": deal.NewSalt(), "timestamp": "0x1", "gasLimit": "0x1", "baseFeePerGas": "0x1"}))
			if n == 3 {
				if !f.seen(hash) {
					t.Error("not believed although two of three say so")
				}
			} else if o, err := f.observe(hash); err == nil || deal.KindOf(err) != "" {
				t.Errorf("%+v, %v; want an error without kind", o, err)
			}
			if h := f.fleet.Endpoints(); h[0].Disputes == 0 || h[1].Disputes == 0 {
				t.Errorf("health %+v shows no dispute", h)
			}
			fork.Fail(nil)
			f.clock.pass(2 * time.Second)
			if !f.seen(hash) {
				t.Error("not believed once they agree")
			}
		})
	}
}

func (f *fleet) headNumber() any {
	f.t.Helper()
	var n any
	if err := f.client.raw().CallContext(f.t.Context(), &n, "eth_blockNumber"); err != nil {
		f.t.Fatal(err)
	}
	return n
}

// TestOneDead: of two, transactions go out and nothing settles; of three, or
// with a quorum of one, all goes on.
func TestOneDead(t *testing.T) {
	for name, tt := range map[string]struct {
		endpoints int
		opts      []Option
		settles   bool
	}{"two": {2, nil, false}, "three": {3, nil, true}, "two, quorum 1": {2, []Option{WithQuorum(1)}, true}} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, tt.endpoints, tt.opts...)
			f.proxies[0].FailMethod("", f.proxies[0].Down())
			raw := f.signed()
			out, err := f.sender.Broadcast(t.Context(), lane.Broadcast{From: f.relayer.Address(), Raw: []deal.Bytes{raw}})
			if err != nil || len(out.Deliveries) != 1 || out.Deliveries[0].Reason != "" {
				t.Fatalf("broadcast %+v, %v", out, err)
			}
			f.clock.pass(2 * time.Second)
			if o, err := f.observe(Keccak(raw)); (err == nil) != tt.settles || deal.KindOf(err) != "" {
				t.Errorf("observed %+v, %v; want settled: %v", o, err, tt.settles)
			}
			f.proxies[0].Fail(nil)
			f.clock.pass(time.Minute)
			if !f.seen(Keccak(raw)) {
				t.Error("not believed once it is back")
			}
		})
	}
}

// TestVerdictsNeedTwo: an endpoint alone makes no intent fail and calls none done.
func TestVerdictsNeedTwo(t *testing.T) {
	f := newFleet(t, 2)
	mint := f.mintCall(deal.NewID())
	f.do(mint)
	terms := f.terms(deal.NewID(), deal.NewSalt(), time.Now().Add(time.Hour), time.Now().Add(time.Hour))
	p := f.prepare(f.mintCall(deal.NewID()))
	p.Start, p.Nonce = false, f.nonce()
	p.Jobs = append(p.Jobs, f.job(mint), f.job(deal.Call{Refund: &deal.EscrowEnd{Terms: terms}}))
	prepare := func() []lane.Outcome {
		t.Helper()
		f.clock.pass(2 * time.Second)
		out, err := f.sender.Prepare(t.Context(), p)
		if err != nil || len(out.Outcomes) != 3 {
			t.Fatalf("%+v, %v", out, err)
		}
		return out.Outcomes
	}
	if o := prepare(); o[0].Attempt == nil || o[1].Done == nil || o[2].Revert != "NotOpened" {
		t.Errorf("both say the same: %+v", o)
	}
	f.freeze(1, 1) // before the mint
	if o := prepare(); o[0].Attempt == nil || o[1].Stalled != lane.RPCDown {
		t.Errorf("one has not seen the mint: %+v", o)
	}
	f.proxies[1].Fail(nil)
	f.clock.pass(2 * time.Minute)
	f.proxies[0].FailMethod("eth_estimateGas", f.proxies[0].Error(3, "execution reverted"))
	for _, o := range prepare() {
		if o.Stalled != lane.RPCDown {
			t.Errorf("one says that all revert: %+v", o)
		}
	}
}

// TestCountsNeedTwo: an endpoint alone does not move the lane's nonces.
func TestCountsNeedTwo(t *testing.T) {
	f := newFleet(t, 2)
	liar := f.proxies[0]
	next := f.nonce()
	lie := func(method string, params []json.RawMessage) chaintest.Fault {
		if method == "eth_getTransactionCount" {
			return liar.Result("0x63")
		}
		return nil
	}
	for name, start := range map[string]bool{"start": true, "foreign nonce": false} {
		t.Run(name, func(t *testing.T) {
			p := f.prepare(f.anchorCall())
			p.Start, p.Nonce, p.Lowest = start, next, next
			liar.Fail(lie)
			if out, err := f.sender.Prepare(t.Context(), p); err == nil && (out.Mined != next || out.Pending != next) {
				t.Errorf("%+v by one endpoint's word", out)
			}
			liar.Fail(nil)
			f.clock.pass(2 * time.Second)
			if out, err := f.sender.Prepare(t.Context(), p); err != nil || len(out.Outcomes) != 1 || out.Pending != next {
				t.Errorf("%+v, %v; want one signed from %d", out, err, next)
			}
		})
	}
	liar.Fail(lie)
	if o, err := f.observe(); err == nil {
		t.Errorf("observed %+v by one endpoint's word", o)
	}
}
