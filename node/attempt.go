package node

import (
	"context"
	"sync"
	"time"

	"cession/deal"
)

// A pull is a job of the node: it goes on when whoever asked for it is gone, and
// after a restart. What is under way is here, what is to be done in the state.

// pulling are the pulls under way, at most one for each release, and when the
// failed ones are to be tried again.
type pulling struct {
	ctx  context.Context
	stop context.CancelFunc
	wait sync.WaitGroup

	mu      sync.Mutex
	running map[deal.Commitment]*attempt
	failed  map[deal.Commitment]backoff
}

// attempt is one try to bring a pull to its end.
type attempt struct {
	done chan struct{} // closed at the end
	err  error         // what it ended with; read it after done
}

type backoff struct {
	pause time.Duration
	until time.Time
}

const maxPause = time.Minute

func (a *pulling) open() {
	a.ctx, a.stop = context.WithCancel(context.Background())
	a.running, a.failed = map[deal.Commitment]*attempt{}, map[deal.Commitment]backoff{}
}

// close ends what is under way; the next start goes on with it.
func (a *pulling) close() {
	a.mu.Lock()
	a.stop()
	a.mu.Unlock()
	a.wait.Wait()
}

// join returns the attempt at a release that is under way, or starts one.
func (a *pulling) join(release deal.Commitment, pause time.Duration, try func(context.Context) (moved bool, err error)) *attempt {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t, ok := a.running[release]; ok {
		return t
	}
	t := &attempt{done: make(chan struct{})}
	if a.ctx.Err() != nil {
		t.err = a.ctx.Err()
		close(t.done)
		return t
	}
	a.running[release] = t
	a.wait.Go(func() {
		moved, err := try(a.ctx)
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.running, release)
		if moved || err == nil {
			delete(a.failed, release)
		}
		if err != nil {
			a.postpone(release, pause)
		}
		t.err = err
		close(t.done)
	})
	return t
}

// behind runs something that nobody waits for but the end of the node.
func (a *pulling) behind(do func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ctx.Err() == nil {
		a.wait.Go(do)
	}
}

// postpone has a failed release wait, twice as long each time that nothing came.
func (a *pulling) postpone(release deal.Commitment, pause time.Duration) {
	b, ok := a.failed[release]
	if b.pause = min(2*b.pause, maxPause); !ok {
		b.pause = pause
	}
	b.until = time.Now().Add(b.pause)
	a.failed[release] = b
}

// due reports whether a release may be tried again by itself.
func (a *pulling) due(release deal.Commitment) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.running[release] == nil && !time.Now().Before(a.failed[release].until)
}

func (a *pulling) underWay(release deal.Commitment) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.running[release] != nil
}

// tendTransfers goes on with the pulls that are not done, until ctx ends. The
// first try comes after one pause: whoever asked for them may do so again first.
func (n *Node) tendTransfers(ctx context.Context) {
	tick := time.NewTicker(n.TransferPause)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		open, err := n.state.openJobs(ctx)
		if err != nil {
			n.Log.Warn("open handovers not read", "kind", deal.KindOf(err))
		}
		for _, release := range open {
			if n.transfers.pulls.due(release) {
				n.attempt(release)
			}
		}
	}
}
