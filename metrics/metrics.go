// Package metrics shows the lanes to Prometheus.
//
// Labels are the id of a lane, a reason of the lanes' closed list, and the host
// of an endpoint. No deal, party, intent or operator is ever one: their number
// has no bound, and who may scrape may not know who deals with whom.
package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"cession/chain/lane"
)

// Config is what is shown.
type Config struct {
	// Lanes lists the lanes. Those that come with an error are shown beside it:
	// one silent lane does not hide the others.
	Lanes     func(context.Context) ([]lane.Listing, error)
	Endpoints func() []Endpoint // optional; from memory, it is not waited for
	Timeout   time.Duration     // of a look at the lanes; default 5 s, half of what Prometheus allows a scrape
	Log       *slog.Logger      // optional; told when the lanes get out of sight, and are back
}

// Endpoint is how a JSON-RPC endpoint of the chain does, as its last answers showed.
type Endpoint struct {
	Host     string // host:port; of a URL no more is shown, as its path may hold a key
	Asked    bool   // something was asked of it; if not, nothing is shown of it
	Up       bool   // it answered, for the right chain
	Lag      uint64 // blocks behind the best endpoint
	Disputes uint64 // blocks that another endpoint has otherwise, since the process began
}

const (
	fresh   = time.Second // a look serves all scrapes that begin so soon after it
	scrapes = 4           // at a time; more are turned away
)

// Handler returns /metrics. A source that fails or hangs is metric
// cession_lanes_up at 0, never an HTTP error: the other metrics are still there.
func Handler(c Config) http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), newCollector(c))
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: scrapes,
	})
}
