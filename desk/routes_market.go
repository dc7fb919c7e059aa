package desk

import (
	"context"
	"net/http"

	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
)

// PlanInfo is the plan that new deals follow.
type PlanInfo struct {
	Plan deal.Plan       `json:"plan"`
	Hash deal.Commitment `json:"hash"`
	Acts map[string]any  `json:"acts" doc:"JSON schema (2020-12) of the acts of the plan"`
}

// PolicyInfo names the rules that new deals are pinned to.
type PolicyInfo struct {
	Pack deal.Commitment `json:"pack"` // digest of the policy pack
}

func (s *Server) marketRoutes(api huma.API) {
	handle(s, api, huma.Operation{
		OperationID: "show-plan", Method: http.MethodGet, Path: "/v1/plan", Summary: "The plan that new deals follow, and the schema of its acts",
	}, func(context.Context, *struct{}) (*body[PlanInfo], error) { return &body[PlanInfo]{s.plan}, nil })
	handle(s, api, huma.Operation{
		OperationID: "show-market", Method: http.MethodGet, Path: "/v1/market", Summary: "The chain and the contracts deals are settled on",
	}, func(context.Context, *struct{}) (*body[deal.Market], error) { return &body[deal.Market]{s.market}, nil })
	handle(s, api, huma.Operation{
		OperationID: "show-policy", Method: http.MethodGet, Path: "/v1/policy", Summary: "The policy pack that new deals are pinned to",
	}, func(context.Context, *struct{}) (*body[PolicyInfo], error) {
		return &body[PolicyInfo]{PolicyInfo{s.pack}}, nil
	})
	if s.evaluate != nil {
		handle(s, api, huma.Operation{
			OperationID: "explain-act", Method: http.MethodPost, Path: "/v1/policy/explain", Summary: "Ask policy about an act without taking it",
			Description: "The act need not be signed. Nothing is recorded.",
		}, s.explainAct)
	}
}
