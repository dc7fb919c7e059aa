package chain

import (
	"encoding/json"
	"testing"

	"cession/chain/chaintest"
	"cession/chain/lane"
)

// TestFeeHistory: percentiles are those of blocks that are not empty; without
// any, or without a history, the node's suggestion counts, and never zero.
func TestFeeHistory(t *testing.T) {
	history := func(ratios []float64, rewards ...[]string) map[string]any {
		bases := make([]string, len(ratios)+1)
		for i := range bases {
			bases[i] = "0x10"
		}
		bases[len(ratios)] = "0x20"
		return map[string]any{"oldestBlock": "0x1", "baseFeePerGas": bases, "gasUsedRatio": ratios, "reward": rewards}
	}
	proxy := chaintest.NewProxy(t, chaintest.Anvil(t))
	none := []string{"0x0", "0x0", "0x0"}
	for name, tt := range map[string]struct {
		history any
		code    int
		suggest string
		want    lane.Fees
		asked   int // for the history, by two readings
	}{
		"median": {history([]float64{.5, .1, .9}, []string{"0x1", "0x5", "0x9"}, []string{"0x3", "0x7", "0xb"}, []string{"0x2", "0x6", "0xa"}), 0, "0x63",
			lane.Fees{Base: 32, Low: 2, Tip: 6, High: 10}, 2},
		"empty blocks aside": {history([]float64{0, .1, 0}, none, []string{"0x3", "0x7", "0xb"}, none), 0, "0x63", lane.Fees{Base: 32, Low: 3, Tip: 7, High: 11}, 2},
		"free transactions":  {history([]float64{.1}, none), 0, "0x63", lane.Fees{Base: 32, Low: 1, Tip: 1, High: 1}, 2},
		"all empty":          {history([]float64{0, 0}, none, none), 0, "0x63", lane.Fees{Base: 32, Low: 99, Tip: 99, High: 99}, 2},
		"no suggestion":      {history([]float64{0}, none), 0, "0x0", lane.Fees{Base: 32, Low: 1, Tip: 1, High: 1}, 2},
		"no rewards":         {history([]float64{.5}), 0, "0x63", lane.Fees{Base: 32, Low: 99, Tip: 99, High: 99}, 2},
		"no such method":     {nil, -32601, "0x63", lane.Fees{Base: 1e9, Low: 99, Tip: 99, High: 99}, 1},
		"not now":            {nil, -32000, "0x63", lane.Fees{Base: 1e9, Low: 99, Tip: 99, High: 99}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, proxy.URL)
			proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
				switch {
				case method == "eth_maxPriorityFeePerGas":
					return proxy.Result(tt.suggest)
				case method == "eth_feeHistory" && tt.code != 0:
					return proxy.Error(tt.code, "no")
				case method == "eth_feeHistory":
					return proxy.Result(tt.history)
				}
				return nil
			})
			before := proxy.Count("eth_feeHistory")
			for range 2 {
				if have, err := c.prices(t.Context()); err != nil || have != tt.want {
					t.Errorf("fees %+v, %v; want %+v", have, err, tt.want)
				}
			}
			if n := proxy.Count("eth_feeHistory") - before; n != tt.asked {
				t.Errorf("the history was asked for %d times, want %d", n, tt.asked)
			}
		})
	}
	proxy.FailMethod("eth_feeHistory", proxy.Down())
	if f, err := dial(t, proxy.URL).prices(t.Context()); err == nil {
		t.Errorf("fees %+v from a dead node", f)
	}
	proxy.FailMethod("eth_feeHistory", proxy.LoseAnswer())
	if f, err := dial(t, proxy.URL).prices(t.Context()); err == nil {
		t.Errorf("fees %+v although the answer is lost", f)
	}
}

// TestCheckpoints: what the node does not tell is 0; a balance is in gwei.
func TestCheckpoints(t *testing.T) {
	f := newFleet(t, 2)
	f.mine(100)
	o, err := f.observe()
	if err != nil || o.Safe == 0 || o.Safe > o.Head.Number || o.Finalized == 0 || o.Finalized > o.Safe {
		t.Errorf("%+v, %v", o, err)
	}
	if o.Balance < 9_000*1e9 || o.Balance > 10_000*1e9 {
		t.Errorf("balance %d gwei, want a little less than 10,000 ether", o.Balance)
	}
	boast := func(answer chaintest.Fault) {
		f.proxies[0].Fail(func(method string, params []json.RawMessage) chaintest.Fault {
			if method == "eth_getBlockByNumber" && (string(params[0]) == `"safe"` || string(params[0]) == `"finalized"`) {
				return answer
			}
			return nil
		})
	}
	boast(f.proxies[0].Result(map[string]any{"number": "0x50", "hash": "0x00000000000000000000000000000000000000000000000000000000000000ff"}))
	if x, err := f.observe(); err != nil || x.Safe > o.Safe || x.Finalized > o.Finalized {
		t.Errorf("one endpoint raised what is final: %+v, %v; before %+v", x, err, o)
	}
	for name, fault := range map[string]chaintest.Fault{
		"refused": f.proxies[0].Error(-39001, "unknown block"), "none": f.proxies[0].Result(nil),
	} {
		boast(fault)
		if x, err := f.observe(); err != nil || x.Safe != 0 || x.Finalized != 0 {
			t.Errorf("%s: %+v, %v; want 0", name, x, err)
		}
	}
}
