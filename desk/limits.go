package desk

import (
	"sync"
	"time"

	"cession/deal"

	"golang.org/x/time/rate"
)

// Limits bounds what one caller may ask of the desk. Zero members take the
// values in brackets.
type Limits struct {
	Rate    float64 // requests per second [50]
	Burst   int     // requests at once [100]
	Streams int     // event streams at once [8]
}

func (l Limits) orDefault() Limits {
	if l.Rate <= 0 {
		l.Rate = 50
	}
	if l.Burst <= 0 {
		l.Burst = 100
	}
	if l.Streams <= 0 {
		l.Streams = 8
	}
	return l
}

// meter counts per caller. Callers are authenticated, so there are as many
// meters as parties and operators at most.
type meter struct {
	limits Limits

	mu      sync.Mutex
	buckets map[string]*rate.Limiter // guarded by mu
	streams map[string]int           // guarded by mu
}

func newMeter(l Limits) *meter {
	return &meter{limits: l.orDefault(), buckets: map[string]*rate.Limiter{}, streams: map[string]int{}}
}

// take counts a request, or says when the next one is allowed.
func (m *meter) take(key string, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.buckets[key]
	if b == nil {
		b = rate.NewLimiter(rate.Limit(m.limits.Rate), m.limits.Burst)
		m.buckets[key] = b
	}
	r := b.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	r.CancelAt(now)
	return tooMany("too many requests", wait)
}

// stream counts an event stream until done is called.
func (m *meter) stream(key string) (done func(), err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.streams[key] >= m.limits.Streams {
		return nil, tooMany("too many event streams at once", 5*time.Second)
	}
	m.streams[key]++
	return sync.OnceFunc(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.streams[key]--; m.streams[key] == 0 {
			delete(m.streams, key)
		}
	}), nil
}

func tooMany(what string, wait time.Duration) *Problem {
	p := problem(429, deal.Lost, what+": wait as Retry-After says")
	p.retryAfter = wait
	return p
}
