package chain

import (
	"encoding/json"
	"testing"

	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
)

// TestBroadcastReplyLost: the node has it, the answer is lost, the same bytes
// go out again.
func TestBroadcastReplyLost(t *testing.T) {
	b := newLaneBench(t)
	a := b.prepared(b.anchorCall())
	send := lane.Broadcast{Raw: []deal.Bytes{a.Raw}}
	b.proxy.FailMethod("eth_sendRawTransaction", b.proxy.LoseAnswer())
	if out, err := b.sender.Broadcast(t.Context(), send); deal.KindOf(err) != deal.Lost {
		t.Fatalf("%+v, %v; want kind lost", out, err)
	}
	b.proxy.Fail(nil)
	out, err := b.sender.Broadcast(t.Context(), send)
	if err != nil || len(out.Deliveries) != 1 || out.Deliveries[0] != (lane.Delivery{Hash: a.Hash}) {
		t.Errorf("again: %+v, %v", out, err)
	}
}

// TestBroadcastBreaksOff: what was delivered before the node died counts.
func TestBroadcastBreaksOff(t *testing.T) {
	b := newLaneBench(t)
	p := b.prepare(b.anchorCall())
	p.Jobs = append(p.Jobs, b.job(b.anchorCall()))
	signed, err := b.sender.Prepare(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	b.proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
		if method == "eth_sendRawTransaction" {
			if sent++; sent > 1 {
				return b.proxy.Down()
			}
		}
		return nil
	})
	out, err := b.sender.Broadcast(t.Context(), lane.Broadcast{
		Raw: []deal.Bytes{signed.Outcomes[0].Attempt.Raw, signed.Outcomes[1].Attempt.Raw}})
	if err != nil || len(out.Deliveries) != 1 || out.Deliveries[0].Reason != "" {
		t.Errorf("%+v, %v; want one delivery", out, err)
	}
}

func TestRefusalReasons(t *testing.T) {
	b := newLaneBench(t)
	a := b.prepared(b.anchorCall())
	for message, want := range map[string]lane.Reason{
		"already known": "",
		"nonce too low: next nonce 9, tx nonce 3":                     lane.ForeignNonce,
		"replacement transaction underpriced":                         lane.ReplacementUnderpriced,
		"transaction underpriced: tip needed 2, tip permitted 1":      lane.TipBelowMin,
		"transaction gas price below minimum":                         lane.TipBelowMin,
		"max fee per gas less than block base fee":                    lane.FeeBelowBase,
		"insufficient funds for gas * price + value":                  lane.InsufficientFunds,
		"tx fee (2.00 ether) exceeds the configured cap (1.00 ether)": lane.RPCFeeCap,
		"intrinsic gas too low":                                       lane.GasTooLow,
		"exceeds block gas limit":                                     lane.GasOverTxCap,
		"nonce too high":                                              lane.NonceGap,
		"something new":                                               lane.RPCDown,
	} {
		b.proxy.FailMethod("eth_sendRawTransaction", b.proxy.Error(-32000, message))
		out, err := b.sender.Broadcast(t.Context(), lane.Broadcast{Raw: []deal.Bytes{a.Raw}})
		if err != nil || len(out.Deliveries) != 1 || out.Deliveries[0].Reason != want {
			t.Errorf("%q: %+v, %v; want %q", message, out.Deliveries, err, want)
		}
	}
}

// TestBumpOnChain: a real pool takes what a bump makes of an attempt.
func TestBumpOnChain(t *testing.T) {
	b := newLaneBench(t)
	b.rpc("evm_setAutomine", false)
	call := b.anchorCall()
	a := b.prepared(call)
	tip, cap, _ := lane.Bump(*a, lane.Fees{}, lane.Normal, 1<<60)
	r, err := b.sender.Replace(t.Context(), lane.Replace{ChainID: b.ChainID, From: b.relayer.Address(),
		Intent: b.intent(call), Nonce: a.Nonce, Gas: a.Gas, Tip: tip, Cap: cap})
	if err != nil {
		t.Fatal(err)
	}
	out, err := b.sender.Broadcast(t.Context(), lane.Broadcast{Raw: []deal.Bytes{a.Raw, r.Attempt.Raw, a.Raw}})
	if err != nil || len(out.Deliveries) != 3 || out.Deliveries[0].Reason != "" || out.Deliveries[1].Reason != "" {
		t.Fatalf("deliveries %+v, %v", out.Deliveries, err)
	}
	if why := out.Deliveries[2].Reason; why != lane.ReplacementUnderpriced {
		t.Errorf("the cheaper one again: %q, want %q", why, lane.ReplacementUnderpriced)
	}
	b.rpc("anvil_mine", 1)
	if x := b.sight(call, r.Attempt.Hash); x.Mined == nil || !x.Mined.Receipt.OK {
		t.Errorf("the bump: %+v", x)
	}
	if x := b.sight(call, a.Hash); x.Mined != nil {
		t.Errorf("the first: %+v", x)
	}
}
