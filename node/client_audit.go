package node

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"cession/deal"
)

// Log returns entries of the node's audit log from a position on, oldest first;
// none: there are no more.
func (c *Client) Log(ctx context.Context, from uint64) (list []LogEntry, err error) {
	return list, c.call(ctx, http.MethodGet, fmt.Sprintf("/v1/log?from=%d", from), nil, &list)
}

// LogHead returns the signed head of the node's audit log, with the proof that
// it follows the log of an earlier size.
func (c *Client) LogHead(ctx context.Context, from uint64) (a HeadAnswer, err error) {
	return a, c.call(ctx, http.MethodGet, fmt.Sprintf("/v1/log/head?from=%d", from), nil, &a)
}

// LogProof returns an entry of the node's audit log with what proves it.
func (c *Client) LogProof(ctx context.Context, position uint64) (p LogProof, err error) {
	return p, c.call(ctx, http.MethodGet, fmt.Sprintf("/v1/log/proof?position=%d", position), nil, &p)
}

// LogPeers returns what the node knows of other nodes' logs.
func (c *Client) LogPeers(ctx context.Context) (l LogPeers, err error) {
	return l, c.call(ctx, http.MethodGet, "/v1/log/peers", nil, &l)
}

// AcceptLog has the node take another's log as it is now, though it was rewritten.
func (c *Client) AcceptLog(ctx context.Context, party deal.PartyID) (l LogPeers, err error) {
	return l, c.call(ctx, http.MethodPost, "/v1/log/peers/"+url.PathEscape(string(party))+"/accept", nil, &l)
}

// Rotate has the node replace its keys. The client's own pin is the old one:
// dial anew.
func (c *Client) Rotate(ctx context.Context) (r Record, err error) {
	return r, c.call(ctx, http.MethodPost, "/v1/record/rotate", nil, &r)
}

// RevokeNode has peers refuse the node, until its keys are rotated.
func (c *Client) RevokeNode(ctx context.Context) (r Record, err error) {
	return r, c.call(ctx, http.MethodPost, "/v1/record/revoke", nil, &r)
}

// Erase has the node destroy content of a deal that is over.
func (c *Client) Erase(ctx context.Context, id deal.ID, req EraseRequest) (e Erasure, err error) {
	return e, c.call(ctx, http.MethodPost, "/v1/deals/"+string(id)+"/erasures", req, &e)
}

// Erasures lists what the node destroyed of a deal.
func (c *Client) Erasures(ctx context.Context, id deal.ID) (list []Erasure, err error) {
	return list, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/erasures", nil, &list)
}
