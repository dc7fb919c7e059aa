package lanetest

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain"
	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
)

// rig is one lane of its own account, its sender, and between sender and node a
// network that fails on request.
type rig struct {
	*testing.T
	*world
	net      *chaintest.Proxy
	signer   *signer
	sender   *chain.Sender
	state    *lane.State
	now      time.Time
	told     map[deal.Commitment]deal.Receipt
	notices  []deal.Notice
	handed   []lane.Hand
	others   map[string]*rig // by id of the lane: where it hands to
	commands int
	pace     time.Duration // of the lane's clock, per round
}

// signer signs with the account's key unless it is down.
type signer struct {
	account
	down bool
}

// SignTx signs for one chain.
func (s *signer) SignTx(ctx context.Context, tx *types.Transaction, chainID uint64) (*types.Transaction, error) {
	if s.down {
		return nil, errors.New("locked")
	}
	return s.account.SignTx(ctx, tx, chainID)
}

// newRig makes a lane; its account has an ether, unless the options say otherwise.
func (w *world) newRig(t *testing.T, opts ...func(*lane.Config)) *rig {
	t.Helper()
	r := w.poorRig(t, opts...)
	w.pay(t, r.signer.Address(), ether(1))
	return r
}

// poorRig makes a lane whose account has nothing.
func (w *world) poorRig(t *testing.T, opts ...func(*lane.Config)) *rig {
	t.Helper()
	r := &rig{T: t, world: w, net: chaintest.NewProxy(t, w.node.URL), told: map[deal.Commitment]deal.Receipt{},
		signer: &signer{account: newAccount(string(deal.NewID()))}, pace: time.Second, now: time.Now().UTC(), others: map[string]*rig{}}
	if w.node.Seals {
		r.pace /= 5 // or fees would rise before a block can be made
	}
	client, err := chain.Dial(t.Context(), r.net.URL, chain.WithTries(1), chain.WithTimeout(callTimeout))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	r.sender = chain.NewSender(chain.NewLedger(client, w.market), r.signer)
	cfg := lane.Config{ChainID: w.market.ChainID, Address: r.signer.Address()}
	for _, o := range opts {
		o(&cfg)
	}
	r.state = lane.New(lane.Input{Config: cfg})
	return r
}

// callTimeout is how long a node behind the failing network has for one answer.
const callTimeout = 2 * time.Second

// submit has the lane take calls of a deal each.
func (r *rig) submit(calls ...deal.Call) (out []deal.Intent) {
	r.Helper()
	for _, call := range calls {
		in := deal.NewIntent(deal.NewID(), "step", deal.NewSalt(), call, "deal")
		r.take(in)
		out = append(out, in)
	}
	return out
}

func (r *rig) take(in deal.Intent) {
	r.Helper()
	s := lane.Submission{Intent: in}
	if err := r.state.Check(s); err != nil {
		r.Fatal(err)
	}
	r.state.Submit(s, r.now)
}

// anchors returns calls of one effect each.
func (r *rig) anchors(n int) (out []deal.Call) {
	for i := range n {
		out = append(out, anchor(fmt.Sprintf("%s %s %d", r.Name(), r.signer.Address(), i)))
	}
	return out
}

// mint returns a call that is taken once.
func (r *rig) mint() deal.Call {
	r.Helper()
	call, err := r.world.mint(r.Name() + r.signer.Address().String())
	if err != nil {
		r.Fatal(err)
	}
	return call
}

// round does what is to be done now, and lets a second pass.
func (r *rig) round() {
	for _, a := range r.state.Next(r.now) {
		r.state.Apply(r.act(a), r.now)
	}
	r.now = r.now.Add(r.pace)
}

// until goes on round by round, for ten minutes of the lane or until the node
// had its time.
func (r *rig) until(what string, done func() bool) {
	r.Helper()
	late := r.now.Add(10 * time.Minute)
	for end := time.Now().Add(patience); !done(); r.round() {
		if r.now.After(late) || time.Now().After(end) || r.Context().Err() != nil {
			r.Fatalf("not %s: %s%s", what, r.state.Headline(), r.open())
		}
		if r.node.Seals {
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// rounds lets some seconds of the lane pass.
func (r *rig) rounds(n int) {
	for range n {
		r.round()
	}
}

func (r *rig) open() string {
	var b strings.Builder
	for _, x := range r.state.Open {
		fmt.Fprintf(&b, "\n%s %s %q %s hold %q, %d attempts", x.Intent.Call.Name(), x.Status, x.Reason, x.Detail, x.Hold, len(x.Attempts))
	}
	return b.String()
}

// act has an action take effect.
func (r *rig) act(a lane.Action) lane.Event {
	if e, ok := onChain(r.sender, a); ok {
		return e
	}
	switch a := a.(type) {
	case lane.Report:
		if old, ok := r.told[a.Receipt.Intent]; ok && old != a.Receipt {
			r.Errorf("outcome changed from %+v to %+v", old, a.Receipt)
		}
		r.told[a.Receipt.Intent] = a.Receipt
		return lane.Reported{Intent: a.Receipt.Intent}
	case lane.Warn:
		r.notices = append(r.notices, a.Notice)
		return lane.Warned{Notice: a.Notice}
	case lane.Hand:
		return r.hand(a)
	case lane.Publish:
		done := lane.Published{}
		for _, it := range a.Items {
			done.Intents = append(done.Intents, it.Intent)
		}
		for _, e := range a.Entries {
			done.Seq = e.Seq
		}
		return done
	}
	r.Fatalf("no such action %T", a)
	return nil
}

func (r *rig) hand(h lane.Hand) lane.Event {
	r.handed = append(r.handed, h)
	other := r.others[h.To]
	if other == nil {
		return lane.Failure{Action: h, Reason: lane.RPCDown}
	}
	other.state.Submit(h.Submission, other.now)
	return lane.Handed{Intent: h.Submission.Intent.ID}
}

// foreign sends a call with the lane's own key, past the lane.
func (r *rig) foreign(call deal.Call) deal.Commitment {
	r.Helper()
	return r.send(r.T, r.signer.account, call)
}

// pay gives ether to an account.
func (w *world) pay(t testing.TB, to deal.Address, wei *big.Int) {
	t.Helper()
	if err := w.give(to, wei); err != nil {
		t.Fatal(err)
	}
}

// siblings makes two lanes that hand on to each other what they cannot send.
func (w *world) siblings(t *testing.T) (a, b *rig) {
	t.Helper()
	b = w.newRig(t)
	a = w.newRig(t, func(c *lane.Config) {
		c.Siblings, c.HandAfter = []string{b.state.Config().ID()}, 5*time.Second
	})
	return a, b
}
