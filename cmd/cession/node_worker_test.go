package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"
)

// slowStart is a worker that may not start.
type slowStart struct {
	err     error
	stopped *atomic.Int64
}

func (w slowStart) Start() error { return w.err }
func (w slowStart) Stop()        { w.stopped.Add(1) }

// A node starts without Temporal, gets its work once that is there, and stops its
// worker once, if there is one.
func TestStartWork(t *testing.T) {
	for name, c := range map[string]struct {
		failures int64 // before a worker starts; -1: none does
		stopped  int64
	}{"there": {0, 1}, "there later": {3, 1}, "never there": {-1, 0}} {
		t.Run(name, func(t *testing.T) {
			var made, stopped atomic.Int64
			stop := startWork(context.Background(), slog.New(slog.DiscardHandler), time.Millisecond, func() starter {
				if k := made.Add(1); c.failures < 0 || k <= c.failures {
					return slowStart{errors.New("no answer"), &stopped}
				}
				return slowStart{nil, &stopped}
			})
			for end := time.Now().Add(10 * time.Second); made.Load() < max(c.failures+1, 3*-c.failures) && time.Now().Before(end); {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(20 * time.Millisecond) // the last of them starts
			stop()
			stop()
			tried := made.Load()
			time.Sleep(20 * time.Millisecond)
			if now := made.Load(); stopped.Load() != c.stopped || now > tried+1 {
				t.Errorf("stopped %d workers, want %d; %d more were tried afterwards", stopped.Load(), c.stopped, now-tried)
			}
			if c.failures >= 0 && tried != c.failures+1 {
				t.Errorf("%d workers were made, want %d", tried, c.failures+1)
			}
		})
	}
}
