package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	checkTimeout = 3 * time.Second
	reportFresh  = time.Second // looks so close together see the same
)

// check is something a process wants to be there. Run returns facts for people,
// and fails with the reason why it is not.
type check struct {
	name string
	need bool // without it the process is not ready; otherwise it only says so
	run  func(ctx context.Context) (facts map[string]any, err error)
}

// report is the answer of /readyz.
type report struct {
	OK       bool                      `json:"ok"`
	Reasons  map[string]string         `json:"reasons,omitempty"`  // why not, by check
	Warnings map[string]string         `json:"warnings,omitempty"` // what does not work meanwhile
	Facts    map[string]map[string]any `json:"facts,omitempty"`    // what the checks saw
}

// health tells on the admin listener how a process is. It is for the operations
// of whoever runs it: reasons may name hosts.
type health struct {
	checks   []check
	metrics  http.Handler // optional: then there are those of the process and of the checks
	draining atomic.Bool

	mu   sync.Mutex
	last report    // guarded by mu
	at   time.Time // of last; guarded by mu
}

// drain says from now on that the process is not ready.
func (h *health) drain() { h.draining.Store(true) }

// handler returns /livez, /readyz and /metrics.
func (h *health) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { writeReport(w, report{OK: true}) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { writeReport(w, h.look(r.Context())) })
	if h.metrics != nil {
		mux.Handle("GET /metrics", h.metrics)
		return mux
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), h)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 2 * checkTimeout}))
	return mux
}

func writeReport(w http.ResponseWriter, r report) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !r.OK {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(r)
}

// look runs all checks at once.
func (h *health) look(ctx context.Context) report {
	h.mu.Lock()
	defer h.mu.Unlock()
	if time.Since(h.at) > reportFresh {
		h.last, h.at = h.run(context.WithoutCancel(ctx)), time.Now()
	}
	r := h.last
	if h.draining.Load() {
		return ending
	}
	return r
}

// ending is the report of a process that drains.
var ending = report{Reasons: map[string]string{"draining": "the process is about to end: what it has begun it finishes"}}

func (h *health) run(ctx context.Context) report {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	r := report{OK: true, Reasons: map[string]string{}, Warnings: map[string]string{}, Facts: map[string]map[string]any{}}
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, c := range h.checks {
		all.Go(func() {
			facts, err := c.run(ctx)
			mu.Lock()
			defer mu.Unlock()
			if facts != nil {
				r.Facts[c.name] = facts
			}
			switch {
			case err != nil && c.need:
				r.OK, r.Reasons[c.name] = false, err.Error()
			case err != nil:
				r.Warnings[c.name] = err.Error()
			}
		})
	}
	all.Wait()
	return r
}

var (
	readyMetric = prometheus.NewDesc("cession_ready", "1 if the process is ready", nil, nil)
	checkMetric = prometheus.NewDesc("cession_check", "1 if what the process wants is there", []string{"check"}, nil)
)

// Describe is for [prometheus.Collector].
func (h *health) Describe(out chan<- *prometheus.Desc) { out <- readyMetric; out <- checkMetric }

// Collect is for [prometheus.Collector].
func (h *health) Collect(out chan<- prometheus.Metric) {
	r := h.look(context.Background())
	out <- prometheus.MustNewConstMetric(readyMetric, prometheus.GaugeValue, number(r.OK))
	for _, c := range h.checks {
		failed := r.Reasons[c.name] != "" || r.Warnings[c.name] != ""
		out <- prometheus.MustNewConstMetric(checkMetric, prometheus.GaugeValue, number(!failed), c.name)
	}
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
