package desk

import (
	"context"
	"net/http"
	"reflect"

	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
)

// HistoryPage is a part of a deal's history, oldest first.
type HistoryPage struct {
	Entries []Entry `json:"entries"`
	Next    string  `json:"next,omitempty"` // cursor of the next page; "" on the last
}

// fromStart asks an event stream for everything there is.
const fromStart = "start"

func (s *Server) eventRoutes(api huma.API) {
	handle(s, api, huma.Operation{
		OperationID: "show-history", Method: http.MethodGet, Path: "/v1/deals/{id}/history", Summary: "What happened in a deal, oldest first",
	}, s.showHistory)
	stream := func(id, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: http.MethodGet, Path: path, Summary: summary,
			Description: "Server-sent events named act, refusal, state and work, each with an id to go on from (Last-Event-ID or after). " +
				"Without one the stream starts with what happens next; after=start is from the beginning.",
		}
	}
	s.handleStream(api, stream("follow-deal", "/v1/deals/{id}/events", "Follow a deal"))
	s.handleStream(api, stream("follow", "/v1/events", "Follow everything the caller may see"))
}

type historyInput struct {
	ID    deal.ID `path:"id"`
	After string  `query:"after" doc:"id of the last entry that is known"`
	Limit int     `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (s *Server) showHistory(ctx context.Context, in *historyInput) (*body[HistoryPage], error) {
	if _, err := s.view(ctx, in.ID); err != nil {
		return nil, err
	}
	after, err := s.store.cursors.open(in.After)
	if err != nil {
		return nil, err
	}
	page := HistoryPage{Entries: []Entry{}}
	for len(page.Entries) < in.Limit {
		q := logQuery{callerOf(ctx), in.ID, after, in.Limit - len(page.Entries)}
		entries, upTo, err := s.store.entries(ctx, q)
		if err != nil {
			return nil, err
		}
		page.Entries = append(page.Entries, s.redactor(ctx).entries(entries)...)
		if upTo == after {
			break
		}
		after = upTo
	}
	// Only what the caller sees may move the cursor.
	if n := len(page.Entries); n == in.Limit {
		page.Next = page.Entries[n-1].ID
	}
	return &body[HistoryPage]{page}, nil
}

type streamInput struct {
	ID          deal.ID `path:"id"`
	After       string  `query:"after" doc:"id of the last event that is known, or start"`
	LastEventID string  `header:"Last-Event-ID"`
}

type allInput struct {
	After       string `query:"after" doc:"id of the last event that is known, or start"`
	LastEventID string `header:"Last-Event-ID"`
}

func (s *Server) handleStream(api huma.API, op huma.Operation) {
	if op.OperationID == "follow" {
		handle(s, api, op, func(ctx context.Context, in *allInput) (*huma.StreamResponse, error) {
			return s.follow(ctx, "", in.After, in.LastEventID)
		})
	} else {
		handle(s, api, op, func(ctx context.Context, in *streamInput) (*huma.StreamResponse, error) {
			if _, err := s.view(ctx, in.ID); err != nil {
				return nil, err
			}
			return s.follow(ctx, in.ID, in.After, in.LastEventID)
		})
	}
	item := api.OpenAPI().Paths[op.Path].Get
	item.Responses["200"] = &huma.Response{Description: "A stream of events whose data is an Entry", Content: map[string]*huma.MediaType{
		"text/event-stream": {Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Entry](), true, "Entry")},
	}}
}
