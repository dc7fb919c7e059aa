package chain

import (
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"cession/chain/bind"
	"cession/deal"
)

// Pack returns the contract a call goes to and the data it is called with.
// Errors are of kind invalid: a value that does not fit the contract's type.
func Pack(call deal.Call, m deal.Market) (to common.Address, data []byte, err error) {
	c := contracts()
	switch {
	case call.Anchor != nil:
		to = common.Address(m.Notary)
		data, err = packAnchor(c.notary, *call.Anchor)
	case call.Mint != nil:
		to = common.Address(m.Receivable)
		data, err = packMint(c.receivable, *call.Mint)
	case call.Append != nil:
		to = common.Address(m.Receivable)
		data, err = packAppend(c.receivable, *call.Append)
	case call.Payout != nil:
		to = common.Address(m.Escrow)
		data, err = c.escrow.TryPackWithdraw(common.Address(call.Payout.Currency), common.Address(call.Payout.Party))
	default:
		to = common.Address(m.Escrow)
		data, err = packEscrow(c.escrow, call)
	}
	if err != nil {
		return to, nil, fmt.Errorf("pack %s: %w", call.Name(), err)
	}
	return to, data, nil
}

func packAnchor(c *bind.Notary, a deal.Anchor) ([]byte, error) {
	if a.Root.IsZero() || a.Count == 0 || a.Count > math.MaxUint32 {
		return nil, deal.Errorf(deal.Invalid, "an anchor wants a root and a count from 1 to 2^32-1")
	}
	return c.TryPackAnchor(a.Root, uint32(a.Count))
}

func packMint(c *bind.Receivable, m deal.Mint) ([]byte, error) {
	terms, err := bindMint(m.Terms)
	if err != nil {
		return nil, err
	}
	return c.TryPackMint(terms, m.Signature)
}

func bindMint(t deal.MintTerms) (bind.IReceivableTerms, error) {
	if t.Root.IsZero() || t.Count == 0 || t.Count > math.MaxUint32 || t.Face.Minor < 0 || len(t.Face.Currency) != 3 {
		return bind.IReceivableTerms{}, deal.Errorf(deal.Invalid, "mint terms want a root, a count from 1 to 2^32-1, a face amount and its currency's three letters")
	}
	return bind.IReceivableTerms{
		Deal: t.Deal, Creditor: common.Address(t.Creditor), Root: t.Root, Count: uint32(t.Count),
		FaceAmount: big.NewInt(t.Face.Minor), Currency: [3]byte([]byte(t.Face.Currency)),
		DueDate: unixSeconds(t.Due), Salt: t.Salt,
	}, nil
}

func packAppend(c *bind.Receivable, a deal.Append) ([]byte, error) {
	if a.New.IsZero() || a.Count == 0 || a.Count > math.MaxUint32 {
		return nil, deal.Errorf(deal.Invalid, "documents appended want a root and a count from 1 to 2^32-1")
	}
	return c.TryPackAppend(new(big.Int).SetBytes(a.Token[:]), a.Old, a.New, uint32(a.Count), a.Signature)
}

// packEscrow packs the calls that carry an escrow's terms.
func packEscrow(c *bind.Escrow, call deal.Call) ([]byte, error) {
	dealTerms, ok := escrowTerms(call)
	if !ok {
		return nil, deal.Errorf(deal.Invalid, "a call wants exactly one member")
	}
	terms, err := bindTerms(dealTerms)
	if err != nil {
		return nil, err
	}
	switch {
	case call.Open != nil:
		permit := call.Open.TokenPermit
		return c.TryPackOpen(terms, call.Open.SellerSig, call.Open.BuyerSig, bigSeconds(permit.Deadline), permit.Signature)
	case call.Fund != nil:
		v, r, s, err := splitSignature(call.Fund.Permit.Signature)
		if err != nil {
			return nil, err
		}
		return c.TryPackFund(terms, bigSeconds(call.Fund.Permit.Deadline), v, r, s)
	case call.Settle != nil:
		return c.TryPackSettle(terms, call.Settle.Signature)
	}
	return c.TryPackRefund(terms)
}

// escrowTerms returns the terms of a call that carries some.
func escrowTerms(call deal.Call) (deal.EscrowTerms, bool) {
	switch {
	case call.Open != nil:
		return call.Open.Terms, true
	case call.Fund != nil:
		return call.Fund.Terms, true
	case call.Settle != nil:
		return call.Settle.Terms, true
	case call.Refund != nil:
		return call.Refund.Terms, true
	}
	return deal.EscrowTerms{}, false
}

func bindTerms(t deal.EscrowTerms) (bind.IEscrowTerms, error) {
	price, ok := new(big.Int).SetString(t.Price, 10)
	if !ok || price.Sign() <= 0 || price.BitLen() > 256 || price.String() != t.Price {
		return bind.IEscrowTerms{}, deal.Errorf(deal.Invalid, "escrow price: want a decimal number above 0 in the currency's smallest unit")
	}
	return bind.IEscrowTerms{
		Deal: t.Deal, Seller: common.Address(t.Seller), Buyer: common.Address(t.Buyer),
		Receivable: common.Address(t.Receivable), TokenId: new(big.Int).SetBytes(t.Token[:]),
		Currency: common.Address(t.Currency), Price: price, Digest: t.Digest,
		FundBy: unixSeconds(t.FundBy), SettleBy: unixSeconds(t.SettleBy),
		Arbiter: common.Address(t.Arbiter), ArbiterBy: unixSeconds(t.ArbiterBy),
	}, nil
}

// unixSeconds returns 0 for the zero time, as the signed messages do.
func unixSeconds(t time.Time) uint64 { return uint64(max(0, t.Unix())) }

func bigSeconds(t time.Time) *big.Int { return new(big.Int).SetUint64(unixSeconds(t)) }
