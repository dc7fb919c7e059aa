package chain

import (
	"testing"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// drive has the lane do what it wants for some rounds of a second each.
func (b *laneBench) drive(now time.Time, rounds int) time.Time {
	for range rounds {
		for _, a := range b.state.Next(now) {
			b.state.Apply(b.act(a), now)
		}
		now = now.Add(time.Second)
	}
	return now
}

func (b *laneBench) record(in deal.Intent) lane.Record {
	b.t.Helper()
	r, ok := b.state.Record(in.ID)
	if !ok {
		b.t.Fatal("the lane has forgotten the intent")
	}
	return r
}

// TestRegressionReceiptFromLaggingNode: a manager read the receipt from a node
// that was behind, saw none, and took the transaction for lost. Here the node
// that had it dies and one that lags answers: nothing is sent anew, nothing is
// told to be reorganized, and the outcome is that of the one transaction.
func TestRegressionReceiptFromLaggingNode(t *testing.T) {
	f := newFleet(t, 2)
	f.state = lane.New(lane.Input{Config: lane.Config{ChainID: f.ChainID, Address: f.relayer.Address(), Finality: "2"}})
	in, now := f.intent(f.anchorCall()), time.Now()
	f.state.Submit(lane.Submission{Intent: in}, now)
	now = f.drive(now, 6)
	r := f.record(in)
	if r.Status != lane.Mined || len(r.Attempts) != 1 {
		t.Fatalf("%s after %d attempts, want mined, with blocks to come", r.Status, len(r.Attempts))
	}
	f.freeze(1, 1)
	f.clock.pass(2 * time.Second)
	f.proxies[0].FailMethod("", f.proxies[0].Down())
	sent := f.proxies[1].Count("eth_sendRawTransaction")
	now = f.drive(now, 10)
	if r := f.record(in); r.Status != lane.Mined || r.Reason == lane.Reorged || r.Reason == lane.Dropped || len(r.Attempts) != 1 {
		t.Errorf("while the node lags: %s, %q, %d attempts", r.Status, r.Reason, len(r.Attempts))
	}
	if n := f.proxies[1].Count("eth_sendRawTransaction") - sent; n != 0 {
		t.Errorf("sent %d times although it is in a block", n)
	}
	f.proxies[0].Fail(nil)
	f.proxies[1].Fail(nil)
	f.clock.pass(2 * time.Minute)
	f.mine(2)
	f.drive(now, 40)
	if told := f.told[in.ID]; !told.OK || told.Tx != r.Attempts[0].Hash {
		t.Errorf("outcome %+v, want that of %s", told, r.Attempts[0].Hash)
	}
}

// TestRegressionIndexingTakenForNotFound: "transaction indexing is in progress"
// was taken for "not found", and the transaction sent again under a new nonce.
func TestRegressionIndexingTakenForNotFound(t *testing.T) {
	b := newLaneBench(t)
	in, now := b.intent(b.anchorCall()), time.Now()
	b.state.Submit(lane.Submission{Intent: in}, now)
	for range 2 { // signed and sent; looked up only while the node indexes
		for _, a := range b.state.Next(now) {
			if _, ok := a.(lane.Observe); !ok {
				b.state.Apply(b.act(a), now)
			} else {
				b.state.Apply(lane.Failure{Action: a, Reason: lane.RPCDown}, now)
			}
		}
		now = now.Add(time.Second)
	}
	sent := b.proxy.Count("eth_sendRawTransaction")
	b.proxy.FailMethod("eth_getTransactionReceipt", b.proxy.Error(-32000, "transaction indexing is in progress"))
	now = b.drive(now, 30)
	r := b.record(in)
	if r.Status != lane.Sent || len(r.Attempts) != 1 || r.Reason == lane.ForeignNonce || b.state.Look.Reason != lane.NodeIndexing {
		t.Errorf("while the node indexes: %s, %q, %d attempts, look %q", r.Status, r.Reason, len(r.Attempts), b.state.Look.Reason)
	}
	if n := b.proxy.Count("eth_sendRawTransaction"); sent == 0 || n != sent {
		t.Errorf("sent %d times, then %d more", sent, n-sent)
	}
	b.proxy.Fail(nil)
	b.drive(now, 30)
	if told := b.told[in.ID]; !told.OK || told.Tx != r.Attempts[0].Hash {
		t.Errorf("outcome %+v, want that of %s", told, r.Attempts[0].Hash)
	}
}
