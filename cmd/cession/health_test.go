package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// TestHealth: what is needed makes a process not ready, with the reason; what is
// not is a warning; a check that hangs is given up; who drains is not ready.
func TestHealth(t *testing.T) {
	gone := map[string]error{}
	is := func(name string) func(context.Context) (map[string]any, error) {
		return func(context.Context) (map[string]any, error) { return map[string]any{"asked": name}, gone[name] }
	}
	h := &health{checks: []check{{"chain", true, is("chain")}, {"desk", false, is("desk")}}}
	look := func() (int, report) {
		t.Helper()
		h.at = time.Time{} // the last look is long ago
		status, body := get(t, h.handler(), "/readyz")
		var r report
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			t.Fatal(err)
		}
		return status, r
	}
	if status, r := look(); status != 200 || !r.OK || len(r.Reasons)+len(r.Warnings) > 0 || r.Facts["chain"]["asked"] != "chain" {
		t.Errorf("all is well: status %d, %+v", status, r)
	}
	gone["desk"] = errors.New("no answer")
	if status, r := look(); status != 200 || !r.OK || r.Warnings["desk"] != "no answer" {
		t.Errorf("without the desk: status %d, %+v", status, r)
	}
	gone["chain"] = errors.New("no block")
	if status, r := look(); status != 503 || r.OK || r.Reasons["chain"] != "no block" {
		t.Errorf("without the chain: status %d, %+v", status, r)
	}
	if status, body := get(t, h.handler(), "/metrics"); status != 200 || !strings.Contains(body, "cession_ready 0") ||
		!strings.Contains(body, `cession_check{check="chain"} 0`) {
		t.Errorf("metrics: status %d, %.300s", status, body)
	}
	if status, _ := get(t, h.handler(), "/livez"); status != 200 {
		t.Errorf("not ready is not dead: status %d", status)
	}
	clear(gone)
	h.checks = append(h.checks, check{"hangs", true, func(ctx context.Context) (map[string]any, error) { <-ctx.Done(); return nil, ctx.Err() }})
	if status, r := look(); status != 503 || r.Reasons["hangs"] == "" {
		t.Errorf("with a check that hangs: status %d, %+v", status, r)
	}
	h.checks = h.checks[:2]
	h.drain()
	if status, r := look(); status != 503 || r.Reasons["draining"] == "" {
		t.Errorf("draining: status %d, %+v", status, r)
	}
}

// TestChecks: each fails when what it looks at is not there.
func TestChecks(t *testing.T) {
	ctx := context.Background()
	if facts, err := checkDisk(t.TempDir(), 1)(ctx); err != nil || facts["free_bytes"].(int64) <= 0 {
		t.Errorf("disk: %v, %v", facts, err)
	}
	if _, err := checkDisk(t.TempDir(), 1<<60)(ctx); deal.KindOf(err) != deal.Conflict {
		t.Errorf("a disk that is too small: %v", err)
	}
	if _, err := checkDisk(in(t.TempDir(), "none"), 1)(ctx); err == nil {
		t.Error("a folder that is not there has space")
	}
	if _, err := checkProgram("sh")(ctx); err != nil {
		t.Error(err)
	}
	if _, err := checkProgram("no-such-program-anywhere")(ctx); err == nil {
		t.Error("a program that is not there is there")
	}
}
