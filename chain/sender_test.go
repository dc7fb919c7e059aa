package chain

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/core/types"

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
	b.state.Submit(in, now)
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
	return lane.Prepare{ChainID: b.ChainID, From: b.relayer.Address(), Start: true, Ceiling: 1 << 50,
		Intents: []deal.Intent{b.intent(call)}}
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

func TestLaneOnChain(t *testing.T) {
	b := newLaneBench(t)
	mint := b.mintCall(deal.NewID())
	first := b.run(mint)
	if token, _ := TokenID(mint.Mint.Terms); !first.OK || first.Result != token || first.Gas == 0 {
		t.Fatalf("mint: %+v", first)
	}
	again := b.run(mint)
	if !again.OK || again.Tx != first.Tx || again.Result != first.Result {
		t.Errorf("the same mint by another intent: %+v, want the first one's transaction", again)
	}
	terms := b.terms(deal.NewID(), first.Result, time.Now().Add(time.Hour), time.Now().Add(time.Hour))
	if r := b.run(deal.Call{Refund: &deal.EscrowEnd{Terms: terms}}); r.OK || r.Reason != "WOULD_REVERT/NotOpened" || !r.Tx.IsZero() {
		t.Errorf("a refund of nothing: %+v", r)
	}
	if r := b.run(b.anchorCall()); !r.OK || r.Block <= first.Block {
		t.Errorf("anchor: %+v", r)
	}
}

// TestSimulationClock: where no block was mined since the deadline, the latest
// block's time is no measure.
func TestSimulationClock(t *testing.T) {
	b := newLaneBench(t)
	id := deal.NewID()
	token := b.do(b.mintCall(id)).Result
	terms := b.terms(id, token, time.Now().Add(time.Hour), time.Now().Add(time.Hour))
	b.do(b.openCall(terms))
	refund := deal.Call{Refund: &deal.EscrowEnd{Terms: terms}}

	p, err := b.sender.Prepare(t.Context(), b.prepare(refund))
	if err != nil || len(p.Outcomes) != 1 || p.Outcomes[0].Revert != "TooEarly" {
		t.Errorf("before the deadline: %+v, %v", p, err)
	}
	b.sender.now = func() time.Time { return terms.SettleBy.Add(2 * time.Second) }
	b.prepared(refund)
}

// TestWithoutOverrides: an endpoint that refuses them is asked plainly, and the
// second time at once.
func TestWithoutOverrides(t *testing.T) {
	b := newLaneBench(t)
	b.proxy.Fail(func(method string, params []json.RawMessage) chaintest.Fault {
		if method == "eth_estimateGas" && len(params) > 2 {
			return b.proxy.Error(-32602, "too many arguments, want at most 2")
		}
		return nil
	})
	b.prepared(b.anchorCall())
	before := b.proxy.Count("eth_estimateGas")
	b.prepared(b.anchorCall())
	if n := b.proxy.Count("eth_estimateGas") - before; n != 1 {
		t.Errorf("%d estimates the second time, want 1", n)
	}
}

func TestPrepareRefusesNonces(t *testing.T) {
	b := newLaneBench(t)
	nonce, err := b.client.Nonce(t.Context(), b.relayer.Address())
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		nonce, lowest uint64
		signed        int
	}{
		"next":                      {nonce, nonce, 1},
		"used by somebody else":     {nonce - 1, nonce - 1, 0},
		"beyond what the chain has": {nonce + 1, nonce + 1, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := b.prepare(b.anchorCall())
			p.Start, p.Nonce, p.Lowest = false, test.nonce, test.lowest
			out, err := b.sender.Prepare(t.Context(), p)
			if err != nil || len(out.Outcomes) != test.signed || out.Mined != nonce || out.Pending != nonce {
				t.Errorf("%+v, %v; want %d signed at %d", out, err, test.signed, nonce)
			}
		})
	}
}

