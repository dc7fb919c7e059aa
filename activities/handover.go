package activities

import (
	"context"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/activity"

	"cession/deal"
)

// Releaser is the seller's own node as the one who lets documents go.
type Releaser interface {
	// Arm lets the buyer's node pull the documents of a deal under the act
	// handover.release, after the node has verified by itself that act and
	// every earlier one, the escrow and its own policy.
	Arm(ctx context.Context, sale *deal.Progress, release deal.Act) error
}

// Puller is the buyer's own node as the one who fetches them.
type Puller interface {
	// Pull fetches, verifies and stores all documents of a deal, going on
	// where an earlier call stopped. It calls beat as it gets on.
	Pull(ctx context.Context, sale *deal.Progress, release deal.Act, beat func(documents, bytes uint64)) (root deal.Commitment, count uint64, err error)
}

// Handover are the activities that take the documents from the seller's node
// to the buyer's. Each runs on the task queue of the node it speaks of.
type Handover struct {
	Seller Releaser // nil at a node that only buys
	Buyer  Puller   // nil at a node that only sells
}

// ReleaseRequest shows the seller's node the deal. Make Sale with [Evidence];
// it may or may not hold the act itself already.
type ReleaseRequest struct {
	Sale deal.Progress `json:"sale"`
	Act  deal.Act      `json:"act"` // handover.release
}

// ArmRelease opens the seller's node for the buyer's. The same release twice is
// one release. Run it on the seller's queue. Errors: refused (an act is not
// signed by its party, terms, key or root do not agree, the escrow is not
// funded, policy says no).
func (h *Handover) ArmRelease(ctx context.Context, r ReleaseRequest) error {
	return failure("arm release", h.Seller.Arm(ctx, &r.Sale, r.Act))
}

// PullRequest shows the buyer's node the same deal, as the buyer may see it.
type PullRequest struct {
	Sale deal.Progress `json:"sale"`
	Act  deal.Act      `json:"act"` // handover.release
}

// PullReport is what arrived: Verified documents of Count, under Root, which is
// the title's root on the buyer's own view of the chain, or that of the agreed
// perimeter, all of whose documents are in the title.
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

// beatEvery is how often a pull says that it is alive, also while it waits for
// the other node or stores a large document.
const beatEvery = 15 * time.Second

// PullDocuments fetches all documents to the buyer's node. Run it on the
// buyer's queue with a heartbeat timeout of at least a minute: it goes on where
// an earlier attempt stopped, and fetches no verified chunk twice.
// Errors: refused (by the seller's node, or what arrives does not verify).
func (h *Handover) PullDocuments(ctx context.Context, r PullRequest) (PullReport, error) {
	var latest atomic.Pointer[PullBeat]
	latest.Store(&PullBeat{})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		for ticker := time.NewTicker(beatEvery); ; {
			select {
			case <-ticker.C:
				activity.RecordHeartbeat(ctx, *latest.Load())
			case <-ctx.Done():
				ticker.Stop()
				return
			}
		}
	}()
	root, count, err := h.Buyer.Pull(ctx, &r.Sale, r.Act, func(documents, bytes uint64) {
		latest.Store(&PullBeat{documents, bytes})
		activity.RecordHeartbeat(ctx, PullBeat{documents, bytes})
	})
	if err != nil {
		return PullReport{}, failure("pull documents", err)
	}
	return PullReport{Root: root, Count: count, Verified: count}, nil
}
