package metrics

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

var errDown = errors.New("temporal is down")

func down(context.Context) ([]lane.Listing, error) { return nil, errDown }

func hang(ctx context.Context) ([]lane.Listing, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestSourceFailsAndRecovers: the scrape answers all the while, and says so.
func TestSourceFailsAndRecovers(t *testing.T) {
	for name, broken := range map[string]func(context.Context) ([]lane.Listing, error){"fails": down, "hangs": hang} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var logged bytes.Buffer
				s := &source{list: broken}
				h := Handler(Config{Lanes: s.lanes, Log: slog.New(slog.NewTextHandler(&logged, nil))})
				has(t, scrape(t, h), "cession_lanes_up 0", "cession_lanes 0", "cession_lanes_scrape_errors_total 1")
				time.Sleep(fresh)
				text := scrape(t, h)
				has(t, text, "cession_lanes_up 0", "cession_lanes_scrape_errors_total 2")
				if strings.Contains(text, "cession_lane_paused") {
					t.Error("a lane is shown that nobody saw")
				}
				s.list = healthy
				time.Sleep(fresh)
				has(t, scrape(t, h), "cession_lanes_up 1", "cession_lanes 1", "cession_lanes_scrape_errors_total 2")
				if n := strings.Count(logged.String(), "\n"); n != 2 {
					t.Errorf("logged %d lines, want one when it begins and one when it ends:\n%s", n, &logged)
				}
			})
		})
	}
}

// TestPartOfTheLanes: those that answered are shown beside the error.
func TestPartOfTheLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{list: func(context.Context) ([]lane.Listing, error) {
			return []lane.Listing{{Lane: "lane/1/a", Paused: true}}, errDown
		}}
		has(t, scrape(t, testHandler(s)), "cession_lanes_up 0", "cession_lanes 1", `cession_lane_paused{lane="lane/1/a"} 1`)
	})
}

// TestSourceThatIgnoresItsTime: scrapes end in time, and nothing piles up.
func TestSourceThatIgnoresItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := &source{list: func(context.Context) ([]lane.Listing, error) {
			<-release
			return []lane.Listing{busy(time.Now())}, nil
		}}
		h := Handler(Config{Lanes: s.lanes, Timeout: 3 * time.Second})
		for i := range 3 {
			begun := time.Now()
			has(t, scrape(t, h), "cession_lanes_up 0")
			if want, took := 3*time.Second+grace, time.Since(begun); i == 0 && took != want || i > 0 && took != 0 {
				t.Errorf("scrape %d took %s", i, took)
			}
			time.Sleep(15 * time.Second)
		}
		if n := s.calls.Load(); n != 1 {
			t.Errorf("%d looks under way, want 1", n)
		}
		close(release)
		synctest.Wait()
		time.Sleep(fresh)
		has(t, scrape(t, h), "cession_lanes_up 1")
	})
}

// TestScrapesShareALook: many scrapes at once are one question to Temporal.
func TestScrapesShareALook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{list: func(ctx context.Context) ([]lane.Listing, error) {
			time.Sleep(200 * time.Millisecond)
			return healthy(ctx)
		}}
		h := testHandler(s)
		var scrapers sync.WaitGroup
		for range scrapes {
			scrapers.Go(func() { has(t, scrape(t, h), "cession_lanes_up 1") })
		}
		scrapers.Wait()
		has(t, scrape(t, h), "cession_lanes_up 1", "cession_lanes_scrape_duration_seconds 0.2")
		if n := s.calls.Load(); n != 1 {
			t.Errorf("%d looks for scrapes within a second, want 1", n)
		}
		time.Sleep(fresh)
		scrape(t, h)
		if n := s.calls.Load(); n != 2 {
			t.Errorf("%d looks after a second, want 2", n)
		}
	})
}

// TestHeadAge counts from when a head was first seen, across a failed look.
func TestHeadAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := lane.Block{Number: 5, Hash: deal.Commitment{5}}
		s := &source{list: func(context.Context) ([]lane.Listing, error) { return []lane.Listing{{Lane: "a", Head: at}}, nil }}
		h := testHandler(s)
		seen := s.list
		has(t, scrape(t, h), `cession_lane_head_age_seconds{lane="a"} 0`)
		time.Sleep(time.Minute)
		s.list = down
		scrape(t, h)
		time.Sleep(time.Minute)
		s.list = seen
		has(t, scrape(t, h), `cession_lane_head_age_seconds{lane="a"} 120`)
		time.Sleep(time.Minute)
		at.Hash = deal.Commitment{6} // another block at the same height is a new head
		has(t, scrape(t, h), `cession_lane_head_age_seconds{lane="a"} 0`)
	})
}
