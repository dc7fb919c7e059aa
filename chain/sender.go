package chain

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"

	"cession/chain/lane"
	"cession/deal"
)

// Sender carries out the actions of one lane. It decides nothing and remembers
// nothing; it may be called twice with the same action. Errors are
// [*lane.Fault] where the cause is known; any other means no answer, or too few
// endpoints that say the same ([WithQuorum]).
type Sender struct {
	client *Client
	ledger *Ledger
	signer TxSigner
	now    func() time.Time
}

// NewSender returns a sender of the signer's transactions in the ledger's market.
func NewSender(l *Ledger, s TxSigner) *Sender {
	return &Sender{client: l.client, ledger: l, signer: s, now: time.Now}
}

// Replace signs for a nonce again; see [lane.Replace].
func (s *Sender) Replace(ctx context.Context, r lane.Replace) (lane.Replaced, error) {
	out := lane.Replaced{Intent: r.Intent.ID}
	if err := s.check(ctx, r.ChainID, r.From); err != nil {
		return out, err
	}
	a := lane.Attempt{Nonce: r.Nonce, Gas: r.Gas, Tip: r.Tip, Cap: r.Cap, Blank: r.Blank}
	to, data := common.Address(s.signer.Address()), []byte(nil)
	var err error
	if r.Blank {
		a.Gas = params.TxGas
	} else if to, data, err = Pack(r.Intent.Call, s.ledger.market); err != nil {
		return out, err
	}
	out.Attempt, err = s.sign(ctx, to, data, a)
	return out, err
}

// check: signing for another chain or account than the lane's is never right.
func (s *Sender) check(ctx context.Context, chainID uint64, from deal.Address) error {
	if from != s.signer.Address() {
		return &lane.Fault{Reason: lane.SignerDown, Err: deal.Errorf(deal.Conflict, "signer of %s: want %s", s.signer.Address(), from)}
	}
	if want := s.ledger.market.ChainID; chainID != want {
		return deal.Errorf(deal.Conflict, "action for chain %d: the market is on chain %d", chainID, want)
	}
	return s.client.requireChain(ctx, chainID)
}

// sign completes an attempt. The signer is not trusted to be the account it says it is.
func (s *Sender) sign(ctx context.Context, to common.Address, data []byte, a lane.Attempt) (lane.Attempt, error) {
	id := s.ledger.market.ChainID
	want := types.NewTx(&types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(id), Nonce: a.Nonce, To: &to, Data: data, Gas: a.Gas,
		GasTipCap: new(big.Int).SetUint64(a.Tip), GasFeeCap: new(big.Int).SetUint64(a.Cap),
	})
	tx, err := s.signer.SignTx(ctx, want, id)
	if err == nil {
		err = checkSigned(tx, want, id, s.signer.Address())
	}
	if err != nil {
		return a, &lane.Fault{Reason: lane.SignerDown, Err: err}
	}
	raw, err := tx.MarshalBinary()
	if err != nil {
		return a, fmt.Errorf("encode transaction: %w", err)
	}
	a.Raw, a.Hash = raw, deal.Commitment(tx.Hash())
	return a, nil
}
