package node

import (
	"context"
	"io"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"cession/deal"
)

const (
	minTransferLimit = 64 << 10 // bytes per second; with less, healthy lines would pass for dead ones
	maxParallel      = 16
	slice            = 16 << 10 // bytes passed on at once under a limit, so that it is smooth
)

// transfers is what a node's handovers have in common, in and out.
type transfers struct {
	in, out *rate.Limiter // bytes per second; nil: no limit
	stall   time.Duration // a line that moves nothing for so long is cut
	pulls   pulling
	armed   sync.Map // what is released, by release: map[uint64]consigned
	totals  sync.Map // bytes of what is fetched, by release
	sending lines
}

// completeTransfers checks the limits on handovers and fills in what is left out.
func (c *Config) completeTransfers() error {
	if c.TransferLimit != 0 && c.TransferLimit < minTransferLimit {
		return deal.Errorf(deal.Invalid, "limit on handovers: want at least %d bytes per second, or 0 for none", minTransferLimit)
	}
	if c.TransferParallel < 0 || c.TransferParallel > maxParallel {
		return deal.Errorf(deal.Invalid, "ranges of a handover at once: want 1 to %d", maxParallel)
	}
	if c.TransferParallel == 0 {
		c.TransferParallel = 4
	}
	if c.TransferPause == 0 {
		c.TransferPause = time.Second
	}
	return nil
}

func (n *Node) openTransfers() {
	n.transfers.in, n.transfers.out = newLimiter(n.TransferLimit), newLimiter(n.TransferLimit)
	n.transfers.stall = stallTime
	n.transfers.pulls.open()
}

func newLimiter(perSecond int64) *rate.Limiter {
	if perSecond == 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(perSecond), slice)
}

// throttled passes a stream on no faster than a limit that it shares with others.
type throttled struct {
	ctx   context.Context
	r     io.Reader
	limit *rate.Limiter // nil: none
}

// Read implements [io.Reader].
func (t throttled) Read(p []byte) (int, error) {
	if t.limit == nil {
		return t.r.Read(p)
	}
	n, err := t.r.Read(p[:min(len(p), slice)])
	if waited := t.limit.WaitN(t.ctx, n); err == nil {
		err = waited
	}
	return n, err
}

// lines counts the ranges that go to each peer at the same time.
type lines struct {
	mu   sync.Mutex
	busy map[deal.PartyID]int
}

// maxLines bounds the ranges that one peer may fetch at once.
const maxLines = maxParallel

// take reserves a line, which the caller gives back; ok is false if the peer
// has all it may have.
func (l *lines) take(peer deal.PartyID) (free func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.busy[peer] >= maxLines {
		return nil, false
	}
	if l.busy == nil {
		l.busy = map[deal.PartyID]int{}
	}
	l.busy[peer]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.busy[peer]--; l.busy[peer] == 0 {
			delete(l.busy, peer)
		}
	}, true
}
