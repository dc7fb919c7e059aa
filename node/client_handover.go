package node

import (
	"context"
	"net/http"

	"cession/deal"
)

// HandoverByDocument returns what [Client.Handover] does, document by document.
func (c *Client) HandoverByDocument(ctx context.Context, id deal.ID) (list []Transfer, err error) {
	return list, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/handover?each=1", nil, &list)
}
