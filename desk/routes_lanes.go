package desk

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"cession/chain/lane"
	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
)

// mostRows bounds one answer of a list.
const mostRows = 1000

func (s *Server) laneRoutes(api huma.API) {
	if s.lanes == nil {
		return
	}
	handle(s, api, huma.Operation{
		OperationID: "list-lanes", Method: http.MethodGet, Path: "/v1/lanes", Summary: "List the lanes (operator)",
		Description: "Each with what is wrong with it as a whole, what it has in flight and did last.",
	}, forOperator(s.listLanes))
	handle(s, api, huma.Operation{
		OperationID: "list-transactions", Method: http.MethodGet, Path: "/v1/transactions", Summary: "List transactions of the lanes (operator)",
		Description: "Stuck ones first, oldest first; then what is open, oldest first; then what ended, newest first.",
	}, forOperator(s.listTransactions))
	handle(s, api, huma.Operation{
		OperationID: "show-transaction", Method: http.MethodGet, Path: "/v1/transactions/{id}", Summary: "Look at a transaction (operator)",
		Description: "By its intent, by the hash of any of its attempts, or by at least six hex digits with which no other begins.",
	}, forOperator(s.showTransaction))
	handle(s, api, huma.Operation{
		OperationID: "operate", Method: http.MethodPost, Path: "/v1/operations", Summary: "Do something to a lane or a transaction (operator)",
		Description: "Policy is asked first. A command whose version is not the current one is a conflict: look again. " +
			"Sent again under the same key it has the same answer and no further effect.",
	}, forOperator(s.operate))
	describeOperations(api.OpenAPI())
	handle(s, api, huma.Operation{
		OperationID: "list-operations", Method: http.MethodGet, Path: "/v1/operations", Summary: "What operators did and tried, newest first (operator)",
	}, forOperator(s.listOperations))
	handle(s, api, huma.Operation{
		OperationID: "list-spending", Method: http.MethodGet, Path: "/v1/spending", Summary: "What the chain was paid per deal (operator)",
	}, forOperator(s.listSpending))
}

// forOperator lets nobody but the operator through.
func forOperator[I, O any](f func(context.Context, *I) (*body[O], error)) func(context.Context, *I) (*body[O], error) {
	return func(ctx context.Context, in *I) (*body[O], error) {
		if err := operatorOnly(ctx); err != nil {
			return nil, err
		}
		return f(ctx, in)
	}
}

// describeOperations names the verbs and reasons in the API's description, from
// where they are defined.
func describeOperations(doc *huma.OpenAPI) {
	properties := doc.Components.Schemas.Map()["OperationRequest"].Properties
	for _, v := range lane.Verbs() {
		properties["verb"].Enum = append(properties["verb"].Enum, string(v))
	}
	for _, c := range lane.Causes() {
		properties["reason"].Enum = append(properties["reason"].Enum, string(c))
	}
	for _, name := range []string{"verb", "reason"} {
		properties[name].PrecomputeMessages()
	}
}

func (s *Server) listLanes(ctx context.Context, _ *struct{}) (*body[LaneList], error) {
	lists, silent, err := s.listings(ctx)
	if err != nil {
		return nil, err
	}
	list := LaneList{Lanes: lists, Silent: silent, Advice: map[lane.Reason]lane.Advice{}}
	for _, l := range lists {
		reasons := l.Reasons
		if l.Paused {
			reasons = append(slices.Clone(reasons), lane.Paused)
		}
		for _, why := range reasons {
			list.Advice[why] = lane.Advise(why)
		}
	}
	return &body[LaneList]{list}, nil
}

type spendingInput struct {
	Deal  deal.ID `query:"deal"`
	Limit int     `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

func (s *Server) listSpending(ctx context.Context, in *spendingInput) (*body[SpendingList], error) {
	sums, err := s.store.spent(ctx, in.Deal)
	if err != nil {
		return nil, err
	}
	lists, silent, err := s.listings(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.addLive(ctx, sums, lists, in.Deal); err != nil {
		return nil, err
	}
	list := SpendingList{Spending: []Spending{}, Silent: silent}
	for _, p := range sums {
		list.Spending = append(list.Spending, p)
	}
	slices.SortFunc(list.Spending, func(a, b Spending) int {
		return cmp.Or(cmp.Compare(b.Wei, a.Wei), cmp.Compare(a.Deal, b.Deal))
	})
	list.Spending = list.Spending[:min(len(list.Spending), in.Limit)]
	return &body[SpendingList]{list}, nil
}

// addLive adds what lanes have paid that is not kept yet.
func (s *Server) addLive(ctx context.Context, sums map[deal.ID]Spending, lists []lane.Listing, id deal.ID) error {
	var live []Transaction
	var intents []deal.Commitment
	for _, t := range itemsOf(lists) {
		if t.Fee > 0 && (id == "" || t.Deal == id) {
			live, intents = append(live, t), append(intents, t.Intent)
		}
	}
	kept, err := s.store.kept(ctx, intents)
	if err != nil {
		return err
	}
	for _, t := range live {
		if _, counted := kept[keptRow{t.Intent, t.Lane}]; counted {
			continue
		}
		p := sums[t.Deal]
		p.Deal, p.Transactions, p.Wei = t.Deal, p.Transactions+1, plus(p.Wei, t.Fee)
		if t.Receipt != nil {
			p.Gas = plus(p.Gas, t.Receipt.Gas)
		}
		sums[t.Deal] = p
	}
	return nil
}
