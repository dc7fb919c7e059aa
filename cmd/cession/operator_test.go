package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cession/chain"
	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/metrics"
)

// TestEndpointsAreMeasured: an endpoint that was asked is in the metrics, up
// while it answers and down when it does not.
func TestEndpointsAreMeasured(t *testing.T) {
	proxy := chaintest.NewProxy(t, chaintest.Anvil(t))
	client, err := chain.Dial(t.Context(), proxy.URL, chain.WithTries(1), chain.WithTimeout(10*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	o := &operator{node: client}
	h := metrics.Handler(metrics.Config{
		Lanes:     func(context.Context) ([]lane.Listing, error) { return nil, nil },
		Endpoints: o.endpoints,
	})
	sample := `cession_endpoint_up{endpoint="` + strings.TrimPrefix(proxy.URL, "http://") + `"} `
	scrape := func() string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return w.Body.String()
	}
	if strings.Contains(scrape(), sample) {
		t.Error("an endpoint that was not asked is shown")
	}
	if _, err := client.Block(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(scrape(), sample+"1") {
		t.Error("an endpoint that answers is not shown as up")
	}
	proxy.FailMethod("", proxy.Down())
	for range 5 { // one silence is no outage
		_, _ = client.Block(t.Context(), nil)
	}
	if !strings.Contains(scrape(), sample+"0") {
		t.Error("an endpoint that is down is not shown as that")
	}
}
