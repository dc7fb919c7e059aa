package chain

import (
	"context"
	"errors"
	"fmt"

	"cession/deal"
)

// EscrowState says how an escrow stands.
type EscrowState string

// The states of an escrow. The last four are final.
const (
	EscrowNone     EscrowState = "none"     // not opened
	EscrowOpen     EscrowState = "open"     // title in, money not yet
	EscrowFunded   EscrowState = "funded"   // title and money in
	EscrowDisputed EscrowState = "disputed" // the arbiter is asked
	EscrowSettled  EscrowState = "settled"  // title to the buyer, money to the seller
	EscrowRefunded EscrowState = "refunded" // everything back after a deadline
	EscrowUnwound  EscrowState = "unwound"  // everything back by agreement
	EscrowResolved EscrowState = "resolved" // divided by the arbiter
)

// escrowStates is in the order of the contract's enum Status.
var escrowStates = []EscrowState{
	EscrowNone, EscrowOpen, EscrowFunded, EscrowDisputed,
	EscrowSettled, EscrowRefunded, EscrowUnwound, EscrowResolved,
}

// EscrowStatus is an escrow's state after a block.
type EscrowStatus struct {
	State EscrowState `json:"state"`
	Block uint64      `json:"block"`
}

// Escrow returns how the escrow of an id (see [EscrowID]) stands.
func (l *Ledger) Escrow(ctx context.Context, id deal.Commitment) (EscrowStatus, error) {
	e := contracts().escrow
	state, block, err := fact(ctx, l, l.market.Escrow, e.PackStatus(id), e.UnpackStatus)
	if err != nil {
		return EscrowStatus{}, fmt.Errorf("read escrow %s: %w", id.Short(), err)
	}
	if int(state) >= len(escrowStates) {
		return EscrowStatus{}, deal.Errorf(deal.Invalid, "escrow %s has the unknown status %d: another contract?", id.Short(), state)
	}
	return EscrowStatus{escrowStates[state], block}, nil
}

// DocumentsRoot returns the Merkle root over a title's document commitments.
// Kind notfound if there is no such title.
func (l *Ledger) DocumentsRoot(ctx context.Context, token deal.Commitment) (deal.Commitment, error) {
	r := contracts().receivable
	root, _, err := fact(ctx, l, l.market.Receivable, r.PackDocumentsRoot(tokenNumber(token)), r.UnpackDocumentsRoot)
	if err != nil {
		return deal.Commitment{}, fmt.Errorf("read documents of title %s: %w", token.Short(), err)
	}
	if root == [32]byte{} {
		return deal.Commitment{}, noTitle(token)
	}
	return root, nil
}

// OwnerOf returns who owns a title; the escrow does while it is in escrow.
// Kind notfound if there is no such title.
func (l *Ledger) OwnerOf(ctx context.Context, token deal.Commitment) (deal.Address, error) {
	r := contracts().receivable
	owner, _, err := fact(ctx, l, l.market.Receivable, r.PackOwnerOf(tokenNumber(token)), r.UnpackOwnerOf)
	var revert *Revert
	if errors.As(err, &revert) && revert.Name == "ERC721NonexistentToken" {
		return deal.Address{}, noTitle(token)
	}
	if err != nil {
		return deal.Address{}, fmt.Errorf("read owner of title %s: %w", token.Short(), err)
	}
	return deal.Address(owner), nil
}

func noTitle(token deal.Commitment) error {
	return deal.Errorf(deal.NotFound, "there is no title %s on this market", token.Short())
}

// Anchored returns the receipt of the first transaction that notarized the
// root, or false if there is none deep enough.
func (l *Ledger) Anchored(ctx context.Context, root deal.Commitment) (deal.Receipt, bool, error) {
	return l.Find(ctx, deal.Call{Anchor: &deal.Anchor{Root: root, Count: 1}})
}
