package desk

import (
	"context"
	"net/http"
	"time"

	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
)

func (s *Server) decisionRoutes(api huma.API) {
	handle(s, api, huma.Operation{
		OperationID: "list-decisions", Method: http.MethodGet, Path: "/v1/decisions", Summary: "List the decisions of policy, oldest first (operator)",
		Description: "Permissions and refusals of all deals and of operators' commands, as they were sealed into their chains. They outlive the deals.",
	}, s.listDecisions)
	handle(s, api, huma.Operation{
		OperationID: "show-decisions", Method: http.MethodGet, Path: "/v1/deals/{id}/decisions", Summary: "The decisions of policy in a deal, oldest first",
		Description: "Those on the acts the caller sees in the deal's history, with what was judged for its own acts.",
	}, s.showDecisions)
	handle(s, api, huma.Operation{
		OperationID: "list-work", Method: http.MethodGet, Path: "/v1/work", Summary: "What is to be done before refused acts are allowed, the nearest due first",
		Description: "What is in the caller's queue and what it was refused itself; to the operator all. Without a state: what is open or escalated.",
	}, s.listWork)
}

type decisionsInput struct {
	Chain  string    `query:"chain" maxLength:"22" doc:"a deal's id, or operations"`
	Name   string    `query:"name" maxLength:"129" doc:"step.action"`
	Pack   string    `query:"pack" maxLength:"66"`
	From   time.Time `query:"from"`
	To     time.Time `query:"to" doc:"before"`
	Limit  int       `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	Cursor string    `query:"cursor"`
}

func (s *Server) listDecisions(ctx context.Context, in *decisionsInput) (*body[DecisionPage], error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	f := DecisionFilter{Chain: in.Chain, Name: in.Name, From: in.From, To: in.To, Limit: in.Limit, Cursor: in.Cursor}
	if in.Pack != "" {
		var err error
		if f.Pack, err = deal.ParseCommitment(in.Pack); err != nil {
			return nil, err
		}
	}
	page, err := s.store.decisions(ctx, f)
	for i := range page.Decisions {
		page.Decisions[i].Document = nil // it is in the record
	}
	return &body[DecisionPage]{page}, err
}

func (s *Server) showDecisions(ctx context.Context, in *historyInput) (*body[DecisionPage], error) {
	if _, err := s.view(ctx, in.ID); err != nil {
		return nil, err
	}
	after, err := s.store.cursors.open(in.After)
	if err != nil {
		return nil, err
	}
	page := DecisionPage{Decisions: []DecisionEntry{}}
	for len(page.Decisions) < in.Limit {
		q := logQuery{callerOf(ctx), in.ID, after, in.Limit - len(page.Decisions)}
		list, upTo, err := s.store.decisionsOf(ctx, q)
		if deal.KindOf(err) == deal.NotFound {
			break // a deal so new that it was not published
		}
		if err != nil {
			return nil, err
		}
		page.Decisions = append(page.Decisions, s.redactor(ctx).decisions(list)...)
		if upTo == after {
			break
		}
		after = upTo
	}
	// Only what the caller sees may move the cursor.
	if n := len(page.Decisions); n == in.Limit {
		page.Next = page.Decisions[n-1].ID
	}
	return &body[DecisionPage]{page}, nil
}

type workInput struct {
	Deal   deal.ID `query:"deal"`
	State  string  `query:"state" enum:"open,escalated,met,lapsed,all"`
	Limit  int     `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string  `query:"cursor"`
}

func (s *Server) listWork(ctx context.Context, in *workInput) (*body[WorkPage], error) {
	page, err := s.store.work(ctx, callerOf(ctx), WorkFilter{in.Deal, in.State, in.Limit, in.Cursor})
	return &body[WorkPage]{page}, err
}
