package desk

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"cession/deal"
)

// OpenDeal opens a deal of the caller; with id "" the desk draws one.
func (c *Client) OpenDeal(ctx context.Context, id deal.ID) (o deal.Opening, err error) {
	in := struct {
		ID deal.ID `json:"id,omitempty"`
	}{id}
	return o, c.call(ctx, request{method: http.MethodPost, path: "/v1/deals", body: in, key: rand.Text()}, &o)
}

// Act takes an act. If policy refuses it, the error is a [Refusal] and the
// outcome is returned too.
func (c *Client) Act(ctx context.Context, act deal.Act) (out deal.Outcome, err error) {
	err = c.call(ctx, request{method: http.MethodPost, path: "/v1/acts", body: act, timeout: actTimeout + 15*time.Second}, &out)
	var refusal *Refusal
	if errors.As(err, &refusal) {
		out = refusal.Outcome
	}
	return out, err
}

// Explain asks policy about an act without taking it.
func (c *Client) Explain(ctx context.Context, act deal.Act) (d deal.Decision, err error) {
	return d, c.call(ctx, request{method: http.MethodPost, path: "/v1/policy/explain", body: act}, &d)
}

// Deals lists the deals the caller may see.
func (c *Client) Deals(ctx context.Context, f DealFilter) (page DealPage, err error) {
	q := query{"state": string(f.State), "waiting_on": f.WaitingOn, "party": string(f.Party), "order": f.Order, "cursor": f.Cursor}
	if !f.DueBefore.IsZero() {
		q["due_before"] = f.DueBefore.UTC().Format(time.RFC3339)
	}
	q.number("limit", f.Limit)
	return page, c.get(ctx, "/v1/deals"+q.String(), &page)
}

// Deal returns what the caller may see of a deal.
func (c *Client) Deal(ctx context.Context, id deal.ID) (v DealView, err error) {
	return v, c.get(ctx, dealPath(id), &v)
}

// Room returns a bidder's room.
func (c *Client) Room(ctx context.Context, id deal.ID, bidder deal.PartyID) (p deal.Progress, err error) {
	return p, c.get(ctx, dealPath(id)+"/rooms/"+url.PathEscape(string(bidder)), &p)
}

// History returns what happened in a deal after an entry; "" is the beginning.
func (c *Client) History(ctx context.Context, id deal.ID, after string) (page HistoryPage, err error) {
	return page, c.get(ctx, dealPath(id)+"/history"+query{"after": after}.String(), &page)
}

// Parties returns the parties of the market.
func (c *Client) Parties(ctx context.Context) (list []Member, err error) {
	return list, c.get(ctx, "/v1/parties", &list)
}

// Party returns a party and its identity.
func (c *Client) Party(ctx context.Context, id deal.PartyID) (m Member, err error) {
	return m, c.get(ctx, partyPath(id), &m)
}

// PutParty enters or replaces a party. It is the operator's to do, as are
// SuspendParty, ReinstateParty and RevokeSigner.
func (c *Client) PutParty(ctx context.Context, m Member) error {
	m.Profile.Status = ""
	return c.call(ctx, request{method: http.MethodPut, path: partyPath(m.Party.ID), body: m}, nil)
}

// SuspendParty keeps a party from acting.
func (c *Client) SuspendParty(ctx context.Context, id deal.PartyID) error {
	return c.call(ctx, request{method: http.MethodPost, path: partyPath(id) + "/suspend"}, nil)
}

// ReinstateParty lifts a suspension.
func (c *Client) ReinstateParty(ctx context.Context, id deal.PartyID) error {
	return c.call(ctx, request{method: http.MethodPost, path: partyPath(id) + "/reinstate"}, nil)
}

// RevokeSigner takes a signer off a party for good.
func (c *Client) RevokeSigner(ctx context.Context, id deal.PartyID, signer deal.Address) error {
	return c.call(ctx, request{method: http.MethodDelete, path: partyPath(id) + "/signers/" + signer.String()}, nil)
}

// NodeRecord returns a party's signed node record. Check its signature.
func (c *Client) NodeRecord(ctx context.Context, id deal.PartyID) (record json.RawMessage, err error) {
	return record, c.get(ctx, partyPath(id)+"/node", &record)
}

// PutNodeRecord says where the caller's node is.
func (c *Client) PutNodeRecord(ctx context.Context, id deal.PartyID, record json.RawMessage) error {
	return c.call(ctx, request{method: http.MethodPut, path: partyPath(id) + "/node", body: record}, nil)
}

// Plan returns the plan that new deals follow.
func (c *Client) Plan(ctx context.Context) (p PlanInfo, err error) {
	return p, c.get(ctx, "/v1/plan", &p)
}

// Market returns where deals are settled.
func (c *Client) Market(ctx context.Context) (m deal.Market, err error) {
	return m, c.get(ctx, "/v1/market", &m)
}

// MarketInfo returns the same with the policy pack in force.
func (c *Client) MarketInfo(ctx context.Context) (m MarketInfo, err error) {
	return m, c.get(ctx, "/v1/market", &m)
}

// Policy returns the rules that new deals are pinned to.
func (c *Client) Policy(ctx context.Context) (p PolicyInfo, err error) {
	return p, c.get(ctx, "/v1/policy", &p)
}

func (c *Client) get(ctx context.Context, path string, out any) error {
	return c.call(ctx, request{method: http.MethodGet, path: path}, out)
}

func dealPath(id deal.ID) string { return "/v1/deals/" + url.PathEscape(string(id)) }

func partyPath(id deal.PartyID) string { return "/v1/parties/" + url.PathEscape(string(id)) }

// query is a query string; empty values are left out.
type query map[string]string

func (q query) number(name string, n int) {
	if n != 0 {
		q[name] = strconv.Itoa(n)
	}
}

func (q query) String() string {
	v := url.Values{}
	for name, value := range q {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}
