package lanetest

import (
	"math/big"
	"testing"

	"cession/chain"
	"cession/chain/lane"
	"cession/deal"
)

var chainCases = []check{
	{name: "bump in the pool", able: minesOnDemand, run: bumpInPool},
	{name: "mined before the bump", able: minesOnDemand, run: minedBeforeBump},
	{name: "cancel in the pool", able: minesOnDemand, run: cancelInPool},
	{name: "give up in the pool", able: minesOnDemand, run: giveUpInPool},
	{name: "base fee spike", able: func(n Node) bool { return minesOnDemand(n) && n.BaseFee != nil }, run: feeSpike},
	{name: "dropped from the pool", able: func(n Node) bool { return minesOnDemand(n) && n.Forget != nil }, run: dropped},
	{name: "reorganization", able: func(n Node) bool { return minesOnDemand(n) && n.Reorg != nil }, run: reorged},
	{name: "reorganization of what was told", able: func(n Node) bool { return minesOnDemand(n) && n.Reorg != nil }, run: reorgedFinal},
	{name: "rewound chain", able: func(n Node) bool { return minesOnDemand(n) && n.Rewind != nil }, run: rewound},
	{name: "rewound while idle", able: func(n Node) bool { return minesOnDemand(n) && n.Rewind != nil }, run: rewoundIdle},
	{name: "gas estimated on a block that is gone", able: func(n Node) bool { return minesOnDemand(n) && n.Rewind != nil && n.Forget != nil }, run: gasOfGoneBlock},
}

func minesOnDemand(n Node) bool { return n.Mine != nil && n.Automine != nil }

