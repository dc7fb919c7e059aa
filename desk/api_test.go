package desk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// routes is every route of the API.
var routes = []string{
	"DELETE /v1/parties/{id}/signers/{address}",
	"GET /v1/deals", "GET /v1/deals/{id}", "GET /v1/deals/{id}/decisions", "GET /v1/deals/{id}/events", "GET /v1/deals/{id}/history", "GET /v1/deals/{id}/rooms/{bidder}",
	"GET /v1/decisions", "GET /v1/events", "GET /v1/lanes", "GET /v1/market", "GET /v1/operations",
	"GET /v1/packs", "GET /v1/packs/index.json", "GET /v1/packs/{digest}/activation", "GET /v1/packs/{digest}/activations/{number}", "GET /v1/packs/{digest}/bundle",
	"GET /v1/parties", "GET /v1/parties/{id}", "GET /v1/parties/{id}/node", "GET /v1/plan",
	"GET /v1/policy", "GET /v1/spending", "GET /v1/transactions", "GET /v1/transactions/{id}", "GET /v1/work",
	"POST /v1/acts", "POST /v1/deals", "POST /v1/operations", "POST /v1/packs", "POST /v1/parties/{id}/reinstate", "POST /v1/parties/{id}/suspend", "POST /v1/policy/explain",
	"PUT /v1/parties/{id}", "PUT /v1/parties/{id}/node",
}

func TestOpenAPIListsEveryRoute(t *testing.T) {
	h := newHarness(t, nil)
	a := h.send("", http.MethodGet, "/openapi.json", "", "Authorization: ")
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Responses   map[string]struct{ Content map[string]any }
		}
		Components struct{ SecuritySchemes map[string]any }
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Components.SecuritySchemes) != 2 {
		t.Errorf("OpenAPI %s with %d security schemes", doc.OpenAPI, len(doc.Components.SecuritySchemes))
	}
	var have []string
	for path, methods := range doc.Paths {
		for method, op := range methods {
			have = append(have, strings.ToUpper(method)+" "+path)
			if op.OperationID == "" || op.Responses["default"].Content[problemType] == nil {
				t.Errorf("%s %s has no operation id or no problem", method, path)
			}
		}
	}
	slices.Sort(have)
	routes := slices.Sorted(slices.Values(routes))
	if !slices.Equal(have, routes) {
		t.Errorf("routes:\n%s\nwant:\n%s", strings.Join(have, "\n"), strings.Join(routes, "\n"))
	}
	if doc.Paths["/v1/events"]["get"].Responses["200"].Content["text/event-stream"] == nil {
		t.Error("the event stream is not described")
	}
}

func TestEveryRouteWantsACredential(t *testing.T) {
	h := newHarness(t, nil)
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		auths := []string{"Bearer wrong", "Bearer " + strings.Repeat("x", 20<<10), "Wallet a.b.c", "Basic eDp5"}
		if !strings.HasPrefix(route, "GET /v1/packs/") { // the files of packs are no secret
			auths = append(auths, "")
		}
		for _, auth := range auths {
			a := h.send("none", method, path, "", "Authorization: "+auth)
			if a.status != 401 || len(a.header.Values("WWW-Authenticate")) != 2 {
				t.Errorf("%s with %.20q: status %d", route, auth, a.status)
			}
		}
	}
}

