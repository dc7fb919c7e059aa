package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"cession/deal"
)

// ActRequest asks the node to take an action for its customer.
type ActRequest struct {
	Deal      deal.ID           `json:"deal"`
	Room      deal.PartyID      `json:"room,omitempty"` // the bidder in whose room; "" for the deal itself
	Step      string            `json:"step"`
	Action    string            `json:"action"`
	Fields    map[string]string `json:"fields,omitempty"`    // text form; sealed fields take the text itself
	Documents []uint64          `json:"documents,omitempty"` // of perimeter.propose: the indexes that remain
	Rows      *RowChange        `json:"rows,omitempty"`      // of perimeter.propose: which rows of the data tape are taken out, or in, and their prices
	Signer    string            `json:"signer,omitempty"`    // "wallet" (default) or "second"
	Key       string            `json:"key,omitempty"`       // the same key again is the same request; optional
}

// fingerprint tells requests apart without keeping them.
func (r ActRequest) fingerprint() string {
	r.Key = ""
	sum := sha256.Sum256([]byte(jsonColumn(r)))
	return hex.EncodeToString(sum[:])
}

// actTimeout bounds one attempt to hand an act in; an act may wait for the chain.
const actTimeout = 3 * time.Minute

// attempts is how often an act without an answer is sent before the caller is told.
const attempts = 4

// Act completes an act, verifies what it commits the customer to, signs it,
// puts it on disk and hands it to the desk. If the answer is lost the very same
// act is sent again, also after a restart; it is never signed anew while its
// outcome is unknown. A refusal of policy is an outcome. Errors: refused (the
// node will not sign it), invalid, conflict, notfound, lost (ask again).
func (n *Node) Act(ctx context.Context, req ActRequest) (deal.Outcome, error) {
	if err := req.Deal.Check(); err != nil {
		return deal.Outcome{}, err
	}
	unlock, err := n.acting.lock(ctx, string(req.Deal)+"/"+string(req.Room))
	if err != nil {
		return deal.Outcome{}, err
	}
	defer unlock()
	if known, err := n.earlier(ctx, req); known != nil || err != nil {
		return known.outcome(), err
	}
	d, err := n.draft(ctx, req)
	if err != nil {
		return deal.Outcome{}, n.logRefusal(ctx, req, err)
	}
	a := signedAct{Act: d.act, Status: statusSigned, Request: req.fingerprint()}
	if err := n.state.saveAct(ctx, a, req.Key, d.texts, stamp(n.now())); err != nil {
		return deal.Outcome{}, err
	}
	return n.handIn(ctx, d.act)
}

func (a *signedAct) outcome() deal.Outcome {
	if a == nil {
		return deal.Outcome{}
	}
	return a.Outcome
}

// earlier finds out what became of this request if it was made before, and of
// every act here whose outcome is unknown: nothing is signed on top of one.
func (n *Node) earlier(ctx context.Context, req ActRequest) (*signedAct, error) {
	open, err := n.state.acts(ctx, "status = ? AND deal = ? AND room = ?", statusSigned, req.Deal, req.Room)
	if err != nil {
		return nil, err
	}
	for _, a := range open {
		outcome, err := n.handIn(ctx, a.Act)
		same := a.Request == req.fingerprint()
		if deal.KindOf(err) == deal.Lost || (same && err != nil) {
			return nil, err
		}
		if same {
			a.Outcome = outcome
			return &a, nil
		}
	}
	if req.Key == "" {
		return nil, nil
	}
	made, err := n.state.acts(ctx, "key = ?", req.Key)
	if err != nil || len(made) == 0 {
		return nil, err
	}
	switch a := &made[0]; {
	case a.Request != req.fingerprint():
		return nil, deal.Errorf(deal.Conflict, "key %.40q was used for another request", req.Key)
	case a.Status == statusFailed:
		return nil, deal.Errorf(deal.Conflict, "act %s could not be taken: ask under another key", a.Act.ID.Short())
	default:
		return a, nil
	}
}

