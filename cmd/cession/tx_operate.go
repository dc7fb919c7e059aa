package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
	"cession/policies"
)

// operator's calls of the desk.
type operateAPI interface {
	lanesAPI
	Operate(ctx context.Context, r desk.OperationRequest) (desk.OperationResult, error)
}

// target is what a command is about, as it was just read.
type target struct {
	lane     lane.Listing
	item     *lane.Item    // of a transaction
	proposal *lane.Command // of an approval
}

// aim reads what a command is about.
func aim(ctx context.Context, client lanesAPI, on targets, name string) (t target, err error) {
	switch on {
	case aLane:
		t.lane, err = findLane(ctx, client, name)
		return t, err
	case aProposal:
		return findProposal(ctx, client, name)
	case either:
		if l, err := findLane(ctx, client, name); err == nil {
			return target{lane: l}, nil
		} else if deal.KindOf(err) != deal.NotFound {
			return t, err
		}
	}
	d, err := findTransaction(ctx, client, name)
	t.item = &d.Transaction.Item
	t.lane = lane.Listing{Lane: d.Transaction.Lane, Address: d.Transaction.Signer}
	return t, err
}

var txForm = regexp.MustCompile(`^(0x)?[0-9a-f]{6,64}$`)

// findTransaction reads a transaction by its intent, a hash, or the beginning of either.
func findTransaction(ctx context.Context, client lanesAPI, name string) (d desk.TransactionDetail, err error) {
	word := strings.ToLower(name)
	if !txForm.MatchString(word) {
		return d, usageError{deal.Errorf(deal.Invalid, "transaction %.70q: want its intent or a hash, or 6 hex digits of its beginning at least; see cession tx ls", name)}
	}
	d, err = client.Transaction(ctx, word)
	if deal.KindOf(err) == deal.NotFound {
		return d, deal.Errorf(deal.NotFound, "no transaction %.70s; see cession tx ls", name)
	}
	return d, err
}

func findProposal(ctx context.Context, client lister, id string) (t target, err error) {
	list, err := client.Lanes(ctx)
	if err != nil {
		return t, err
	}
	for _, l := range list.Lanes {
		for _, p := range l.Pending {
			if p.ID == id {
				return target{lane: l, proposal: &p}, nil
			}
		}
	}
	return t, deal.Errorf(deal.NotFound, "nothing waits for approval under %.40s: it was approved, or is over a day old; see cession tx lanes", id)
}

// request has the command be about the target, at the version that was read.
func (t target) request(r *desk.OperationRequest) {
	r.Lane = t.lane.Lane
	switch {
	case t.item != nil:
		r.Intent, r.Version = t.item.Intent, t.item.Version
	case t.proposal != nil:
		r.Proposal, r.Version = t.proposal.ID, t.lane.Version
	default:
		r.Version = t.lane.Version
	}
}

// words say what the target is and how it stands.
func (t target) words(now time.Time) string {
	switch {
	case t.item != nil:
		r := txRow{lane: t.lane, Item: *t.item}
		text := fmt.Sprintf("%s: %s of %s, on lane %s\n  %s for %s", t.item.Intent.Short(), t.item.Call, stepOf(*t.item), laneName(t.lane.Lane), r.state(), r.age(now))
		if t.item.Nonce != nil {
			text += fmt.Sprintf(", nonce %d, %s", *t.item.Nonce, times(t.item.Attempts))
		}
		if why := r.why(); why != "" {
			text += ", " + why
		}
		return text
	case t.proposal != nil:
		return fmt.Sprintf("%s: %s of %s, wanted by %s for %s", t.proposal.ID, t.proposal.Verb, targetOf(t.lane.Lane, *t.proposal), t.proposal.Actor, t.proposal.Cause)
	}
	text := fmt.Sprintf("lane %s: nonce %d, %d in flight, %d queued", laneName(t.lane.Lane), t.lane.Nonce, t.lane.InFlight, t.lane.Queued)
	if state := laneState(t.lane); state != "" {
		text += ", " + state
	}
	return text
}

// times counts attempts.
func times(n int) string {
	if n == 1 {
		return "1 attempt"
	}
	return fmt.Sprintf("%d attempts", n)
}

// stepOf names the step and the deal behind a transaction.
func stepOf(it lane.Item) string {
	if it.Deal == "" {
		return "no deal"
	}
	return fmt.Sprintf("%s in %s", it.Step, it.Deal)
}

