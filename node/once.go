package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"cession/deal"
)

// keyHeader is by what a request is known that may be sent again (draft-ietf-httpapi-idempotency-key-header).
const keyHeader = "Idempotency-Key"

// schemaService is what version 4 added for requests that are sent again.
const schemaService = `
CREATE TABLE requests (
	key TEXT PRIMARY KEY, hash TEXT NOT NULL, ref TEXT NOT NULL, at TEXT NOT NULL,
	status INTEGER NOT NULL DEFAULT 0, type TEXT NOT NULL DEFAULT '', body BLOB);
CREATE INDEX requests_at ON requests(at);
`

// keptAnswers is how long the answer to a request is kept under its key.
const keptAnswers = 7 * 24 * time.Hour

// once answers a request that was sent before under the same key with the answer
// of then. Under the same key another request is refused.
func (n *Node) once(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		key := r.Header.Get(keyHeader)
		if key == "" {
			return h(w, r)
		}
		if len(key) > 128 {
			return deal.Errorf(deal.Invalid, "%s: want at most 128 characters", keyHeader)
		}
		if _, busy := n.answering.LoadOrStore(key, true); busy {
			return tooMany(time.Second) // the same request is being worked on
		}
		defer n.answering.Delete(key)
		hash, err := hashRequest(w, r)
		if err != nil {
			return err
		}
		known, err := n.claim(r.Context(), key, hash)
		switch {
		case err != nil:
			return err
		case known.hash != hash:
			return deal.Errorf(deal.Invalid, "%s: it was used for another request: draw a new one", keyHeader)
		case known.status != 0:
			w.Header().Set("Idempotency-Replayed", "true")
			w.Header().Set("Content-Type", known.media)
			w.WriteHeader(known.status)
			_, _ = w.Write(known.body)
			return nil
		}
		return n.answerOnce(w, r, h, key, known.ref)
	}
}

func (n *Node) answerOnce(w http.ResponseWriter, r *http.Request, h handler, key, ref string) error {
	kept := &keeper{ResponseWriter: w}
	// what a client that went away asked for is done, and there when it asks again
	ctx := context.WithValue(context.WithoutCancel(r.Context()), reservedKey{}, ref)
	if err := h(kept, r.WithContext(ctx)); err != nil {
		return err // not kept: it may go better next time
	}
	if kept.status/100 != 2 && !slices.Contains([]int{http.StatusForbidden, http.StatusConflict}, kept.status) {
		return nil
	}
	err := n.state.exec(ctx, "UPDATE requests SET status = ?, type = ?, body = ? WHERE key = ?", kept.status, w.Header().Get("Content-Type"), kept.body.Bytes(), key)
	if err != nil {
		n.Log.Warn("answer not kept", "pattern", r.Pattern, "kind", deal.KindOf(err))
	}
	return nil
}

type savedRequest struct {
	hash, ref, media string
	status           int // 0: not answered yet
	body             []byte
}

// claim returns what is known of a request, noting it if there is nothing.
func (n *Node) claim(ctx context.Context, key, hash string) (s savedRequest, err error) {
	now := n.now()
	if err := n.state.exec(ctx, "DELETE FROM requests WHERE at < ?", stamp(now.Add(-keptAnswers))); err != nil {
		return s, err
	}
	if err := n.state.exec(ctx, "INSERT INTO requests (key, hash, ref, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", key, hash, string(deal.NewID()), stamp(now)); err != nil {
		return s, err
	}
	_, err = n.state.row(ctx, []any{&s.hash, &s.ref, &s.status, &s.media, &s.body}, "SELECT hash, ref, status, type, body FROM requests WHERE key = ?", key)
	return s, err
}

// hashRequest reads the body into memory.
func hashRequest(w http.ResponseWriter, r *http.Request) (string, error) {
	h := sha256.New()
	_, _ = io.WriteString(h, r.Method+"\x00"+r.URL.RequestURI()+"\x00")
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(stallTime))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPlanned))
	_ = control.SetReadDeadline(time.Time{})
	if err != nil {
		return "", err
	}
	h.Write(body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return hex.EncodeToString(h.Sum(nil)), nil
}

type reservedKey struct{}

// reservedID returns the id that a request's key reserves for what it makes, or
// a new one. Sent again after a failure the request has the same.
func reservedID(ctx context.Context) deal.ID {
	if ref, ok := ctx.Value(reservedKey{}).(string); ok {
		return deal.ID(ref)
	}
	return deal.NewID()
}

// keeper keeps a copy of an answer.
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

// Unwrap lets [http.ResponseController] reach the connection.
func (k *keeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// isUpload tells requests whose body is a document from others: they are not
// read into memory, and the same bytes again change nothing.
func isUpload(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/octet-stream") || r.Method == http.MethodPut || r.Method == http.MethodPatch
}
