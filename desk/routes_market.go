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

// MarketInfo is where deals are settled, and by which rules new ones are judged.
type MarketInfo struct {
	deal.Market
	Policy PolicyInfo `json:"policy"`
}

func (s *Server) marketRoutes(api huma.API) {
	handle(s, api, huma.Operation{
		OperationID: "show-plan", Method: http.MethodGet, Path: "/v1/plan", Summary: "The plan that new deals follow, and the schema of its acts",
	}, func(context.Context, *struct{}) (*body[PlanInfo], error) { return &body[PlanInfo]{s.plan}, nil })
	handle(s, api, huma.Operation{
		OperationID: "show-market", Method: http.MethodGet, Path: "/v1/market", Summary: "The chain and the contracts deals are settled on, and the rules in force",
	}, func(ctx context.Context, _ *struct{}) (*body[MarketInfo], error) {
		return &body[MarketInfo]{MarketInfo{s.market, s.policy(ctx)}}, nil
	})
	handle(s, api, huma.Operation{
		OperationID: "show-policy", Method: http.MethodGet, Path: "/v1/policy", Summary: "The policy pack that new deals are pinned to",
	}, func(ctx context.Context, _ *struct{}) (*body[PolicyInfo], error) {
		return &body[PolicyInfo]{s.policy(ctx)}, nil
	})
	if s.evaluate != nil {
		handle(s, api, huma.Operation{
			OperationID: "explain-act", Method: http.MethodPost, Path: "/v1/policy/explain", Summary: "Ask policy about an act without taking it",
			Description: "The act need not be signed. Nothing is recorded.",
		}, s.explainAct)
	}
}
