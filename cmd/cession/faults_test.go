//go:build !slim

package main

import (
	"context"
	"encoding/json"
	"math/big"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"cession/chain/chaintest"
	"cession/chain/lane"
)

// faults are those that happen to one lane and its own network, signer or
// account. Each is played in a deal of its own.
var faults = []fault{
	{
		reason: lane.NonceGap, provoked: "the node counts a transaction of the signer in its pool, then forgets it",
		provoke: func(s *ordeal) error {
			s.once("eth_getTransactionCount", func(params []json.RawMessage) bool { return string(params[1]) == `"pending"` }, s.lane.proxy.Result("0x1"))
			return nil
		},
		commands: []string{"cession tx fill-gap LANE --reason node_outage --ticket OPS-1"},
	},
	{
		reason: lane.FeeBelowBase, provoked: "the node tells fees that are far too low",
		before: "mint.mint",
		provoke: func(s *ordeal) error {
			s.lane.proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
				switch method {
				case "eth_feeHistory":
					return s.lane.proxy.Result(map[string]any{"oldestBlock": "0x1", "baseFeePerGas": []string{"0x1", "0x1"},
						"gasUsedRatio": []float64{0.1}, "reward": [][]string{{"0x1", "0x1", "0x1"}}})
				case "eth_maxPriorityFeePerGas":
					return s.lane.proxy.Result("0x1")
				}
				return nil
			})
			return nil
		},
		cured: "the node tells true fees again", cure: (*ordeal).mend,
		commands: []string{"cession tx bump TX --reason network_fees"},
	},
	{
		reason: lane.TipBelowMin, provoked: "the node wants a tip that the market does not pay",
		before: "mint.mint", provoke: func(s *ordeal) error {
			return s.refuseSends("transaction underpriced: gas tip cap 1, minimum needed 2")
		},
		cured: "the node takes usual tips again", cure: (*ordeal).mend,
		commands: []string{"cession tx bump TX --reason network_fees"},
	},
	{
		reason: lane.ReplacementUnderpriced, provoked: "the node's pool holds another transaction of the nonce",
		before: "mint.mint", provoke: func(s *ordeal) error { return s.refuseSends("replacement transaction underpriced") },
		cured: "the other one left the pool", cure: (*ordeal).mend,
		commands: []string{"cession tx bump TX --reason key_misuse"},
	},
	{
		reason: lane.FeeCeiling, provoked: "an operator set the limit per gas under the base fee",
		before: "mint.mint",
		provoke: func(s *ordeal) error {
			return s.operate(context.Background(), "cession tx fees LANE --max-fee-per-gas 1wei --reason exercise", nil)
		},
		commands: []string{"cession tx fees LANE --max-fee-per-gas 100gwei --reason network_fees"},
	},
	{
		reason: lane.RPCFeeCap, provoked: "the node's own fee limit is too low",
		before: "mint.mint", provoke: func(s *ordeal) error {
			return s.refuseSends("tx fee (0.02 ether) exceeds the configured cap (0.01 ether)")
		},
		cured: "the limit is raised at the node", cure: (*ordeal).mend,
		commands: []string{"cession tx retry TX --reason maintenance"},
	},
	{
		reason: lane.InsufficientFunds, provoked: "the signer's account is empty",
		before:   "mint.mint",
		provoke:  func(s *ordeal) error { return s.node.Give(s.lane.Address, new(big.Int)) },
		cured:    "ether is sent to the signer",
		cure:     func(s *ordeal) error { return s.node.Give(s.lane.Address, tenEther) },
		commands: []string{"cession tx retry TX --reason incident"},
	},
	{
		reason: lane.GasTooLow, provoked: "the node estimates too little gas",
		before: "mint.mint",
		provoke: func(s *ordeal) error {
			s.lane.proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
				switch method {
				case "eth_estimateGas":
					return s.lane.proxy.Result("0x5208")
				case "eth_sendRawTransaction": // anvil would take it, geth does not
					return s.lane.proxy.Error(-32000, "intrinsic gas too low: gas 42300, minimum needed 60000")
				}
				return nil
			})
			return nil
		},
		cured: "the node estimates truly again", cure: (*ordeal).mend,
		commands: []string{"cession tx cancel TX --reason node_outage", "cession tx retry TX --reason node_outage"},
	},
	{
		reason: lane.GasOverTxCap, provoked: "a call needs more gas than one transaction may use",
		before: "mint.mint",
		provoke: func(s *ordeal) error {
			s.once("eth_estimateGas", nil, s.lane.proxy.Result("0x1000001"))
			return nil
		},
		cured: "the party acts again, with less in it",
	},
	{
		reason: lane.WouldRevert, provoked: "the seller gave the title away before its deposit",
		before: "escrow.deposit", provoke: func(s *ordeal) error { return s.moveTitle("alpine-bank", "cirrus-capital") },
		cured: "the party mends it and acts again", cure: func(s *ordeal) error { return s.moveTitle("cirrus-capital", "alpine-bank") },
	},
	{
		reason: lane.Dropped, provoked: "the node takes transactions and forgets them",
		before: "mint.mint",
		provoke: func(s *ordeal) error {
			s.lane.proxy.FailMethod("eth_sendRawTransaction", s.lane.proxy.Result("0x0000000000000000000000000000000000000000000000000000000000000001"))
			return nil
		},
		cured: "another node is used", cure: (*ordeal).mend,
		commands: []string{"cession tx bump TX --reason node_outage"},
	},
	{
		reason: lane.RPCDown, provoked: "the node does not answer",
		before: "mint.mint", provoke: func(s *ordeal) error { s.lane.proxy.FailMethod("", s.lane.proxy.Down()); return nil },
		cured: "the node answers again", cure: (*ordeal).mend,
		commands: []string{"cession tx retry TX --reason node_outage"},
	},
	{
		reason: lane.NodeIndexing, provoked: "the node has not indexed its transactions",
		before: "mint.mint",
		provoke: func(s *ordeal) error {
			s.lane.proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
				if method == "eth_getTransactionReceipt" || method == "eth_getTransactionByHash" {
					return s.lane.proxy.Error(-32000, "transaction indexing is in progress")
				}
				return nil
			})
			return nil
		},
		cured: "the node's index is complete", cure: (*ordeal).mend,
		commands: []string{"cession tx retry TX --reason node_outage"},
	},
	{
		reason: lane.SignerDown, provoked: "the signer does not answer",
		before: "mint.mint", provoke: func(s *ordeal) error { s.lane.signer.leave(true); return nil },
		cured: "the signer answers again", cure: func(s *ordeal) error { s.lane.signer.leave(false); return nil },
		commands: []string{"cession tx retry TX --reason signer_outage"},
	},
	{
		reason: lane.ForeignNonce, provoked: "another program uses the signer's key",
		before: "mint.mint", provoke: (*ordeal).useKey,
		cured:    "the other program is stopped",
		commands: []string{"cession tx resync LANE --reason key_misuse --ticket OPS-2"},
	},
	{
		reason: lane.ChainRewound, provoked: "the node lags: it knows the chain as it was ten blocks ago",
		before: "listing.publish",
		provoke: func(s *ordeal) error {
			height, err := s.head()
			s.lane.proxy.Fail(s.lane.proxy.Frozen(s.url, height-min(height, 10)))
			return err
		},
		cured: "the node catches up, or another one is used", cure: (*ordeal).mend,
	},
	{
		reason: lane.Paused, provoked: "an operator holds the lane",
		before: "mint.mint",
		provoke: func(s *ordeal) error {
			return s.operate(context.Background(), "cession tx pause LANE --reason maintenance", nil)
		},
		commands: []string{"cession tx resume LANE --reason maintenance"},
	},
}