func TestBadRequests(t *testing.T) {
	h := newHarness(t, nil)
	act, _ := json.Marshal(draftAct(newStory("d-aaaaaaaaaaaaaaaaaaaa")))
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		status             int
		kind               deal.Kind
	}{
		"too large":         {"POST", "/v1/acts", `{"id":"` + strings.Repeat("x", maxBody) + `"}`, nil, 413, deal.Invalid},
		"no JSON type":      {"POST", "/v1/acts", "a=b", []string{"Content-Type: application/x-www-form-urlencoded"}, 415, deal.Invalid},
		"no type":           {"POST", "/v1/acts", "{}", []string{"Content-Type: "}, 415, deal.Invalid},
		"no JSON":           {"POST", "/v1/acts", "{", nil, 400, deal.Invalid},
		"nothing":           {"POST", "/v1/acts", "", nil, 400, deal.Invalid},
		"member missing":    {"POST", "/v1/acts", "{}", nil, 422, deal.Invalid},
		"member unknown":    {"POST", "/v1/acts", strings.Replace(string(act), `"salt"`, `"pepper":1,"salt"`, 1), nil, 422, deal.Invalid},
		"free text":         {"POST", "/v1/acts", strings.Replace(string(act), `"kind":"commitment"`, `"kind":"text"`, 1), nil, 422, deal.Invalid},
		"malformed value":   {"POST", "/v1/acts", strings.Replace(string(act), `"value":"0x`, `"value":"CANARY0x`, 1), nil, 422, deal.Invalid},
		"malformed address": {"POST", "/v1/acts", strings.Replace(string(act), `"signer":"0x`, `"signer":"CANARY`, 1), nil, 422, deal.Invalid},
		"no key":            {"POST", "/v1/deals", "{}", nil, 422, deal.Invalid},
		"bad id":            {"POST", "/v1/deals", `{"id":"x"}`, []string{"Idempotency-Key: k"}, 422, deal.Invalid},
		"long key":          {"POST", "/v1/acts", string(act), []string{"Idempotency-Key: " + strings.Repeat("k", 129)}, 422, deal.Invalid},
		"no route":          {"GET", "/v1/nothing", "", nil, 404, deal.NotFound},
		"no method":         {"PATCH", "/v1/deals", "", nil, 405, deal.Invalid},
		"bad query":         {"GET", "/v1/deals?limit=x", "", nil, 422, deal.Invalid},
		"bad cursor":        {"GET", "/v1/deals?cursor=x", "", nil, 422, deal.Invalid},
		"bad event id":      {"GET", "/v1/events?after=1", "", nil, 422, deal.Invalid},
		"bad deal":          {"GET", "/v1/deals/x", "", nil, 404, deal.NotFound},
		"bad room":          {"GET", "/v1/deals/d-aaaaaaaaaaaaaaaaaaaa/rooms/x", "", nil, 404, deal.NotFound},
		"no party":          {"GET", "/v1/parties/x", "", nil, 404, deal.NotFound},
		"not the operator":  {"GET", "/v1/transactions", "", nil, 403, deal.Refused},
	} {
		a := h.send(seller, c.method, c.path, c.body, c.header...)
		if a.status != c.status {
			t.Errorf("%s: status %d, want %d: %s", name, a.status, c.status, a.body)
			continue
		}
		if p := a.problem(t); p.Kind != c.kind {
			t.Errorf("%s: kind %q, want %q", name, p.Kind, c.kind)
		}
	}
	if strings.Contains(h.logs.String(), "CANARY") {
		t.Error("what was sent is in the log")
	}
}

func TestRateLimit(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Limits = Limits{Rate: 0.001, Burst: 2, Streams: 1} })
	for range 2 {
		if a := h.send(seller, "GET", "/v1/market", ""); a.status != 200 {
			t.Fatalf("status %d within the limit", a.status)
		}
	}
	a := h.send(seller, "GET", "/v1/market", "")
	if a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q over the limit", a.status, a.header.Get("Retry-After"))
	}
	if a := h.send(winner, "GET", "/v1/market", ""); a.status != 200 {
		t.Errorf("another caller: status %d", a.status)
	}
}

// A database that fails gives 503 everywhere, and nobody learns its words.
func TestStoreFails(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Auth = asSeller{} })
	h.store.Close()
	for _, path := range []string{"/v1/deals", "/v1/deals/d-aaaaaaaaaaaaaaaaaaaa", "/v1/deals/d-aaaaaaaaaaaaaaaaaaaa/history",
		"/v1/deals/d-aaaaaaaaaaaaaaaaaaaa/decisions", "/v1/work", "/v1/events", "/v1/parties", "/v1/parties/alpine-bank", "/v1/parties/alpine-bank/node"} {
		a := h.send(seller, "GET", path, "")
		if p := a.problem(t); a.status != 503 || p.Kind != deal.Lost || a.header.Get("Retry-After") == "" || strings.Contains(p.Detail, "sql") {
			t.Errorf("%s: status %d, %+v", path, a.status, p)
		}
	}
	if a := h.send(seller, "POST", "/v1/deals", "{}", "Idempotency-Key: k"); a.status != 503 || h.deals.opened != 0 {
		t.Errorf("opening: status %d, %d opened", a.status, h.deals.opened)
	}
	if !strings.Contains(h.logs.String(), "sql: database is closed") {
		t.Error("the log does not say why")
	}
	_, err := h.bearerFails()
	if deal.KindOf(err) != deal.Lost || errors.Is(err, ErrUnauthenticated) {
		t.Errorf("a token while the store fails: %v, want kind lost", err)
	}
}

