package chain

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/params"

	"cession/chain/lane"
	"cession/deal"
)

// Prepare simulates, estimates and signs; see [lane.Prepare]. An intent the
// node gives no verdict on, or whose gas may cost more than is allowed, is
// stalled and keeps no other from being signed.
//
// All reads go to one endpoint. The outcomes that end an intent, and counts
// that move the lane's nonces, are as many endpoints' as the quorum wants.
func (s *Sender) Prepare(ctx context.Context, p lane.Prepare) (lane.Prepared, error) {
	if err := s.check(ctx, p.ChainID, p.From); err != nil {
		return lane.Prepared{}, err
	}
	return inOneView(ctx, s.client, func(ctx context.Context) (lane.Prepared, error) { return s.prepareAll(ctx, p) })
}

func (s *Sender) prepareAll(ctx context.Context, p lane.Prepare) (out lane.Prepared, err error) {
	if out.Mined, out.Pending, err = s.counts(ctx); err != nil {
		return out, err
	}
	if out.Fees, err = s.client.prices(ctx); err != nil {
		return out, err
	}
	astray := !p.Start && (out.Mined > p.Nonce || out.Pending < p.Lowest)
	if p.Start || astray {
		if err := s.confirmCounts(ctx, p, out); err != nil || astray {
			return out, err
		}
	}
	nonce, budget := p.Nonce, p.Budget
	if p.Start {
		nonce = out.Pending
	}
	for _, job := range p.Jobs {
		o, err := s.prepare(ctx, job, nonce, out.Fees, budget)
		if err != nil && len(out.Outcomes) == 0 {
			return out, fmt.Errorf("prepare %s: %w", job.Intent.Call.Name(), err)
		}
		if err != nil {
			break
		}
		if a := o.Attempt; a != nil {
			nonce++
			budget -= cost(a.Gas, a.Cap)
		}
		out.Outcomes = append(out.Outcomes, o)
	}
	return out, nil
}

func (s *Sender) counts(ctx context.Context) (mined, pending uint64, err error) {
	if mined, err = s.client.Nonce(ctx, s.signer.Address()); err != nil {
		return 0, 0, err
	}
	pending, err = s.client.PendingNonce(ctx, s.signer.Address())
	return mined, max(mined, pending), err
}

// confirmCounts asks whether others also say where the nonces start, or that
// the key was used elsewhere, or that the chain rewound.
func (s *Sender) confirmCounts(ctx context.Context, p lane.Prepare, out lane.Prepared) error {
	err := s.client.confirm(ctx, func(ctx context.Context) (bool, error) {
		mined, pending, err := s.counts(ctx)
		if p.Start {
			return pending == out.Pending, err
		}
		return (mined > p.Nonce) == (out.Mined > p.Nonce) && (pending < p.Lowest) == (out.Pending < p.Lowest), err
	})
	if err != nil {
		return fmt.Errorf("confirm nonce: %w", err)
	}
	return nil
}

// prepare gives the outcome of one intent. An error means that the node or the
// signer did not answer.
func (s *Sender) prepare(ctx context.Context, j lane.Job, nonce uint64, f lane.Fees, budget uint64) (lane.Outcome, error) {
	o := lane.Outcome{Intent: j.Intent.ID}
	to, data, err := Pack(j.Intent.Call, s.ledger.market)
	if err != nil {
		o.Revert = "BadCall"
		return o, nil
	}
	gas, verdict, err := s.judge(ctx, j, to, data)
	if err == nil && verdict != nil && verdict.Stalled == "" {
		err = s.client.confirm(ctx, func(ctx context.Context) (bool, error) {
			_, other, err := s.judge(ctx, j, to, data)
			return sameVerdict(verdict, other), err
		})
		if err != nil {
			o.Stalled = lane.RPCDown
			return o, nil
		}
	}
	if err != nil || verdict != nil {
		if verdict != nil {
			o = *verdict
		}
		return o, err
	}
	gas = min(gas+gas/5+newSlot, params.MaxTxGas)
	tip, cap := lane.Price(f, j.Urgency, j.PerGas)
	if price := cost(gas, cap); cap < f.Base || price > j.PerIntent || price > budget {
		o.Stalled = lane.FeeCeiling
		return o, nil
	}
	a, err := s.sign(ctx, to, data, lane.Attempt{Nonce: nonce, Gas: gas, Tip: tip, Cap: cap})
	o.Attempt = &a
	return o, err
}

// newSlot is what a storage slot costs more when it is new than when it is not
// (EIP-2929). A reorganization may make it new again after the estimate: a fifth
// of a mint's gas is less than that.
const newSlot = params.SstoreSetGasEIP2200 - (params.SstoreResetGasEIP2200 - params.ColdSloadCostEIP2929)

