package lanetest

import (
	"encoding/json"
	"testing"

	"cession/chain/chaintest"
	"cession/chain/lane"
)

var networkCases = []check{
	lost("eth_getTransactionCount"),
	lost("eth_estimateGas"),
	lost("eth_sendRawTransaction"),
	lost("eth_getTransactionReceipt"),
	lost("eth_getBlockByNumber"),
	lost("eth_feeHistory"),
	{name: "taken and forgotten", run: forgotten},
	{name: "node down", run: down},
	{name: "node hangs", run: hangs},
	{name: "node of another chain", run: anotherChain},
	{name: "count from a lagging node", run: laggingCount},
	{name: "receipt from a lagging node", run: laggingReceipt},
	{name: "receipt denied for long", run: deniedReceipt},
	{name: "receipt of a block that is not in the chain", run: lyingReceipt},
	{name: "indexing", run: indexing},
	{name: "nonce used by somebody before", run: foreignBefore},
	{name: "nonce used by somebody meanwhile", run: foreignMeanwhile},
	{name: "signer down", run: signerDown},
}

func lost(method string) check {
	return check{name: "replies lost to " + method, run: func(t *testing.T, w *world) { repliesLost(t, w, method) }}
}

// repliesLost: the node does what it is asked, twice without an answer.
func repliesLost(t *testing.T, w *world, method string) {
	r := w.newRig(t)
	left := 2
	r.net.Fail(func(m string, _ []json.RawMessage) chaintest.Fault {
		if m != method || left == 0 {
			return nil
		}
		left--
		return r.net.LoseAnswer()
	})
	intents := r.submit(r.anchors(2)...)
	r.want(intents...)
	if left > 0 {
		t.Errorf("%s was asked %d times, want 2 at least", method, 2-left)
	}
	for i, in := range intents {
		if a := r.record(in).Attempts; len(a) != 1 || a[0].Nonce != uint64(i) {
			t.Errorf("intent %d: attempts %+v, want one at nonce %d", i, a, i)
		}
	}
}

// forgotten: the same bytes go out again, and nothing is signed anew.
func forgotten(t *testing.T, w *world) {
	r := w.newRig(t)
	r.swallow(true)
	in := r.submit(r.anchors(1)...)[0]
	r.shows(in, lane.Dropped)
	r.net.Fail(nil)
	r.want(in)
	if n := len(r.record(in).Attempts); n != 1 {
		t.Errorf("%d signatures, want one", n)
	}
}

func down(t *testing.T, w *world) {
	r := w.newRig(t)
	r.net.FailMethod("", r.net.Down())
	before := r.submit(r.anchors(1)...)
	r.laneShows(lane.RPCDown)
	r.net.Fail(nil)
	r.until("sent", func() bool { return r.record(before[0]).Status != lane.Queued })
	r.net.FailMethod("", r.net.Down())
	r.laneShows(lane.RPCDown)
	r.net.Fail(nil)
	r.want(before...)
	r.until("well again", func() bool { return len(r.state.List().Reasons) == 0 })
}

func hangs(t *testing.T, w *world) {
	r := w.newRig(t)
	in := r.submit(r.anchors(1)...)
	r.net.FailMethod("eth_sendRawTransaction", r.net.Hang())
	r.laneShows(lane.RPCDown)
	r.net.Fail(nil)
	r.want(in...)
}

// anotherChain: nothing is signed for a chain that is not the lane's.
func anotherChain(t *testing.T, w *world) {
	r := w.newRig(t)
	r.net.FailMethod("eth_chainId", r.net.Result("0x5"))
	in := r.submit(r.anchors(1)...)[0]
	r.laneShows(lane.RPCDown)
	r.rounds(5)
	if x := r.record(in); len(x.Attempts) != 0 || r.net.Count("eth_sendRawTransaction") != 0 {
		t.Errorf("%d attempts, %d broadcasts on another chain", len(x.Attempts), r.net.Count("eth_sendRawTransaction"))
	}
	r.net.Fail(nil)
	r.want(in)
}

// laggingCount: a node that knows less of the account than was seen before gets
// no signature for a nonce that is used.
func laggingCount(t *testing.T, w *world) {
	r := w.newRig(t)
	r.want(r.submit(r.anchors(1)...)...)
	r.net.FailMethod("eth_getTransactionCount", r.net.Result("0x0"))
	in := r.submit(anchor(t.Name() + r.signer.Address().String()))[0]
	r.laneShows(lane.ChainRewound)
	r.rounds(3)
	if n := len(r.record(in).Attempts); n != 0 {
		t.Errorf("%d signatures on the word of a node that lags", n)
	}
	r.net.Fail(nil)
	r.want(in)
	r.happened(r.anchors(1)[0], 1)
}

