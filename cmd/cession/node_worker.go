package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cession/deal"
)

// starter is a Temporal worker: one that did not start is of no use any more.
type starter interface {
	Start() error
	Stop()
}

// startWork starts a node's worker in the background, and tries again with
// another one while Temporal does not answer: what was agreed is delivered and read without it, so
// it is not the operator who decides whether a node starts. stop ends the worker
// if it runs, and waits for its work; twice is no harm.
func startWork(ctx context.Context, log *slog.Logger, pause time.Duration, worker func() starter) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var mu sync.Mutex
	var running starter
	try := func() bool {
		w := worker()
		err := w.Start()
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil:
			log.Warn("no work from Temporal yet", "kind", deal.KindOf(err), "again_in", pause)
			return false
		case ctx.Err() != nil:
			w.Stop()
		default:
			running = w
		}
		return true
	}
	go func() { // a Temporal that is cut off takes its time to fail
		for !try() {
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if cancel(); running != nil {
			running.Stop()
			running = nil
		}
	}
}