// still makes a lane on a chain whose blocks come from [rig.mine] alone, until
// the test ends.
func (w *world) still(t *testing.T, opts ...func(*lane.Config)) *rig {
	t.Helper()
	r := w.newRig(t, opts...)
	r.must(w.node.Automine(false))
	t.Cleanup(func() {
		if err := w.node.Automine(true); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// mine makes a block and lets the lane look at it.
func (r *rig) mine(blocks int) {
	r.Helper()
	for range blocks {
		r.must(r.node.Mine(1))
		r.rounds(3)
	}
}

// sent has calls signed and taken by the node.
func (r *rig) sent(calls ...deal.Call) []deal.Intent {
	r.Helper()
	intents := r.submit(calls...)
	for _, in := range intents {
		r.is(in, lane.Sent)
	}
	return intents
}

func (r *rig) is(in deal.Intent, s lane.Status) {
	r.Helper()
	r.until(string(s), func() bool { return r.record(in).Status == s })
}

// attempts goes on until the intent has as many signatures that were sent.
func (r *rig) attempts(in deal.Intent, n int) {
	r.Helper()
	r.until("signed again and sent", func() bool {
		a := r.record(in).Attempts
		return len(a) >= n && a[len(a)-1].Sent
	})
}

// bumpInPool: time passes and no block takes it; a real pool takes the bump.
func bumpInPool(t *testing.T, w *world) {
	r := w.still(t)
	intents := r.sent(r.anchors(3)...)
	r.attempts(intents[0], 2)
	r.mine(1)
	r.want(intents...)
	if x := r.record(intents[0]); r.told[intents[0].ID].Tx != x.Attempts[1].Hash {
		t.Errorf("told %+v, want the bump's transaction", r.told[intents[0].ID])
	}
	if n := len(r.record(intents[1]).Attempts); n != 1 {
		t.Errorf("%d signatures behind the lowest nonce, want one", n)
	}
}

// minedBeforeBump: the fee was raised, and the first attempt is mined. Every hash is followed.
func minedBeforeBump(t *testing.T, w *world) {
	r := w.still(t)
	in := r.sent(r.anchors(1)...)[0]
	r.net.FailMethod("eth_sendRawTransaction", r.net.Down())
	r.until("signed again", func() bool { return len(r.record(in).Attempts) == 2 })
	r.must(w.node.Mine(1))
	r.net.Fail(nil)
	r.want(in)
	if x := r.record(in); r.told[in.ID].Tx != x.Attempts[0].Hash || len(x.Attempts) != 2 {
		t.Errorf("told %+v, want the first attempt's transaction", r.told[in.ID])
	}
}

func cancelInPool(t *testing.T, w *world) {
	r := w.still(t)
	intents := r.sent(r.anchors(2)...)
	r.on(intents[0], lane.Cancel)
	r.attempts(intents[0], 2)
	r.mine(1)
	r.canceled(intents[0])
	r.want(intents[1])
	r.on(intents[0], lane.Retry)
	r.attempts(intents[0], 3)
	r.mine(1)
	r.want(intents[0])
}

func giveUpInPool(t *testing.T, w *world) {
	r := w.still(t)
	intents := r.sent(r.anchors(2)...)
	r.on(intents[0], lane.GiveUp)
	r.attempts(intents[0], 2)
	r.mine(1)
	r.failed(intents[0], "GIVEN_UP")
	r.want(intents[1])
}

// feeSpike: between signature and broadcast the base fee rises above the cap.
func feeSpike(t *testing.T, w *world) {
	r := w.still(t)
	in := r.signedOnly(r.anchors(1)...)[0]
	r.must(w.node.BaseFee(2*r.record(in).Attempts[0].Cap + 1))
	r.net.Fail(nil)
	r.shows(in, lane.FeeBelowBase)
	r.must(w.node.Mine(1)) // the market shows the price
	r.attempts(in, 2)
	r.mine(1)
	r.want(in)
	for range 40 { // back to the old price, for the cases after this one
		r.must(w.node.Mine(1))
	}
}

func dropped(t *testing.T, w *world) {
	r := w.still(t)
	intents := r.sent(r.anchors(2)...)
	r.must(w.node.Forget(r.signer.Address()))
	r.shows(intents[0], lane.Dropped)
	r.until("sent again", func() bool { n, err := w.node.Waiting(); return err == nil && n == 2 })
	r.mine(1)
	r.want(intents...)
	if n := len(r.record(intents[0]).Attempts); n != 1 {
		t.Errorf("%d signatures, want one", n)
	}
}

// reorged: the block is gone before it was final. The requester hears of it
// and that it is back; the outcome comes once.
func reorged(t *testing.T, w *world) {
	r := w.still(t, func(c *lane.Config) { c.Finality = "2" })
	in := r.sent(r.anchors(1)...)[0]
	r.mine(1)
	r.is(in, lane.Mined)
	r.must(w.node.Reorg(1))
	r.shows(in, lane.Reorged)
	r.until("sent again", func() bool { n, err := w.node.Waiting(); return err == nil && n == 1 })
	if len(r.told) != 0 {
		t.Errorf("told %+v before it was final", r.told)
	}
	r.mine(3)
	r.want(in)
	r.heard(in, deal.Reorged, deal.Restored)
	if n := len(r.record(in).Attempts); n != 1 {
		t.Errorf("%d signatures, want one", n)
	}
}

// heard fails the test unless the notices about the intent were these.
func (r *rig) heard(in deal.Intent, want ...deal.Standing) {
	r.Helper()
	var have []deal.Standing
	for _, n := range r.notices {
		if n.Intent == in.ID {
			have = append(have, n.State)
		}
	}
	if len(have) != len(want) {
		r.Errorf("heard %v, want %v", have, want)
		return
	}
	for i := range want {
		if have[i] != want[i] {
			r.Errorf("heard %v, want %v", have, want)
		}
	}
}

// reorgedFinal: what was told is in no block any more. No outcome changes; the
// stored bytes go out again.
func reorgedFinal(t *testing.T, w *world) {
	r := w.still(t)
	in := r.sent(r.anchors(1)...)[0]
	r.mine(1)
	r.want(in)
	r.must(w.node.Reorg(1))
	r.state.Rouse()
	r.until("sent again", func() bool { n, err := w.node.Waiting(); return err == nil && n == 1 })
	r.rounds(3)
	r.mine(1)
	r.want(in)
	r.heard(in, deal.Reorged, deal.Restored)
}

// rewound: the node has lost its newest blocks, with something final and
// something in flight.
func rewound(t *testing.T, w *world) {
	r := w.still(t)
	calls := r.anchors(3)
	first := r.sent(calls[0])
	r.mine(1)
	second := r.sent(calls[1])
	r.mine(1)
	r.want(append(first, second...)...)
	third := r.sent(calls[2])
	r.must(w.node.Rewind(2))
	r.must(w.node.Forget(r.signer.Address()))
	r.laneShows(lane.ChainRewound)
	r.until("sent again", func() bool { n, err := w.node.Waiting(); return err == nil && n == 3 })
	r.mine(1)
	r.want(append(append(first, second...), third...)...)
	r.until("well again", func() bool { return len(r.state.List().Reasons) == 0 })
}

// rewoundIdle: nothing is in flight, and the next intent finds out.
func rewoundIdle(t *testing.T, w *world) {
	r := w.still(t)
	calls := r.anchors(2)
	first := r.sent(calls[0])
	r.mine(1)
	r.want(first...)
	r.must(w.node.Rewind(1))
	next := r.submit(calls[1])
	r.until("sent again", func() bool { n, err := w.node.Waiting(); return err == nil && n == 1 })
	r.mine(1)
	r.until("sent", func() bool { return r.record(next[0]).Status == lane.Sent })
	r.mine(1)
	r.want(append(first, next...)...)
}

// gasOfGoneBlock: the seller's second title costs less than the first. If the
// first is gone, what was estimated for the second has to be enough for both.
func gasOfGoneBlock(t *testing.T, w *world) {
	seller, stranger := newAccount(string(deal.NewID())), w.stranger(t)
	r := w.still(t)
	first, err := w.mintFor(seller, t.Name()+"first")
	r.must(err)
	second, err := w.mintFor(seller, t.Name()+"second")
	r.must(err)
	to, data, err := chain.Pack(first, w.market)
	r.must(err)
	_, err = w.post(stranger, to, data, new(big.Int), 500_000)
	r.must(err)
	r.must(w.node.Mine(1))
	in := r.signedOnly(second)[0]
	r.must(w.node.Rewind(1))
	r.must(w.node.Forget(stranger.Address()))
	r.net.Fail(nil)
	r.is(in, lane.Sent)
	r.mine(1)
	r.want(in)
}