// laggingReceipt: the count is up to date, and the transaction not found.
func laggingReceipt(t *testing.T, w *world) {
	r := w.newRig(t)
	looks := 0
	r.net.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
		if method == "eth_getTransactionReceipt" && looks < 2 {
			looks++
			return r.net.Result(nil)
		}
		if method == "eth_getTransactionByHash" && looks < 3 {
			return r.net.Result(nil)
		}
		return nil
	})
	in := r.submit(r.anchors(1)...)[0]
	r.want(in)
	if n := len(r.record(in).Attempts); n != 1 {
		t.Errorf("%d signatures, want one", n)
	}
}

// deniedReceipt: the node counts the transaction and denies it, for longer than
// the lane believes in it. The event keeps it from being sent a second time.
func deniedReceipt(t *testing.T, w *world) {
	r := w.newRig(t)
	denied := 0
	r.net.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
		if method == "eth_getTransactionReceipt" || method == "eth_getTransactionByHash" {
			denied++
			return r.net.Result(nil)
		}
		return nil
	})
	in := r.submit(r.anchors(1)...)[0]
	r.until("denied", func() bool { return denied > 20 })
	r.net.Fail(nil)
	r.want(in)
	r.happened(r.anchors(1)[0], 1)
}

// lyingReceipt: a receipt counts only if its block is the one of that number.
func lyingReceipt(t *testing.T, w *world) {
	r := w.newRig(t)
	lies := 3
	in := r.submit(r.anchors(1)...)[0]
	r.until("signed", func() bool { return len(r.record(in).Attempts) > 0 })
	hash := r.record(in).Attempts[0].Hash
	r.net.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
		if method == "eth_getTransactionReceipt" && lies > 0 {
			lies--
			return r.net.Result(map[string]any{"transactionHash": hash, "blockHash": hash, "blockNumber": "0x1", "status": "0x1",
				"transactionIndex": "0x0", "gasUsed": "0x5208", "cumulativeGasUsed": "0x5208", "effectiveGasPrice": "0x1",
				"logs": []any{}, "logsBloom": zeroBloom, "type": "0x2"})
		}
		return nil
	})
	r.want(in)
	if out := r.told[in.ID]; out.Block <= 1 || lies > 0 {
		t.Errorf("told %+v after %d lies", out, 3-lies)
	}
}

// indexing is no "not found": nothing is sent again.
func indexing(t *testing.T, w *world) {
	r := w.newRig(t)
	in := r.submit(r.anchors(1)...)[0]
	busy := r.net.Error(-32000, "transaction indexing is in progress")
	r.net.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
		if method == "eth_getTransactionReceipt" || method == "eth_getTransactionByHash" {
			return busy
		}
		return nil
	})
	r.laneShows(lane.NodeIndexing)
	r.rounds(10)
	if n := r.net.Count("eth_sendRawTransaction"); n != 1 {
		t.Errorf("%d broadcasts while the node could not say", n)
	}
	r.net.Fail(nil)
	r.want(in)
}

func foreignBefore(t *testing.T, w *world) {
	r := w.newRig(t)
	calls := r.anchors(3)
	r.want(r.submit(calls[0])...)
	r.foreign(calls[1])
	in := r.submit(calls[2])[0]
	r.want(in)
	r.happened(calls[1], 1)
	if n := r.record(in).Attempts[0].Nonce; n != 2 {
		t.Errorf("nonce %d, want 2", n)
	}
}

// foreignMeanwhile: what was signed can never be mined, so it is signed anew.
func foreignMeanwhile(t *testing.T, w *world) {
	r := w.newRig(t)
	calls := r.anchors(2)
	in := r.signedOnly(calls[0])[0]
	r.foreign(calls[1])
	r.net.Fail(nil)
	r.shows(in, lane.ForeignNonce)
	r.want(in)
	r.happened(calls[1], 1)
}

func signerDown(t *testing.T, w *world) {
	r := w.newRig(t)
	r.signer.down = true
	in := r.submit(r.anchors(1)...)
	r.laneShows(lane.SignerDown)
	r.signer.down = false
	r.want(in...)
	r.until("well again", func() bool { return len(r.state.List().Reasons) == 0 })
}
