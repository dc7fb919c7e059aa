//go:build !slim

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"cession/chain/lane"
	"cession/deal"
	"cession/demo"
)

// fault is one way in which transactions get stuck, and the way out.
type fault struct {
	reason   lane.Reason
	provoked string              // what happened, for the table
	before   string              // step of the script before which it happens; "": before the first
	provoke  func(*ordeal) error // makes it happen
	cured    string              // what is done outside the product, for the table; "": nothing
	cure     func(*ordeal) error // does that
	commands []string            // what the operator types: TX and LANE stand for what is stuck
}

// ordeal is a deal to which faults happen, one after the other.
type ordeal struct {
	*faultyMarket
	lane   *faultyLane
	id     deal.ID
	done   <-chan error // of the script
	faults []fault

	mu sync.Mutex
	at []time.Time // guarded by mu; when each fault was provoked
}

// play runs the deal, waits for each reason, goes the way out, and returns
// within how many blocks each was shown.
func (s *ordeal) play(ctx context.Context) (blocks []int, err error) {
	if s.id, err = s.open(ctx, s.lane); err != nil {
		return nil, err
	}
	s.at = make([]time.Time, len(s.faults))
	if err := s.strike(""); err != nil {
		return nil, err
	}
	cfg := s.script(s.id)
	cfg.Before = func(_ context.Context, step string) error { return s.strike(step) }
	done := make(chan error, 1)
	s.done = done
	go func() {
		r, err := demo.Run(ctx, cfg)
		if err == nil && r.State != "settled" {
			err = fmt.Errorf("the deal is %s", r.State)
		}
		done <- err
	}()
	for i, f := range s.faults {
		n, err := s.overcome(ctx, i)
		if err != nil {
			return blocks, fmt.Errorf("%s: %w", f.reason, err)
		}
		blocks = append(blocks, n)
	}
	return blocks, <-done
}

// strike provokes the faults that happen before a step, once.
func (s *ordeal) strike(step string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.before != step || !s.at[i].IsZero() {
			continue
		}
		if err := f.provoke(s); err != nil {
			return deal.Errorf(deal.Invalid, "provoke %s: %w", f.reason, err) // a kind that is not tried again
		}
		s.at[i] = time.Now()
	}
	return nil
}

func (s *ordeal) struck(i int) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at[i]
}

// overcome waits until a fault is shown, cures it and types the commands.
func (s *ordeal) overcome(ctx context.Context, i int) (blocks int, err error) {
	f := s.faults[i]
	stuck, blocks, err := s.await(ctx, i)
	if err != nil {
		return blocks, err
	}
	if f.cure != nil {
		if err := f.cure(s); err != nil {
			return blocks, fmt.Errorf("cure: %w", err)
		}
	}
	for _, line := range f.commands {
		if stuck != nil && s.ended(stuck) {
			s.t.Logf("%s: it went on by itself before %q", f.reason, line)
			break
		}
		err := s.operate(ctx, line, stuck)
		if err != nil && strings.Contains(err.Error(), "look again") { // it moved on meanwhile: as an operator would
			err = s.operate(ctx, line, stuck)
		}
		if err != nil && !(stuck != nil && s.ended(stuck)) {
			return blocks, err
		}
	}
	return blocks, nil
}

// await looks at the lane until the reason is shown, and returns what it is
// shown for. Time counts from when there was something for it to happen to.
func (s *ordeal) await(ctx context.Context, i int) (stuck *lane.Item, blocks int, err error) {
	why := s.faults[i].reason
	for {
		at := s.struck(i)
		l, err := s.listing(s.lane)
		if err != nil {
			s.t.Logf("the desk does not answer: %v", err)
		}
		if item, shown := s.shown(l, why); shown && !at.IsZero() {
			if item != nil && item.Submitted.After(at) {
				at = item.Submitted
			}
			return item, s.blocks.between(at, time.Now()), nil
		}
		select {
		case err := <-s.done:
			return nil, 0, fmt.Errorf("never shown; the deal ended: %v", err)
		case <-ctx.Done():
			b, _ := json.Marshal(l)
			return nil, 0, fmt.Errorf("never shown: %s", b)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// ended reports whether an intent has its outcome, read anew.
func (s *ordeal) ended(it *lane.Item) bool {
	list, err := s.lanesNow(s.t.Context())
	for _, l := range list {
		for _, x := range l.Items {
			if x.Intent == it.Intent {
				return err == nil && (x.Status == lane.Final || x.Status == lane.Failed)
			}
		}
	}
	return false
}

// shown reports whether the listing shows the reason, for the deal's intent or
// for the lane as a whole.
func (s *ordeal) shown(l lane.Listing, why lane.Reason) (*lane.Item, bool) {
	mine := func(it lane.Item) bool { return it.Deal == s.id && it.Status != lane.Final }
	for _, it := range l.Items {
		if mine(it) && it.Reason == why {
			return &it, true
		}
	}
	if !slices.Contains(l.Reasons, why) {
		return nil, false
	}
	if i := slices.IndexFunc(l.Items, mine); i >= 0 {
		return &l.Items[i], true
	}
	return nil, true
}

// operate types a command as the operator would, on what is stuck.
func (s *ordeal) operate(ctx context.Context, line string, stuck *lane.Item) error {
	words := strings.Fields(line)
	for i, w := range words {
		switch {
		case w == "LANE":
			words[i] = s.lane.ID()
		case w == "TX" && stuck == nil:
			return fmt.Errorf("%s: nothing of the deal is stuck", line)
		case w == "TX":
			words[i] = stuck.Intent.String()[:12]
		}
	}
	out, err := s.cession(ctx, words[1:]...)
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(words, " "), err, out)
	}
	return nil
}

// cession runs a command line in the operator's name.
func (m *faultyMarket) cession(ctx context.Context, args ...string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	c := exec.CommandContext(ctx, self, append([]string{"--home", m.data}, args...)...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// blockClock remembers when blocks came.
type blockClock struct {
	mu   sync.Mutex
	seen []time.Time
}

// watch notes each new block until the context ends.
func (b *blockClock) watch(ctx context.Context, number func() (uint64, error)) {
	var last uint64
	for ctx.Err() == nil {
		if n, err := number(); err == nil && n != last {
			last = n
			b.mu.Lock()
			b.seen = append(b.seen, time.Now())
			b.mu.Unlock()
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// between counts the blocks that came after from and until to.
func (b *blockClock) between(from, to time.Time) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, at := range b.seen {
		if at.After(from) && !at.After(to) {
			n++
		}
	}
	return n
}
