package node

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

// ClientConfig says which node to talk to: Dir, where its token and certificate
// are, or both of them by themselves.
type ClientConfig struct {
	URL   string // https://host:port
	Dir   string
	Token string
	Pin   deal.Commitment // SHA-256 of the node's TLS public key
}

// Client is the customer's side of a node's API.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// Dial makes a client; it does not connect yet.
func Dial(cfg ClientConfig) (*Client, error) {
	if u, err := url.Parse(cfg.URL); err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, deal.Errorf(deal.Invalid, "node address: want https://host:port")
	}
	if cfg.Dir != "" {
		if err := cfg.load(); err != nil {
			return nil, fmt.Errorf("read the node's credentials: %w", err)
		}
	}
	if cfg.Token == "" || cfg.Pin.IsZero() {
		return nil, deal.Errorf(deal.Invalid, "node credentials: want its directory, or its token and the digest of its TLS key")
	}
	// no overall timeout: uploads take as long as they move; the caller's context bounds the rest
	c := newHTTPClient(pinnedTransport(cfg.Pin, nil))
	c.Timeout = 0
	c.Transport.(*http.Transport).ResponseHeaderTimeout = 15 * time.Minute // an act may wait for the chain
	return &Client{strings.TrimSuffix(cfg.URL, "/"), cfg.Token, c}, nil
}

func (c *ClientConfig) load() error {
	token, err := os.ReadFile(filepath.Join(c.Dir, tokenFile))
	if err != nil {
		return err
	}
	certificate, err := os.ReadFile(filepath.Join(c.Dir, tlsFile))
	if err != nil {
		return err
	}
	block, _ := pem.Decode(certificate)
	if block == nil {
		return deal.Errorf(deal.Invalid, "certificate is malformed")
	}
	c.Token = strings.TrimSpace(string(token))
	c.Pin, err = pinOf(block.Bytes)
	return err
}

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Open opens a deal with the node's party as seller.
func (c *Client) Open(ctx context.Context) (o deal.Opening, err error) {
	r, err := c.request(ctx, http.MethodPost, "/v1/deals", nil)
	if err != nil {
		return o, err
	}
	r.Header.Set(keyHeader, rand.Text()) // with it the transport sends it again if the connection breaks
	resp, err := c.http.Do(r)
	if err != nil {
		return o, fmt.Errorf("ask the node: %w", bare(err))
	}
	defer resp.Body.Close()
	if err := checkStatus(resp); err != nil {
		return o, err
	}
	return o, decodeBody(resp.Body, maxListing, &o)
}

// Act takes an action. A refusal of policy is an outcome, not an error.
func (c *Client) Act(ctx context.Context, req ActRequest) (outcome deal.Outcome, err error) {
	resp, err := c.send(ctx, http.MethodPost, "/v1/acts", req)
	if err != nil {
		return outcome, err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusForbidden {
		var p Problem
		if err := decodeBody(resp.Body, maxBody, &p); err != nil {
			return outcome, err
		}
		if p.Outcome == nil {
			return outcome, p.asError()
		}
		return *p.Outcome, nil
	}
	if err := checkStatus(resp); err != nil {
		return outcome, err
	}
	return outcome, decodeBody(resp.Body, maxPlan, &outcome)
}

// Plan announces the documents of a deal and returns what is to be notarized.
func (c *Client) Plan(ctx context.Context, id deal.ID, docs []PlannedDocument) (set IntakeSet, err error) {
	return set, c.call(ctx, http.MethodPost, "/v1/deals/"+string(id)+"/documents/plan", docs, &set)
}

// Upload sends a document's content, after its root was notarized.
func (c *Client) Upload(ctx context.Context, id deal.ID, index uint64, body io.Reader, size int64) error {
	r, err := c.request(ctx, http.MethodPut, fmt.Sprintf("/v1/deals/%s/documents/%d", id, index), body)
	if err != nil {
		return err
	}
	r.ContentLength = size
	resp, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("ask the node: %w", bare(err))
	}
	if err := checkStatus(resp); err != nil {
		return err
	}
	return resp.Body.Close()
}

