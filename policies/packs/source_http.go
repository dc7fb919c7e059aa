package packs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cession/deal"
)

// readTimeout bounds one request with its answer, however slowly it drips.
const readTimeout = time.Minute

// HTTP is a source on a web server, as OPA's bundles are served: it asks with
// If-None-Match for what it has.
type HTTP struct {
	base    *url.URL
	client  *http.Client
	timeout time.Duration
	answers answers
}

// NewHTTP returns the source at an address, below which its files are. client
// may add credentials; nil is an ordinary one.
func NewHTTP(address string, client *http.Client) (*HTTP, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, deal.Errorf(deal.Invalid, "source of policies: want https://host/path, without user, query and fragment")
	}
	if !strings.HasSuffix(base.Path, "/") {
		base.Path += "/"
	}
	if client == nil {
		client = &http.Client{CheckRedirect: sameScheme}
	}
	return &HTTP{base: base, client: client, timeout: readTimeout}, nil
}

// sameScheme keeps a server from sending us where anybody can listen.
func sameScheme(r *http.Request, via []*http.Request) error {
	if len(via) > 3 || r.URL.Scheme != via[0].URL.Scheme {
		return errors.New("redirected too often or to another scheme")
	}
	return nil
}

// String returns the address.
func (h *HTTP) String() string { return h.base.String() }

// Read implements [Source].
func (h *HTTP) Read(ctx context.Context, file string, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.base.JoinPath(file).String(), nil)
	if err != nil {
		return nil, invalid(ErrSource, "ask for %s", file)
	}
	have, known := h.answers.of(file)
	if known {
		r.Header.Set("If-None-Match", have.tag)
	}
	answer, err := h.client.Do(r)
	if err != nil {
		return nil, undelivered(err)
	}
	defer answer.Body.Close()
	if known && answer.StatusCode == http.StatusNotModified {
		return have.within(limit)
	}
	if err := status(answer.StatusCode); err != nil {
		return nil, err
	}
	body, err := readAll(answer.Body, limit)
	if err == nil {
		h.answers.keep(file, answer.Header.Get("ETag"), body)
	}
	return body, err
}

// status sorts a server's answers by whether to ask again.
func status(code int) error {
	switch {
	case code == http.StatusOK:
		return nil
	case code == http.StatusNotFound:
		return deal.Errorf(deal.NotFound, "%w: there is no such file", ErrSource)
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return refusal(ErrSource, "it denies access (HTTP %d)", code)
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		return undelivered(fmt.Errorf("HTTP %d", code))
	}
	return invalid(ErrSource, "HTTP %d", code)
}
