package node

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"cession/deal"
)

// What one peer may ask for, so that it can fill neither the log nor the
// decision records: a read in the data room leaves about 6 kB of records. The
// ranges handed over under a ticket are not counted here.
const (
	roomRate  rate.Limit = 5 // reads in data rooms per second
	roomBurst            = 500
	talkBurst            = 100 // seconds' worth of [Config.ReadRate], of anything else
	poorRate  rate.Limit = 0.5 // requests that are refused
	poorBurst            = 100
	hearRate  rate.Limit = 1 // records that peers bring themselves, of all peers together
	hearBurst            = 20
)

// limits are the buckets of the peers.
type limits struct {
	mu    sync.Mutex
	peers map[deal.PartyID]*peerLimits
}

type peerLimits struct {
	room, talk, poor *rate.Limiter
	drawn, sent      turns // copies that are made, and that are made or sent
}

func (l *limits) of(peer deal.PartyID, all float64) *peerLimits {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.peers[peer]
	if !ok {
		if l.peers == nil {
			l.peers = map[deal.PartyID]*peerLimits{}
		}
		talk := rate.NewLimiter(rate.Limit(all), int(all*talkBurst)+1)
		if all <= 0 {
			talk = rate.NewLimiter(rate.Inf, 1)
		}
		p = &peerLimits{rate.NewLimiter(roomRate, roomBurst), talk, rate.NewLimiter(poorRate, poorBurst), make(turns, drawnEach), make(turns, sentEach)}
		l.peers[peer] = p
	}
	return p
}

// mayAsk refuses a peer that asks too often, for now. Peers are those that were
// authenticated: there are as many as parties this node knows.
func (n *Node) mayAsk(r *http.Request, peer deal.PartyID) error {
	err := n.limits.take(peer, r.URL.Path, n.ReadRate, n.now())
	if err != nil {
		e := ViewEntry{Party: peer, What: "limit"}
		if logged := n.tally(r.Context(), "limit/"+string(peer), e, err); logged != nil {
			return logged
		}
	}
	return err
}

func (l *limits) take(peer deal.PartyID, path string, all float64, now time.Time) error {
	p := l.of(peer, all)
	if p.poor.TokensAt(now) < 1 {
		return tooMany(wait(poorRate))
	}
	bucket := p.talk
	switch {
	case strings.Contains(path, "/room/"), strings.HasSuffix(path, "/faq"), strings.HasSuffix(path, "/handover"): // all leave decision records
		bucket = p.room
	case strings.Contains(path, "/handover/"):
		return nil
	}
	if !bucket.AllowN(now, 1) {
		return tooMany(wait(bucket.Limit()))
	}
	return nil
}

// charge counts a request that was refused.
func (l *limits) charge(peer deal.PartyID, failed error, all float64, now time.Time) {
	if deal.KindOf(failed) != "" {
		l.of(peer, all).poor.AllowN(now, 1)
	}
}

// wait is how long a bucket of that rate takes to have one token more.
func wait(limit rate.Limit) time.Duration {
	return time.Duration(float64(time.Second) / float64(limit))
}

// gauge is one bucket for all.
type gauge struct {
	once   sync.Once
	bucket *rate.Limiter
}

func (g *gauge) allow(now time.Time) bool {
	g.once.Do(func() { g.bucket = rate.NewLimiter(hearRate, hearBurst) })
	return g.bucket.AllowN(now, 1)
}
