package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

// Credential is how a client says who it is.
type Credential interface {
	// Authorization returns the value of the Authorization header of one request.
	Authorization(ctx context.Context) (string, error)
}

// Token is an access token the operator issued; it is a [Credential].
type Token string

// Authorization returns the value of the Authorization header.
func (t Token) Authorization(context.Context) (string, error) { return "Bearer " + string(t), nil }

// Format hides the token under every verb.
func (t Token) Format(f fmt.State, _ rune) { fmt.Fprint(f, "token") }

// Refusal is policy's no to an act, with the decision that says why. Its kind
// is refused.
type Refusal struct{ Outcome deal.Outcome }

// Error names the rules that did not pass.
func (r *Refusal) Error() string { return "policy refused the act: " + failedRules(r.Outcome.Decision) }

// Unwrap gives the refusal its kind.
func (r *Refusal) Unwrap() error { return errPolicy }

// OperationRefusal is policy's no to an operator's command. Its kind is refused.
type OperationRefusal struct{ Decision deal.Decision }

// Error names the rules that did not pass.
func (r *OperationRefusal) Error() string {
	return "policy refused the command: " + failedRules(r.Decision)
}

// Unwrap gives the refusal its kind.
func (r *OperationRefusal) Unwrap() error { return errPolicy }

var errPolicy = deal.Errorf(deal.Refused, "refused by policy")

func failedRules(d deal.Decision) string {
	var ids []string
	for _, rule := range d.Reasons() {
		ids = append(ids, rule.ID)
	}
	return strings.Join(ids, ", ")
}

const (
	callTimeout = 20 * time.Second
	tries       = 5
	firstPause  = 200 * time.Millisecond
	mostPause   = 5 * time.Second
	maxAnswer   = 64 << 20 // bytes
)

// Client calls a desk, for nodes and command lines. Errors have the kinds of
// [deal.Kind]. A request whose outcome is lost is sent again, as every one may
// be: reads and replacements by nature, acts by their id, openings and commands
// by their key.
type Client struct {
	base string
	cred Credential
	http *http.Client
}

// NewClient returns a client of the desk at the base URL. cred may be nil.
func NewClient(base string, cred Credential) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = actTimeout + 15*time.Second
	// No redirects: a credential goes to this desk and nowhere else.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{strings.TrimRight(base, "/"), cred, &http.Client{Transport: transport, CheckRedirect: stay}}
}

// request is one call of the API.
type request struct {
	method, path string
	body         any
	key          string        // Idempotency-Key
	timeout      time.Duration // of one try
}

// call sends the request until it has an answer and decodes it into out, which
// may be nil, or a *[]byte for the answer as it is.
func (c *Client) call(ctx context.Context, r request, out any) error {
	var payload []byte
	if r.body != nil {
		var err error
		if payload, err = json.Marshal(r.body); err != nil {
			return err
		}
	}
	if r.timeout == 0 {
		r.timeout = callTimeout
	}
	for try := 1; ; try++ {
		err := c.try(ctx, r, payload, out)
		if deal.KindOf(err) != deal.Lost || try == tries || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pauseAfter(try, err)):
		}
	}
}

// pauseAfter returns how long to wait after a try that was lost: what the desk
// asks for, or else a time that doubles, with jitter.
func pauseAfter(try int, err error) time.Duration {
	var p *Problem
	if errors.As(err, &p) && p.retryAfter > 0 {
		return min(p.retryAfter, mostPause)
	}
	pause := min(firstPause<<(try-1), mostPause)
	return pause/2 + rand.N(pause/2)
}

func (c *Client) try(ctx context.Context, r request, payload []byte, out any) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	res, err := c.send(ctx, r, payload)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return deal.Errorf(deal.Lost, "read answer of the desk: %w", err)
	}
	if res.StatusCode/100 != 2 {
		return errorOf(res, data)
	}
	switch out := out.(type) {
	case nil:
		return nil
	case *[]byte: // a file
		*out = data
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return deal.Errorf(deal.Lost, "read answer of the desk: %w", err)
	}
	return nil
}

func (c *Client) send(ctx context.Context, r request, payload []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, bytes.NewReader(payload))
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "address of the desk: %w", err)
	}
	if payload != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.key != "" {
		req.Header.Set(headerKey, r.key)
	}
	if c.cred != nil {
		auth, err := c.cred.Authorization(ctx)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", auth)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, deal.Errorf(deal.Lost, "call the desk: %w", err)
	}
	return res, nil
}

// errorOf turns an answer that is no success into an error: a [Refusal] or
// [OperationRefusal], a [Problem] of its kind, or for an answer of something else on the way, lost if
// trying again can help.
func errorOf(res *http.Response, data []byte) error {
	p := &Problem{}
	if err := json.Unmarshal(data, p); err != nil || p.Title == "" {
		p = problem(res.StatusCode, "", "the desk answered "+res.Status)
	}
	if p.Outcome != nil {
		return &Refusal{*p.Outcome}
	}
	if p.Decision != nil {
		return &OperationRefusal{*p.Decision}
	}
	if p.Kind == "" && (res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 502) {
		p.Kind = deal.Lost
	}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
		p.retryAfter = time.Duration(seconds) * time.Second
	}
	for _, e := range p.Errors {
		p.Detail += "; " + strings.TrimSpace(e.Location+" "+e.Message)
	}
	if p.Kind == "" {
		return p
	}
	return deal.Errorf(p.Kind, "%w", p)
}
