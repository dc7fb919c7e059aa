package desk

import (
	"net/netip"
	"strings"
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

// meter counts per caller. There are as many meters as parties and operators at
// most, and as many of networks that read without a credential as maxNetworks.
type meter struct {
	limits      Limits
	submissions chan struct{} // a place for each pack that is being taken in

	mu      sync.Mutex
	buckets map[string]*rate.Limiter // guarded by mu
	streams map[string]int           // guarded by mu
	unknown int                      // meters of networks; guarded by mu
	swept   time.Time                // when those that were idle were dropped; guarded by mu
}

const (
	maxNetworks   = 4096
	otherNetworks = "network:others" // share one meter when there are too many
)

func newMeter(l Limits) *meter {
	return &meter{limits: l.orDefault(), submissions: make(chan struct{}, submitted), buckets: map[string]*rate.Limiter{}, streams: map[string]int{}}
}

// take counts a request, or says when the next one is allowed.
func (m *meter) take(key string, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.bucket(key, now)
	r := b.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	r.CancelAt(now)
	return tooMany("too many requests", wait)
}

// bucket returns the meter of a caller. The caller of it holds mu.
func (m *meter) bucket(key string, now time.Time) *rate.Limiter {
	b := m.buckets[key]
	if b != nil {
		return b
	}
	if strings.HasPrefix(key, "network:") {
		if m.unknown >= maxNetworks && now.Sub(m.swept) > time.Second {
			m.forget(now)
		}
		if m.unknown >= maxNetworks && key != otherNetworks {
			return m.bucket(otherNetworks, now)
		}
		m.unknown++
	}
	b = rate.NewLimiter(rate.Limit(m.limits.Rate), m.limits.Burst)
	m.buckets[key] = b
	return b
}

// forget drops the meters of networks that asked nothing for a while.
func (m *meter) forget(now time.Time) {
	m.swept = now
	for key, b := range m.buckets {
		if strings.HasPrefix(key, "network:") && b.TokensAt(now) >= float64(m.limits.Burst) {
			delete(m.buckets, key)
			m.unknown--
		}
	}
}

// networkOf returns the network a connection comes from: an IPv4 address, or
// the 64 bits of an IPv6 address that one subscriber has.
func networkOf(remote string) string {
	a, err := netip.ParseAddrPort(remote)
	if err != nil {
		return "others"
	}
	ip := a.Addr().Unmap().WithZone("")
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	network, err := ip.Prefix(bits)
	if err != nil {
		return "others"
	}
	return network.String()
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

// submission counts a pack that is being taken in, by anybody, until done is
// called: they are large.
func (m *meter) submission() (done func(), err error) {
	select {
	case m.submissions <- struct{}{}:
		return func() { <-m.submissions }, nil
	default:
		return nil, tooMany("too many packs at once", time.Second)
	}
}

func tooMany(what string, wait time.Duration) *Problem {
	p := problem(429, deal.Lost, what+": wait as Retry-After says")
	p.retryAfter = wait
	return p
}
