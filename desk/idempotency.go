package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"cession/deal"
)

// Header of a request that may be sent again, and of an answer that was given before.
const (
	headerKey      = "Idempotency-Key"
	headerReplayed = "Idempotency-Replayed"
)

// idempotent answers a request that was sent before under the same
// Idempotency-Key with the answer of then. The key is the caller's own; under
// the same key another request is refused.
func (s *Server) idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(headerKey)
		if key == "" || r.Method == http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		if len(key) > 128 {
			s.fail(w, r, deal.Errorf(deal.Invalid, "%s: want at most 128 characters", headerKey))
			return
		}
		caller := callerOf(r.Context()).key()
		saved, first, err := s.store.claim(r.Context(), caller, key, savedRequest{hash: hashRequest(r), ref: string(deal.NewID())})
		switch {
		case err != nil:
			s.fail(w, r, err)
		case saved.hash != hashRequest(r):
			s.fail(w, r, deal.Errorf(deal.Invalid, "%s: it was used for another request; draw a new one", headerKey))
		case first:
			s.firstTime(w, r, next, key, saved)
		case saved.status == 0:
			p := problem(http.StatusConflict, deal.Lost, "the same request is being worked on: send it again")
			p.retryAfter = time.Second
			s.fail(w, r, p)
		default:
			w.Header().Set(headerReplayed, "true")
			w.Header().Set("Content-Type", saved.contentType)
			w.WriteHeader(saved.status)
			_, _ = io.WriteString(w, saved.response)
		}
	})
}

func (s *Server) firstTime(w http.ResponseWriter, r *http.Request, next http.Handler, key string, saved savedRequest) {
	keeper := &keeper{ResponseWriter: w}
	next.ServeHTTP(keeper, r.WithContext(context.WithValue(r.Context(), reservedKey{}, saved.ref)))
	if lasting(keeper.status) {
		saved.status, saved.contentType, saved.response = keeper.status, w.Header().Get("Content-Type"), keeper.body.String()
	}
	// The answer is on its way; that it is kept must not depend on the caller waiting for it.
	ctx := context.WithoutCancel(r.Context())
	if err := s.store.settle(ctx, callerOf(ctx).key(), key, saved); err != nil {
		s.log.ErrorContext(ctx, "answer not kept", slog.String("error", err.Error()))
	}
}

// lasting reports whether the same request would be answered so again.
func lasting(status int) bool {
	return status/100 == 2 || slices.Contains([]int{400, 403, 409, 422}, status)
}

// keeper keeps a copy of what is written.
type keeper struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (k *keeper) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

// Write keeps what is written.
func (k *keeper) Write(b []byte) (int, error) {
	if k.status == 0 {
		k.status = http.StatusOK
	}
	k.body.Write(b)
	return k.ResponseWriter.Write(b)
}

// Unwrap is for [http.ResponseController].
func (k *keeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// hashRequest reads the body, which the guard has put into memory.
func hashRequest(r *http.Request) string {
	h := sha256.New()
	_, _ = io.WriteString(h, r.Method+"\x00"+r.URL.RequestURI()+"\x00")
	if r.Body != nil {
		body, _ := io.ReadAll(r.Body)
		h.Write(body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return hex.EncodeToString(h.Sum(nil))
}

type reservedKey struct{}

// reservedID returns the id that the request's idempotency key reserves for
// what it makes, or "". Sent again after a failure it has the same.
func reservedID(ctx context.Context) deal.ID {
	id, _ := ctx.Value(reservedKey{}).(string)
	return deal.ID(id)
}
