package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"cession/deal"
)

// Lanes returns the operator's lanes at a glance. It is the operator's to ask,
// as is everything about lanes.
func (c *Client) Lanes(ctx context.Context) (list LaneList, err error) {
	return list, c.get(ctx, "/v1/lanes", &list)
}

// Transactions lists what the lanes have in flight and have sent.
func (c *Client) Transactions(ctx context.Context, f TransactionFilter) (page TransactionPage, err error) {
	q := query{"deal": string(f.Deal), "lane": f.Lane, "status": string(f.Status), "cursor": f.Cursor}
	if f.Stuck {
		q["stuck"] = "true"
	}
	q.number("limit", f.Limit)
	return page, c.get(ctx, "/v1/transactions"+q.String(), &page)
}

// Transaction returns an intent by its id, by the hash of one of its
// transactions, or by a beginning of either, of at least six hex digits, that
// fits no other: else the kind is conflict.
func (c *Client) Transaction(ctx context.Context, id string) (d TransactionDetail, err error) {
	return d, c.get(ctx, "/v1/transactions/"+url.PathEscape(id), &d)
}

// Operate has a command carried out, once. If policy refuses it, the error is
// an [OperationRefusal] and the result has the decision.
func (c *Client) Operate(ctx context.Context, r OperationRequest) (out OperationResult, err error) {
	if r.Key == "" {
		r.Key = rand.Text()
	}
	err = c.call(ctx, request{method: http.MethodPost, path: "/v1/operations", body: r, key: r.Key, timeout: operateTimeout + 15*time.Second}, &out)
	var refusal *OperationRefusal
	if errors.As(err, &refusal) {
		out.Decision = refusal.Decision
	}
	return out, err
}

// Operations lists what operators did and tried, newest first.
func (c *Client) Operations(ctx context.Context, f OperationFilter) (page OperationPage, err error) {
	q := query{"lane": f.Lane, "deal": string(f.Deal), "state": string(f.State), "cursor": f.Cursor}
	if !f.Intent.IsZero() {
		q["intent"] = f.Intent.String()
	}
	q.number("limit", f.Limit)
	return page, c.get(ctx, "/v1/operations"+q.String(), &page)
}

// Spending returns what was paid per deal, the most expensive first, or with an
// id what was paid for that deal.
func (c *Client) Spending(ctx context.Context, id deal.ID) (list SpendingList, err error) {
	return list, c.get(ctx, "/v1/spending"+query{"deal": string(id), "limit": strconv.Itoa(mostRows)}.String(), &list)
}
