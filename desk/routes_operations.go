package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"cession/chain/lane"
	"cession/deal"
)

type operateInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"drawn by the caller; sent again, the request has the same answer. A dry run needs none"`
	Body OperationRequest
}

// operate has a command carried out once policy allows it. What policy said is
// kept first: a command that is sent again is not judged anew, since the first
// time may have changed what it is judged by.
func (s *Server) operate(ctx context.Context, in *operateInput) (*body[OperationResult], error) {
	ctx, cancel := context.WithTimeout(ctx, actTimeout)
	defer cancel()
	if in.Key == "" && !in.Body.DryRun {
		return nil, deal.Errorf(deal.Invalid, "%s: want one, so that the command is carried out once", headerKey)
	}
	c := in.Body.command(actorOf(ctx), commandID(callerOf(ctx), in.Key))
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.DryRun {
		out, err := s.rehearse(ctx, in.Body.Lane, c)
		return &body[OperationResult]{out}, err
	}
	j, err := s.judged(ctx, in.Body, c)
	if err != nil {
		return nil, err
	}
	if !j.decision.Allow {
		return nil, operationRefusal(j.decision)
	}
	answer, err := s.lanes.Operate(ctx, j.lane, j.command)
	s.conclude(ctx, j.command.ID, answer, err)
	return &body[OperationResult]{OperationResult{j.lane, j.decision, answer}}, err
}

// rehearse says what policy and the lane would answer.
func (s *Server) rehearse(ctx context.Context, laneID string, c lane.Command) (OperationResult, error) {
	op, err := s.question(ctx, laneID, c)
	if err != nil {
		return OperationResult{}, err
	}
	j, err := s.decide(ctx, op)
	d := j.Decision
	out := OperationResult{op.Lane, d, lane.Answer{ID: c.ID, Lane: op.Lane, Version: c.Version, DryRun: true, Effects: []string{}}}
	if err != nil || !d.Allow {
		return out, err
	}
	c.FourEyes = wantsFourEyes(c, d)
	out.Answer, err = s.lanes.Plan(ctx, op.Lane, c)
	return out, err
}

func (r OperationRequest) command(actor, id string) lane.Command {
	return lane.Command{
		ID: id, Verb: r.Verb, Intent: r.Intent, Version: r.Version, DryRun: r.DryRun, Tip: r.Tip, Cap: r.Cap, Limits: r.Limits,
		Tx: r.Tx, Proposal: r.Proposal, Actor: actor, Cause: r.Reason, Ticket: r.Ticket,
	}
}

// actorOf returns who at the operator calls.
func actorOf(ctx context.Context) string {
	if subject := callerOf(ctx).Subject; subject != "" {
		return subject
	}
	return "operator"
}

// commandID returns the id of the command under a caller's key: 128 bits of a
// hash, in a form that lanes take.
func commandID(c Caller, key string) string {
	sum := sha256.Sum256([]byte(c.key() + "\x00" + key))
	return "op-" + hex.EncodeToString(sum[:16])
}

type operationsInput struct {
	Lane   string  `query:"lane" maxLength:"100"`
	Intent string  `query:"intent" maxLength:"66"`
	Deal   deal.ID `query:"deal"`
	State  string  `query:"state" enum:"done,proposed,refused,failed,unknown"`
	Limit  int     `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Cursor string  `query:"cursor"`
}

func (s *Server) listOperations(ctx context.Context, in *operationsInput) (*body[OperationPage], error) {
	f := OperationFilter{Lane: in.Lane, Deal: in.Deal, State: OperationState(in.State), Limit: in.Limit, Cursor: in.Cursor}
	if in.Intent != "" {
		var err error
		if f.Intent, err = deal.ParseCommitment(in.Intent); err != nil {
			return nil, err
		}
	}
	page, err := s.store.operations(ctx, f)
	return &body[OperationPage]{page}, err
}
