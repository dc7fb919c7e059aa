package desk

import (
	"context"

	"cession/deal"
)

// Deals runs deals: the workflow engine as the desk needs it. Every method may
// fail with kind lost; called again with the same arguments it then has the
// outcome of the first call.
type Deals interface {
	// Open starts a deal, or fails with kind conflict if one of that id was started before.
	Open(ctx context.Context, o deal.Opening) error
	// Act takes an act in its deal or room. The same act has the same outcome;
	// one that policy refused is an outcome, not an error.
	Act(ctx context.Context, act deal.Act) (deal.Outcome, error)
	// Progress returns where a deal (room "") or a room stands now, or notfound.
	Progress(ctx context.Context, id deal.ID, room deal.PartyID) (deal.Progress, error)
}

// Signatures checks who signed; *chain.Verifier does it. Errors are of kind
// refused or invalid if the signature is not good, of another if that could
// not be found out.
type Signatures interface {
	VerifyAct(ctx context.Context, act deal.Act, plan deal.Plan, market deal.Market) error
	VerifyDigest(ctx context.Context, signer deal.Address, digest deal.Commitment, sig deal.Bytes) error
}
