package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

const (
	maxBody     = 256 << 10        // bytes of a request body
	bodyTimeout = 15 * time.Second // for a request to arrive
)

// HTTPServer returns a server with the timeouts and limits the desk is to be
// served with. The caller sets its address or listener.
func HTTPServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       bodyTimeout, // net/http lifts it once the body was read
		WriteTimeout:      actTimeout + 30*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}

// guard finds out who calls, holds callers to their rate and reads the body,
// before anything else looks at the request.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		c, err := s.identify(r)
		if err == nil {
			err = s.meter.take(c.key(), s.now())
		}
		if err == nil && submits(r) {
			var done func()
			if done, err = s.meter.submission(); err == nil {
				defer done()
			}
		}
		if err == nil {
			err = readBody(w, r)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(withCaller(r.Context(), c)))
	})
}

// identify returns who calls. Who reads what everyone may read need not say.
func (s *Server) identify(r *http.Request) (Caller, error) {
	if public(r) && r.Header.Get("Authorization") == "" {
		return Caller{network: networkOf(r.RemoteAddr)}, nil
	}
	return s.auth.Authenticate(r)
}

// bodyLimit returns how many bytes the body of a request may have. A pack has a
// list of thousands of names in it.
func bodyLimit(r *http.Request) int64 {
	if submits(r) {
		return maxPackBody
	}
	return maxBody
}

// readBody reads the body to its end; from then on the read deadline no longer
// counts.
func readBody(w http.ResponseWriter, r *http.Request) error {
	if r.Body != nil && r.Body != http.NoBody {
		if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
			return problem(http.StatusUnsupportedMediaType, deal.Invalid, "want a body of Content-Type application/json")
		}
		limit := bodyLimit(r)
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			return problem(http.StatusRequestEntityTooLarge, deal.Invalid, "want a body of at most "+strconv.FormatInt(limit, 10)+" bytes")
		case err != nil:
			return problem(http.StatusBadRequest, deal.Invalid, "the body did not arrive")
		}
		if err := strictJSON(body); err != nil {
			return err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return nil
}

// known answers requests for which there is no route with a problem.
func known(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		if allow := allowed(mux, r); allow != "" {
			w.Header().Set("Allow", allow)
			writeProblem(w, problem(http.StatusMethodNotAllowed, deal.Invalid, "want one of the methods in the Allow header"))
			return
		}
		writeProblem(w, problem(http.StatusNotFound, deal.NotFound, "no such route: see /openapi.json"))
	})
}

// allowed returns the methods the path is served under, or "".
func allowed(mux *http.ServeMux, r *http.Request) string {
	var methods []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		probe := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := mux.Handler(probe); pattern != "" {
			methods = append(methods, m)
		}
	}
	return strings.Join(methods, ", ")
}

// recovered turns a panic into an answer and a line in the log.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if cause := recover(); cause != nil {
				if cause == http.ErrAbortHandler {
					panic(cause)
				}
				s.log.ErrorContext(r.Context(), "request panicked", slog.String("method", r.Method), slog.Any("cause", cause))
				writeProblem(w, problemOf(errors.New("panic")))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// fail answers with the error's problem.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, s.explain(r.Context(), r.Method, err))
}

// explain returns the error's problem; what is the desk's own fault is logged
// under the operation it happened in.
func (s *Server) explain(ctx context.Context, operation string, err error) *Problem {
	p := problemOf(err)
	if p.Status >= 500 {
		s.log.ErrorContext(ctx, "request failed", slog.String("operation", operation), slog.String("caller", callerOf(ctx).key()),
			slog.Int("status", p.Status), slog.String("error", err.Error()))
	}
	return p
}
