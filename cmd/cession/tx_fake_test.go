package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
)

// fakeLanes are lanes whose machine is the real one, on a chain that does what a
// script says. Their clock is late by behind.
type fakeLanes struct {
	mu     sync.Mutex
	lanes  []*fakeLane // guarded by mu, as is what follows
	store  *desk.Store
	behind time.Duration
	block  uint64
	base   uint64 // wei per gas
	silent error  // what the lanes answer with
	deals  int
}

// fakeLane is a lane and its account on the chain.
type fakeLane struct {
	state  *lane.State
	pool   map[uint64]fakeTx // by nonce
	mined  []fakeTx
	signer bool // gives signatures

	waits *lane.Observe // for a block, until
	until time.Time
}

// fakeTx is a transaction; its bytes are its JSON.
type fakeTx struct {
	Intent     deal.Commitment
	Nonce, Cap uint64
	Tip        uint64
	Blank      bool
	block      uint64
	hash       deal.Commitment
}

// newFakeLanes makes the lanes of two signers, on a chain at block 100.
func newFakeLanes(store *desk.Store) *fakeLanes {
	f := &fakeLanes{store: store, block: 100, base: 20e9}
	signers := []deal.Address{{0xa1, 0x1c, 0xe0}, {0xb0, 0xb0, 0xb0}}
	cfg, _ := laneFlags{}.config()
	for _, c := range lanesOf(cfg, 20261, signers) {
		f.lanes = append(f.lanes, &fakeLane{state: lane.New(lane.Input{Config: c}), pool: map[uint64]fakeTx{}, signer: true})
	}
	return f
}

func (f *fakeLanes) now() time.Time { return time.Now().UTC().Add(-f.behind) }

// submit gives an intent to a lane, by its index.
func (f *fakeLanes) submit(i int, in deal.Intent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lanes[i].state.Submit(lane.Submission{Intent: in}, f.now())
	f.work()
}

// mine makes a block at a base fee of what pays enough, for so long as nonces follow.
func (f *fakeLanes) mine(base uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.base = base
	f.block++
	for _, l := range f.lanes {
		for {
			tx, ok := l.pool[uint64(len(l.mined))]
			if !ok || tx.Cap < base {
				break
			}
			delete(l.pool, tx.Nonce)
			tx.block = f.block
			l.mined = append(l.mined, tx)
		}
	}
	f.work()
}

// pass has the clock catch up by d.
func (f *fakeLanes) pass(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for end := f.behind - d; f.behind > end; f.behind -= 5 * time.Second {
		f.work()
	}
	f.work()
}

// work does what the lanes want done, until they wait.
func (f *fakeLanes) work() {
	for range 100 {
		idle := true
		for _, l := range f.lanes {
			if w := l.waits; w != nil && (w.After != f.head().Hash || !f.now().Before(l.until)) {
				l.waits = nil
				l.state.Apply(f.look(l, *w), f.now())
				idle = false
			}
			for _, a := range l.state.Next(f.now()) {
				if event := f.answer(l, a); event != nil {
					l.state.Apply(event, f.now())
					idle = false
				}
			}
		}
		if idle {
			return
		}
	}
}

// answer is what comes of an action, or nil if that has to wait for a block.
func (f *fakeLanes) answer(l *fakeLane, a lane.Action) lane.Event {
	switch a := a.(type) {
	case lane.Prepare:
		return f.prepare(l, a)
	case lane.Replace:
		if !l.signer {
			return lane.Failure{Action: a, Reason: lane.SignerDown}
		}
		return lane.Replaced{Intent: a.Intent.ID, Attempt: sign(fakeTx{Intent: a.Intent.ID, Nonce: a.Nonce, Cap: a.Cap, Tip: a.Tip, Blank: a.Blank}, a.Gas)}
	case lane.Broadcast:
		out := lane.Broadcasted{Head: f.head()}
		for _, raw := range a.Raw {
			tx := readFake(raw)
			if tx.Nonce >= uint64(len(l.mined)) {
				l.pool[tx.Nonce] = tx
			}
			out.Deliveries = append(out.Deliveries, lane.Delivery{Hash: tx.hash})
		}
		return out
	case lane.Observe:
		if a.After == f.head().Hash {
			l.waits, l.until = &a, f.now().Add(a.Wait)
			return nil
		}
		return f.look(l, a)
	case lane.Report:
		return lane.Reported{Intent: a.Receipt.Intent}
	case lane.Warn:
		return lane.Warned{Notice: a.Notice}
	case lane.Hand:
		for _, other := range f.lanes {
			if other.state.Config().ID() == a.To {
				other.state.Submit(a.Submission, f.now())
			}
		}
		return lane.Handed{Intent: a.Submission.Intent.ID}
	case lane.Publish:
		return f.publish(a)
	}
	return nil
}

func (f *fakeLanes) publish(p lane.Publish) lane.Event {
	if err := f.store.PublishLane(context.Background(), p); err != nil {
		return lane.Failure{Action: p, Reason: lane.RPCDown}
	}
	out := lane.Published{}
	for _, it := range p.Items {
		out.Intents = append(out.Intents, it.Intent)
	}
	for _, e := range p.Entries {
		out.Seq = e.Seq
	}
	return out
}

// Listings is as desk.Lanes says, and so are the other three.
func (f *fakeLanes) Listings(context.Context) (list []lane.Listing, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.silent != nil {
		silent := &desk.SilentError{Err: f.silent}
		for _, l := range f.lanes {
			silent.Lanes = append(silent.Lanes, l.state.Config().ID())
		}
		return nil, silent
	}
	for _, l := range f.lanes {
		list = append(list, l.state.List())
	}
	return list, nil
}

func (f *fakeLanes) lane(id string) (*fakeLane, error) {
	i := slices.IndexFunc(f.lanes, func(l *fakeLane) bool { return l.state.Config().ID() == id })
	if i < 0 {
		return nil, deal.Errorf(deal.NotFound, "no lane %s", id)
	}
	return f.lanes[i], f.silent
}

func (f *fakeLanes) Record(_ context.Context, id string, intent deal.Commitment) (lane.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, err := f.lane(id)
	if err != nil {
		return lane.Record{}, err
	}
	r, ok := l.state.Record(intent)
	if !ok {
		return r, deal.Errorf(deal.NotFound, "no intent %s", intent)
	}
	return r, nil
}

func (f *fakeLanes) Plan(_ context.Context, id string, c lane.Command) (lane.Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, err := f.lane(id)
	if err != nil {
		return lane.Answer{}, err
	}
	return l.state.Plan(c, f.now())
}

func (f *fakeLanes) Operate(_ context.Context, id string, c lane.Command) (lane.Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, err := f.lane(id)
	if err != nil {
		return lane.Answer{}, err
	}
	out, err := l.state.Operate(c, f.now())
	f.work()
	return out, err
}

var errNoWorker = deal.Errorf(deal.Lost, "no worker answers: %w", errors.New("timed out"))
