package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/deal"
)

// grant opens the data room on the seller's node, which checks the acts itself.
func (r *room) grant(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	seller := r.p.Opening.Seller.ID
	var documents *activities.Documents
	return nil, r.onNode(ctx, seller, "open data room", documents.GrantAccess,
		activities.GrantRequest{Room: activities.Evidence(r.p, seller), Act: act}, nil)
}

// revoke closes the data room on the seller's node.
func (r *room) revoke(ctx workflow.Context, _ deal.Act) ([]deal.Receipt, error) {
	var documents *activities.Documents
	return nil, r.onNode(ctx, r.p.Opening.Seller.ID, "close data room", documents.RevokeAccess,
		activities.RevokeRequest{Deal: r.p.Opening.ID, Bidder: r.p.Room()}, nil)
}

// armRelease hands the seller's node everything it needs to check before it
// lets documents out.
func (d *sale) armRelease(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	if err := d.certain(ctx); err != nil {
		return nil, err
	}
	if !d.p.Stands("escrow.fund") {
		return nil, rejected(deal.Errorf(deal.Conflict, "the price is not in escrow: wait for the refund"))
	}
	seller := d.p.Opening.Seller.ID
	var handover *activities.Handover
	return nil, d.onNode(ctx, seller, "arm release", handover.ArmRelease,
		activities.ReleaseRequest{Sale: activities.Evidence(d.p, seller), Act: act}, nil)
}

// transferring reports whether the documents are released and not yet there.
func (d *sale) transferring() bool {
	return d.p.Ended == nil && d.p.Received == nil && d.p.Last("handover", "release") != nil
}

// startTransfer has the buyer's node pull the documents, in the background:
// a node that is away must not keep the parties from a refund. A run that is to
// continue as new leaves the next attempt to the next run.
func (d *sale) startTransfer(ctx workflow.Context) {
	d.busy++
	workflow.GoNamed(ctx, "transfer", func(ctx workflow.Context) {
		defer func() { d.busy-- }()
		for d.transferring() && !d.due(ctx) {
			d.pulling = true
			err := d.transfer(ctx)
			d.pulling = false
			if err != nil {
				workflow.GetLogger(ctx).Warn("transfer not done", "error", err)
				if d.pause(ctx, 30*time.Second) != nil {
					return
				}
			}
			d.publish(ctx)
		}
	})
}

func (d *sale) transfer(ctx workflow.Context) error {
	buyer := d.p.Bidder.ID
	var handover *activities.Handover
	var report activities.PullReport
	err := d.onNode(ctx, buyer, "pull documents", handover.PullDocuments,
		activities.PullRequest{Sale: activities.Evidence(d.p, buyer), Act: d.p.Last("handover", "release").Act}, &report)
	if err != nil {
		return err
	}
	d.p.Receive(deal.Transfer{Root: report.Root, Count: report.Count, Verified: report.Verified, At: workflow.Now(ctx)})
	return nil
}

// onNode runs an activity in a party's own process. If its node is away, that
// is noted as trouble and the act that needed it fails; it can be taken again.
func (e *engine) onNode(ctx workflow.Context, party deal.PartyID, words string, activity, request, result any) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              NodeQueue(party),
		ScheduleToStartTimeout: 45 * time.Second,
		StartToCloseTimeout:    6 * time.Hour,
		HeartbeatTimeout:       time.Minute,
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: 30 * time.Second, MaximumAttempts: 8},
		Summary:                words,
	})
	err := workflow.ExecuteActivity(ctx, activity, request).Get(ctx, result)
	var timeout *temporal.TimeoutError
	if errors.As(err, &timeout) {
		e.p.Trouble(deal.NodeOffline, party, workflow.Now(ctx))
		return rejected(deal.Errorf(deal.Conflict, "the node of %s does not answer: start it, then take the step again", party))
	}
	if err == nil {
		e.p.Solved(deal.NodeOffline, party)
	}
	return err
}
