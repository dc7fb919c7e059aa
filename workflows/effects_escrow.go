package workflows

import (
	"crypto/sha256"
	"time"

	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/deal"
)

// checkTerms lets a party sign only the terms that follow from the deal, with
// a signature that the contract will take.
func (d *sale) checkTerms(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	terms, err := d.termsOf(act)
	if err != nil {
		return nil, rejected(err)
	}
	party, _ := d.p.Party(act.Party)
	var gate *activities.Gate
	err = workflow.ExecuteLocalActivity(local(ctx), gate.VerifyTerms, activities.TermsRequest{
		Terms: terms, Market: d.p.Opening.Market, Signer: party.Wallet,
		Signature: act.Field("authorization").Bytes(), Escrow: act.Field("escrow").Commitment(),
	}).Get(ctx, nil)
	return nil, err
}

// termsOf returns the terms an act signs: the proposal's own, or the proposed ones.
func (d *sale) termsOf(act deal.Act) (deal.EscrowTerms, error) {
	if act.Action == "propose" {
		return d.p.EscrowTerms(act.Fields)
	}
	return d.p.SignedTerms()
}

// openEscrow takes the title into escrow under the terms both signed.
func (d *sale) openEscrow(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	terms, err := d.p.SignedTerms()
	if err != nil {
		return nil, rejected(err)
	}
	return d.once(ctx, act, deal.Call{Open: &deal.EscrowOpen{
		Terms:       terms,
		SellerSig:   d.p.Value("terms", "propose", "authorization").Bytes(),
		BuyerSig:    d.p.Value("terms", "accept", "authorization").Bytes(),
		TokenPermit: permitOf(act),
	}})
}

// fundEscrow takes the price into escrow.
func (d *sale) fundEscrow(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	terms, err := d.p.SignedTerms()
	if err != nil {
		return nil, rejected(err)
	}
	return d.once(ctx, act, deal.Call{Fund: &deal.EscrowFund{Terms: terms, Permit: permitOf(act)}})
}

// settle gives the title to the buyer and pays the seller.
func (d *sale) settle(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	terms, err := d.p.SignedTerms()
	if err != nil {
		return nil, rejected(err)
	}
	documents, _ := d.p.Documents()
	settled, err := d.chain(ctx, act.Step, act.ID, deal.Call{Settle: &deal.EscrowEnd{
		Terms: terms, Documents: documents, Signature: act.Field("authorization").Bytes(),
	}})
	if err != nil {
		return nil, err
	}
	return append([]deal.Receipt{settled}, d.payOut(ctx, act.Step, act.ID, terms.Currency, terms.Seller)...), nil
}

// payOut pays what the escrow owes a party. If the token refuses it, the money
// stays the party's in the escrow's ledger, to be withdrawn later.
func (d *sale) payOut(ctx workflow.Context, step string, cause deal.Commitment, currency, party deal.Address) []deal.Receipt {
	paid, err := d.chain(ctx, step, cause, deal.Call{Payout: &deal.Payout{Currency: currency, Party: party}})
	if err != nil {
		workflow.GetLogger(ctx).Warn("not paid out; it stays in the escrow's ledger", "error", err)
		return nil
	}
	return []deal.Receipt{paid}
}

// refund gives title and price back to whom they belong, after the deadline.
func (d *sale) refund(ctx workflow.Context, act deal.Act) ([]deal.Receipt, error) {
	return d.giveBack(ctx, act.Step, act.ID)
}

func (d *sale) giveBack(ctx workflow.Context, step string, cause deal.Commitment) ([]deal.Receipt, error) {
	terms, err := d.p.SignedTerms()
	if err != nil {
		return nil, rejected(err)
	}
	refunded, err := d.chain(ctx, step, cause, deal.Call{Refund: &deal.EscrowEnd{Terms: terms}})
	if err != nil {
		return nil, err
	}
	receipts := []deal.Receipt{refunded}
	if d.p.Stands("escrow.fund") {
		receipts = append(receipts, d.payOut(ctx, step, cause, terms.Currency, terms.Buyer)...)
	}
	return receipts, nil
}

// afterDeadline is how much later than the deadline a refund is sent: block
// times are whole seconds and the contract still settles in the last one.
const afterDeadline = 3 * time.Second

// refundUntilDone refunds when the deadline of a step has passed; if the chain
// refuses, it puts the deadline off and says that somebody has to look.
func (d *sale) refundUntilDone(ctx workflow.Context, step deal.Step) bool {
	now := workflow.Now(ctx)
	if err := workflow.Sleep(ctx, afterDeadline); err != nil {
		return false
	}
	cause := sha256.Sum256([]byte("deadline of " + step.ID + " at " + now.UTC().Format(time.RFC3339Nano)))
	receipts, err := d.giveBack(ctx, step.ID, cause)
	if err != nil {
		d.p.Postpone(step.ID, workflow.Now(ctx).Add(10*time.Minute))
		return false
	}
	d.p.Exits = append(d.p.Exits, receipts...)
	return true
}

// once has a single effect on chain.
func (d *sale) once(ctx workflow.Context, act deal.Act, call deal.Call) ([]deal.Receipt, error) {
	r, err := d.chain(ctx, act.Step, act.ID, call)
	return []deal.Receipt{r}, err
}

func permitOf(act deal.Act) deal.Permit {
	return deal.Permit{Deadline: act.Field("permit_until").Time(), Signature: act.Field("permit").Bytes()}
}
