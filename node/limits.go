package node

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What strangers may cost this node.
const (
	maxConnections            = 1024
	failedRate     rate.Limit = 2 // attempts per second that are not let in, from one network
	failedBurst               = 60
	maxMetered                = 4096 // networks that are told apart
)

// meter counts failed attempts by the network they come from.
type meter struct {
	mu   sync.Mutex
	seen map[string]*rate.Limiter
}

// failed counts an attempt, and asks the network to come back later if there
// were too many.
func (m *meter) failed(network string) error {
	if m.bucket(network).Allow() {
		return nil
	}
	return tooMany(time.Duration(float64(time.Second) / float64(failedRate)))
}

func (m *meter) bucket(network string) *rate.Limiter {
	m.mu.Lock()
	defer m.mu.Unlock()
	if b, ok := m.seen[network]; ok {
		return b
	}
	if m.seen == nil || len(m.seen) >= maxMetered { // who has to wait may do so once more
		m.seen = map[string]*rate.Limiter{}
	}
	b := rate.NewLimiter(failedRate, failedBurst)
	m.seen[network] = b
	return b
}

// networkOf returns whom a remote address is counted with: an IPv4 address, or
// the /64 of an IPv6 one.
func networkOf(remote string) string {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	ip := at.Addr().Unmap()
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return ip.String()
	}
	return prefix.String()
}

// limitListener bounds the connections that are open at once.
type limitListener struct {
	net.Listener
	slots chan struct{}
}

func newLimitListener(l net.Listener) net.Listener {
	return &limitListener{l, make(chan struct{}, maxConnections)}
}

// Accept waits for a connection that there is room for.
func (l *limitListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case l.slots <- struct{}{}:
			return &limitConn{Conn: c, release: sync.OnceFunc(func() { <-l.slots })}, nil
		default: // who is there is served, not who comes last
			c.Close()
		}
	}
}

type limitConn struct {
	net.Conn
	release func()
}

// Close closes the connection and makes room.
func (c *limitConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}
