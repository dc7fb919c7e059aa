package desk

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// The lanes of the tests, and a deal in them.
var (
	laneA = lane.Config{ChainID: 1337, Address: address(0xa)}.ID()
	laneB = lane.Config{ChainID: 1337, Address: address(0xb)}.ID()
)

const dealA = deal.ID("d-aaaaaaaaaaaaaaaaaaaa")

// fakeLanes are lanes in memory that keep the promises of [Lanes]. Hooks fail
// a command before it has its effect, or lose its answer afterwards.
type fakeLanes struct {
	mu      sync.Mutex
	lists   []*lane.Listing
	records map[keptRow]*lane.Record
	down    map[string]bool
	answers map[string]lane.Answer // by command
	done    []lane.Command         // carried out, in order
	before  func() error
	after   func() error
}

func newLanes() *fakeLanes {
	f := &fakeLanes{records: map[keptRow]*lane.Record{}, down: map[string]bool{}, answers: map[string]lane.Answer{}}
	for _, id := range []string{laneA, laneB} {
		l := unstarted(id)
		l.Version, l.Limits = 1, lane.Limits{PerGas: 300e9, PerIntent: 2e17, PerDay: 2e18}
		l.Fees = lane.Fees{Base: 10e9, Tip: 1e9, High: 2e9}
		f.lists = append(f.lists, &l)
	}
	return f
}

func (f *fakeLanes) list(id string) *lane.Listing {
	i := slices.IndexFunc(f.lists, func(l *lane.Listing) bool { return l.Lane == id })
	if i < 0 {
		return &lane.Listing{}
	}
	return f.lists[i]
}

// put gives a lane an intent with two attempts, the newer of which is tx.
func (f *fakeLanes) put(id string, it lane.Item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l := f.list(id)
	l.Items = append(l.Items, it)
	r := &lane.Record{Intent: deal.Intent{ID: it.Intent, Deal: it.Deal, Step: it.Step}, Status: it.Status, Version: it.Version,
		Submitted: it.Submitted, Changed: it.Changed, Reason: it.Reason}
	if it.Nonce != nil {
		first := it.Tx
		first[0] ^= 0xff
		for _, hash := range []deal.Commitment{first, it.Tx} {
			r.Attempts = append(r.Attempts, lane.Attempt{Raw: deal.Bytes("RAW-BYTES"), Hash: hash, Nonce: *it.Nonce, Gas: 100_000, Tip: 1e9, Cap: 20e9, Tried: true})
		}
	}
	f.records[keptRow{it.Intent, id}] = r
}

func (f *fakeLanes) Listings(ctx context.Context) (lists []lane.Listing, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var silent []string
	for _, l := range f.lists {
		if f.down[l.Lane] {
			silent = append(silent, l.Lane)
			continue
		}
		copied := *l
		copied.Items, copied.Pending = slices.Clone(l.Items), slices.Clone(l.Pending)
		lists = append(lists, copied)
	}
	if silent != nil {
		return lists, &SilentError{silent, errLost}
	}
	return lists, ctx.Err()
}

func (f *fakeLanes) Record(_ context.Context, id string, intent deal.Commitment) (lane.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down[id] {
		return lane.Record{}, errLost
	}
	if r := f.records[keptRow{intent, id}]; r != nil {
		return *r, nil
	}
	return lane.Record{}, deal.Errorf(deal.NotFound, "no such intent")
}

func (f *fakeLanes) Plan(_ context.Context, id string, c lane.Command) (lane.Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	version, err := f.check(id, c)
	return lane.Answer{ID: c.ID, Lane: id, Version: *version, Proposed: c.FourEyes, DryRun: true, Effects: []string{"planned"}}, err
}

func (f *fakeLanes) Operate(_ context.Context, id string, c lane.Command) (a lane.Answer, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := hook(f.before); err != nil || f.down[id] {
		return a, errors.Join(err, map[bool]error{true: errLost}[f.down[id]])
	}
	if a, ok := f.answers[c.ID]; ok {
		return a, hook(f.after)
	}
	version, err := f.check(id, c)
	if err != nil {
		return a, err
	}
	*version++
	a = lane.Answer{ID: c.ID, Lane: id, Version: *version, Proposed: c.FourEyes, Effects: []string{string(c.Verb)}}
	f.answers[c.ID] = a
	if l := f.list(id); c.FourEyes {
		l.Pending = append(l.Pending, c)
	} else {
		f.done = append(f.done, c)
	}
	return a, hook(f.after)
}

// check returns the version that the command is about, if it fits.
func (f *fakeLanes) check(id string, c lane.Command) (*uint64, error) {
	version := &f.list(id).Version
	if r := f.records[keptRow{c.Intent, id}]; r != nil {
		version = &r.Version
	}
	if *version != c.Version {
		return version, deal.Errorf(deal.Conflict, "it is at version %d", *version)
	}
	return version, nil
}

var noted = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// itemOf returns an item of an intent that was submitted n minutes after noted.
func itemOf(n uint64, status lane.Status) lane.Item {
	nonce := n
	it := lane.Item{
		Intent: counted("intent", n), Deal: dealA, Step: "escrow", Call: "escrow.fund", Version: 3, Status: status,
		Submitted: noted.Add(time.Duration(n) * time.Minute), Changed: noted.Add(time.Duration(n) * time.Minute),
		Nonce: &nonce, Tx: counted("tx", n), Attempts: 2,
	}
	switch status {
	case lane.Queued:
		it.Nonce, it.Tx, it.Attempts = nil, deal.Commitment{}, 0
	case lane.Final, lane.Failed:
		it.Fee = n * 1e9
		it.Receipt = &deal.Receipt{Intent: it.Intent, Call: it.Call, OK: status == lane.Final, Tx: it.Tx, Gas: n}
	}
	return it
}

func stuckItem(n uint64) lane.Item {
	it := itemOf(n, lane.Sent)
	it.Stuck, it.Reason = true, lane.FeeCeiling
	return it
}

func publishItems(t *testing.T, s *Store, id string, items ...lane.Item) {
	t.Helper()
	if err := s.PublishLane(t.Context(), lane.Publish{Lane: id, Items: items}); err != nil {
		t.Fatal(err)
	}
}

// laneHarness is a desk with lanes, whose gate allows everything but give-up,
// and wants four eyes for limits.
type laneHarness struct {
	*harness
	lanes *fakeLanes

	mu    sync.Mutex
	asked []Operation // of the gate; guarded by mu
}

func newLaneHarness(t *testing.T) *laneHarness {
	h := &laneHarness{lanes: newLanes()}
	h.harness = newHarness(t, func(c *Config) {
		c.Lanes, c.Operate = h.lanes, h.gate
	})
	h.tokens["second"] = h.token(Caller{Operator: true, Subject: "second"})
	return h
}

func (h *laneHarness) gate(_ context.Context, op Operation) (Judgment, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, op)
	d := figures(deal.Commitment{}, op.Verb != lane.GiveUp, "gate")
	if op.Verb == lane.Edit {
		d.Obligations = []string{fourEyes}
	}
	return Judgment{Decision: d}, nil
}

func (h *laneHarness) questions() []Operation {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.asked)
}
