package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// inquire is how often a deal that hears nothing asks its lane again. Asking
// is idempotent: the same intent has the same outcome.
const inquire = time.Minute

// chain has one effect on chain and waits for its outcome. A refusal of the
// chain, and an operator's giving up, is an error of kind conflict, and noted as
// trouble: the party can take the act again, which is another intent, or the
// deadline passes.
func (e *engine) chain(ctx workflow.Context, step string, cause deal.Commitment, call deal.Call) (deal.Receipt, error) {
	if err := e.certain(ctx); err != nil {
		return deal.Receipt{}, err
	}
	intent := deal.NewIntent(e.p.Opening.ID, step, cause, call, workflow.GetInfo(ctx).WorkflowExecution.ID)
	intent.By = usefulUntil(call)
	e.asked[intent.ID] = true
	for {
		var err error
		if intent.Lane, err = submit(ctx, intent); err != nil {
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
		delete(e.asked, intent.ID)
		e.p.Notice(deal.Notice{Intent: intent.ID, State: deal.Restored}, workflow.Now(ctx)) // what failed is not in doubt
		e.p.Trouble(deal.ChainRefuse, "", workflow.Now(ctx))
		return receipt, rejected(refusal(receipt))
	}
	e.p.Solved(deal.ChainRefuse, "")
	return receipt, nil
}

func refusal(r deal.Receipt) error {
	if r.Reason == lane.GivenUp {
		return deal.Errorf(deal.Conflict, "%s was given up by the operator: take the step again, or let its deadline pass", r.Call)
	}
	return deal.Errorf(deal.Conflict, "%s was refused by the chain: %s", r.Call, r.Reason)
}

// usefulUntil returns when the contract stops taking a call, or the zero time.
// Refunds come after the deadlines, payouts and anchors at any time.
func usefulUntil(c deal.Call) time.Time {
	switch {
	case c.Open != nil:
		return c.Open.Terms.FundBy
	case c.Fund != nil:
		return c.Fund.Terms.FundBy
	case c.Settle != nil:
		return c.Settle.Terms.SettleBy
	}
	return time.Time{}
}

// certain waits while an effect of the deal is in doubt: a lane said that its
// block is gone, and not yet that it is back or gone for good. Nothing is built
// on it meanwhile, and no deadline takes money out.
//
// An effect that is gone for good is somebody's work (deal.ChainUndone), and the
// deal goes by what is left, which the contracts know too:
//   - anchor: nothing builds on it. The act stands by its signatures.
//   - mint: there is no title; the chain refuses to open an escrow. The seller
//     cancels, or the listing or the terms run out.
//   - append: the title stands for the earlier list. No node signs terms for a
//     title that the chain says stands for other documents: the seller cancels.
//   - open: nothing is in escrow; funding is refused, and the deadline ends the
//     deal as one whose escrow was never opened.
//   - fund: the buyer has its money. Documents are not released; the refund gives
//     the title back, and nothing is paid out.
//   - settle: a refund came first; nothing else keeps the contract from settling
//     by the receipt it was given. The parties have back what was theirs.
//   - refund, payout: who is entitled can call the contract at any time.
func (e *engine) certain(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return !e.p.InDoubt() })
}

// heed hears of effects that are in doubt, and has it shown at once. What is no
// effect of this deal, or failed in the end, is none of its business.
func (e *engine) heed(ctx workflow.Context) {
	ch := workflow.GetSignalChannel(ctx, SignalNotice)
	workflow.GoNamed(ctx, SignalNotice, func(ctx workflow.Context) {
		for {
			var n deal.Notice
			ch.Receive(ctx, &n)
			if !e.asked[n.Intent] && !e.p.Had(n.Intent) {
				continue
			}
			e.busy++
			e.p.Notice(n, workflow.Now(ctx))
			e.publish(ctx)
			e.busy--
		}
	})
}

// submit gives an intent to its lane, and returns which one that is. The lane
// answers by signal.
func submit(ctx workflow.Context, intent deal.Intent) (laneID string, err error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 30 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 500 * time.Millisecond, MaximumInterval: 30 * time.Second},
		Summary:             intent.Call.Name() + " for " + intent.Step,
	})
	var submitter *activities.Submitter
	var out activities.Submitted
	err = workflow.ExecuteActivity(ctx, submitter.SubmitIntent, intent).Get(ctx, &out)
	return out.Lane, err
}
