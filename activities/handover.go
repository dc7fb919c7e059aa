package activities

import (
	"context"
	"errors"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"cession/deal"
)

// Releaser is the seller's own node as the one who lets documents go.
type Releaser interface {
	// Arm lets the buyer's node pull the documents of a deal, after the node
	// has verified by itself every act in it, the escrow and its own policy.
	Arm(ctx context.Context, sale *deal.Progress) error
	// Delivered tells how far the buyer's node has got.
	Delivered(ctx context.Context, release deal.Commitment) (documents uint64, done bool, err error)
}

// Puller is the buyer's own node as the one who fetches them.
type Puller interface {
	// Pull fetches, verifies and stores all documents of a deal, going on
	// where an earlier call stopped. It calls beat as it gets on.
	Pull(ctx context.Context, sale *deal.Progress, beat func(documents, bytes uint64)) (root deal.Commitment, count uint64, err error)
}

// Handover are the activities that take the documents from the seller's node
// to the buyer's. Each runs on the task queue of the node it speaks of.
type Handover struct {
	Seller Releaser // nil at a node that only buys
	Buyer  Puller   // nil at a node that only sells
}

// ReleaseRequest shows the seller's node the deal up to and including the act
// handover.release. Make it with [Evidence].
type ReleaseRequest struct {
	Sale deal.Progress `json:"sale"`
}

// ArmRelease opens the seller's node for the buyer's. The same release twice is
// one release. Run it on the seller's queue. Errors: refused (an act is not
// signed by its party, terms, key or root do not agree, the escrow is not
// funded, policy says no).
func (h *Handover) ArmRelease(ctx context.Context, r ReleaseRequest) error {
	return fromNode(h.Seller.Arm(ctx, &r.Sale))
}

// PullRequest shows the buyer's node the same deal, as the buyer may see it.
type PullRequest struct {
	Sale deal.Progress `json:"sale"`
}

// PullReport is what arrived: Verified documents of Count, under Root, which is
// the title's root on the buyer's own view of the chain.
type PullReport struct {
	Root     deal.Commitment `json:"root"`
	Count    uint64          `json:"count"`
	Verified uint64          `json:"verified"`
}

// PullBeat is the heartbeat of [Handover.PullDocuments].
type PullBeat struct {
	Documents uint64 `json:"documents"` // whole and verified
	Bytes     uint64 `json:"bytes"`     // of ciphertext, verified
}

// PullDocuments fetches all documents to the buyer's node. Run it on the
// buyer's queue with a heartbeat timeout of at least a minute and no limit of
// attempts: it goes on where it stopped, and fetches no verified chunk twice.
// Errors: refused (by the seller's node, or what arrives does not verify).
func (h *Handover) PullDocuments(ctx context.Context, r PullRequest) (PullReport, error) {
	root, count, err := h.Buyer.Pull(ctx, &r.Sale, func(documents, bytes uint64) {
		activity.RecordHeartbeat(ctx, PullBeat{documents, bytes})
	})
	if err != nil {
		return PullReport{}, fromNode(err)
	}
	return PullReport{Root: root, Count: count, Verified: count}, nil
}

// TransferRequest names a release by its act.
type TransferRequest struct {
	Release deal.Commitment `json:"release"`
}

// TransferReport is how far the seller's node saw the buyer's get.
type TransferReport struct {
	Documents uint64 `json:"documents"` // sent whole
	Done      bool   `json:"done"`      // the buyer's node said that all have arrived and match
}

// ReportTransfer reports how far a handover got. Run it on the seller's queue.
func (h *Handover) ReportTransfer(ctx context.Context, r TransferRequest) (TransferReport, error) {
	documents, done, err := h.Seller.Delivered(ctx, r.Release)
	return TransferReport{documents, done}, fromNode(err)
}

// fromNode turns a node's error into one Temporal can act on: its type is the
// kind, and only lost and unknown ones are tried again.
func fromNode(err error) error {
	var known *deal.Error
	if !errors.As(err, &known) || known.Kind == deal.Lost {
		return err
	}
	return temporal.NewNonRetryableApplicationError(err.Error(), string(known.Kind), nil)
}
