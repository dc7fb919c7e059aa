package chain

import (
	"context"
	"errors"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain/lane"
	"cession/deal"
)

// TestLimits: what may cost more than allowed is not signed, says why, and
// takes no nonce from what is behind it.
func TestLimits(t *testing.T) {
	b := newLaneBench(t)
	a := b.prepared(b.anchorCall())
	one := a.Gas * a.Cap
	const signed = lane.Reason("")
	for name, tt := range map[string]struct {
		change func(*lane.Prepare)
		want   [3]lane.Reason
	}{
		"all within":        {func(*lane.Prepare) {}, [3]lane.Reason{signed, signed, signed}},
		"one too dear":      {func(p *lane.Prepare) { p.Jobs[1].PerIntent = one / 2 }, [3]lane.Reason{signed, lane.FeeCeiling, signed}},
		"budget for two":    {func(p *lane.Prepare) { p.Budget = 2*one + one/2 }, [3]lane.Reason{signed, signed, lane.FeeCeiling}},
		"no budget":         {func(p *lane.Prepare) { p.Budget = 0 }, [3]lane.Reason{lane.FeeCeiling, lane.FeeCeiling, lane.FeeCeiling}},
		"under base fee":    {func(p *lane.Prepare) { p.Jobs[0].PerGas = 1 }, [3]lane.Reason{lane.FeeCeiling, signed, signed}},
		"nothing allowed":   {func(p *lane.Prepare) { p.Jobs[2].PerGas = 0 }, [3]lane.Reason{signed, signed, lane.FeeCeiling}},
		"room for a growth": {func(p *lane.Prepare) { p.Jobs[0].Urgency = lane.High; p.Budget = 3 * one }, [3]lane.Reason{signed, signed, lane.FeeCeiling}},
	} {
		t.Run(name, func(t *testing.T) {
			p := b.prepare(b.anchorCall())
			p.Jobs = append(p.Jobs, b.job(b.anchorCall()), b.job(b.anchorCall()))
			tt.change(&p)
			out, err := b.sender.Prepare(t.Context(), p)
			if err != nil || len(out.Outcomes) != 3 {
				t.Fatalf("%+v, %v", out, err)
			}
			next := out.Pending
			for i, o := range out.Outcomes {
				if o.Stalled != tt.want[i] || (o.Attempt != nil) != (tt.want[i] == signed) {
					t.Errorf("outcome %d: %+v, want %q", i, o, tt.want[i])
				}
				if o.Attempt != nil && o.Attempt.Nonce != next {
					t.Errorf("outcome %d: nonce %d, want %d", i, o.Attempt.Nonce, next)
				}
				if o.Attempt != nil {
					next++
				}
			}
		})
	}
	if cost(1<<40, 1<<40) != ^uint64(0) {
		t.Error("a cost beyond 64 bits wraps around")
	}
}

// TestBlank: a transaction of nothing takes the place of a call in a real pool,
// and shows as what it is.
func TestBlank(t *testing.T) {
	b := newLaneBench(t)
	b.rpc("evm_setAutomine", false)
	call := b.anchorCall()
	a := b.prepared(call)
	tip, cap, _ := lane.Bump(*a, lane.Fees{}, lane.Normal, 1<<60)
	r, err := b.sender.Replace(t.Context(), lane.Replace{ChainID: b.ChainID, From: b.relayer.Address(),
		Intent: b.intent(call), Nonce: a.Nonce, Gas: a.Gas, Tip: tip, Cap: cap, Blank: true})
	if err != nil || !r.Attempt.Blank || r.Attempt.Gas != 21_000 {
		t.Fatalf("%+v, %v", r, err)
	}
	var tx types.Transaction
	if err := tx.UnmarshalBinary(r.Attempt.Raw); err != nil || deal.Address(*tx.To()) != b.relayer.Address() || tx.Value().Sign() != 0 || len(tx.Data()) != 0 {
		t.Errorf("not a transaction of nothing to oneself: to %s, value %s, %d bytes, %v", tx.To(), tx.Value(), len(tx.Data()), err)
	}
	out, err := b.sender.Broadcast(t.Context(), lane.Broadcast{Raw: []deal.Bytes{a.Raw, r.Attempt.Raw}})
	if err != nil || len(out.Deliveries) != 2 || out.Deliveries[1].Reason != "" {
		t.Fatalf("%+v, %v", out, err)
	}
	b.rpc("anvil_mine", 1)
	if x := b.sight(call, r.Attempt.Hash); x.Mined == nil || x.Mined.Receipt.OK || x.Mined.Receipt.Reason != ReasonNoEffect || x.Mined.Receipt.Gas != 21_000 {
		t.Errorf("the blank: %+v", x.Mined)
	}
	if x := b.sight(call, a.Hash); x.Mined != nil {
		t.Errorf("the call: %+v", x)
	}
}

