package node

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A node that takes a request and never answers does not keep the other one's
// customer from its questions: names of documents are shown if they can be had.
func TestQuestionsBesideANodeThatStalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.openRoom()
	w.act(buyer, id, buyer, "questions.ask", "question=Paid?", `place={"document":0}`)
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/room/documents") {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return next.RoundTrip(r)
		})
	})
	ctx, cancel := context.WithTimeout(context.Background(), 4*tellTimeout)
	defer cancel()
	talk, err := w.members[buyer].client.Questions(ctx, id, "")
	if err != nil || len(talk.Questions) != 1 || talk.Questions[0].Place == nil || talk.Questions[0].Place.Name != "" {
		t.Errorf("%+v, %v; want the question, its document without a name", talk, err)
	}
}

// Rooms are talked in side by side, but not all at once.
func TestAtOnce(t *testing.T) {
	var now, most, did atomic.Int64
	var first sync.WaitGroup
	first.Add(talksAtOnce)
	late := time.AfterFunc(10*time.Second, func() { t.Error("they wait for each other"); first.Add(-talksAtOnce) })
	defer late.Stop()
	atOnce(make([]int, 3*talksAtOnce), func(int) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		if did.Add(1) <= talksAtOnce {
			first.Done()
		}
		first.Wait() // until so many are at work
		now.Add(-1)
	})
	if did.Load() != 3*talksAtOnce || most.Load() > talksAtOnce {
		t.Errorf("%d done, %d at once; want %d, at most %d", did.Load(), most.Load(), 3*talksAtOnce, talksAtOnce)
	}
}

// hanging is a body that says something, and then nothing for ever.
type hanging struct {
	first io.Reader
	ctx   context.Context
}

func (e *hanging) Read(b []byte) (int, error) {
	if n, err := e.first.Read(b); err == nil {
		return n, nil
	}
	<-e.ctx.Done()
	return 0, e.ctx.Err()
}

func (e *hanging) Close() error { return nil }

// A document that stops in its middle is broken off at the reader's node as well.
func TestRelayOfABodyThatStalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.room()
	w.members[buyer].node.transfers.stall = 100 * time.Millisecond
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil && strings.Contains(r.URL.Path, "/room/documents/") {
				resp.Body.Close()
				resp.Body = &hanging{strings.NewReader("invoice"), r.Context()}
			}
			return resp, err
		})
	})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	content, err := w.members[buyer].client.RoomContent(ctx, id, 0)
	if err == nil {
		defer content.Close()
		_, err = io.ReadAll(content)
	}
	if err == nil || ctx.Err() != nil {
		t.Errorf("have %v, want a broken connection, and soon", err)
	}
}