// cost returns gas times price in wei, at most 2^64-1.
func cost(gas, price uint64) uint64 {
	high, low := bits.Mul64(gas, price)
	if high != 0 {
		return ^uint64(0)
	}
	return low
}

func sameVerdict(a, b *lane.Outcome) bool {
	switch {
	case b == nil:
		return false
	case a.Done != nil:
		return b.Done != nil && b.Done.OK == a.Done.OK && b.Done.Tx == a.Done.Tx
	}
	return b.Done == nil && a.Revert == b.Revert && a.Refused == b.Refused
}

// judge simulates a call. An anchor that was broadcast before is looked for
// first: it would not revert the second time, as every other call does.
func (s *Sender) judge(ctx context.Context, j lane.Job, to common.Address, data []byte) (uint64, *lane.Outcome, error) {
	if j.Again && j.Intent.Call.Anchor != nil {
		if o, err := s.before(ctx, j.Intent); o != nil || err != nil {
			return 0, o, err
		}
	}
	return s.simulate(ctx, j.Intent, to, data)
}

// before returns the outcome of a call that happened already, or nil. If the
// node has its event and denies its transaction, that is not decided yet.
func (s *Sender) before(ctx context.Context, in deal.Intent) (*lane.Outcome, error) {
	var answer *NodeError
	r, ok, err := s.ledger.Find(ctx, in.Call)
	traced := false
	if err == nil && !ok {
		traced, err = s.ledger.traced(ctx, in.Call)
	}
	switch {
	case errors.As(err, &answer):
		return &lane.Outcome{Intent: in.ID, Stalled: lane.RPCDown}, nil
	case err != nil:
		return nil, err
	case ok:
		return &lane.Outcome{Intent: in.ID, Done: &r}, nil
	case traced:
		return &lane.Outcome{Intent: in.ID, Stalled: lane.NodeIndexing}, nil
	}
	return nil, nil
}

// simulate returns the gas of the call, or what its failure means for the intent.
func (s *Sender) simulate(ctx context.Context, in deal.Intent, to common.Address, data []byte) (uint64, *lane.Outcome, error) {
	gas, err := s.estimate(ctx, to, data)
	if err == nil && gas <= params.MaxTxGas {
		return gas, nil, nil
	}
	o := lane.Outcome{Intent: in.ID, Refused: lane.GasOverTxCap}
	if err != nil {
		o, err = s.unsent(ctx, in, err)
	}
	return 0, &o, err
}

// unsent says what a failed simulation means for the intent.
func (s *Sender) unsent(ctx context.Context, in deal.Intent, failure error) (lane.Outcome, error) {
	o := lane.Outcome{Intent: in.ID}
	var revert *Revert
	var answer *NodeError
	switch {
	case errors.As(failure, &revert) && AlreadyDone(in.Call, revert.Name):
		done, err := s.done(ctx, in.Call)
		o.Done = &done
		return o, err
	case errors.As(failure, &revert):
		o.Revert = revert.Name
	case executionFailed(failure):
		o.Revert = ReasonReverted
	case !errors.As(failure, &answer):
		return o, failure
	case strings.Contains(answer.Message, "gas required exceeds"):
		o.Refused = lane.GasOverTxCap
	default:
		o.Stalled, _ = reasonOf(answer)
	}
	return o, nil
}

// done returns the receipt of whoever had the call's effect; if the node does
// not find it, only what the effect was.
func (s *Sender) done(ctx context.Context, call deal.Call) (deal.Receipt, error) {
	r, ok, err := s.ledger.Find(ctx, call)
	var answer *NodeError
	if err != nil && !errors.As(err, &answer) {
		return deal.Receipt{}, err
	}
	if ok {
		return r, nil
	}
	e, err := effectOf(call, s.ledger.market)
	return deal.Receipt{OK: true, Result: e.result}, err
}

// estimate returns the gas of a call in a block of this second. The latest
// block's time will not do: where blocks are mined on demand it may be far in
// the past, and a refund after its deadline would seem too early.
func (s *Sender) estimate(ctx context.Context, to common.Address, data []byte) (uint64, error) {
	msg := ethereum.CallMsg{From: common.Address(s.signer.Address()), To: &to, Data: data}
	e := s.client.endpoint(ctx)
	if e.plain.Load() {
		return s.client.Estimate(ctx, msg)
	}
	gas, err := s.client.estimateAt(ctx, msg, s.now())
	var answer *NodeError
	if err == nil || executionFailed(err) || !errors.As(err, &answer) {
		return gas, err
	}
	gas, plainErr := s.client.Estimate(ctx, msg)
	if plainErr == nil || executionFailed(plainErr) {
		e.plain.Store(true)
	}
	return gas, plainErr
}
