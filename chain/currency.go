package chain

import (
	"context"
	"fmt"
	"math/big"
	"strconv"

	"github.com/ethereum/go-ethereum/common"

	"cession/deal"
)

// TokenPermitNonce returns the nonce a title's next permit is signed over
// (EIP-4494). It grows with every permit, appended document and transfer.
func (l *Ledger) TokenPermitNonce(ctx context.Context, token deal.Commitment) (uint64, error) {
	r := contracts().receivable
	return nonce(view(ctx, l, l.market.Receivable, nil, r.PackNonces(tokenNumber(token)), r.UnpackNonces))
}

// PaymentPermitNonce returns the nonce an owner's next payment permit is
// signed over (EIP-2612).
func (l *Ledger) PaymentPermitNonce(ctx context.Context, owner deal.Address) (uint64, error) {
	d := contracts().dollar
	return nonce(view(ctx, l, l.market.Currency, nil, d.PackNonces(common.Address(owner)), d.UnpackNonces))
}

func nonce(n *big.Int, err error) (uint64, error) {
	if err != nil {
		return 0, fmt.Errorf("read permit nonce: %w", err)
	}
	if !n.IsUint64() {
		return 0, deal.Errorf(deal.Invalid, "permit nonce larger than 64 bits: another contract?")
	}
	return n.Uint64(), nil
}

// Balance returns an owner's money in the currency's smallest unit.
func (l *Ledger) Balance(ctx context.Context, owner deal.Address) (*big.Int, error) {
	d := contracts().dollar
	n, err := view(ctx, l, l.market.Currency, nil, d.PackBalanceOf(common.Address(owner)), d.UnpackBalanceOf)
	if err != nil {
		return nil, fmt.Errorf("read money of %s: %w", owner, err)
	}
	return n, nil
}

// Owed returns what the escrow holds for a party to withdraw, in the currency's
// smallest unit.
func (l *Ledger) Owed(ctx context.Context, party deal.Address) (*big.Int, error) {
	e := contracts().escrow
	n, err := view(ctx, l, l.market.Escrow, nil, e.PackOwed(common.Address(l.market.Currency), common.Address(party)), e.UnpackOwed)
	if err != nil {
		return nil, fmt.Errorf("read what the escrow owes %s: %w", party, err)
	}
	return n, nil
}

// CurrencyName returns the name payment permits are signed under. It is checked
// against the currency's own domain separator, since a permit under a wrong
// name fails only once it is used. Kind invalid if they differ, as for a
// currency whose domain has another version than 1.
func (l *Ledger) CurrencyName(ctx context.Context) (string, error) {
	d := contracts().dollar
	name, err := view(ctx, l, l.market.Currency, nil, d.PackName(), d.UnpackName)
	if err != nil {
		return "", fmt.Errorf("read name of the currency: %w", err)
	}
	have, err := view(ctx, l, l.market.Currency, nil, d.PackDOMAINSEPARATOR(), d.UnpackDOMAINSEPARATOR)
	if err != nil {
		return "", fmt.Errorf("read domain of the currency: %w", err)
	}
	want, err := domainSeparator(name, l.market.ChainID, l.market.Currency)
	if err != nil {
		return "", err
	}
	if want != have {
		return "", deal.Errorf(deal.Invalid, "the currency's permits are not signed under its name and version 1")
	}
	return name, nil
}

// domainSeparator hashes the domain {name, version "1", chainId, verifyingContract}.
func domainSeparator(name string, chainID uint64, contract deal.Address) (deal.Commitment, error) {
	domain := map[string]any{
		"name": name, "version": "1",
		"chainId": strconv.FormatUint(chainID, 10), "verifyingContract": contract.String(),
	}
	return StructHash(deal.TypedData{
		Types: map[string][]deal.Member{"EIP712Domain": {
			{Name: "name", Type: "string"}, {Name: "version", Type: "string"},
			{Name: "chainId", Type: "uint256"}, {Name: "verifyingContract", Type: "address"},
		}},
		PrimaryType: "EIP712Domain", Domain: domain, Message: domain,
	})
}
