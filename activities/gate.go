package activities

import (
	"context"

	"cession/deal"
)

// Verifier checks that an act carries its signer's signature.
type Verifier interface {
	// VerifyAct returns a refused or invalid error if it does not; other
	// errors mean that it could not be checked.
	VerifyAct(ctx context.Context, act deal.Act, plan deal.Plan, market deal.Market) error
	// VerifyDigest does the same for the signature of an EIP-712 digest.
	VerifyDigest(ctx context.Context, signer deal.Address, digest deal.Commitment, sig deal.Bytes) error
}

// Policy answers whether an act is allowed.
type Policy interface {
	Decide(ctx context.Context, q deal.Question) (deal.Decision, error)
}

// Directory knows the parties of the market.
type Directory interface {
	Party(ctx context.Context, id deal.PartyID) (deal.Party, error)
}

// Hasher computes EIP-712 hashes.
type Hasher interface {
	Digest(deal.TypedData) (deal.Commitment, error)
	StructHash(deal.TypedData) (deal.Commitment, error)
}

// Gate decides whether an act may take effect: it is signed by whom it says,
// by a signer the directory still knows, and policy allows it.
type Gate struct {
	Verifier  Verifier
	Policy    Policy
	Directory Directory
	Hasher    Hasher
}

// DecideRequest asks for one act of a deal.
type DecideRequest struct {
	Question deal.Question
	Plan     deal.Plan
	Market   deal.Market
}

// Decide returns policy's decision on a signed act. A signature that does not
// hold, or a signer whose authority was revoked, is an error of kind refused.
func (g *Gate) Decide(ctx context.Context, r DecideRequest) (deal.Decision, error) {
	act := r.Question.Act
	if err := g.Verifier.VerifyAct(ctx, act, r.Plan, r.Market); err != nil {
		return deal.Decision{}, failure("check signature of "+act.Name(), err)
	}
	party, err := g.Directory.Party(ctx, act.Party)
	if err != nil {
		return deal.Decision{}, failure("look up "+string(act.Party), err)
	}
	if !party.May(act.Signer) {
		return deal.Decision{}, failure("check authority", deal.Errorf(deal.Refused, "%s no longer signs for %s", act.Signer, act.Party))
	}
	d, err := g.Policy.Decide(ctx, r.Question)
	if err != nil {
		return deal.Decision{}, failure("decide "+act.Name(), err)
	}
	return d, nil
}

// LookUp returns a party as the directory knows it now.
func (g *Gate) LookUp(ctx context.Context, id deal.PartyID) (deal.Party, error) {
	p, err := g.Directory.Party(ctx, id)
	if err != nil {
		return p, failure("look up "+string(id), err)
	}
	return p, nil
}

// TermsRequest asks whether a party's signature holds for the escrow contract.
type TermsRequest struct {
	Terms     deal.EscrowTerms
	Market    deal.Market
	Signer    deal.Address
	Signature deal.Bytes
	Escrow    deal.Commitment // the id the act names
}

// VerifyTerms refuses terms whose id is not the one named, or whose signature
// the escrow contract would not take.
func (g *Gate) VerifyTerms(ctx context.Context, r TermsRequest) error {
	typed := r.Terms.TypedData(r.Market)
	id, err := g.Hasher.StructHash(typed)
	if err != nil {
		return failure("hash terms", err)
	}
	if id != r.Escrow {
		return failure("check terms", deal.Errorf(deal.Refused, "the act names escrow %s, the deal's terms are %s: look at the deal again", r.Escrow.Short(), id.Short()))
	}
	digest, err := g.Hasher.Digest(typed)
	if err != nil {
		return failure("hash terms", err)
	}
	return failure("check signature of the terms", g.Verifier.VerifyDigest(ctx, r.Signer, digest, r.Signature))
}