// TestAdopted: a transaction that the lane did not sign counts by its effect
// alone. One that reverted is nobody's reason to look for the effect elsewhere.
func TestAdopted(t *testing.T) {
	b := newLaneBench(t)
	mint := b.mintCall(deal.NewID())
	done := b.do(mint)
	other := b.do(b.anchorCall())
	reverted := b.blind(mint) // the relayer's own, of the same call
	stranger := NewSender(b.sender.ledger, liar{b.relayer, party(t, "stranger").Address()})
	look := func(s *Sender, call deal.Call, hash deal.Commitment) *lane.Inclusion {
		t.Helper()
		x, err := s.sight(t.Context(), call, hash)
		if err != nil || x.Mined == nil {
			t.Fatalf("%+v, %v", x, err)
		}
		return x.Mined
	}
	if in := look(stranger, mint, done.Tx); !in.Receipt.OK || in.Receipt.Result != done.Result {
		t.Errorf("it had the effect: %+v", in)
	}
	if in := look(stranger, mint, other.Tx); in.Receipt.OK || in.Receipt.Reason != ReasonNoEffect {
		t.Errorf("it had another effect: %+v", in)
	}
	if in := look(stranger, mint, reverted.Hash); in.Receipt.OK || in.Receipt.Reason != ReasonReverted {
		t.Errorf("it reverted: %+v", in)
	}
	if in := look(b.sender, mint, reverted.Hash); !in.Receipt.OK || in.Receipt.Tx != done.Tx {
		t.Errorf("the signer's own reverted because it was done: %+v", in)
	}
}

// TestSenders: each action goes to the signer of its account.
func TestSenders(t *testing.T) {
	b := newLaneBench(t)
	second := party(t, "second")
	b.rpc("anvil_setBalance", second.Address().String(), "0xde0b6b3a7640000")
	s := NewSenders(b.sender.ledger, b.relayer, second)
	for _, w := range []*Wallet{b.relayer, second} {
		p := b.prepare(b.anchorCall())
		p.From = w.Address()
		out, err := s.Prepare(t.Context(), p)
		if err != nil || len(out.Outcomes) != 1 || out.Outcomes[0].Attempt == nil {
			t.Fatalf("%+v, %v", out, err)
		}
		raw := out.Outcomes[0].Attempt.Raw
		if _, err := s.Broadcast(t.Context(), lane.Broadcast{From: w.Address(), Raw: []deal.Bytes{raw}}); err != nil {
			t.Fatal(err)
		}
		o, err := s.Observe(t.Context(), lane.Observe{From: w.Address(), Follow: []lane.Follow{{Hashes: []deal.Commitment{Keccak(raw)}}}})
		if err != nil || len(o.Sightings) != 1 || o.Sightings[0].Mined == nil {
			t.Errorf("%+v, %v", o, err)
		}
	}
	nobody := deal.Address{9}
	for name, act := range map[string]func() error{
		"prepare":   func() error { _, err := s.Prepare(t.Context(), lane.Prepare{From: nobody}); return err },
		"replace":   func() error { _, err := s.Replace(t.Context(), lane.Replace{From: nobody}); return err },
		"broadcast": func() error { _, err := s.Broadcast(t.Context(), lane.Broadcast{From: nobody}); return err },
		"observe":   func() error { _, err := s.Observe(t.Context(), lane.Observe{From: nobody}); return err },
	} {
		var f *lane.Fault
		if err := act(); !errors.As(err, &f) || f.Reason != lane.SignerDown {
			t.Errorf("%s: %v, want SIGNER_DOWN", name, err)
		}
	}
}

// swapped signs another transaction than it was given.
type swapped struct{ *Wallet }

func (s swapped) SignTx(ctx context.Context, _ *types.Transaction, chainID uint64) (*types.Transaction, error) {
	return s.Wallet.SignTx(ctx, unsigned(99), chainID)
}

func TestSignerSwapsTransaction(t *testing.T) {
	b := newLaneBench(t)
	out, err := NewSender(b.sender.ledger, swapped{b.relayer}).Prepare(t.Context(), b.prepare(b.anchorCall()))
	var f *lane.Fault
	if !errors.As(err, &f) || f.Reason != lane.SignerDown || len(out.Outcomes) != 0 {
		t.Errorf("%+v, %v; want SIGNER_DOWN", out, err)
	}
}
