package metrics

import (
	"cmp"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cession/chain/lane"
)

// other is the reason of what is stuck without one of the closed list.
const other = "OTHER"

// collector makes metrics of what the watcher sees.
type collector struct {
	watcher   watcher
	endpoints func() []Endpoint
	log       *slog.Logger

	mu     sync.Mutex
	failed uint64          // scrapes; guarded by mu
	blind  bool            // the last look failed; guarded by mu
	heads  map[string]head // by lane; guarded by mu
}

// head is a block and when it was first seen here.
type head struct {
	lane.Block
	since time.Time
}

func newCollector(c Config) *collector {
	if c.Endpoints == nil {
		c.Endpoints = func() []Endpoint { return nil }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &collector{
		watcher:   watcher{list: c.Lanes, timeout: cmp.Or(c.Timeout, 5*time.Second)},
		endpoints: c.Endpoints, log: c.Log, heads: map[string]head{},
	}
}

// Describe sends every description, so that a name used twice is found at the start.
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range descriptions() {
		out <- d
	}
}

// Collect looks at the lanes and sends what it sees.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	lanes, took, err := c.watcher.lanes()
	sights, failed := c.note(lanes, err)
	send := func(d *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, kind, value, labels...)
	}
	send(lanesUp, prometheus.GaugeValue, one(err == nil))
	send(lanesAll, prometheus.GaugeValue, float64(len(sights)))
	send(lookTime, prometheus.GaugeValue, took.Seconds())
	send(lookErrs, prometheus.CounterValue, float64(failed))
	for id, s := range sights {
		for _, m := range perLane {
			if m.known == nil || m.known(s) {
				send(m.desc, m.kind, m.value(s), id)
			}
		}
		for reason, n := range byReason(stuckOnes(s.Listing)) {
			send(stuck, prometheus.GaugeValue, float64(n), id, reason)
		}
		for reason, n := range byReason(s.Reasons) {
			send(trouble, prometheus.GaugeValue, one(n > 0), id, reason)
		}
	}
	for host, e := range byHost(c.endpoints()) {
		send(endpointUp, prometheus.GaugeValue, one(e.Up), host)
		send(endpointLag, prometheus.GaugeValue, float64(e.Lag), host)
		send(endpointDisputes, prometheus.CounterValue, float64(e.Disputes), host)
	}
}

// note remembers how the look went and returns the lanes by id. A lane that is
// listed twice counts once.
func (c *collector) note(lanes []lane.Listing, err error) (sights map[string]sight, failed uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil && !c.blind:
		c.log.Warn("the lanes are out of sight of the metrics", "err", err)
	case err == nil && c.blind:
		c.log.Info("the lanes are in sight of the metrics again")
	}
	if c.blind = err != nil; c.blind {
		c.failed++
	}
	now := time.Now()
	sights = make(map[string]sight, len(lanes))
	for _, l := range lanes {
		id := label(l.Lane)
		if known, ok := c.heads[id]; !ok || known.Block != l.Head {
			c.heads[id] = head{l.Head, now}
		}
		sights[id] = sight{Listing: l, now: now, head: c.heads[id].since}
	}
	return sights, c.failed
}

// stuckOnes are the reasons of what is stuck. What an operator holds, paused or
// canceled, counts as paused: that is known to somebody.
func stuckOnes(l lane.Listing) (reasons []lane.Reason) {
	for _, it := range l.Items {
		switch {
		case !it.Stuck:
		case it.Hold == lane.HoldPaused || it.Hold == lane.HoldCanceled:
			reasons = append(reasons, lane.Paused)
		default:
			reasons = append(reasons, it.Reason)
		}
	}
	return reasons
}

// byReason counts each reason of the closed list, those that are not there too:
// a series that begins at 0 can be seen to rise.
func byReason(list []lane.Reason) map[string]int {
	count := map[string]int{other: 0}
	for _, r := range lane.Reasons() {
		count[string(r)] = 0
	}
	for _, r := range list {
		if _, known := count[string(r)]; !known {
			r = other
		}
		count[string(r)]++
	}
	return count
}

// byHost names the endpoints that were asked by their host; further ones of a
// host are numbered, in the order they were given.
func byHost(list []Endpoint) map[string]Endpoint {
	named, seen := map[string]Endpoint{}, map[string]int{}
	for _, e := range list {
		name := hostOf(e.Host)
		if seen[name]++; seen[name] > 1 {
			name += "#" + strconv.Itoa(seen[name])
		}
		if e.Asked {
			named[name] = e
		}
	}
	return named
}

// hostOf leaves of a URL only host and port: user, path and query may be secrets.
func hostOf(s string) string {
	if !strings.Contains(s, "://") {
		s = "//" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "unnamed"
	}
	return label(u.Host)
}

// label makes a text one that Prometheus takes.
func label(s string) string { return strings.ToValidUTF8(s, "?") }
