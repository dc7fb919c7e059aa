package node

import (
	"context"
	"encoding/json"
	"time"

	"cession/deal"
)

// Policy judges acts for the node's party: by the pack in effect, which
// [deal.Question] names, and by a pack of the party's own where it has one. A
// pack that is not at hand is a refusal, not an error.
type Policy interface {
	Evaluate(ctx context.Context, q deal.Question, facts Facts) (Evaluation, error)
}

// Facts are what a node knows beside the deal itself.
type Facts struct {
	Exposure *Exposure // nil: not known
}

// Exposure is what the party's other deals add up to that are agreed and not
// over, in minor units of the market's currency.
type Exposure struct {
	Counterparty int64 // between the same seller and bidder
	Day          int64 // agreed since midnight UTC, with anybody
}

// Evaluation is what the packs say together, and each by itself.
type Evaluation struct {
	Decision deal.Decision // allows only if all do
	Parts    []Judgment
}

// Judgment is what one pack says.
type Judgment struct {
	Own      bool // of the party's own pack
	Decision deal.Decision
	Document json.RawMessage // as the rules saw it; empty if they could not be asked
}

// ownRefuses reports whether the party's own pack refuses.
func (e Evaluation) ownRefuses() bool {
	for _, j := range e.Parts {
		if j.Own && !j.Decision.Allow {
			return true
		}
	}
	return false
}

// liftable reports whether somebody can lift the refusal by what he does.
func (e Evaluation) liftable() bool {
	return len(e.Decision.Needs)+len(e.Decision.Obligations) > 0
}

// Purpose is what a node asks its policy for.
type Purpose string

// The purposes.
const (
	ToSign      Purpose = "sign"      // an act of its own party
	ToAuthorize Purpose = "authorize" // a message for a contract, which such an act carries
	ToRead      Purpose = "read"      // in the data room
	ToRelease   Purpose = "release"   // documents to the buyer
)

// judge asks the node's policy about an act and records the answer. What could
// not be recorded was not decided.
func (n *Node) judge(ctx context.Context, p *deal.Progress, act deal.Act, why Purpose) (Evaluation, error) {
	now := n.now()
	if why != ToSign && why != ToAuthorize && !now.Before(act.Deadline) {
		act.Deadline = now.Add(time.Minute) // that it was taken in time was decided then
	}
	pack, err := n.packOf(ctx, p)
	if err != nil {
		return Evaluation{}, err
	}
	q := p.Question(act, now)
	q.Pack = pack
	if why == ToSign || why == ToAuthorize { // reads and releases must not wait for the desk
		if err := n.refreshAgreed(ctx, act.Deal); err != nil {
			return Evaluation{}, err
		}
	}
	facts, err := n.facts(ctx, q)
	if err != nil {
		return Evaluation{}, err
	}
	e, err := n.Policy.Evaluate(ctx, q, facts)
	if err != nil {
		return Evaluation{}, err
	}
	if e.Decision.Pack != pack || e.Decision.Act != act.ID {
		return Evaluation{}, refuse(PolicyRefused, "this node's policy judged by another pack than the one in effect")
	}
	return e, n.recordAll(ctx, act, why, &e)
}

// allowed asks the node's own policy whether the act would be allowed now. Its
// words may go to a peer or the operator: they tell nothing of the own pack.
func (n *Node) allowed(ctx context.Context, p *deal.Progress, act deal.Act, why Purpose) error {
	e, err := n.judge(ctx, p, act, why)
	if err != nil || e.Decision.Allow {
		return err
	}
	words := act.Name() + " is not allowed"
	for _, j := range e.Parts {
		switch {
		case j.Decision.Allow:
		case j.Own:
			words += "; by rules of the party's own"
		default:
			words += told(j.Decision)
		}
	}
	return refuse(PolicyRefused, words)
}

// refusal tells the node's own customer why an act is refused, in the words of
// all rules that did not pass.
func refusal(act deal.Act, d deal.Decision) error {
	return refuse(PolicyRefused, act.Name()+" is not allowed"+told(d))
}

func told(d deal.Decision) (words string) {
	for _, r := range d.Reasons() {
		words += "; " + r.ID + ": " + r.Title
		if r.State == deal.NotEvaluated {
			words += " (not evaluated)"
		}
		if r.Actual != "" && r.Threshold != "" {
			words += ", found " + r.Actual + ", wanted " + r.Threshold
		}
	}
	return words
}

// mayTake stops an act of the node's own party before it is signed. The own
// pack always can. A refusal by the common one that somebody can lift goes to
// the desk, where it becomes work; any other keeps the wallet from signing what
// moves title, price or documents.
func (d *draft) mayTake(ctx context.Context, why Purpose) error {
	e, err := d.judge(ctx, d.p, d.act, why)
	if err != nil {
		return err
	}
	if e.ownRefuses() {
		return refusal(d.act, e.Decision)
	}
	release := d.act.Name() == "handover.release"
	if !release && !binds(d.act) {
		return nil
	}
	if !e.Decision.Allow && (release || !e.liftable()) {
		return refusal(d.act, e.Decision)
	}
	return d.notOverruled(ctx, d.p)
}

// binds reports whether an act moves title or price, or agrees to it.
func binds(a deal.Act) bool { return a.Step == "terms" || a.Step == "escrow" || a.Step == "settlement" }

// notOverruled refuses to go on where the desk has taken an act of this party
// that binds it, although the node's own policy had asked for more: a desk that
// waives the second pair of eyes gets no further.
func (n *Node) notOverruled(ctx context.Context, p *deal.Progress) error {
	refused, err := n.state.refusedActs(ctx, p.Opening.ID)
	if err != nil {
		return err
	}
	for _, r := range p.Records {
		if binds(r.Act) && r.Act.Party == n.Party && refused[r.Act.ID] {
			return refuse(Overruled, r.Act.Name()+" was taken, although this node's policy refused it")
		}
	}
	return nil
}
