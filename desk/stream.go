package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const (
	pollEvery     = 300 * time.Millisecond
	heartbeat     = 15 * time.Second // also when the credential is checked again
	streamLife    = time.Hour        // then the client connects again
	writeDeadline = 10 * time.Second
	pollBatch     = 200
)

// follow returns the stream of what happens in a deal, or with "" in all.
func (s *Server) follow(ctx context.Context, id deal.ID, after, lastEventID string) (*huma.StreamResponse, error) {
	if lastEventID != "" { // sent by a client that connects again; it knows better than the address
		after = lastEventID
	}
	position, err := s.startOf(ctx, after)
	if err != nil {
		return nil, err
	}
	done, err := s.meter.stream(callerOf(ctx).key())
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		defer done()
		r, w := humago.Unwrap(hctx)
		f := &follower{s: s, r: r, w: w, control: http.NewResponseController(w), query: logQuery{callerOf(ctx), id, position, pollBatch}}
		f.run()
	}}, nil
}

func (s *Server) startOf(ctx context.Context, after string) (int64, error) {
	switch after {
	case "":
		ctx, cancel := context.WithTimeout(ctx, storeTimeout)
		defer cancel()
		return s.store.logEnd(ctx)
	case fromStart:
		return 0, nil
	}
	return s.store.cursors.open(after)
}

// follower writes one event stream.
type follower struct {
	s       *Server
	r       *http.Request
	w       http.ResponseWriter
	control *http.ResponseController
	query   logQuery
}

// run polls the log until the client is gone, its credential is no longer good
// or the stream has lived long enough. A failing store is waited for.
func (f *follower) run() {
	ctx, cancel := context.WithTimeout(f.r.Context(), streamLife)
	defer cancel()
	f.w.Header().Set("Content-Type", "text/event-stream")
	f.w.Header().Set("X-Accel-Buffering", "no")
	if !f.write("retry: 1000\n\n") {
		return
	}
	poll, beat := time.NewTicker(pollEvery), time.NewTicker(heartbeat)
	defer poll.Stop()
	defer beat.Stop()
	for f.drain(ctx) {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			if !f.stillWelcome(ctx) || !f.write(":\n\n") {
				return
			}
		case <-poll.C:
		}
	}
}

// drain sends what is new and reports whether the client is still there.
func (f *follower) drain(ctx context.Context) bool {
	for {
		entries, upTo, err := f.s.store.entries(ctx, f.query)
		if err != nil {
			f.s.explain(ctx, "follow", err)
			return ctx.Err() == nil
		}
		if len(entries) > 0 && !f.stillWelcome(ctx) {
			return false
		}
		for _, e := range (redactor{f.s.isPrivate, f.query.caller}).entries(entries) {
			if !f.send(e) {
				return false
			}
		}
		if upTo == f.query.after {
			return true
		}
		f.query.after = upTo
	}
}

// stillWelcome checks the credential again: a token may be revoked and a party
// suspended while its stream is open. If that cannot be found out now, the
// stream ends too.
func (f *follower) stillWelcome(ctx context.Context) bool {
	c, err := f.s.auth.Authenticate(f.r.WithContext(ctx))
	return err == nil && c.key() == f.query.caller.key()
}

func (f *follower) send(e Entry) bool {
	data, err := json.Marshal(e)
	if err != nil {
		f.s.explain(f.r.Context(), "follow", err)
		return false
	}
	return f.write(fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", e.ID, e.Kind, data))
}

func (f *follower) write(text string) bool {
	_ = f.control.SetWriteDeadline(time.Now().Add(writeDeadline)) // else the server's own ends the stream
	if _, err := f.w.Write([]byte(text)); err != nil {
		return false
	}
	return f.control.Flush() == nil
}
