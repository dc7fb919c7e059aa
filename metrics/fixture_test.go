package metrics

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/model"

	"cession/chain/lane"
	"cession/deal"
)

// These must never be seen outside.
const (
	secretDeal  = "deal-that-nobody-may-know"
	secretActor = "operator-that-nobody-may-know"
)

// busy is a lane with a value in every metric, at a moment.
func busy(now time.Time) lane.Listing {
	item := lane.Item{Intent: deal.Commitment{7}, Deal: secretDeal, Step: "escrow", Status: lane.Sent, By: now.Add(20 * time.Minute), Stuck: true, Reason: lane.FeeCeiling}
	held := item
	held.Status, held.Reason, held.By = lane.Queued, "", now.Add(10*time.Minute)
	done := item
	done.Status, done.Stuck, done.By = lane.Final, false, now.Add(-time.Hour)
	return lane.Listing{
		Lane: "lane/1/0x0000000000000000000000000000000000000001", ChainID: 1, Version: 9, Nonce: 44, Mined: 40,
		Head: lane.Block{Number: 1234, Hash: deal.Commitment{1}}, Fees: lane.Fees{Base: 30e9, Tip: 1e9},
		Balance: 1_500_000_000, Reasons: []lane.Reason{lane.SignerDown}, Since: now.Add(-time.Minute),
		Paused: true, Blocked: true, Limits: lane.Limits{PerGas: 300e9, PerIntent: 2e17, PerDay: 2e18}, Today: 5e17,
		Queued: 3, InFlight: 4, Gap: 2, Oldest: now.Add(-90 * time.Second),
		Totals:  lane.Totals{Final: 100, Failed: 5, Moved: 6, Bumps: 7, Cancels: 8, Reorgs: 9, Fees: 1_250_000_000_000_000_000},
		Pending: []lane.Command{{ID: "c1", Verb: lane.GiveUp, Actor: secretActor}},
		Items:   []lane.Item{item, item, held, done},
	}
}

// source is a fake of what lists the lanes.
type source struct {
	calls atomic.Int32
	list  func(context.Context) ([]lane.Listing, error)
}

func (s *source) lanes(ctx context.Context) ([]lane.Listing, error) {
	s.calls.Add(1)
	return s.list(ctx)
}

func healthy(context.Context) ([]lane.Listing, error) {
	return []lane.Listing{busy(time.Now())}, nil
}

// scrape returns the exposition, which must always be had.
func scrape(t *testing.T, h http.Handler) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// families parses an exposition, Go's and the process's metrics left out.
func families(t *testing.T, text string) map[string]*dto.MetricFamily {
	t.Helper()
	p := expfmt.NewTextParser(model.UTF8Validation)
	all, err := p.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for name := range all {
		if !strings.HasPrefix(name, "cession_") {
			delete(all, name)
		}
	}
	return all
}

// has reports a line of the exposition that is missing.
func has(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains("\n"+text, "\n"+line+"\n") {
			t.Errorf("missing: %s\nin\n%s", line, ours(text))
		}
	}
}

// ours are the samples of the product.
func ours(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "cession_") {
			b.WriteString(line)
		}
	}
	return b.String()
}
