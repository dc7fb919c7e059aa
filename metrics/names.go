package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cession/chain/lane"
)

// Metrics of the look itself, and those with a label beside the lane.
var (
	lanesUp  = prometheus.NewDesc("cession_lanes_up", "Whether all lanes could be looked at (1) or not (0).", nil, nil)
	lanesAll = prometheus.NewDesc("cession_lanes", "Lanes seen.", nil, nil)
	lookTime = prometheus.NewDesc("cession_lanes_scrape_duration_seconds", "How long the last look at the lanes took.", nil, nil)
	lookErrs = prometheus.NewDesc("cession_lanes_scrape_errors_total", "Scrapes for which not all lanes could be looked at, since the process began.", nil, nil)

	stuck   = prometheus.NewDesc("cession_lane_stuck_intents", "Intents that do not go on as they should, by reason.", []string{"lane", "reason"}, nil)
	trouble = prometheus.NewDesc("cession_lane_trouble", "Whether the reason holds up the lane as a whole.", []string{"lane", "reason"}, nil)

	endpointUp       = prometheus.NewDesc("cession_endpoint_up", "Whether the JSON-RPC endpoint answered when it was last asked, for the right chain.", []string{"endpoint"}, nil)
	endpointLag      = prometheus.NewDesc("cession_endpoint_lag_blocks", "Blocks the endpoint is behind the best one.", []string{"endpoint"}, nil)
	endpointDisputes = prometheus.NewDesc("cession_endpoint_disputes_total", "Blocks of the endpoint that another endpoint has otherwise.", []string{"endpoint"}, nil)
)

// sight is a lane at a moment.
type sight struct {
	lane.Listing
	now  time.Time
	head time.Time // when its head was first seen here
}

// metric is one number of a lane.
type metric struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(sight) float64
	known func(sight) bool // nil: always
}

func gauge(name, help string, value func(sight) float64) metric {
	return metric{desc: prometheus.NewDesc(name, help, []string{"lane"}, nil), kind: prometheus.GaugeValue, value: value}
}

func counter(name, help string, value func(sight) uint64) metric {
	return metric{desc: prometheus.NewDesc(name, help, []string{"lane"}, nil), kind: prometheus.CounterValue,
		value: func(s sight) float64 { return float64(value(s)) }}
}

// when leaves the metric out of what has no value for it.
func (m metric) when(known func(sight) bool) metric {
	m.known = known
	return m
}

// over shows the metric in a greater unit.
func (m metric) over(unit float64) metric {
	small := m.value
	m.value = func(s sight) float64 { return small(s) / unit }
	return m
}

// Ether is shown as a float: 16 digits are enough to watch, not to account.
const (
	gweiPerEther = 1e9
	weiPerEther  = 1e18
)

// perLane are the numbers of each lane.
var perLane = []metric{
	gauge("cession_lane_oldest_unresolved_age_seconds", "Age of the oldest intent that is not final; 0 if there is none.", func(s sight) float64 { return age(s.now, s.Oldest) }),
	gauge("cession_lane_deadline_margin_seconds", "Time left until the first deadline of an open intent; negative if it has passed.", margin).when(hasDeadline),
	gauge("cession_lane_nonce_gap", "Unused nonces that nothing stored fills: nothing behind them runs.", func(s sight) float64 { return float64(s.Gap) }),
	gauge("cession_lane_queued_intents", "Intents without a nonce.", func(s sight) float64 { return float64(s.Queued) }),
	gauge("cession_lane_in_flight_transactions", "Nonces in use that are not mined.", func(s sight) float64 { return float64(s.InFlight) }),
	gauge("cession_lane_paused", "Whether an operator paused the lane.", func(s sight) float64 { return one(s.Paused) }),
	gauge("cession_lane_blocked", "Whether the lane is blocked and hands on what it has not broadcast.", func(s sight) float64 { return one(s.Blocked) }),
	gauge("cession_lane_commands_awaiting_approval", "Operators' commands that wait for a second operator.", func(s sight) float64 { return float64(len(s.Pending)) }),

	gauge("cession_lane_balance_ether", "Balance of the signer.", func(s sight) float64 { return float64(s.Balance) }).over(gweiPerEther).when(looked),
	gauge("cession_lane_spent_today_ether", "Paid and reserved this UTC day.", func(s sight) float64 { return float64(s.Today) }).over(weiPerEther),
	gauge("cession_lane_day_limit_ether", "What may be paid and reserved in a UTC day.", func(s sight) float64 { return float64(s.Limits.PerDay) }).over(weiPerEther),
	gauge("cession_lane_base_fee_wei", "Base fee per gas of the next block.", func(s sight) float64 { return float64(s.Fees.Base) }).when(looked),
	gauge("cession_lane_head_block", "Number of the newest block the lane has seen.", func(s sight) float64 { return float64(s.Head.Number) }).when(looked),
	gauge("cession_lane_head_age_seconds", "How long this process has seen the lane at the same head. An idle lane does not look.", func(s sight) float64 { return age(s.now, s.head) }).when(looked),

	counter("cession_lane_bumps_total", "Transactions replaced for a higher fee.", func(s sight) uint64 { return s.Totals.Bumps }),
	counter("cession_lane_cancels_total", "Transactions of nothing that were mined, to free a nonce.", func(s sight) uint64 { return s.Totals.Cancels }),
	counter("cession_lane_reorgs_total", "Times a block with a transaction of the lane left the chain.", func(s sight) uint64 { return s.Totals.Reorgs }),
	counter("cession_lane_intents_final_total", "Intents done.", func(s sight) uint64 { return s.Totals.Final }),
	counter("cession_lane_intents_failed_total", "Intents that will not be done; their deals were told.", func(s sight) uint64 { return s.Totals.Failed }),
	counter("cession_lane_intents_moved_total", "Intents handed to another lane.", func(s sight) uint64 { return s.Totals.Moved }),
	counter("cession_lane_fees_ether_total", "Ether paid for gas.", func(s sight) uint64 { return s.Totals.Fees }).over(weiPerEther),
}

// descriptions are those of all metrics, in the order of the operator's page.
func descriptions() []*prometheus.Desc {
	list := []*prometheus.Desc{lanesUp, lanesAll, lookTime, lookErrs, stuck, trouble}
	for _, m := range perLane {
		list = append(list, m.desc)
	}
	return append(list, endpointUp, endpointLag, endpointDisputes)
}

// looked reports whether the lane has seen the chain at all.
func looked(s sight) bool { return s.Head.Number > 0 }

func hasDeadline(s sight) bool { return !deadline(s).IsZero() }

func margin(s sight) float64 { return deadline(s).Sub(s.now).Seconds() }

// deadline returns the first deadline of an intent that is not in a block yet.
func deadline(s sight) (first time.Time) {
	for _, it := range s.Items {
		waits := it.Status == lane.Queued || it.Status == lane.Signed || it.Status == lane.Sent
		if waits && !it.By.IsZero() && (first.IsZero() || it.By.Before(first)) {
			first = it.By
		}
	}
	return first
}

func age(now, since time.Time) float64 {
	if since.IsZero() {
		return 0
	}
	return max(0, now.Sub(since).Seconds())
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
