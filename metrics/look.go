package metrics

import (
	"context"
	"errors"
	"sync"
	"time"

	"cession/chain/lane"
)

// look is one look at the lanes. What it gave may be read once done is closed.
type look struct {
	begun time.Time
	done  chan struct{}
	ended time.Time
	lanes []lane.Listing
	err   error
}

var errHangs = errors.New("no answer in time")

// grace is for a look whose time is up to give what it has.
const grace = time.Second

// watcher looks at the lanes, once at a time and once a second at most.
type watcher struct {
	list    func(context.Context) ([]lane.Listing, error)
	timeout time.Duration

	mu     sync.Mutex
	newest *look // guarded by mu
}

// lanes returns a look that is fresh, or errHangs: one that does not end is
// waited for until its time is up, and none is begun beside it.
func (w *watcher) lanes() ([]lane.Listing, time.Duration, error) {
	l := w.current()
	late := time.NewTimer(time.Until(l.begun.Add(w.timeout + grace)))
	defer late.Stop()
	select {
	case <-l.done:
		return l.lanes, l.ended.Sub(l.begun), l.err
	case <-late.C:
		return nil, time.Since(l.begun), errHangs
	}
}

func (w *watcher) current() *look {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.newest == nil || w.newest.stale() {
		w.newest = &look{begun: time.Now(), done: make(chan struct{})}
		go w.run(w.newest)
	}
	return w.newest
}

func (l *look) stale() bool {
	select {
	case <-l.done:
		return time.Since(l.ended) >= fresh
	default:
		return false
	}
}

func (w *watcher) run(l *look) {
	ctx, cancel := context.WithTimeout(context.Background(), w.timeout)
	defer cancel()
	l.lanes, l.err = w.list(ctx)
	l.ended = time.Now()
	close(l.done)
}
