package desk

import (
	"context"
	"net/http"
	"time"

	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
)

func (s *Server) dealRoutes(api huma.API) {
	handle(s, api, huma.Operation{
		OperationID: "open-deal", Method: http.MethodPost, Path: "/v1/deals", DefaultStatus: http.StatusCreated,
		Summary: "Open a deal", Description: "The caller becomes the seller. The deal keeps the plan and the policy pack of now.",
	}, s.openDeal)
	handle(s, api, huma.Operation{
		OperationID: "list-deals", Method: http.MethodGet, Path: "/v1/deals", Summary: "List deals",
		Description: "The deals the caller sells or bought, and the rooms it bids in.",
	}, s.listDeals)
	handle(s, api, huma.Operation{
		OperationID: "show-deal", Method: http.MethodGet, Path: "/v1/deals/{id}", Summary: "Look at a deal",
	}, s.showDeal)
	handle(s, api, huma.Operation{
		OperationID: "show-room", Method: http.MethodGet, Path: "/v1/deals/{id}/rooms/{bidder}", Summary: "Look at a bidder's room",
	}, s.showRoom)
	handle(s, api, huma.Operation{
		OperationID: "take-act", Method: http.MethodPost, Path: "/v1/acts", Summary: "Take an act",
		Description: "The act is signed by the caller. Sent again it has the same outcome.",
	}, s.takeAct)
}

type openInput struct {
	Key  string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128" doc:"drawn by the caller; sent again, the request has the same answer"`
	Body struct {
		ID deal.ID `json:"id,omitempty" doc:"absent: the desk draws one"`
	}
}

type openOutput struct {
	Location string `header:"Location"`
	Body     deal.Opening
}

func (s *Server) openDeal(ctx context.Context, in *openInput) (*openOutput, error) {
	c := callerOf(ctx)
	if c.Party == "" {
		return nil, deal.Errorf(deal.Refused, "a deal is opened by its seller: the operator is no party")
	}
	id := in.Body.ID
	if id == "" {
		id = reservedID(ctx)
	}
	if err := id.Check(); err != nil {
		return nil, err
	}
	seller, _, err := s.store.Party(ctx, c.Party)
	if err != nil {
		return nil, err
	}
	pack := s.pack()
	if pack.IsZero() {
		return nil, deal.Errorf(deal.Conflict, "open deal: no policy pack is in force; the operator has to activate one")
	}
	o := deal.Opening{
		ID: id, Plan: s.plan.Plan, PlanHash: s.plan.Hash, Pack: pack, Seller: seller, Market: s.market,
		Opened: s.now().UTC().Truncate(time.Second),
	}
	err = s.deals.Open(ctx, o)
	if deal.KindOf(err) == deal.Conflict {
		o, err = s.openedBefore(ctx, id, c.Party, err)
	}
	if err != nil {
		return nil, err
	}
	return &openOutput{"/v1/deals/" + string(id), o}, nil
}

// openedBefore returns the opening of a deal that its seller opens once more:
// the answer to the first time may have been lost.
func (s *Server) openedBefore(ctx context.Context, id deal.ID, seller deal.PartyID, conflict error) (deal.Opening, error) {
	p, err := s.progress(ctx, id, "")
	if err != nil {
		return deal.Opening{}, err
	}
	if p.Opening.Seller.ID != seller {
		return deal.Opening{}, conflict
	}
	return p.Opening, nil
}

type listInput struct {
	State     string       `query:"state" doc:"a state of the plan"`
	WaitingOn string       `query:"waiting_on" enum:"seller,bidder,buyer,me"`
	DueBefore time.Time    `query:"due_before"`
	Party     deal.PartyID `query:"party" doc:"seller or buyer; to seller and operator also a bidder"`
	Order     string       `query:"order" enum:"due,updated" default:"updated"`
	Limit     int          `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor    string       `query:"cursor"`
}

func (s *Server) listDeals(ctx context.Context, in *listInput) (*body[DealPage], error) {
	page, err := s.store.deals(ctx, callerOf(ctx), DealFilter{
		deal.State(in.State), in.WaitingOn, in.DueBefore, in.Party, in.Order, in.Limit, in.Cursor,
	})
	return &body[DealPage]{page}, err
}

type dealInput struct {
	ID deal.ID `path:"id"`
}

func (s *Server) showDeal(ctx context.Context, in *dealInput) (*body[DealView], error) {
	v, err := s.view(ctx, in.ID)
	return &body[DealView]{v}, err
}

type roomInput struct {
	ID     deal.ID      `path:"id"`
	Bidder deal.PartyID `path:"bidder"`
}

func (s *Server) showRoom(ctx context.Context, in *roomInput) (*body[deal.Progress], error) {
	v, err := s.view(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	room := v.Room(in.Bidder)
	if room == nil {
		return nil, noDeal
	}
	return &body[deal.Progress]{*room}, nil
}

// view returns what the caller of the request sees of a deal.
func (s *Server) view(ctx context.Context, id deal.ID) (DealView, error) {
	p, err := s.progress(ctx, id, "")
	if err != nil {
		return DealView{}, err
	}
	rooms, err := s.store.Rooms(ctx, id)
	if err != nil {
		return DealView{}, err
	}
	v, ok := View(p, rooms, callerOf(ctx))
	if !ok {
		return DealView{}, noDeal
	}
	if v.Role != deal.BidderAs {
		v.Moving = s.moving(ctx, &p)
	}
	return s.redactor(ctx).view(v), nil
}

// redactor hides from the caller of the request what is others' own.
func (s *Server) redactor(ctx context.Context) redactor { return redactor{s.isPrivate, callerOf(ctx)} }

// progress reads the read model, and asks the engine for what is so new that
// it was not published yet.
func (s *Server) progress(ctx context.Context, id deal.ID, room deal.PartyID) (deal.Progress, error) {
	if id.Check() != nil || room != "" && room.Check() != nil {
		return deal.Progress{}, noDeal
	}
	p, err := s.store.Snapshot(ctx, id, room)
	if deal.KindOf(err) != deal.NotFound {
		return p, err
	}
	if p, err = s.deals.Progress(ctx, id, room); deal.KindOf(err) == deal.NotFound {
		return p, noDeal
	}
	return p, err
}