// TestOneVerdictEach: what is wrong with one call keeps no other from its nonce.
func TestOneVerdictEach(t *testing.T) {
	b := newLaneBench(t)
	estimates := 0
	b.proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
		if method == "eth_estimateGas" {
			estimates++
			switch estimates {
			case 1, 2: // with and without overrides
				return b.proxy.Error(-32000, "something odd")
			case 3:
				return b.proxy.Result("0x1000001")
			}
		}
		return nil
	})
	p := b.prepare(b.anchorCall())
	bad := deal.Call{Anchor: &deal.Anchor{}}
	p.Intents = append(p.Intents, b.intent(b.anchorCall()), b.intent(bad), b.intent(b.anchorCall()), b.intent(b.anchorCall()))
	out, err := b.sender.Prepare(t.Context(), p)
	if err != nil || len(out.Outcomes) != 5 {
		t.Fatalf("%+v, %v", out, err)
	}
	o := out.Outcomes
	if o[0].Stalled != lane.RPCDown || o[1].Refused != lane.GasOverTxCap || o[2].Revert != "BadCall" {
		t.Errorf("outcomes %+v", o[:3])
	}
	if o[3].Attempt == nil || o[4].Attempt == nil || o[3].Attempt.Nonce != out.Pending || o[4].Attempt.Nonce != out.Pending+1 {
		t.Errorf("attempts %+v, %+v, want two in a row from %d", o[3].Attempt, o[4].Attempt, out.Pending)
	}
}

// TestPrepareBreaksOff: the node dies in the middle. What was signed counts.
func TestPrepareBreaksOff(t *testing.T) {
	b := newLaneBench(t)
	estimates := 0
	b.proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
		if method == "eth_estimateGas" {
			if estimates++; estimates > 1 {
				return b.proxy.Down()
			}
		}
		return nil
	})
	p := b.prepare(b.anchorCall())
	p.Intents = append(p.Intents, b.intent(b.anchorCall()))
	if out, err := b.sender.Prepare(t.Context(), p); err != nil || len(out.Outcomes) != 1 {
		t.Errorf("%+v, %v; want one outcome", out, err)
	}
	if out, err := b.sender.Prepare(t.Context(), p); err == nil {
		t.Errorf("%+v from a dead node", out)
	}
}

func TestSenderFaults(t *testing.T) {
	b := newLaneBench(t)
	a := b.prepared(b.anchorCall())
	client := dial(t, b.proxy.URL, WithTries(1), WithTimeout(200*time.Millisecond))
	impatient := NewSender(NewLedger(client, b.Market), b.relayer)
	actions := map[string]func() error{
		"prepare": func() error { _, err := impatient.Prepare(t.Context(), b.prepare(b.anchorCall())); return err },
		"replace": func() error {
			_, err := impatient.Replace(t.Context(), lane.Replace{ChainID: b.ChainID, From: b.relayer.Address(), Intent: b.intent(b.anchorCall())})
			return err
		},
		"broadcast": func() error {
			_, err := impatient.Broadcast(t.Context(), lane.Broadcast{Raw: []deal.Bytes{a.Raw}})
			return err
		},
		"observe": func() error {
			_, err := impatient.Observe(t.Context(), lane.Observe{From: b.relayer.Address()})
			return err
		},
	}
	for fault, f := range map[string]chaintest.Fault{"down": b.proxy.Down(), "hangs": b.proxy.Hang()} {
		b.proxy.FailMethod("", f)
		for name, act := range actions {
			if act() == nil {
				t.Errorf("%s succeeds although the node %s", name, fault)
			}
		}
	}
}

// TestBroadcastReplyLost: the node has it, the answer is lost, the same bytes
// go out again.
func TestBroadcastReplyLost(t *testing.T) {
	b := newLaneBench(t)
	a := b.prepared(b.anchorCall())
	send := lane.Broadcast{Raw: []deal.Bytes{a.Raw}}
	b.proxy.FailMethod("eth_sendRawTransaction", b.proxy.LoseAnswer())
	if out, err := b.sender.Broadcast(t.Context(), send); deal.KindOf(err) != deal.Lost {
		t.Fatalf("%+v, %v; want kind lost", out, err)
	}
	b.proxy.Fail(nil)
	out, err := b.sender.Broadcast(t.Context(), send)
	if err != nil || len(out.Deliveries) != 1 || out.Deliveries[0] != (lane.Delivery{Hash: a.Hash}) {
		t.Errorf("again: %+v, %v", out, err)
	}
}

