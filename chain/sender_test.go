package chain

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
)

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
	p.Jobs = append(p.Jobs, b.job(b.anchorCall()), b.job(bad), b.job(b.anchorCall()), b.job(b.anchorCall()))
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
	p.Jobs = append(p.Jobs, b.job(b.anchorCall()))
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

// liar claims to sign for one account and uses the key of another.
type liar struct {
	*Wallet
	claim deal.Address
}

func (l liar) Address() deal.Address { return l.claim }

type mute struct{ *Wallet }

func (mute) SignTx(context.Context, *types.Transaction, uint64) (*types.Transaction, error) {
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