// targetOf names what a command acts on.
func targetOf(laneID string, c lane.Command) string {
	if c.Intent.IsZero() {
		return "lane " + laneName(laneID)
	}
	return c.Intent.Short()
}

// operate says what a command acts on, has it carried out and says what became
// of it.
func (a *app) operate(ctx context.Context, client operateAPI, t target, r desk.OperationRequest) error {
	if !a.json {
		fmt.Fprintf(a.out, "%s %s\n  version %d\n", r.Verb, t.words(time.Now()), r.Version)
	}
	result, err := client.Operate(ctx, r)
	var refusal *desk.OperationRefusal
	switch {
	case errors.As(err, &refusal) && a.json:
		return errors.Join(printJSON(a.out, result), err)
	case errors.As(err, &refusal):
		a.explain(refusal.Decision)
		return err
	case deal.KindOf(err) == deal.Conflict:
		return deal.Errorf(deal.Conflict, "%s. Nothing was done; see %s", readableWei(err.Error()), a.lookAgain(t))
	case deal.KindOf(err) == deal.Lost:
		return fmt.Errorf("%w. It may have been done: see %s", err, a.line("tx", "log"))
	case err != nil:
		return err
	case a.json:
		return printJSON(a.out, result)
	}
	return a.showAnswer(t, r, result)
}

func (a *app) lookAgain(t target) string {
	switch {
	case t.item != nil:
		return a.line("tx", "show", t.item.Intent.Short())
	case t.proposal != nil && !t.proposal.Intent.IsZero():
		return a.line("tx", "show", t.proposal.Intent.Short())
	}
	return a.line("tx", "lanes")
}

// showAnswer writes what a command did, or would do.
func (a *app) showAnswer(t target, r desk.OperationRequest, result desk.OperationResult) error {
	answer := result.Answer
	if answer.DryRun && !result.Decision.Allow {
		a.explain(result.Decision)
		return deal.Errorf(deal.Refused, "policy would refuse it")
	}
	a.explain(result.Decision)
	switch {
	case answer.DryRun:
		fmt.Fprintln(a.out, "it would, if typed without --dry-run")
	case answer.Proposed:
		fmt.Fprintf(a.out, "NOT DONE YET: a second operator types, within a day and with their own token,\n  %s\nand then it will\n",
			a.approval(lane.Command{ID: answer.ID, Cause: r.Reason, Ticket: r.Ticket}))
	default:
		fmt.Fprintln(a.out, "done")
	}
	for _, effect := range answer.Effects {
		fmt.Fprintf(a.out, "  - %s\n", readableWei(effect))
	}
	if answer.DryRun || answer.Proposed {
		return nil
	}
	what := "it"
	if t.proposal != nil {
		what = "the lane" // to which approvals are addressed
	}
	_, err := fmt.Fprintf(a.out, "%s is at version %d now; follow it: %s\n", what, answer.Version, a.lookAgain(t))
	return err
}

// explain says what policy holds of a command: the rules that did not pass, or
// what it obliges to and why.
func (a *app) explain(d deal.Decision) {
	failed := d.Reasons()
	if !d.Allow {
		fmt.Fprintf(a.out, "policy refuses it: %d of %d rules did not pass\n", len(failed), len(d.Rules))
		for _, r := range failed {
			a.explainRule(r)
		}
		return
	}
	fmt.Fprintf(a.out, "policy allows it: %d rules passed\n", len(d.Rules))
	for _, o := range d.Obligations {
		if o != policies.FourEyes {
			fmt.Fprintf(a.out, "  it obliges to %s\n", o)
			continue
		}
		fmt.Fprint(a.out, "  a second operator must approve it")
		for _, r := range d.Rules {
			if r.ID == "operation.four_eyes" {
				fmt.Fprintf(a.out, ": %s (%s)", readableWei(r.Actual), readableWei(r.Threshold))
			}
		}
		fmt.Fprintln(a.out)
	}
}

func (a *app) explainRule(r deal.RuleResult) {
	fmt.Fprintf(a.out, "  %s", r.Title)
	if r.Actual != "" {
		fmt.Fprintf(a.out, ": found %s, wanted %s", readableWei(r.Actual), orDash(readableWei(r.Threshold)))
	}
	fmt.Fprintf(a.out, "\n    rule %s", r.ID)
	if r.Citation != "" {
		fmt.Fprintf(a.out, " (%s)", r.Citation)
	}
	fmt.Fprintln(a.out)
}
