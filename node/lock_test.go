package node

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
)

// One holds a key at a time, others wait or give up, and nothing is left of keys
// that nobody uses: of a large document every part has one.
func TestKeyedLock(t *testing.T) {
	var l keyedLock
	var users sync.WaitGroup
	inside := [3]int{} // the race detector tells if a key does not lock
	for i := range 300 {
		users.Go(func() {
			unlock, err := l.lock(t.Context(), fmt.Sprint(i%3))
			check(t, err)
			inside[i%3]++
			unlock()
		})
	}
	users.Wait()
	if inside != [3]int{100, 100, 100} {
		t.Errorf("held %v times", inside)
	}
	unlock, err := l.lock(t.Context(), "a")
	check(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.lock(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("a key that is held was locked: %v", err)
	}
	unlock()
	if len(l.locks) != 0 {
		t.Errorf("%d keys are left", len(l.locks))
	}
}