// handIn sends a signed act until it has an outcome or can have none. Reading
// rights that it takes back end before: that is not the desk's to decide.
func (n *Node) handIn(ctx context.Context, act deal.Act) (deal.Outcome, error) {
	if act.Name() == "leave.revoke" {
		if err := n.Revoke(ctx, act.Deal, act.Room); err != nil {
			return deal.Outcome{}, err
		}
	}
	pause := n.Retry
	for try := 1; ; try++ {
		outcome, err := n.send(ctx, act)
		switch deal.KindOf(err) {
		case deal.Lost:
		case "":
			if err == nil {
				return outcome, n.conclude(ctx, act, outcome)
			}
		default:
			if failed := n.state.settleAct(ctx, act.ID, statusFailed, deal.KindOf(err)); failed != nil {
				return outcome, failed
			}
			return outcome, err
		}
		n.Log.Warn("act without an answer", "act", act.ID.Short(), "name", act.Name(), "try", try)
		if try == attempts || ctx.Err() != nil {
			return outcome, deal.Errorf(deal.Lost, "act %s is signed and sent, its outcome is not known yet: ask again", act.ID.Short())
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
		}
	}
}

func (n *Node) send(ctx context.Context, act deal.Act) (deal.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, actTimeout)
	defer cancel()
	outcome, err := n.Desk.Act(ctx, act)
	if outcome.Act == act.ID && outcome.Verdict == deal.Rejected {
		return outcome, nil // some desks also say it as an error
	}
	return outcome, err
}

// conclude stores an outcome and does what the node does by itself after an act.
func (n *Node) conclude(ctx context.Context, act deal.Act, outcome deal.Outcome) error {
	if outcome.Act != act.ID || (outcome.Verdict != deal.Accepted && outcome.Verdict != deal.Rejected) {
		return deal.Errorf(deal.Lost, "the desk answered act %s with the outcome of another: ask again", act.ID.Short())
	}
	ctx = context.WithoutCancel(ctx) // the act is taken, whether or not the caller still waits
	if outcome.Verdict == deal.Accepted {
		if err := n.follow(ctx, act); err != nil {
			return err
		}
	}
	if err := n.state.settleAct(ctx, act.ID, statusSettled, outcome); err != nil {
		return err
	}
	if outcome.Verdict == deal.Accepted {
		n.tell(ctx, act)
	}
	n.learn(ctx, act)
	return nil
}

// follow takes rights back at once that an act of the customer ends.
func (n *Node) follow(ctx context.Context, act deal.Act) error {
	switch act.Name() {
	case "leave.dismiss", "leave.withdraw":
		return n.Revoke(ctx, act.Deal, act.Room)
	case "selection.select":
		return n.revokeWhere(ctx, "deal = ? AND bidder <> ?", act.Deal, act.Field("bidder").Party())
	case "cancellation.cancel", "refund.claim":
		if err := n.RevokeReleases(ctx, act.Deal); err != nil {
			return err
		}
		return n.revokeWhere(ctx, "deal = ?", act.Deal)
	}
	return nil
}

// learn looks at a deal again whose rules an act may have changed, so that from
// now on reads and releases are judged by them.
func (n *Node) learn(ctx context.Context, act deal.Act) {
	if !isAdoption(act) {
		return
	}
	if _, err := n.look(ctx, act.Deal); err != nil { // the next look finds out
		n.Log.Warn("policy pack in effect not learned yet", "deal", act.Deal, "kind", deal.KindOf(err))
	}
}

// Resume sends every act again whose outcome is unknown. It returns the last
// error, after it has tried all.
func (n *Node) Resume(ctx context.Context) (last error) {
	open, err := n.state.acts(ctx, "status = ?", statusSigned)
	if err != nil {
		return err
	}
	for _, a := range open {
		if err := n.resume(ctx, a.Act); err != nil {
			last = err
		}
	}
	return last
}

func (n *Node) resume(ctx context.Context, act deal.Act) error {
	unlock, err := n.acting.lock(ctx, string(act.Deal)+"/"+string(act.Room))
	if err != nil {
		return err
	}
	defer unlock()
	open, err := n.state.acts(ctx, "status = ? AND id = ?", statusSigned, act.ID.String())
	if err != nil || len(open) == 0 { // a request of the customer was faster
		return err
	}
	_, err = n.handIn(ctx, act)
	return err
}
