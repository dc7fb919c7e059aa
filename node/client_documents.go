package node

import (
	"context"
	"net/http"

	"cession/deal"
)

// PlanMore announces documents in addition to those notarized, and returns what
// is to be notarized now.
func (c *Client) PlanMore(ctx context.Context, id deal.ID, docs []PlannedDocument) (set IntakeSet, err error) {
	return set, c.call(ctx, http.MethodPost, "/v1/deals/"+string(id)+"/documents/additions", docs, &set)
}

// Preview returns the documents of a deal as they would be if these were planned.
func (c *Client) Preview(ctx context.Context, id deal.ID, docs []PlannedDocument) (list []DocumentInfo, err error) {
	return list, c.call(ctx, http.MethodPost, "/v1/deals/"+string(id)+"/documents/preview", docs, &list)
}
