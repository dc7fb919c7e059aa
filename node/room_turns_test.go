package node

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"cession/deal"
)

// slowReader takes nothing of a body until it is told to.
type slowReader struct {
	*httptest.ResponseRecorder
	begun, goOn chan struct{}
}

func (s *slowReader) Write(b []byte) (int, error) {
	select {
	case s.begun <- struct{}{}:
	default:
	}
	<-s.goOn
	return s.ResponseRecorder.Write(b)
}

// A bidder that takes its copies slowly, and asks for ever more, has a few of
// them in the seller's memory, and others are not kept waiting.
func TestOneReaderTakesNotAllTurns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start(loser)
	id := w.openRoom()
	w.invited(id, loser)
	n := w.members[seller].node
	goOn, ended := make(chan struct{}), make(chan error, sentEach)
	ask := func(peer deal.PartyID, out http.ResponseWriter) error {
		r := httptest.NewRequest(http.MethodGet, roomPath(id, "/", scanPNG), nil)
		r.SetPathValue("id", string(id))
		r.SetPathValue("index", strconv.Itoa(scanPNG))
		return n.peerRoomRead(out, r, peer)
	}
	for range sentEach {
		slow := &slowReader{httptest.NewRecorder(), make(chan struct{}, 1), goOn}
		go func() { ended <- ask(buyer, slow) }()
		<-slow.begun
	}
	var later *TooManyError
	if err := ask(buyer, httptest.NewRecorder()); !errors.As(err, &later) || later.RetryAfter != renderAgain {
		t.Errorf("one copy more: %v, want to be told to come back", err)
	}
	w.last(id, "room.read", scanPNG, 0, string(deal.Lost))
	check(t, ask(loser, httptest.NewRecorder()))
	close(goOn)
	for range sentEach {
		check(t, <-ended)
	}
	check(t, ask(buyer, httptest.NewRecorder()))
}

// While a copy is made for a bidder, its next one waits; another bidder's does not.
func TestOneReaderAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.members[seller].node
	done, err := n.limits.of(buyer, 0).drawn.take(context.Background())
	check(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := n.renderingFor(ctx, visit{peer: buyer}, document{}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("beside its own copy: %v, want it to wait", err)
	}
	start := time.Now()
	err = n.renderingFor(context.Background(), visit{peer: loser}, document{}, nil)
	if errors.As(err, new(*TooManyError)) || time.Since(start) > renderWait/2 {
		t.Errorf("another bidder waits: %v", err)
	}
	done()
}
