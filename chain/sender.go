package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"

	"cession/chain/lane"
	"cession/deal"
)

// TxSigner signs transactions of one account. A [*Wallet] is one.
type TxSigner interface {
	Address() deal.Address
	SignTx(tx *types.Transaction, chainID uint64) (*types.Transaction, error)
}

// Sender carries out the actions of one lane. It decides nothing and remembers
// nothing; it may be called twice with the same action. Errors are
// [*lane.Fault] where the cause is known; any other means no answer.
type Sender struct {
	client *Client
	ledger *Ledger
	signer TxSigner
	now    func() time.Time
	plain  atomic.Bool // the node takes no block overrides
}

// NewSender returns a sender of the signer's transactions in the ledger's market.
func NewSender(l *Ledger, s TxSigner) *Sender {
	return &Sender{client: l.client, ledger: l, signer: s, now: time.Now}
}

// Prepare simulates, estimates and signs; see [lane.Prepare]. An intent the
// node gives no verdict on is stalled and keeps no other from being signed.
func (s *Sender) Prepare(ctx context.Context, p lane.Prepare) (out lane.Prepared, err error) {
	if err := s.check(ctx, p.ChainID, p.From); err != nil {
		return out, err
	}
	if out.Mined, out.Pending, err = s.counts(ctx); err != nil {
		return out, err
	}
	if out.Fees, err = s.fees(ctx); err != nil {
		return out, err
	}
	nonce := p.Nonce
	if p.Start {
		nonce = out.Pending
	} else if out.Mined > p.Nonce || out.Pending < p.Lowest {
		return out, nil
	}
	for _, intent := range p.Intents {
		o, err := s.prepare(ctx, intent, nonce, out.Fees, p.Ceiling)
		if err != nil && len(out.Outcomes) == 0 {
			return out, fmt.Errorf("prepare %s: %w", intent.Call.Name(), err)
		}
		if err != nil {
			break
		}
		if o.Attempt != nil {
			nonce++
		}
		out.Outcomes = append(out.Outcomes, o)
	}
	return out, nil
}

// Replace signs again for a higher fee; see [lane.Replace].
func (s *Sender) Replace(ctx context.Context, r lane.Replace) (lane.Replaced, error) {
	if err := s.check(ctx, r.ChainID, r.From); err != nil {
		return lane.Replaced{}, err
	}
	to, data, err := Pack(r.Intent.Call, s.ledger.market)
	if err != nil {
		return lane.Replaced{}, err
	}
	a, err := s.sign(to, data, lane.Attempt{Nonce: r.Nonce, Gas: r.Gas, Tip: r.Tip, Cap: r.Cap})
	return lane.Replaced{Intent: r.Intent.ID, Attempt: a}, err
}

// check: signing for another chain or account than the lane's is never right.
func (s *Sender) check(ctx context.Context, chainID uint64, from deal.Address) error {
	if from != s.signer.Address() {
		return &lane.Fault{Reason: lane.SignerDown, Err: deal.Errorf(deal.Conflict, "signer of %s: want %s", s.signer.Address(), from)}
	}
	return s.client.requireChain(ctx, chainID)
}

func (s *Sender) counts(ctx context.Context) (mined, pending uint64, err error) {
	if mined, err = s.client.Nonce(ctx, s.signer.Address()); err != nil {
		return 0, 0, err
	}
	pending, err = s.client.PendingNonce(ctx, s.signer.Address())
	return mined, max(mined, pending), err
}

func (s *Sender) fees(ctx context.Context) (lane.Fees, error) {
	f, err := s.client.Fees(ctx)
	if err != nil {
		return lane.Fees{}, err
	}
	return lane.Fees{Base: clip(f.Base), Tip: clip(f.Tip)}, nil
}

// clip returns 2^64-1 for what is larger: 18 ether per gas.
func clip(x *big.Int) uint64 {
	if !x.IsUint64() {
		return ^uint64(0)
	}
	return x.Uint64()
}

// prepare gives the outcome of one intent. An error means that the node or the
// signer did not answer.
func (s *Sender) prepare(ctx context.Context, in deal.Intent, nonce uint64, f lane.Fees, ceiling uint64) (lane.Outcome, error) {
	o := lane.Outcome{Intent: in.ID}
	to, data, err := Pack(in.Call, s.ledger.market)
	if err != nil {
		o.Revert = "BadCall"
		return o, nil
	}
	gas, err := s.simulate(ctx, to, data)
	switch {
	case err != nil:
		return s.unsent(ctx, in, err)
	case gas > params.MaxTxGas:
		o.Refused = lane.GasOverTxCap
		return o, nil
	}
	tip, cap := lane.Price(f, ceiling)
	a, err := s.sign(to, data, lane.Attempt{Nonce: nonce, Gas: min(gas+gas/5, params.MaxTxGas), Tip: tip, Cap: cap})
	o.Attempt = &a
	return o, err
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
		o.Stalled = lane.RPCDown
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

// simulate estimates the gas of a call in a block of this second. The latest
// block's time will not do: where blocks are mined on demand it may be far in
// the past, and a refund after its deadline would seem too early.
func (s *Sender) simulate(ctx context.Context, to common.Address, data []byte) (uint64, error) {
	msg := ethereum.CallMsg{From: common.Address(s.signer.Address()), To: &to, Data: data}
	if s.plain.Load() {
		return s.client.Estimate(ctx, msg)
	}
	gas, err := s.client.estimateAt(ctx, msg, s.now())
	var answer *NodeError
	if err == nil || executionFailed(err) || !errors.As(err, &answer) {
		return gas, err
	}
	gas, plainErr := s.client.Estimate(ctx, msg)
	if plainErr == nil || executionFailed(plainErr) {
		s.plain.Store(true)
	}
	return gas, plainErr
}

// sign completes an attempt. The signer is not trusted to be the account it says it is.
func (s *Sender) sign(to common.Address, data []byte, a lane.Attempt) (lane.Attempt, error) {
	id := s.ledger.market.ChainID
	tx, err := s.signer.SignTx(types.NewTx(&types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(id), Nonce: a.Nonce, To: &to, Data: data, Gas: a.Gas,
		GasTipCap: new(big.Int).SetUint64(a.Tip), GasFeeCap: new(big.Int).SetUint64(a.Cap),
	}), id)
	if err != nil {
		return a, &lane.Fault{Reason: lane.SignerDown, Err: err}
	}
	from, err := types.Sender(types.LatestSignerForChainID(new(big.Int).SetUint64(id)), tx)
	if err != nil || from != common.Address(s.signer.Address()) {
		return a, &lane.Fault{Reason: lane.SignerDown, Err: deal.Errorf(deal.Refused, "signature is not of %s", s.signer.Address())}
	}
	raw, err := tx.MarshalBinary()
	if err != nil {
		return a, fmt.Errorf("encode transaction: %w", err)
	}
	a.Raw, a.Hash = raw, deal.Commitment(tx.Hash())
	return a, nil
}
