package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

const blankGas = 21_000 // of a transaction of nothing

// question puts a command before policy: what it is about, as it is now.
func (s *Server) question(ctx context.Context, laneID string, c lane.Command) (Operation, error) {
	lists, silent, err := s.listings(ctx)
	if err != nil {
		return Operation{}, err
	}
	l, err := locate(lists, silent, laneID, c)
	if err != nil {
		return Operation{}, err
	}
	op := Operation{ID: c.ID, Verb: c.Verb, Actor: c.Actor, Cause: c.Cause, Ticket: c.Ticket, DryRun: c.DryRun, At: s.now().UTC().Truncate(time.Millisecond), Lane: l.Lane}
	if c.Verb == lane.Approve {
		proposal, found := proposalOf(l, c.Proposal)
		if !found {
			return op, deal.Errorf(deal.NotFound, "approve: no proposal %.40q waits in %s", c.Proposal, l.Lane)
		}
		op.Proposer, op.Proposed = proposal.Actor, proposal.Verb
		c = proposal
	}
	op.Limits, op.Tx = c.Limits, c.Tx
	op.ofLane(l)
	if c.Intent.IsZero() {
		return op, current(string(c.Verb)+": the lane", c.Version, l.Version)
	}
	r, err := s.lanes.Record(ctx, l.Lane, c.Intent)
	if err != nil {
		return op, err
	}
	op.ofIntent(r, l)
	op.price(c, r, l)
	return op, current(string(c.Verb)+": the intent", c.Version, r.Version)
}

// current reports a version that is yet to come. Whether an older one still
// holds is the lane's to say; with this, what policy judges is never older than
// what the lane acts on.
func current(what string, wanted, have uint64) error {
	if wanted <= have {
		return nil
	}
	return deal.Errorf(deal.Conflict, "%s is at version %d, not yet %d: look again", what, have, wanted)
}

// locate returns the lane that a command is for: the one it names, or the one
// that has its intent or proposal.
func locate(lists []lane.Listing, silent []string, laneID string, c lane.Command) (found lane.Listing, err error) {
	for _, l := range lists {
		switch {
		case laneID != "":
			if l.Lane == laneID {
				return l, nil
			}
		case c.Verb == lane.Approve:
			if _, ok := proposalOf(l, c.Proposal); ok {
				return l, nil
			}
		default:
			i := slices.IndexFunc(l.Items, func(it lane.Item) bool { return it.Intent == c.Intent && !c.Intent.IsZero() })
			if i >= 0 && (found.Lane == "" || l.Items[i].Status != lane.Moved) {
				found = l
			}
		}
	}
	switch {
	case found.Lane != "":
		return found, nil
	case laneID == "" && c.Intent.IsZero() && c.Verb != lane.Approve:
		return found, deal.Errorf(deal.Invalid, "%s: want an intent or a lane", c.Verb)
	case slices.Contains(silent, laneID) || laneID == "" && len(silent) > 0:
		return found, deal.Errorf(deal.Lost, "%s: a lane that may have it does not answer", c.Verb)
	case laneID != "":
		return found, deal.Errorf(deal.NotFound, "no lane %.80q: see the list of lanes", laneID)
	case c.Verb == lane.Approve:
		return found, deal.Errorf(deal.NotFound, "approve: no proposal %.40q waits in any lane", c.Proposal)
	}
	return found, deal.Errorf(deal.NotFound, "no lane has intent %s, or it ended long ago", c.Intent.Short())
}

func proposalOf(l lane.Listing, id string) (lane.Command, bool) {
	i := slices.IndexFunc(l.Pending, func(c lane.Command) bool { return c.ID == id })
	if i < 0 {
		return lane.Command{}, false
	}
	return l.Pending[i], true
}

func (op *Operation) ofLane(l lane.Listing) {
	op.Target, op.Reasons, op.Current = "lane", l.Reasons, l.Limits
	op.Gap, op.Age, op.Status = l.Gap, op.ageSince(l.Since), "running"
	if l.Paused {
		op.Status = "paused"
	}
	if op.Verb == lane.FillGap || op.Proposed == lane.FillGap {
		op.Cost = times(times(uint64(max(l.Gap, 0)), blankGas), plus(times(2, l.Fees.Base), l.Fees.Tip))
	}
}

func (op *Operation) ofIntent(r lane.Record, l lane.Listing) {
	op.Target, op.Intent, op.Deal, op.Step = "intent", r.Intent.ID, r.Intent.Deal, r.Intent.Step
	op.Call, op.Status, op.Hold, op.Age = r.Intent.Call.Name(), string(r.Status), r.Hold, op.ageSince(r.Submitted)
	if op.Call == "" {
		op.Call = r.Receipt.Call
	}
	op.Escrow = strings.HasPrefix(op.Call, "escrow.")
	op.Reasons = nil
	if r.Reason != "" {
		op.Reasons = []lane.Reason{r.Reason}
	}
	op.Current = limitsOf(r, l)
}

func (op *Operation) ageSince(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(0, int64(op.At.Sub(t)/time.Second))
}

// limitsOf returns the limits that hold for an intent.
func limitsOf(r lane.Record, l lane.Listing) lane.Limits {
	limits := l.Limits
	for _, m := range []struct{ have, own *uint64 }{
		{&limits.PerGas, &r.Limits.PerGas}, {&limits.PerIntent, &r.Limits.PerIntent}, {&limits.PerDay, &r.Limits.PerDay},
	} {
		if *m.own != 0 {
			*m.have = *m.own
		}
	}
	return limits
}

// price adds what a bump or a transaction of nothing would cost at most.
func (op *Operation) price(c lane.Command, r lane.Record, l lane.Listing) {
	if len(r.Attempts) == 0 {
		return
	}
	last := r.Attempts[len(r.Attempts)-1]
	tip, limit, _ := lane.Bump(last, l.Fees, lane.High, op.Current.PerGas)
	switch c.Verb {
	case lane.Raise:
		if op.Tip, op.Cap = tip, limit; c.Tip != 0 {
			op.Tip = c.Tip
		}
		if c.Cap != 0 {
			op.Cap = c.Cap
		}
		op.Cost = times(last.Gas, op.Cap)
	case lane.Cancel, lane.GiveUp:
		if last.Tried {
			op.Cost = times(blankGas, max(limit, plus(last.Cap, last.Cap/8)))
		}
	}
}