// asSeller lets everyone in.
type asSeller struct{}

func (asSeller) Authenticate(*http.Request) (Caller, error) { return Caller{Party: seller}, nil }

func (h *harness) bearerFails() (Caller, error) {
	r, _ := http.NewRequestWithContext(h.t.Context(), "GET", "/", nil)
	r.Header.Set("Authorization", "Bearer "+h.tokens[seller])
	return NewBearer(h.store).Authenticate(r)
}

func TestPanicIsAnAnswer(t *testing.T) {
	h := newHarness(t, func(c *Config) {
		c.Lanes = nil
		c.Explain = nil
	})
	h.deals.before = func() error { panic("broken") }
	a := h.send(seller, "GET", "/v1/deals/d-aaaaaaaaaaaaaaaaaaaa", "")
	if p := a.problem(t); a.status != 500 || strings.Contains(p.Detail, "broken") {
		t.Errorf("status %d: %s", a.status, p.Detail)
	}
	if a := h.send("", "GET", "/v1/transactions", ""); a.status != 404 {
		t.Errorf("a route that is not configured: status %d", a.status)
	}
}

func TestNewWantsItsParts(t *testing.T) {
	if _, err := New(Config{}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("no parts: %v", err)
	}
	h := newHarness(t, nil)
	broken := func() deal.Plan { return deal.Plan{Steps: []deal.Step{{}}} }
	cfg := Config{Store: h.store, Deals: h.deals, Signatures: fakeSignatures{}, Auth: asSeller{}, NodeRecords: h.desk.nodeRecords, Plan: broken}
	if _, err := New(cfg); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a broken plan: %v", err)
	}
}

func TestAdmin(t *testing.T) {
	failing := errors.New("the engine is away")
	h := newHarness(t, func(c *Config) {
		c.Ready = []Check{{"engine", func(context.Context) error { return failing }}}
	})
	if status, _ := h.admin("/livez"); status != 200 {
		t.Errorf("/livez: status %d", status)
	}
	if status, body := h.admin("/readyz"); status != 503 || !strings.Contains(body, failing.Error()) {
		t.Errorf("/readyz with a failing engine: status %d: %s", status, body)
	}
	failing = nil
	if status, _ := h.admin("/readyz"); status != 200 {
		t.Errorf("/readyz: status %d", status)
	}
	h.store.Close()
	if status, body := h.admin("/readyz"); status != 503 || !strings.Contains(body, "store") {
		t.Errorf("/readyz without a store: status %d: %s", status, body)
	}
}

func (h *harness) admin(path string) (int, string) {
	w := httptest.NewRecorder()
	h.desk.Admin().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Code, w.Body.String()
}

// slowLanes take longer to answer than a request may take to arrive.
type slowLanes struct{ *fakeLanes }

func (slowLanes) Listings(ctx context.Context) ([]lane.Listing, error) {
	select {
	case <-ctx.Done():
		return nil, deal.Errorf(deal.Refused, "ended: %w", ctx.Err())
	case <-time.After(600 * time.Millisecond):
		return nil, nil
	}
}

// The deadline for a request to arrive must not end the work on it.
func TestReadDeadlineEndsWithTheRequest(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Lanes = slowLanes{newLanes()} })
	server := httptest.NewUnstartedServer(nil)
	server.Config = HTTPServer(h.desk.Handler())
	server.Config.ReadTimeout = 200 * time.Millisecond
	server.Start()
	defer server.Close()
	if _, err := NewClient(server.URL, Token(h.tokens[""])).Transactions(t.Context(), TransactionFilter{}); err != nil {
		t.Errorf("work that takes longer than a request may take to arrive: %v", err)
	}
}
