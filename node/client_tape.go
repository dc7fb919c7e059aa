package node

import (
	"context"
	"fmt"
	"net/http"

	"cession/deal"
)

// Tapes profiles the data tapes of a deal at this node.
func (c *Client) Tapes(ctx context.Context, id deal.ID) (list []TapeView, err error) {
	return list, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/tape", nil, &list)
}

// Perimeter returns the newest proposal of a perimeter in a bidder's room.
func (c *Client) Perimeter(ctx context.Context, id deal.ID, bidder deal.PartyID) (v PerimeterView, err error) {
	return v, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/rooms/"+string(bidder)+"/perimeter", nil, &v)
}

// ProveRow makes the file that shows one row of a data tape to a third party.
func (c *Client) ProveRow(ctx context.Context, id deal.ID, row uint64) (r RowProof, err error) {
	return r, c.call(ctx, http.MethodGet, fmt.Sprintf("/v1/deals/%s/tape/rows/%d", id, row), nil, &r)
}
