package node

import (
	"context"
	"io"

	"cession/deal"
)

// Wallet signs for the customer.
type Wallet interface {
	Address() deal.Address
	// SignTypedData signs an EIP-712 message: 65 bytes r, s, v, or as ERC-1271 wants it.
	SignTypedData(deal.TypedData) (deal.Bytes, error)
}

// Hashes are the hash functions of the chain.
type Hashes struct {
	Keccak     deal.Hash256
	Digest     func(deal.TypedData) (deal.Commitment, error) // what is signed (EIP-712)
	StructHash func(deal.TypedData) (deal.Commitment, error) // what titles and escrows are known by
}

// Verifier checks signatures of accounts and of contract wallets.
type Verifier interface {
	// VerifyAct returns a refused or invalid error if the act is not what its
	// signer signed; an error without kind means that it could not be checked.
	VerifyAct(ctx context.Context, act deal.Act, plan deal.Plan, market deal.Market) error
	VerifyDigest(ctx context.Context, signer deal.Address, digest deal.Commitment, sig deal.Bytes) error
}

// The states of an escrow that a node asks about.
const (
	EscrowNone   = "none"
	EscrowOpen   = "open"
	EscrowFunded = "funded"
)

// ChainView is the customer's own view of the chain, through an Ethereum node
// of its choice.
type ChainView interface {
	// Anchored returns when and where a root was notarized.
	Anchored(ctx context.Context, root deal.Commitment) (deal.Receipt, bool, error)
	// DocumentsRoot returns the documents root of a title, or a notfound error.
	DocumentsRoot(ctx context.Context, token deal.Commitment) (deal.Commitment, error)
	// EscrowState returns "none", "open", "funded" or one of the ends.
	EscrowState(ctx context.Context, id deal.Commitment) (string, error)
	TokenPermitNonce(ctx context.Context, token deal.Commitment) (uint64, error)
	PaymentPermitNonce(ctx context.Context, owner deal.Address) (uint64, error)
	// CurrencyName returns the EIP-712 domain name of the market's currency.
	CurrencyName(ctx context.Context) (string, error)
}

// Scanner looks for malware in what comes in.
type Scanner interface {
	// Scan reads a document to its end. Found malware is an invalid error that
	// names it; a document that could not be scanned is a lost one, or invalid if
	// it never can be. It is not accepted either way.
	Scan(ctx context.Context, r io.Reader) error
}

// Desk is the operator. It delays at worst: the node verifies what it says.
type Desk interface {
	// Open opens a deal with the caller as its seller. The same id again is the same deal.
	Open(ctx context.Context, id deal.ID) (deal.Opening, error)
	// Act hands an act in. The same act has the same outcome. Refused, invalid,
	// conflict and notfound errors are final; after any other one the outcome
	// is unknown.
	Act(ctx context.Context, act deal.Act) (deal.Outcome, error)
	// View returns what the caller may see of a deal.
	View(ctx context.Context, id deal.ID) (View, error)
}

// View is what a party may see of a deal: the deal itself, unless the party is
// one bidder of several, and the rooms it has a part in.
type View struct {
	Title *Title          `json:"title,omitempty"` // the desk's word; nil: nothing is for sale yet
	Deal  *deal.Progress  `json:"deal,omitempty"`
	Rooms []deal.Progress `json:"rooms,omitempty"`
}

// Directory keeps the parties' node records. It cannot forge one.
type Directory interface {
	Publish(ctx context.Context, r Record) error
	// Record returns a party's record, or a notfound error.
	Record(ctx context.Context, party deal.PartyID) (Record, error)
}
