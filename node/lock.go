package node

import (
	"context"
	"sync"
)

// keyedLock is one mutex per key; it forgets keys that nobody holds or waits for.
type keyedLock struct {
	mu    sync.Mutex
	locks map[string]*sharedLock
}

type sharedLock struct {
	held  chan struct{} // has one element while it is locked
	users int           // that hold it or wait for it
}

// lock waits for the key's mutex until ctx ends. Call the returned function to unlock.
func (l *keyedLock) lock(ctx context.Context, key string) (unlock func(), err error) {
	one := l.join(key)
	select {
	case one.held <- struct{}{}:
		return func() { <-one.held; l.leave(key, one) }, nil
	case <-ctx.Done():
		l.leave(key, one)
		return nil, ctx.Err()
	}
}

func (l *keyedLock) join(key string) *sharedLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, ok := l.locks[key]
	if !ok {
		if l.locks == nil {
			l.locks = map[string]*sharedLock{}
		}
		one = &sharedLock{held: make(chan struct{}, 1)}
		l.locks[key] = one
	}
	one.users++
	return one
}

func (l *keyedLock) leave(key string, one *sharedLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(l.locks, key)
	}
}
