//go:build !slim

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/desk"
	"cession/policies"
)

// answer is what an HTTP server said.
type answer struct {
	path   string
	status int
	body   []byte
}

// httpRequest is a request that a test makes by hand.
type httpRequest struct {
	method, url string
	header      http.Header
	body        any // sent as JSON; nil: none
	events      int // the answer is a stream, of which this many are read
}

// send makes a request, and again while the server asks for patience.
func (r httpRequest) send(ctx context.Context, c *http.Client) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		a, err := r.try(ctx, c)
		if err != nil || a.status != http.StatusTooManyRequests {
			return a, err
		}
		select {
		case <-ctx.Done():
			return a, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func (r httpRequest) try(ctx context.Context, c *http.Client) (a answer, err error) {
	var body []byte
	if r.body != nil {
		if body, err = json.Marshal(r.body); err != nil {
			return a, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	a = answer{path: req.URL.Path, status: resp.StatusCode}
	if r.events > 0 && a.status == http.StatusOK {
		a.body, err = readEvents(resp.Body, r.events)
		return a, err
	}
	a.body, err = io.ReadAll(resp.Body)
	return a, err
}

// readEvents reads a stream of server-sent events until it has n of them.
func readEvents(r io.Reader, n int) (all []byte, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 4<<20)
	for n > 0 && lines.Scan() {
		all = append(append(all, lines.Bytes()...), '\n')
		if bytes.HasPrefix(lines.Bytes(), []byte("data: ")) {
			n--
		}
	}
	if err = lines.Err(); err == nil && n > 0 {
		err = io.ErrUnexpectedEOF
	}
	return all, err
}

// bearerOf returns the header for the token in a file.
func bearerOf(t *testing.T, file string) http.Header {
	t.Helper()
	token, err := readSecret(file)
	if err != nil {
		t.Fatal(err)
	}
	return http.Header{"Authorization": {"Bearer " + token}}
}

// openAPI is the part of the desk's description that a test goes by.
type openAPI struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Name   string
			Schema struct{ Maximum int }
		}
	}
}

// everyAnswer asks the desk everything that can be asked without saying
// anything, by its own description: a new operation is asked too.
func everyAnswer(t *testing.T, ctx context.Context, url string, h http.Header, id deal.ID) (all []answer) {
	t.Helper()
	ask := func(path string, events int) answer {
		t.Helper()
		a, err := httpRequest{http.MethodGet, url + path, h, nil, events}.send(ctx, http.DefaultClient)
		if err != nil {
			t.Fatalf("GET %s: %v", path, err)
		}
		return a
	}
	described := ask("/openapi.json", 0)
	var api openAPI
	if err := json.Unmarshal(described.body, &api); err != nil {
		t.Fatal(err)
	}
	var history desk.HistoryPage
	entries := ask("/v1/deals/"+string(id)+"/history?limit=500", 0)
	if err := json.Unmarshal(entries.body, &history); err != nil || entries.status == http.StatusOK && len(history.Entries) == 0 || history.Next != "" {
		t.Fatalf("history: %v, %d entries, next %q", err, len(history.Entries), history.Next)
	}
	all = append(all, described)
	sent := transactionPaths(t, ask("/v1/transactions?limit=1000&deal="+string(id), 0))
	for pattern, operations := range api.Paths {
		get, ok := operations[strings.ToLower(http.MethodGet)]
		if !ok {
			continue
		}
		query, events := "", 0
		for _, p := range get.Parameters {
			switch {
			case p.Name == "limit":
				query = fmt.Sprintf("?limit=%d", p.Schema.Maximum)
			case p.Name == "after" && strings.HasSuffix(pattern, "/events"):
				query, events = "?after=start", len(history.Entries)
			}
		}
		paths := sent
		if pattern != "/v1/transactions/{id}" {
			paths = pathsOf(t, pattern, id)
		}
		for _, path := range paths {
			all = append(all, ask(path+query, events))
		}
	}
	slices.SortFunc(all, func(a, b answer) int { return strings.Compare(a.path, b.path) })
	return all
}

// transactionPaths are those of the transactions that the caller may list, or
// one that is made up for a caller who may not.
func transactionPaths(t *testing.T, list answer) (paths []string) {
	t.Helper()
	if list.status != http.StatusOK {
		return []string{"/v1/transactions/0x123456"}
	}
	var page desk.TransactionPage
	if err := json.Unmarshal(list.body, &page); err != nil || len(page.Transactions) == 0 {
		t.Fatalf("transactions: %v, %d listed", err, len(page.Transactions))
	}
	for _, tx := range page.Transactions {
		paths = append(paths, "/v1/transactions/"+tx.Intent.String())
	}
	return paths
}

// pathsOf fills a path's parameters in, in every way there is.
func pathsOf(t *testing.T, pattern string, id deal.ID) []string {
	t.Helper()
	paths := []string{strings.NewReplacer("{digest}", shippedPack(t), "{number}", "1").Replace(pattern)}
	if strings.HasPrefix(pattern, "/v1/deals/{id}") {
		paths[0] = strings.Replace(pattern, "{id}", string(id), 1)
	}
	list, err := readParties("")
	if err != nil {
		t.Fatal(err)
	}
	for name, who := range map[string][]partyEntry{"{id}": list, "{bidder}": list[1:]} { // the first one sells
		if !strings.Contains(paths[0], name) {
			continue
		}
		var filled []string
		for _, p := range who {
			filled = append(filled, strings.Replace(paths[0], name, string(p.ID), 1))
		}
		paths = filled
	}
	for _, p := range paths {
		if strings.Contains(p, "{") {
			t.Fatalf("GET %s has a parameter that this test does not know", pattern)
		}
	}
	return paths
}

// shippedPack is the digest of the pack that is in the program. There is no
// bundle of it.
func shippedPack(t *testing.T) string {
	t.Helper()
	p, err := policies.Standard()
	if err != nil {
		t.Fatal(err)
	}
	return p.Digest().String()
}

// unbundled reports whether a path is that of a file of the shipped pack.
func (a answer) unbundled() bool { return strings.HasPrefix(a.path, "/v1/packs/0x") }
