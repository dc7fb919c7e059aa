package packs

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
)

// network is a transport with failure hooks.
type network struct {
	fault  atomic.Pointer[func(*http.Request) (*http.Response, error)]
	bodies atomic.Int64 // answers that had one
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	if f := n.fault.Load(); f != nil {
		return (*f)(r)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusOK && r.Method == http.MethodGet {
		n.bodies.Add(1)
	}
	return answer, err
}

// next makes the next so many requests fail in one way.
func (n *network) next(times int64, f func(*http.Request) (*http.Response, error)) {
	left := times
	hook := func(r *http.Request) (*http.Response, error) {
		if atomic.AddInt64(&left, -1) < 0 {
			return http.DefaultTransport.RoundTrip(r)
		}
		return f(r)
	}
	n.fault.Store(&hook)
}

func (n *network) heal() { n.fault.Store(nil) }

var errBroken = errors.New("connection broke")

// The ways a network fails.
func requestLost(*http.Request) (*http.Response, error) { return nil, errBroken }

func answerLost(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
	return nil, errBroken
}

func answerCut(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		answer.Body = &cut{answer.Body, 10}
	}
	return answer, err
}

func unavailable(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Request: r, ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(strings.NewReader("busy")), ContentLength: 4,
	}, nil
}

// dripping answers, and then says nothing more.
func dripping(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		answer.Body = &silent{answer.Body, r.Context()}
	}
	return answer, err
}

// cut is a body that ends early.
type cut struct {
	io.ReadCloser
	left int
}

func (c *cut) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.ReadCloser.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

type silent struct {
	io.ReadCloser
	ctx context.Context
}

func (s *silent) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}
