package metrics

import (
	"context"
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"

	"cession/chain/lane"
)

var update = flag.Bool("update", false, "write what is generated anew")

func testHandler(s *source) http.Handler {
	return Handler(Config{Lanes: s.lanes, Endpoints: func() []Endpoint {
		return []Endpoint{
			{Host: "https://user:secret@one.example:8545/v3/key?k=key", Asked: true, Up: true, Disputes: 3},
			{Host: "two.example:8545/key", Asked: true, Lag: 12}, {Host: "one.example:8545", Asked: true}, {Host: "/data/key.ipc", Asked: true},
			{Host: "new.example:8545"},
		}
	}})
}

// TestExposition compares every sample of a lane that has a value in each.
func TestExposition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		have := ours(scrape(t, testHandler(&source{list: healthy})))
		const file = "testdata/exposition.txt"
		if *update {
			if err := os.WriteFile(file, []byte(have), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if have != string(want) {
			t.Errorf("have\n%s\nwant\n%s", have, want)
		}
	})
}

func TestNamesFollowTheConventions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text := scrape(t, testHandler(&source{list: healthy}))
		problems, err := promlint.New(strings.NewReader(text)).Lint()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
		if !strings.Contains(text, "go_goroutines") || !strings.Contains(text, "process_cpu_seconds_total") {
			t.Error("the metrics of Go and of the process are missing")
		}
	})
}

// TestLabelsAreBounded: nothing whose number grows with use, nothing private.
func TestLabelsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text := scrape(t, testHandler(&source{list: healthy}))
		for _, secret := range []string{secretDeal, secretActor, "secret", "key", "0x07", "escrow"} {
			if strings.Contains(ours(text), secret) {
				t.Errorf("%q is shown", secret)
			}
		}
		allowed := map[string]bool{"lane": true, "reason": true, "endpoint": true}
		for name, f := range families(t, text) {
			for _, m := range f.Metric {
				for _, l := range m.Label {
					if !allowed[l.GetName()] {
						t.Errorf("%s has a label %s", name, l.GetName())
					}
				}
			}
		}
	})
}

func TestReasonsOutsideTheListAreOneSeries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := lane.Listing{Lane: "lane/1/a", Items: []lane.Item{{Stuck: true}, {Stuck: true, Reason: "NEW"}, {Stuck: true, Reason: lane.Paused}, {Stuck: true, Hold: lane.HoldCanceled}, {Stuck: true, Hold: lane.HoldAside}}}
		text := scrape(t, testHandler(&source{list: func(context.Context) ([]lane.Listing, error) { return []lane.Listing{l, l}, nil }}))
		has(t, text, `cession_lane_stuck_intents{lane="lane/1/a",reason="OTHER"} 3`, `cession_lane_stuck_intents{lane="lane/1/a",reason="PAUSED"} 2`, "cession_lanes 1")
		if n := len(families(t, text)["cession_lane_stuck_intents"].Metric); n != len(lane.Reasons())+1 {
			t.Errorf("%d series of stuck intents, want one per reason and one", n)
		}
	})
}

// TestWhatIsNotKnownIsNotShown: a lane that never looked has no balance of 0.
func TestWhatIsNotKnownIsNotShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text := scrape(t, testHandler(&source{list: func(context.Context) ([]lane.Listing, error) {
			return []lane.Listing{{Lane: "lane/1/new"}}, nil
		}}))
		for _, name := range []string{"cession_lane_balance_ether", "cession_lane_head_block", "cession_lane_head_age_seconds", "cession_lane_base_fee_wei", "cession_lane_deadline_margin_seconds"} {
			if families(t, text)[name] != nil {
				t.Errorf("%s is shown", name)
			}
		}
		has(t, text, `cession_lane_oldest_unresolved_age_seconds{lane="lane/1/new"} 0`)
	})
}

func TestEveryMetricIsDescribed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shown := families(t, scrape(t, testHandler(&source{list: healthy})))
		if len(shown) != len(descriptions()) {
			t.Errorf("%d metrics shown, %d described", len(shown), len(descriptions()))
		}
		for name, f := range shown {
			if counts := f.GetType() == dto.MetricType_COUNTER; counts != strings.HasSuffix(name, "_total") {
				t.Errorf("%s is a %s", name, f.GetType())
			}
		}
	})
}
