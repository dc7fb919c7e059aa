package desk

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	"cession/deal"
)

// Decisions lists the decisions of policy in all deals and on operators'
// commands, in the order they were made. It is the operator's to ask.
func (c *Client) Decisions(ctx context.Context, f DecisionFilter) (page DecisionPage, err error) {
	q := query{"chain": f.Chain, "name": f.Name, "pack": textOf(f.Pack), "cursor": f.Cursor}
	q.time("from", f.From)
	q.time("to", f.To)
	q.number("limit", f.Limit)
	return page, c.get(ctx, "/v1/decisions"+q.String(), &page)
}

// DealDecisions returns the decisions of policy in a deal that the caller may
// see, after one of them; "" is the beginning.
func (c *Client) DealDecisions(ctx context.Context, id deal.ID, after string) (page DecisionPage, err error) {
	return page, c.get(ctx, dealPath(id)+"/decisions"+query{"after": after}.String(), &page)
}

// Work lists what the caller has to do before refused acts are allowed; to the
// operator, what anybody has.
func (c *Client) Work(ctx context.Context, f WorkFilter) (page WorkPage, err error) {
	q := query{"deal": string(f.Deal), "state": f.State, "cursor": f.Cursor}
	q.number("limit", f.Limit)
	return page, c.get(ctx, "/v1/work"+q.String(), &page)
}

// Packs lists the policy packs of the market.
func (c *Client) Packs(ctx context.Context) (list []PackInfo, err error) {
	return list, c.get(ctx, packsPath, &list)
}

// PackBundle returns the signed bundle of a pack. Check its signatures.
func (c *Client) PackBundle(ctx context.Context, digest deal.Commitment) (content []byte, err error) {
	return content, c.get(ctx, packsPath+"/"+digest.String()+"/bundle", &content)
}

// PackActivation returns the activation of a pack. Check its signatures.
func (c *Client) PackActivation(ctx context.Context, digest deal.Commitment) (content []byte, err error) {
	return content, c.get(ctx, packsPath+"/"+digest.String()+"/activation", &content)
}

// SubmitPack hands in a signed pack with its activation. The same again changes
// nothing.
func (c *Client) SubmitPack(ctx context.Context, bundle, activation []byte) (info PackInfo, err error) {
	r := request{
		method: http.MethodPost, path: packsPath, body: submission{bundle, activation}, key: rand.Text(), timeout: actTimeout + 15*time.Second,
	}
	return info, c.call(ctx, r, &info)
}

func (q query) time(name string, t time.Time) {
	if !t.IsZero() {
		q[name] = t.UTC().Format(time.RFC3339)
	}
}
