package chain

import (
	"bytes"
	"slices"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/deal"
)

// Reasons of a receipt whose transaction was mined without its effect.
const (
	ReasonReverted = "Reverted" // replay the call on the parent block to learn why
	ReasonNoEffect = "NoEffect" // the contract's event is not in the transaction
)

// effect is how a call shows in the log of the chain.
type effect struct {
	contract common.Address
	topics   []common.Hash   // event and indexed arguments
	data     []byte          // what the arguments that are not indexed begin with
	result   deal.Commitment // what the call made
}

// effectOf says which event a call emits, and with which arguments.
func effectOf(call deal.Call, m deal.Market) (effect, error) {
	c := contracts()
	switch {
	case call.Anchor != nil:
		return newEffect(m.Notary, c.notary.GetABI(), "Anchored", call.Anchor.Root, call.Anchor.Root), nil
	case call.Mint != nil:
		id, err := TokenID(call.Mint.Terms)
		return newEffect(m.Receivable, c.receivable.GetABI(), "Minted", id, id), err
	case call.Append != nil:
		e := newEffect(m.Receivable, c.receivable.GetABI(), "DocumentsAppended", call.Append.New, call.Append.Token)
		e.data = slices.Concat(call.Append.Old[:], call.Append.New[:])
		return e, nil
	case call.Payout != nil:
		return newEffect(m.Escrow, c.escrow.GetABI(), "Withdrawn", deal.Commitment{},
			wordOf(call.Payout.Currency), wordOf(call.Payout.Party)), nil
	}
	terms, ok := escrowTerms(call)
	if !ok {
		return effect{}, deal.Errorf(deal.Invalid, "a call wants exactly one member")
	}
	id, err := EscrowID(terms)
	return newEffect(m.Escrow, c.escrow.GetABI(), escrowEvent(call), id, id), err
}

func escrowEvent(call deal.Call) string {
	switch {
	case call.Open != nil:
		return "Opened"
	case call.Fund != nil:
		return "Funded"
	case call.Settle != nil:
		return "Settled"
	}
	return "Refunded"
}

func newEffect(contract deal.Address, a abi.ABI, event string, result deal.Commitment, indexed ...deal.Commitment) effect {
	e := effect{contract: common.Address(contract), topics: []common.Hash{a.Events[event].ID}, result: result}
	for _, arg := range indexed {
		e.topics = append(e.topics, common.Hash(arg))
	}
	return e
}

// wordOf pads an address as an indexed argument is.
func wordOf(a deal.Address) (c deal.Commitment) {
	copy(c[12:], a[:])
	return c
}

// matches reports whether the log is the effect; further topics and data do not
// matter.
func (e effect) matches(l *types.Log) bool {
	return l.Address == e.contract && !l.Removed && len(l.Topics) >= len(e.topics) &&
		slices.Equal(l.Topics[:len(e.topics)], e.topics) && bytes.HasPrefix(l.Data, e.data)
}

// Decode returns what a mined transaction did with the call, as the deal wants
// to know it; the intent is left to the caller. The block must be the
// receipt's (kind conflict otherwise). Result is the token id of a mint, the
// root of an anchor or of documents appended, the escrow's id for the escrow's calls, zero for a payout.
func Decode(call deal.Call, m deal.Market, r *types.Receipt, b Block) (deal.Receipt, error) {
	e, err := effectOf(call, m)
	if err != nil {
		return deal.Receipt{}, err
	}
	if r.BlockHash != b.Hash {
		return deal.Receipt{}, deal.Errorf(deal.Conflict, "the transaction is not in block %d of this chain", b.Number)
	}
	out := deal.Receipt{
		Call: call.Name(), Tx: deal.Commitment(r.TxHash),
		Block: b.Number, Time: b.Time, Gas: r.GasUsed,
	}
	if r.EffectiveGasPrice != nil && r.EffectiveGasPrice.IsUint64() {
		out.GasPrice = r.EffectiveGasPrice.Uint64()
	}
	if r.Status != types.ReceiptStatusSuccessful {
		out.Reason = ReasonReverted
		return out, nil
	}
	i := slices.IndexFunc(r.Logs, e.matches)
	if i < 0 {
		out.Reason = ReasonNoEffect
		return out, nil
	}
	out.OK, out.Result, out.LogIndex = true, e.result, uint64(r.Logs[i].Index)
	return out, nil
}
