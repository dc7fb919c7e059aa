package chain

import (
	"encoding/json"
	"testing"
	"time"

	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
)

// TestIndexing: a node that cannot say is not one that says no.
func TestIndexing(t *testing.T) {
	b := newLaneBench(t)
	for _, method := range []string{"eth_getTransactionReceipt", "eth_getTransactionByHash"} {
		b.proxy.FailMethod(method, b.proxy.Error(-32000, "transaction indexing is in progress"))
		o, err := b.sender.Observe(t.Context(), lane.Observe{From: b.relayer.Address(),
			Follow: []lane.Follow{{Hashes: []deal.Commitment{deal.NewSalt()}}}})
		if err != nil || !o.Indexing || len(o.Sightings) != 0 {
			t.Errorf("%s: %+v, %v", method, o, err)
		}
	}
}

func TestRevertedOnChain(t *testing.T) {
	b := newLaneBench(t)
	mint := b.mintCall(deal.NewID())
	first := b.blind(mint)
	if first.Mined == nil || !first.Mined.Receipt.OK {
		t.Fatalf("first: %+v", first)
	}
	second := b.blind(mint)
	if second.Mined == nil || !second.Mined.Receipt.OK || second.Mined.Tx == second.Mined.Receipt.Tx || second.Mined.Receipt.Tx != first.Hash {
		t.Errorf("a mint that reverts because it is done: %+v, want the first one's receipt", second.Mined)
	}
	if second.Mined != nil && second.Mined.Paid == 0 {
		t.Error("a revert is paid for too")
	}
	terms := b.terms(deal.NewID(), first.Mined.Receipt.Result, time.Now().Add(time.Hour), time.Now().Add(time.Hour))
	refund := b.blind(deal.Call{Refund: &deal.EscrowEnd{Terms: terms}})
	if refund.Mined == nil || refund.Mined.Receipt.OK || refund.Mined.Receipt.Reason != "NotOpened" || refund.Mined.Receipt.Gas == 0 {
		t.Errorf("a refund of nothing: %+v", refund.Mined)
	}
}

func TestObserveWaits(t *testing.T) {
	b := newLaneBench(t)
	head, err := b.client.Block(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	look := lane.Observe{From: b.relayer.Address(), After: deal.Commitment(head.Hash), Wait: 10 * time.Millisecond}
	if o, err := b.sender.Observe(t.Context(), look); err != nil || o.Head.Number != head.Number {
		t.Errorf("in vain: %+v, %v", o, err)
	}
	asked := b.proxy.Count("eth_getBlockByNumber")
	look.Wait = time.Minute
	go func() {
		for b.proxy.Count("eth_getBlockByNumber") == asked && b.t.Context().Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		_ = b.client.raw().CallContext(b.t.Context(), nil, "anvil_mine", 1)
	}()
	if o, err := b.sender.Observe(t.Context(), look); err != nil || o.Head.Number != head.Number+1 {
		t.Errorf("until a block: %+v, %v", o, err)
	}
}

// TestNotCanonical: a receipt whose block is not in the chain is none.
func TestNotCanonical(t *testing.T) {
	b := newLaneBench(t)
	call := b.anchorCall()
	a := b.prepared(call)
	if _, err := b.sender.Broadcast(t.Context(), lane.Broadcast{Raw: []deal.Bytes{a.Raw}}); err != nil {
		t.Fatal(err)
	}
	if x := b.sight(call, a.Hash); x.Mined == nil {
		t.Fatalf("sighting %+v", x)
	}
	block, err := b.client.Block(t.Context(), before(1))
	if err != nil {
		t.Fatal(err)
	}
	b.proxy.Fail(func(method string, params []json.RawMessage) chaintest.Fault {
		if method == "eth_getBlockByNumber" && string(params[0]) != `"latest"` {
			return b.proxy.Result(map[string]any{"number": "0x1", "hash": block.Hash, "parentHash": block.Parent, "timestamp": "0x1", "gasLimit": "0x1"})
		}
		return nil
	})
	if x := b.sight(call, a.Hash); x.Mined != nil || !x.Known {
		t.Errorf("sighting %+v, want known and not mined", x)
	}
}