// TestBroadcastBreaksOff: what was delivered before the node died counts.
func TestBroadcastBreaksOff(t *testing.T) {
	b := newLaneBench(t)
	p := b.prepare(b.anchorCall())
	p.Intents = append(p.Intents, b.intent(b.anchorCall()))
	signed, err := b.sender.Prepare(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	b.proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
		if method == "eth_sendRawTransaction" {
			if sent++; sent > 1 {
				return b.proxy.Down()
			}
		}
		return nil
	})
	out, err := b.sender.Broadcast(t.Context(), lane.Broadcast{
		Raw: []deal.Bytes{signed.Outcomes[0].Attempt.Raw, signed.Outcomes[1].Attempt.Raw}})
	if err != nil || len(out.Deliveries) != 1 || out.Deliveries[0].Reason != "" {
		t.Errorf("%+v, %v; want one delivery", out, err)
	}
}

func TestRefusalReasons(t *testing.T) {
	b := newLaneBench(t)
	a := b.prepared(b.anchorCall())
	for message, want := range map[string]lane.Reason{
		"already known": "",
		"nonce too low: next nonce 9, tx nonce 3":                     lane.ForeignNonce,
		"replacement transaction underpriced":                         lane.ReplacementUnderpriced,
		"transaction underpriced: tip needed 2, tip permitted 1":      lane.TipBelowMin,
		"transaction gas price below minimum":                         lane.TipBelowMin,
		"max fee per gas less than block base fee":                    lane.FeeBelowBase,
		"insufficient funds for gas * price + value":                  lane.InsufficientFunds,
		"tx fee (2.00 ether) exceeds the configured cap (1.00 ether)": lane.RPCFeeCap,
		"intrinsic gas too low":                                       lane.GasTooLow,
		"exceeds block gas limit":                                     lane.GasOverTxCap,
		"nonce too high":                                              lane.NonceGap,
		"something new":                                               lane.RPCDown,
	} {
		b.proxy.FailMethod("eth_sendRawTransaction", b.proxy.Error(-32000, message))
		out, err := b.sender.Broadcast(t.Context(), lane.Broadcast{Raw: []deal.Bytes{a.Raw}})
		if err != nil || len(out.Deliveries) != 1 || out.Deliveries[0].Reason != want {
			t.Errorf("%q: %+v, %v; want %q", message, out.Deliveries, err, want)
		}
	}
}

// TestIndexing: a node that cannot say is not one that says no.
func TestIndexing(t *testing.T) {
	b := newLaneBench(t)
	for _, method := range []string{"eth_getTransactionReceipt", "eth_getTransactionByHash"} {
		b.proxy.FailMethod(method, b.proxy.Error(-32000, "transaction indexing is in progress"))
		o, err := b.sender.Observe(t.Context(), lane.Observe{From: b.relayer.Address(),
			Follow: []lane.Follow{{Hashes: []deal.Commitment{deal.NewSalt()}}}})
		if err != nil || !o.Indexing || len(o.Sightings) != 0 {
			t.Errorf("%s: %+v, %v", method, o, err)
		}
	}
}

func TestRevertedOnChain(t *testing.T) {
	b := newLaneBench(t)
	mint := b.mintCall(deal.NewID())
	first := b.blind(mint)
	if first.Mined == nil || !first.Mined.Receipt.OK {
		t.Fatalf("first: %+v", first)
	}
	second := b.blind(mint)
	if second.Mined == nil || !second.Mined.Receipt.OK || second.Mined.Tx == second.Mined.Receipt.Tx || second.Mined.Receipt.Tx != first.Hash {
		t.Errorf("a mint that reverts because it is done: %+v, want the first one's receipt", second.Mined)
	}
	terms := b.terms(deal.NewID(), first.Mined.Receipt.Result, time.Now().Add(time.Hour), time.Now().Add(time.Hour))
	refund := b.blind(deal.Call{Refund: &deal.EscrowEnd{Terms: terms}})
	if refund.Mined == nil || refund.Mined.Receipt.OK || refund.Mined.Receipt.Reason != "NotOpened" || refund.Mined.Receipt.Gas == 0 {
		t.Errorf("a refund of nothing: %+v", refund.Mined)
	}
}

