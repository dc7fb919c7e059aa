package node

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"cession/deal"
)

// description is the node's description of its API, and its schemas compiled.
type description struct {
	document map[string]any
	compiler *jsonschema.Compiler
}

func describedBy(t *testing.T, m *member) description {
	t.Helper()
	resp, err := m.client.http.Get(m.client.base + "/openapi.json") // without credentials
	check(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	check(t, err)
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	check(t, err)
	document, ok := parsed.(map[string]any)
	if !ok || document["openapi"] != "3.1.0" || resp.StatusCode != http.StatusOK {
		t.Fatalf("status %d, %.200s", resp.StatusCode, raw)
	}
	d := description{document, jsonschema.NewCompiler()}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	check(t, d.compiler.AddResource("node.json", document))
	return d
}

// schema compiles the schema at a pointer into the document, if there is one.
func (d description) schema(t *testing.T, pointer ...string) *jsonschema.Schema {
	t.Helper()
	var at any = d.document
	ref := "node.json#"
	for _, step := range pointer {
		m, ok := at.(map[string]any)
		if !ok || m[step] == nil {
			return nil
		}
		at = m[step]
		ref += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(step)
	}
	s, err := d.compiler.Compile(strings.NewReplacer("{", "%7B", "}", "%7D").Replace(ref))
	check(t, err)
	return s
}

// TestOpenAPIDescribesEveryRoute: a title, the parameters of the path, a schema
// that compiles for every JSON body, no operation twice.
func TestOpenAPIDescribesEveryRoute(t *testing.T) {
	w := newWorld(t)
	m := w.members[seller]
	d := describedBy(t, m)
	ids := map[string]bool{}
	for _, r := range m.node.routes() {
		method, where, _ := strings.Cut(r.pattern, " ")
		paths := d.document["paths"].(map[string]any)
		item, _ := paths[where].(map[string]any)
		op, ok := item[strings.ToLower(method)].(map[string]any)
		if !ok {
			t.Errorf("%s is not described", r.pattern)
			continue
		}
		id, _ := op["operationId"].(string)
		if op["summary"] == "" || op["summary"] == nil || id == "" || ids[id] {
			t.Errorf("%s: title %q, id %q (known: %t)", r.pattern, op["summary"], id, ids[id])
		}
		ids[id] = true
		if (r.customer == nil) == (r.peer == nil) {
			t.Errorf("%s is for the customer or for peers, one of them", r.pattern)
		}
		if got := strings.Count(asText(t, op["parameters"]), `"in":"path"`); got != strings.Count(where, "{") {
			t.Errorf("%s: %d parameters of the path", r.pattern, got)
		}
		if r.in != nil && d.schema(t, "paths", where, strings.ToLower(method), "requestBody", "content", "application/json", "schema") == nil {
			t.Errorf("%s: its body has no schema", r.pattern)
		}
		if r.out != nil && d.schema(t, "paths", where, strings.ToLower(method), "responses", "2XX", "content", "application/json", "schema") == nil {
			t.Errorf("%s: its answer has no schema", r.pattern)
		}
		if method == http.MethodPost && r.in == nil && r.out == nil && !strings.HasSuffix(where, "/done") && !bodiless[r.pattern] {
			t.Errorf("%s: neither body is described", r.pattern)
		}
	}
	for name := range d.document["components"].(map[string]any)["schemas"].(map[string]any) {
		if d.schema(t, "components", "schemas", name) == nil {
			t.Errorf("schema %s is gone", name)
		}
	}
}

// bodiless are operations without JSON: a command, or bytes.
var bodiless = map[string]bool{
	"POST /v1/deals/{id}/documents/{index}/upload": true,
}

func asText(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	check(t, err)
	return string(b)
}

// wire keeps what went over the connections of clients.
type wire struct {
	mu    sync.Mutex
	calls []call
}

type call struct {
	method, path string
	in, out      []byte // JSON
	media        string // of the answer
}

// tapped is a transport whose JSON bodies are kept.
type tapped struct {
	*wire
	real http.RoundTripper
}

// RoundTrip passes through and keeps JSON bodies.
func (t *tapped) RoundTrip(r *http.Request) (*http.Response, error) {
	c := call{method: r.Method, path: r.URL.Path}
	var err error
	if r.Body != nil && r.Header.Get("Content-Type") == "application/json" {
		if c.in, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(c.in))
	}
	resp, err := t.real.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	c.media = resp.Header.Get("Content-Type")
	if strings.HasPrefix(c.media, "application/") && strings.HasSuffix(c.media, "json") {
		if c.out, err = io.ReadAll(resp.Body); err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(bytes.NewReader(c.out))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls = append(t.calls, c)
	return resp, nil
}

// TestAnswersAreAsDescribed plays a deal and holds every JSON body that went over
// the wire, of customers and between nodes, against the description.
func TestAnswersAreAsDescribed(t *testing.T) {
	w := newWorld(t)
	tap := &wire{}
	for _, m := range []*member{w.members[seller], w.members[buyer]} {
		m.client.http.Transport = &tapped{tap, m.client.http.Transport}
	}
	id := w.listed()
	w.invited(id, buyer)
	toSeller, err := w.members[buyer].node.peer(context.Background(), seller)
	check(t, err)
	toSeller.http.Transport = &tapped{tap, toSeller.http.Transport}
	w.desk.refuse = "offers.submit" // a refusal is an answer too
	if o, err := w.try(buyer, id, buyer, "offers.submit", "price=1 USD", "until="+w.in(time.Hour)); err != nil || o.Verdict == deal.Accepted {
		t.Errorf("have %s and error %v, want a refusal", o.Verdict, err)
	}
	w.desk.refuse = ""
	w.sold(id)
	check(t, w.pull(id, w.released(id)))
	for _, m := range []*member{w.members[seller], w.members[buyer]} {
		for _, path := range []string{
			"", "/documents", "/handover", "/room/documents", "/questions", "/rooms/" + string(buyer) + "/messages",
		} {
			resp, _ := m.ask(t, "GET", "/v1/deals/"+string(id)+path, nil, nil)
			_ = resp.Body.Close()
		}
		for _, path := range []string{"/v1/views", "/v1/decisions", "/v1/record", "/v1/deals/nothing"} {
			m.ask(t, "GET", path, nil, nil)
		}
	}
	d := describedBy(t, w.members[seller])
	mux := http.NewServeMux()
	for _, r := range w.members[seller].node.routes() {
		mux.Handle(r.pattern, http.NotFoundHandler())
	}
	checked := map[string]int{}
	tap.mu.Lock()
	defer tap.mu.Unlock()
	for _, c := range tap.calls {
		_, pattern := mux.Handler(&http.Request{Method: c.method, URL: &url.URL{Path: c.path}})
		method, where, _ := strings.Cut(pattern, " ")
		at := []string{"paths", where, strings.ToLower(method)}
		if c.in != nil {
			d.holds(t, pattern+" body", c.in, append(at, "requestBody", "content", "application/json", "schema")...)
		}
		if c.out == nil {
			continue
		}
		response := "2XX"
		if c.media == "application/problem+json" {
			response = "default"
		}
		d.holds(t, pattern+" "+response, c.out, append(at, "responses", response, "content", c.media, "schema")...)
		checked[pattern]++
	}
	t.Logf("%d bodies of %d operations", len(tap.calls), len(checked))
	if len(checked) < 15 {
		t.Errorf("only %d operations were seen: %v", len(checked), checked)
	}
}

func (d description) holds(t *testing.T, what string, body []byte, pointer ...string) {
	t.Helper()
	s := d.schema(t, pointer...)
	if s == nil {
		t.Errorf("%s: JSON that is not described", what)
		return
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	check(t, err)
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %v\n%.300s", what, err, body)
	}
}
