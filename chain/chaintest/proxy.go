package chaintest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Fault is what happens to one request on its way.
type Fault func(w http.ResponseWriter, r *http.Request, pass func() []byte)

// Proxy stands between a client and a node and fails as it is told.
type Proxy struct {
	URL string

	choosing sync.Mutex // held while a fault is chosen: choices may count

	mu     sync.Mutex
	choose func(method string, params []json.RawMessage) Fault
	counts map[string]int
	stop   chan struct{}
}

// NewProxy starts a proxy in front of a node's URL. It passes everything on
// until [Proxy.Fail] says otherwise.
func NewProxy(t testing.TB, node string) *Proxy {
	t.Helper()
	p := &Proxy{counts: map[string]int{}, stop: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serve(w, r, node) }))
	p.URL = server.URL
	t.Cleanup(func() {
		close(p.stop)
		server.Close()
	})
	return p
}

// Fail installs the choice of a fault for each request; a nil fault passes.
func (p *Proxy) Fail(choose func(method string, params []json.RawMessage) Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.choose = choose
}

// FailMethod gives one fault to the requests of one method, "" for all.
func (p *Proxy) FailMethod(method string, f Fault) {
	p.Fail(func(m string, _ []json.RawMessage) Fault {
		if method == "" || m == method {
			return f
		}
		return nil
	})
}

// Count returns how many requests of a method came.
func (p *Proxy) Count(method string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts[method]
}

// Down cuts the connection before the node sees the request.
func (p *Proxy) Down() Fault {
	return func(http.ResponseWriter, *http.Request, func() []byte) { panic(http.ErrAbortHandler) }
}

// Hang never answers and never asks the node.
func (p *Proxy) Hang() Fault {
	return func(_ http.ResponseWriter, r *http.Request, _ func() []byte) {
		select {
		case <-r.Context().Done():
		case <-p.stop:
		}
	}
}

// LoseAnswer lets the node do its work and cuts the connection before the answer.
func (p *Proxy) LoseAnswer() Fault {
	return func(_ http.ResponseWriter, _ *http.Request, pass func() []byte) {
		pass()
		panic(http.ErrAbortHandler)
	}
}

// Status answers with an HTTP status and a body, as a gateway does.
func (p *Proxy) Status(code int, body string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ func() []byte) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// Result answers with a result of its own, or with none (null), as a node does
// that lags behind or lies.
func (p *Proxy) Result(result any) Fault { return p.reply("result", result) }

// Error answers with a JSON-RPC error.
func (p *Proxy) Error(code int, message string) Fault {
	return p.reply("error", map[string]any{"code": code, "message": message})
}

func (p *Proxy) reply(key string, value any) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ func() []byte) {
		var request struct {
			ID json.RawMessage `json:"id"`
		}
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &request)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"jsonrpc": "2.0", "id": request.ID, key: value})
	}
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request, node string) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var request struct {
		Method string            `json:"method"`
		Params []json.RawMessage `json:"params"`
	}
	_ = json.Unmarshal(body, &request)

	p.mu.Lock()
	p.counts[request.Method]++
	choose := p.choose
	p.mu.Unlock()

	pass := func() []byte { return forward(node, body) }
	if choose != nil {
		p.choosing.Lock()
		fault := choose(request.Method, request.Params)
		p.choosing.Unlock()
		if fault != nil {
			fault(w, r, pass)
			return
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(pass())
}

func forward(node string, body []byte) []byte {
	answer, err := http.Post(node, "application/json", bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer answer.Body.Close()
	out, err := io.ReadAll(answer.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return out
}