// mend has the lane's network fail no more.
func (s *ordeal) mend() error {
	s.lane.proxy.Fail(nil)
	return nil
}

// once gives a fault to one request of a method.
func (s *ordeal) once(method string, which func([]json.RawMessage) bool, f chaintest.Fault) {
	var mu sync.Mutex
	spent := false
	s.lane.proxy.Fail(func(m string, params []json.RawMessage) chaintest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if spent || m != method || which != nil && !which(params) {
			return nil
		}
		spent = true
		return f
	})
}

// refuseSends has the node refuse every transaction in words of its own.
func (s *ordeal) refuseSends(words string) error {
	s.lane.proxy.FailMethod("eth_sendRawTransaction", s.lane.proxy.Error(-32000, words))
	return nil
}

// TestFaults provokes each reason for real, in a deal that is under way. The
// reason must be shown within two blocks, what the operator types is what the
// product recommends, and the deal settles.
func TestFaults(t *testing.T) {
	m := openFaultyMarket(t, len(faults), faultBlock, nil)
	ctx := limit(t, 8*time.Minute)
	var all errgroup.Group
	all.SetLimit(atOnce)
	for i, f := range faults {
		all.Go(func() error {
			m.endure(ctx, m.lanes[i], f)
			return nil
		})
	}
	_ = all.Wait()
}

// endure plays a deal with faults on a lane and checks that each is shown in
// time and that the deal settles.
func (m *faultyMarket) endure(ctx context.Context, l *faultyLane, list ...fault) {
	m.t.Helper()
	s := &ordeal{faultyMarket: m, lane: l, faults: list}
	blocks, err := s.play(ctx)
	if err != nil {
		m.t.Error(err)
	}
	for i, n := range blocks {
		m.t.Logf("%s: shown after %d blocks", list[i].reason, n)
		if n > 2 {
			m.t.Errorf("%s was shown after %d blocks, want at most 2", list[i].reason, n)
		}
	}
}

const (
	faultBlock = 3 * time.Second // between two blocks
	atOnce     = 6               // deals side by side: more, and the machine is what they wait for
)
