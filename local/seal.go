package local

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/catalyst"
)

const (
	// minInterval keeps block times, which are whole strictly increasing
	// seconds, from running ahead of the clock.
	minInterval = time.Second
	// maxDoublings bounds the pause between blocks that stay empty: 16 intervals.
	maxDoublings = 4
	// sealReserve is the free space below which no block is made. geth's
	// database panics on a full disk. Unit: bytes.
	sealReserve = 64 << 20
)

// sealer makes a block when transactions are pending, at most one per interval.
//
// Its goroutine owns the fields below the line. Blocks that do not empty the
// pool, because its transactions bid less than the base fee, still follow, ever
// more slowly: as on a public chain, they lower the base fee.
type sealer struct {
	eth      *eth.Ethereum
	beacon   *catalyst.SimulatedBeacon
	interval time.Duration
	free     func() (uint64, error) // space on the chain's disk, in bytes
	log      *slog.Logger
	stop     chan struct{}
	stopped  sync.WaitGroup

	// visible is held for writing from before a block can be seen until it is
	// on disk; see [durableWriter].
	visible sync.RWMutex
	failed  error // guarded by visible: a block was made and may not be on disk

	// ---
	last  time.Time // when the last block was made, zero before the first
	empty int       // how many blocks in a row were empty
}

func (s *sealer) start() {
	s.stop = make(chan struct{})
	txs := make(chan core.NewTxsEvent, 64)
	sub := s.eth.TxPool().SubscribeTransactions(txs, true)
	s.stopped.Go(func() {
		defer sub.Unsubscribe()
		s.run(txs)
	})
}

func (s *sealer) close() {
	close(s.stop)
	s.stopped.Wait()
}

func (s *sealer) run(txs <-chan core.NewTxsEvent) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-txs:
			s.empty = 0
		case <-timer.C:
		}
		if pending, _ := s.eth.TxPool().Stats(); pending == 0 {
			continue
		}
		if pause := s.pause(time.Now()); pause > 0 {
			timer.Reset(pause)
			continue
		}
		if n, err := s.free(); err != nil || n < sealReserve {
			s.log.Error("no block is made: disk full or unreadable", "free", n, "need", sealReserve, "err", err)
			timer.Reset(s.interval)
			continue
		}
		if err := s.seal(); err != nil {
			s.log.Error("seal block", "err", err)
			return
		}
		timer.Reset(s.pause(time.Now()))
	}
}

// pause is how long after now the next block is due.
func (s *sealer) pause(now time.Time) time.Duration {
	return sealTime(s.last, s.eth.BlockChain().CurrentBlock().Time, s.interval<<min(s.empty, maxDoublings)).Sub(now)
}

// sealTime is the earliest time for a block after one made at last with the
// block time head, in Unix seconds: an interval later, and when the clock shows
// a later second.
func sealTime(last time.Time, head uint64, interval time.Duration) time.Time {
	due, second := last.Add(interval), time.Unix(int64(head)+1, 0)
	if due.Before(second) {
		return second
	}
	return due
}

// seal makes one block and puts it on disk.
func (s *sealer) seal() (err error) {
	s.visible.Lock()
	defer s.visible.Unlock()
	defer func() {
		if r := recover(); r != nil { // geth's database, when a write fails
			s.failed = fmt.Errorf("%w: %v", errNotDurable, r)
			err = s.failed
		}
	}()
	before := s.eth.BlockChain().CurrentBlock()
	s.beacon.Commit()
	s.last = time.Now()
	head := s.eth.BlockChain().CurrentBlock()
	if head.Number.Cmp(before.Number) <= 0 {
		s.empty++ // try again, later each time; geth's log has the reason
		return nil
	}
	if err := s.eth.ChainDb().SyncKeyValue(); err != nil {
		s.failed = fmt.Errorf("%w: %w", errNotDurable, err)
		return s.failed
	}
	if head.TxHash == types.EmptyTxsHash {
		s.empty++
	} else {
		s.empty = 0
	}
	return nil
}

var errNotDurable = errors.New("the last block may not be on disk: make room and restart")