func TestObserveWaits(t *testing.T) {
	b := newLaneBench(t)
	head, err := b.client.Block(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	look := lane.Observe{From: b.relayer.Address(), After: deal.Commitment(head.Hash), Wait: 10 * time.Millisecond}
	if o, err := b.sender.Observe(t.Context(), look); err != nil || o.Head.Number != head.Number {
		t.Errorf("in vain: %+v, %v", o, err)
	}
	asked := b.proxy.Count("eth_getBlockByNumber")
	look.Wait = time.Minute
	go func() {
		for b.proxy.Count("eth_getBlockByNumber") == asked && b.t.Context().Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		b.rpc("anvil_mine", 1)
	}()
	if o, err := b.sender.Observe(t.Context(), look); err != nil || o.Head.Number != head.Number+1 {
		t.Errorf("until a block: %+v, %v", o, err)
	}
}

// TestNotCanonical: a receipt whose block is not in the chain is none.
func TestNotCanonical(t *testing.T) {
	b := newLaneBench(t)
	call := b.anchorCall()
	a := b.prepared(call)
	if _, err := b.sender.Broadcast(t.Context(), lane.Broadcast{Raw: []deal.Bytes{a.Raw}}); err != nil {
		t.Fatal(err)
	}
	if x := b.sight(call, a.Hash); x.Mined == nil {
		t.Fatalf("sighting %+v", x)
	}
	block, err := b.client.Block(t.Context(), before(1))
	if err != nil {
		t.Fatal(err)
	}
	b.proxy.Fail(func(method string, params []json.RawMessage) chaintest.Fault {
		if method == "eth_getBlockByNumber" && string(params[0]) != `"latest"` {
			return b.proxy.Result(map[string]any{"number": "0x1", "hash": block.Hash, "parentHash": block.Parent, "timestamp": "0x1", "gasLimit": "0x1"})
		}
		return nil
	})
	if x := b.sight(call, a.Hash); x.Mined != nil || !x.Known {
		t.Errorf("sighting %+v, want known and not mined", x)
	}
}

// liar claims to sign for one account and uses the key of another.
type liar struct {
	*Wallet
	claim deal.Address
}

func (l liar) Address() deal.Address { return l.claim }

type mute struct{ *Wallet }

func (mute) SignTx(*types.Transaction, uint64) (*types.Transaction, error) {
	return nil, errors.New("locked")
}

func TestSignerDown(t *testing.T) {
	b := newLaneBench(t)
	for name, signer := range map[string]TxSigner{
		"another account": party(t, "somebody"),
		"another key":     liar{party(t, "somebody"), b.relayer.Address()},
		"no signature":    mute{b.relayer},
	} {
		s := NewSender(b.sender.ledger, signer)
		out, err := s.Prepare(t.Context(), b.prepare(b.anchorCall()))
		var f *lane.Fault
		if !errors.As(err, &f) || f.Reason != lane.SignerDown || len(out.Outcomes) != 0 {
			t.Errorf("%s: %+v, %v; want SIGNER_DOWN", name, out, err)
		}
	}
}

// TestBumpOnChain: a real pool takes what a bump makes of an attempt.
func TestBumpOnChain(t *testing.T) {
	b := newLaneBench(t)
	b.rpc("evm_setAutomine", false)
	call := b.anchorCall()
	a := b.prepared(call)
	tip, cap, _ := lane.Bump(*a, lane.Fees{}, 1<<60)
	r, err := b.sender.Replace(t.Context(), lane.Replace{ChainID: b.ChainID, From: b.relayer.Address(),
		Intent: b.intent(call), Nonce: a.Nonce, Gas: a.Gas, Tip: tip, Cap: cap})
	if err != nil {
		t.Fatal(err)
	}
	out, err := b.sender.Broadcast(t.Context(), lane.Broadcast{Raw: []deal.Bytes{a.Raw, r.Attempt.Raw, a.Raw}})
	if err != nil || len(out.Deliveries) != 3 || out.Deliveries[0].Reason != "" || out.Deliveries[1].Reason != "" {
		t.Fatalf("deliveries %+v, %v", out.Deliveries, err)
	}
	if why := out.Deliveries[2].Reason; why != lane.ReplacementUnderpriced {
		t.Errorf("the cheaper one again: %q, want %q", why, lane.ReplacementUnderpriced)
	}
	b.rpc("anvil_mine", 1)
	if x := b.sight(call, r.Attempt.Hash); x.Mined == nil || !x.Mined.Receipt.OK {
		t.Errorf("the bump: %+v", x)
	}
	if x := b.sight(call, a.Hash); x.Mined != nil {
		t.Errorf("the first: %+v", x)
	}
}
