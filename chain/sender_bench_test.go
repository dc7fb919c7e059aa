package chain

import (
	"context"
	"testing"
	"time"

	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
)

// laneBench is a lane's state machine, its sender and a real node behind a
// network that fails on request.
type laneBench struct {
	*market
	proxy  *chaintest.Proxy
	sender *Sender
	state  *lane.State
	told   map[deal.Commitment]deal.Receipt
}

func newLaneBench(t *testing.T) *laneBench {
	t.Helper()
	m := newMarket(t)
	proxy := chaintest.NewProxy(t, m.url)
	client := dial(t, proxy.URL, WithTries(1), WithTimeout(5*time.Second))
	cfg := lane.Config{ChainID: m.ChainID, Address: m.relayer.Address()}
	return &laneBench{m, proxy, NewSender(NewLedger(client, m.Market), m.relayer),
		lane.New(lane.Input{Config: cfg}), map[deal.Commitment]deal.Receipt{}}
}

func (b *laneBench) intent(call deal.Call) deal.Intent {
	return deal.NewIntent(deal.NewID(), "step", deal.NewSalt(), call, "deal")
}

// run submits the call and drives the lane, with a clock of its own, until the outcome is told.
func (b *laneBench) run(call deal.Call) deal.Receipt {
	b.t.Helper()
	in := b.intent(call)
	now := time.Now()
	b.state.Submit(lane.Submission{Intent: in}, now)
	for range 50 {
		for _, a := range b.state.Next(now) {
			b.state.Apply(b.act(a), now)
		}
		if r, ok := b.told[in.ID]; ok {
			return r
		}
		now = now.Add(time.Second)
	}
	b.t.Fatalf("%s has no outcome: %s", call.Name(), b.state.Headline())
	return deal.Receipt{}
}

func (b *laneBench) act(a lane.Action) lane.Event {
	var event lane.Event
	var err error
	switch a := a.(type) {
	case lane.Prepare:
		event, err = b.sender.Prepare(b.t.Context(), a)
	case lane.Replace:
		event, err = b.sender.Replace(b.t.Context(), a)
	case lane.Broadcast:
		event, err = b.sender.Broadcast(b.t.Context(), a)
	case lane.Observe:
		a.Wait = 0
		event, err = b.sender.Observe(b.t.Context(), a)
	case lane.Report:
		b.told[a.Receipt.Intent] = a.Receipt
		event = lane.Reported{Intent: a.Receipt.Intent}
	}
	if err != nil {
		event = lane.Failure{Action: a, Reason: lane.RPCDown}
	}
	return event
}

func (b *laneBench) anchorCall() deal.Call {
	return deal.Call{Anchor: &deal.Anchor{Root: deal.NewSalt(), Count: 3}}
}

// nonce returns the relayer's next one, once nothing of it waits in the pool.
func (b *laneBench) nonce() (next uint64) {
	b.t.Helper()
	err := wait(b.t.Context(), func(ctx context.Context) (bool, error) {
		pending, err := b.client.PendingNonce(ctx, b.relayer.Address())
		if err == nil {
			next, err = b.client.Nonce(ctx, b.relayer.Address())
		}
		return next == pending, err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return next
}

// prepared signs one call.
func (b *laneBench) prepared(call deal.Call) *lane.Attempt {
	b.t.Helper()
	p, err := b.sender.Prepare(b.t.Context(), b.prepare(call))
	if err != nil || len(p.Outcomes) != 1 || p.Outcomes[0].Attempt == nil {
		b.t.Fatalf("prepared %+v, %v", p, err)
	}
	return p.Outcomes[0].Attempt
}

func (b *laneBench) prepare(call deal.Call) lane.Prepare {
	return lane.Prepare{ChainID: b.ChainID, From: b.relayer.Address(), Start: true, Budget: 1 << 62,
		Jobs: []lane.Job{b.job(call)}}
}

func (b *laneBench) job(call deal.Call) lane.Job {
	return lane.Job{Intent: b.intent(call), PerGas: 1 << 40, PerIntent: 1 << 60}
}

// blind signs a call without simulation and has it mined.
func (b *laneBench) blind(call deal.Call) lane.Sighting {
	b.t.Helper()
	nonce, err := b.client.PendingNonce(b.t.Context(), b.relayer.Address())
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := b.sender.Replace(b.t.Context(), lane.Replace{ChainID: b.ChainID, From: b.relayer.Address(),
		Intent: b.intent(call), Nonce: nonce, Gas: 500_000, Tip: 2_000_000_000, Cap: 9_000_000_000})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.sender.Broadcast(b.t.Context(), lane.Broadcast{Raw: []deal.Bytes{r.Attempt.Raw}}); err != nil {
		b.t.Fatal(err)
	}
	b.nonce() // once it is mined
	return b.sight(call, r.Attempt.Hash)
}

func (b *laneBench) sight(call deal.Call, hash deal.Commitment) lane.Sighting {
	b.t.Helper()
	o, err := b.sender.Observe(b.t.Context(), lane.Observe{From: b.relayer.Address(),
		Follow: []lane.Follow{{Call: call, Hashes: []deal.Commitment{hash}}}})
	if err != nil || len(o.Sightings) != 1 {
		b.t.Fatalf("observation %+v, %v", o, err)
	}
	return o.Sightings[0]
}
