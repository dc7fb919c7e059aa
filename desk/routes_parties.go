package desk

import (
	"context"
	"encoding/json"
	"net/http"

	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
)

func (s *Server) partyRoutes(api huma.API) {
	handle(s, api, huma.Operation{
		OperationID: "list-parties", Method: http.MethodGet, Path: "/v1/parties", Summary: "List the parties of the market",
	}, s.listParties)
	handle(s, api, huma.Operation{
		OperationID: "show-party", Method: http.MethodGet, Path: "/v1/parties/{id}", Summary: "Look at a party",
	}, s.showParty)
	handle(s, api, huma.Operation{
		OperationID: "put-party", Method: http.MethodPut, Path: "/v1/parties/{id}", Summary: "Enter or replace a party (operator)",
	}, s.putParty)
	handle(s, api, huma.Operation{
		OperationID: "suspend-party", Method: http.MethodPost, Path: "/v1/parties/{id}/suspend", Summary: "Keep a party from acting (operator)",
	}, s.suspendParty)
	handle(s, api, huma.Operation{
		OperationID: "reinstate-party", Method: http.MethodPost, Path: "/v1/parties/{id}/reinstate", Summary: "Lift a suspension (operator)",
	}, s.reinstateParty)
	handle(s, api, huma.Operation{
		OperationID: "revoke-signer", Method: http.MethodDelete, Path: "/v1/parties/{id}/signers/{address}", Summary: "Take a signer off a party for good (operator)",
	}, s.revokeSigner)
	handle(s, api, huma.Operation{
		OperationID: "show-node", Method: http.MethodGet, Path: "/v1/parties/{id}/node", Summary: "Where a party's node is: its own signed record",
	}, s.showNode)
	handle(s, api, huma.Operation{
		OperationID: "put-node", Method: http.MethodPut, Path: "/v1/parties/{id}/node", Summary: "Say where the caller's node is",
	}, s.putNode)
}

type partyInput struct {
	ID deal.PartyID `path:"id"`
}

func (s *Server) listParties(ctx context.Context, _ *struct{}) (*body[[]Member], error) {
	members, err := s.store.Parties(ctx)
	if members == nil {
		members = []Member{}
	}
	return &body[[]Member]{members}, err
}

func (s *Server) showParty(ctx context.Context, in *partyInput) (*body[Member], error) {
	p, who, err := s.store.Party(ctx, in.ID)
	return &body[Member]{Member{p, who}}, err
}

type putPartyInput struct {
	ID   deal.PartyID `path:"id"`
	Body Member
}

func (s *Server) putParty(ctx context.Context, in *putPartyInput) (*none, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	if in.Body.Party.ID != in.ID {
		return nil, deal.Errorf(deal.Invalid, "party: its id is %.40q in the path and %.40q in the body", string(in.ID), string(in.Body.Party.ID))
	}
	return nil, s.store.PutParty(ctx, in.Body.Party, in.Body.Profile)
}

func (s *Server) suspendParty(ctx context.Context, in *partyInput) (*none, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	return nil, s.store.Suspend(ctx, in.ID)
}

func (s *Server) reinstateParty(ctx context.Context, in *partyInput) (*none, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	return nil, s.store.Reinstate(ctx, in.ID)
}

type signerInput struct {
	ID      deal.PartyID `path:"id"`
	Address string       `path:"address"`
}

func (s *Server) revokeSigner(ctx context.Context, in *signerInput) (*none, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	a, err := deal.ParseAddress(in.Address)
	if err != nil {
		return nil, err
	}
	return nil, s.store.RevokeSigner(ctx, in.ID, a)
}

func (s *Server) showNode(ctx context.Context, in *partyInput) (*body[json.RawMessage], error) {
	record, err := s.store.NodeRecord(ctx, in.ID)
	return &body[json.RawMessage]{record}, err
}

type putNodeInput struct {
	ID   deal.PartyID `path:"id"`
	Body json.RawMessage
}

func (s *Server) putNode(ctx context.Context, in *putNodeInput) (*none, error) {
	if callerOf(ctx).Party != in.ID {
		return nil, deal.Errorf(deal.Refused, "a node record is put by its own party")
	}
	p, _, err := s.store.Party(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	meta, err := s.nodeRecords(ctx, p, in.Body)
	if err != nil {
		return nil, err
	}
	return nil, s.store.PutNodeRecord(ctx, in.ID, in.Body, meta)
}

func operatorOnly(ctx context.Context) error {
	if !callerOf(ctx).Operator {
		return deal.Errorf(deal.Refused, "this is the operator's to do")
	}
	return nil
}