// CountTape sends a CSV document of a deal to be counted, before it is planned:
// documents.notarize then says how complete it is. Nothing of it is kept.
func (c *Client) CountTape(ctx context.Context, id deal.ID, body io.Reader, size int64) (report TapeReport, err error) {
	r, err := c.request(ctx, http.MethodPost, "/v1/deals/"+string(id)+"/tape", body)
	if err != nil {
		return report, err
	}
	r.ContentLength = size
	resp, err := c.http.Do(r)
	if err != nil {
		return report, fmt.Errorf("ask the node: %w", bare(err))
	}
	defer resp.Body.Close()
	if err := checkStatus(resp); err != nil {
		return report, err
	}
	return report, decodeBody(resp.Body, maxBody, &report)
}

// Decisions returns what the node's own policy decided, after a row, oldest
// first: of one deal, or with id "" of all. No entry means that there are no more.
func (c *Client) Decisions(ctx context.Context, id deal.ID, after uint64) (list []DecisionEntry, err error) {
	query := url.Values{"deal": {string(id)}, "after": {strconv.FormatUint(after, 10)}}
	return list, c.call(ctx, http.MethodGet, "/v1/decisions?"+query.Encode(), nil, &list)
}

// Deal returns a deal as the party may see it.
func (c *Client) Deal(ctx context.Context, id deal.ID) (v DealView, err error) {
	return v, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id), nil, &v)
}

// Documents lists the documents of a deal at this node.
func (c *Client) Documents(ctx context.Context, id deal.ID) (list []DocumentInfo, err error) {
	return list, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/documents", nil, &list)
}

// Content opens a document at this node. The caller closes it.
func (c *Client) Content(ctx context.Context, id deal.ID, index uint64) (io.ReadCloser, error) {
	return c.open(ctx, fmt.Sprintf("/v1/deals/%s/documents/%d", id, index))
}

// RoomDocuments lists the documents in the seller's data room.
func (c *Client) RoomDocuments(ctx context.Context, id deal.ID) (list []DocumentInfo, err error) {
	return list, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/room/documents", nil, &list)
}

// RoomContent opens a document in the seller's data room. The caller closes it.
func (c *Client) RoomContent(ctx context.Context, id deal.ID, index uint64) (io.ReadCloser, error) {
	return c.open(ctx, fmt.Sprintf("/v1/deals/%s/room/documents/%d", id, index))
}

// Messages returns the texts of a bidder's room.
func (c *Client) Messages(ctx context.Context, id deal.ID, bidder deal.PartyID) (list []Message, err error) {
	return list, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/rooms/"+string(bidder)+"/messages", nil, &list)
}

// Handover returns how far the handovers of a deal to this node got.
func (c *Client) Handover(ctx context.Context, id deal.ID) (list []Transfer, err error) {
	return list, c.call(ctx, http.MethodGet, "/v1/deals/"+string(id)+"/handover", nil, &list)
}

// RevokeHandover takes back what was released and not delivered.
func (c *Client) RevokeHandover(ctx context.Context, id deal.ID) error {
	return c.call(ctx, http.MethodDelete, "/v1/deals/"+string(id)+"/handover", nil, nil)
}

// Views returns the newest entries of the view log.
func (c *Client) Views(ctx context.Context) (list []ViewEntry, err error) {
	return list, c.call(ctx, http.MethodGet, "/v1/views", nil, &list)
}

// Record returns the node's own record.
func (c *Client) Record(ctx context.Context) (r Record, err error) {
	return r, c.call(ctx, http.MethodGet, "/v1/record", nil, &r)
}

func (c *Client) open(ctx context.Context, path string) (io.ReadCloser, error) {
	resp, err := c.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	if err := checkStatus(resp); err != nil {
		return nil, err
	}
	return resp.Body, nil
}

func (c *Client) call(ctx context.Context, method, path string, body, answer any) error {
	resp, err := c.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := checkStatus(resp); err != nil || answer == nil {
		return err
	}
	return decodeBody(resp.Body, maxListing, answer)
}

func (c *Client) send(ctx context.Context, method, path string, body any) (*http.Response, error) {
	var payload io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		payload = bytes.NewReader(b)
	}
	r, err := c.request(ctx, method, path, payload)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask the node: %w", bare(err))
	}
	return resp, nil
}

func (c *Client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	return r, nil
}
