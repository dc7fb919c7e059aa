package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/deal"
)

// inquire is how often a deal that hears nothing asks its lane again. Asking
// is idempotent: the same intent has the same outcome.
const inquire = time.Minute

// chain has one effect on chain and waits for its outcome. A refusal of the
// chain is an error of kind conflict, and noted as trouble.
func (e *engine) chain(ctx workflow.Context, step string, cause deal.Commitment, call deal.Call) (deal.Receipt, error) {
	intent := deal.NewIntent(e.p.Opening.ID, step, cause, call, workflow.GetInfo(ctx).WorkflowExecution.ID)
	for {
		if err := submit(ctx, intent); err != nil {
			return deal.Receipt{}, err
		}
		heard, err := workflow.AwaitWithTimeout(ctx, inquire, func() bool { _, ok := e.receipts[intent.ID]; return ok })
		if err != nil {
			return deal.Receipt{}, err
		}
		if heard {
			break
		}
	}
	receipt := e.receipts[intent.ID]
	delete(e.receipts, intent.ID)
	if !receipt.OK {
		e.p.Trouble(deal.ChainRefuse, "", workflow.Now(ctx))
		return receipt, rejected(deal.Errorf(deal.Conflict, "%s was refused by the chain: %s", receipt.Call, receipt.Reason))
	}
	e.p.Solved(deal.ChainRefuse, "")
	return receipt, nil
}

// submit gives an intent to its lane. The lane answers by signal.
func submit(ctx workflow.Context, intent deal.Intent) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 30 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 500 * time.Millisecond, MaximumInterval: 30 * time.Second},
		Summary:             intent.Call.Name() + " for " + intent.Step,
	})
	var submitter *activities.Submitter
	return workflow.ExecuteActivity(ctx, submitter.SubmitIntent, intent).Get(ctx, nil)
}
