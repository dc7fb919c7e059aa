package node

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"cession/deal"
)

// Questions returns the questions of a deal, what is overdue first: of one
// bidder's room, or with bidder "" of every room the party is in.
func (c *Client) Questions(ctx context.Context, id deal.ID, bidder deal.PartyID) (t Talk, err error) {
	query := url.Values{"bidder": {string(bidder)}}
	return t, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/questions?"+query.Encode(), nil, &t)
}

// PublishFAQ tells all bidders what one was answered. Only the seller's node does.
func (c *Client) PublishFAQ(ctx context.Context, id deal.ID, req FAQRequest) (e FAQEntry, err error) {
	return e, c.call(ctx, http.MethodPost, "/v1/deals/"+string(id)+"/faq", req, &e)
}

// FAQ returns what the seller told all bidders.
func (c *Client) FAQ(ctx context.Context, id deal.ID) (f FAQ, err error) {
	return f, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/faq", nil, &f)
}

// Reveal makes the file that shows one text to a third party.
func (c *Client) Reveal(ctx context.Context, id deal.ID, req RevealRequest) (r Reveal, err error) {
	query := url.Values{"field": {req.Field}}
	if req.FAQ > 0 {
		query.Set("faq", strconv.FormatUint(req.FAQ, 10))
	}
	return r, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/reveal/"+req.Act.String()+"?"+query.Encode(), nil, &r)
}
