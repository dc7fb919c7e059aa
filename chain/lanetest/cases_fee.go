package lanetest

import (
	"strings"
	"testing"

	"cession/chain/lane"
)

// zeroBloom is the log filter of a receipt without logs.
var zeroBloom = "0x" + strings.Repeat("00", 256)

var feeCases = []check{
	{name: "tip too low", run: func(t *testing.T, w *world) {
		bumped(t, w, "transaction underpriced: gas tip cap 1, minimum needed 2", lane.TipBelowMin)
	}},
	{name: "cap below the base fee", run: func(t *testing.T, w *world) {
		bumped(t, w, "max fee per gas less than block base fee", lane.FeeBelowBase)
	}},
	{name: "another one pays nearly as much", run: func(t *testing.T, w *world) {
		bumped(t, w, "replacement transaction underpriced", lane.ReplacementUnderpriced)
	}},
	{name: "no ether", run: poor},
	{name: "ceiling per gas", run: func(t *testing.T, w *world) { ceiling(t, w, lane.Limits{PerGas: 1}) }},
	{name: "ceiling per intent", run: func(t *testing.T, w *world) { ceiling(t, w, lane.Limits{PerIntent: 1}) }},
	{name: "ceiling per day", run: func(t *testing.T, w *world) { ceiling(t, w, lane.Limits{PerDay: 1}) }},
	{name: "fee limit of the node", run: rpcFeeCap},
	{name: "more gas than a transaction may use", run: gasOverCap},
}

// bumped: the node wants more for the first attempt; the next pays at least a
// tenth more, on tip and cap.
func bumped(t *testing.T, w *world, message string, why lane.Reason) {
	r := w.newRig(t)
	r.refuseFirst(message)
	in := r.submit(r.anchors(1)...)[0]
	r.shows(in, why)
	r.want(in)
	a := r.record(in).Attempts
	if len(a) < 2 || a[1].Nonce != a[0].Nonce || a[1].Tip*10 < a[0].Tip*11 || a[1].Cap*10 < a[0].Cap*11 {
		t.Errorf("attempts %+v, want a second at the same nonce for a tenth more", a)
	}
}

func poor(t *testing.T, w *world) {
	r := w.poorRig(t)
	in := r.submit(r.anchors(1)...)[0]
	r.until("shown as without funds", func() bool {
		for _, why := range append(r.state.List().Reasons, r.record(in).Reason) {
			if why == lane.InsufficientFunds {
				return true
			}
		}
		return false
	})
	w.pay(t, r.signer.Address(), ether(1))
	r.want(in)
}

// ceiling: the limit is shown and kept, until it is raised.
func ceiling(t *testing.T, w *world, l lane.Limits) {
	r := w.newRig(t, func(c *lane.Config) { c.Limits = l })
	in := r.submit(r.anchors(1)...)[0]
	r.until("shown as above a limit", func() bool {
		for _, why := range append(r.state.List().Reasons, r.record(in).Reason) {
			if why == lane.FeeCeiling {
				return true
			}
		}
		return false
	})
	r.rounds(40)
	r.happened(in.Call, 0)
	r.operate(lane.Command{Verb: lane.Edit, Limits: lane.Limits{PerGas: 300e9, PerIntent: 1e18, PerDay: 2e18}})
	r.want(in)
}

func rpcFeeCap(t *testing.T, w *world) {
	r := w.newRig(t)
	r.net.FailMethod("eth_sendRawTransaction", r.net.Error(-32000, "tx fee (2.00 ether) exceeds the configured cap (1.00 ether)"))
	in := r.submit(r.anchors(1)...)[0]
	r.shows(in, lane.RPCFeeCap)
	r.net.Fail(nil)
	r.on(in, lane.Retry)
	r.want(in)
	if n := len(r.record(in).Attempts); n != 1 {
		t.Errorf("%d signatures, want one: a higher fee is no cure", n)
	}
}

func gasOverCap(t *testing.T, w *world) {
	r := w.newRig(t)
	r.net.FailMethod("eth_estimateGas", r.net.Result("0x1000001"))
	in := r.submit(r.anchors(1)...)[0]
	r.failed(in, string(lane.GasOverTxCap))
	r.net.Fail(nil)
	r.want(r.submit(anchor(t.Name() + r.signer.Address().String()))...)
}
