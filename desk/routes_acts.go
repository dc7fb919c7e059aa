package desk

import (
	"context"

	"cession/deal"
)

// takeAct checks the act's signature and passes it on. An act the read model
// knows is answered from there, whatever has become of the deal's workflow.
func (s *Server) takeAct(ctx context.Context, in *body[deal.Act]) (*body[deal.Outcome], error) {
	ctx, cancel := context.WithTimeout(ctx, actTimeout)
	defer cancel()
	act := in.Body
	p, err := s.scopeOf(ctx, act)
	if err != nil {
		return nil, err
	}
	if err := s.signatures.VerifyAct(ctx, act, p.Opening.Plan, p.Opening.Market); err != nil {
		return nil, err
	}
	out, taken := p.Find(act.ID)
	if !taken {
		if out, err = s.newAct(ctx, act); err != nil {
			return nil, ended(p, err)
		}
	}
	if out.Verdict == deal.Rejected {
		return nil, refusal(out)
	}
	return &body[deal.Outcome]{out}, nil
}

// newAct passes an act on. The deal knows the signers its parties had when they
// came in; the directory knows who was revoked since.
func (s *Server) newAct(ctx context.Context, act deal.Act) (deal.Outcome, error) {
	party, _, err := s.store.Party(ctx, act.Party)
	if err != nil {
		return deal.Outcome{}, err
	}
	if !party.May(act.Signer) {
		return deal.Outcome{}, deal.Errorf(deal.Refused, "%s does not sign for %s", act.Signer, act.Party)
	}
	return s.deals.Act(ctx, act)
}

// ended words what a workflow answers that is gone because its deal is over.
func ended(p deal.Progress, err error) error {
	if deal.KindOf(err) == deal.NotFound && p.Ended != nil {
		return deal.Errorf(deal.Conflict, "deal %s: this is over (%s)", p.Opening.ID, p.State)
	}
	return err
}

// scopeOf returns where an act belongs, if the caller has a part there: the
// seller everywhere, a bidder in its room, the buyer in the deal. To others
// there is no such deal. Whether the act is possible is not decided here.
func (s *Server) scopeOf(ctx context.Context, act deal.Act) (deal.Progress, error) {
	c := callerOf(ctx)
	if !c.Operator && c.Party != act.Party {
		return deal.Progress{}, deal.Errorf(deal.Refused, "an act is sent by the party that takes it: %.40q is another", string(act.Party))
	}
	p, err := s.progress(ctx, act.Deal, act.Room)
	if err != nil || takesPart(&p, c) {
		return p, err
	}
	// A part that is too new for the read model: the selection was a moment ago.
	p, err = s.deals.Progress(ctx, act.Deal, act.Room)
	if deal.KindOf(err) == deal.NotFound || err == nil && !takesPart(&p, c) {
		return deal.Progress{}, noDeal
	}
	return p, err
}

func takesPart(p *deal.Progress, c Caller) bool {
	return c.Operator || p.RoleOf(c.Party) != deal.Nobody
}

// explainAct asks policy about an act without taking it. The act need not be signed.
func (s *Server) explainAct(ctx context.Context, in *body[deal.Act]) (*body[deal.Decision], error) {
	p, err := s.scopeOf(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	_, action, err := p.Opening.Plan.Action(in.Body.Step, in.Body.Action)
	if err == nil {
		err = in.Body.CheckFields(action)
	}
	if err != nil {
		return nil, err
	}
	d, err := s.evaluate(ctx, p.Question(in.Body, s.now()))
	return &body[deal.Decision]{d}, err
}
