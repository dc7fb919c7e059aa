package node

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

const (
	maxBody   = 1 << 20     // bytes of a JSON request
	maxPlan   = 8 << 20     // bytes of an intake plan, 10,000 documents, and of other large JSON
	stallTime = time.Minute // a stream that moves nothing for so long is cut

	partyHeader = "Cession-Party" // who a peer says it is; its certificate proves it
)

// DrainTime is how long running requests may take after the node was told to end.
const DrainTime = 15 * time.Second

// Serve answers on the listener with TLS 1.3 until ctx ends, then lets running
// requests finish. Beside it, it publishes the node's record, keeps it fresh,
// and sends acts again whose outcome is unknown.
func (n *Node) Serve(ctx context.Context, l net.Listener) error {
	endpoint := n.Endpoint
	if endpoint == "" {
		endpoint = "https://" + l.Addr().String()
	}
	server := n.httpServer(ctx)
	background, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); n.tend(background, endpoint) }()
	go n.tendTransfers(background)
	served := make(chan error, 1)
	go func() { served <- server.Serve(tls.NewListener(newLimitListener(l), n.serverTLS())) }()

	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), DrainTime)
		defer cancel()
		if err = server.Shutdown(drain); err != nil {
			err = errors.Join(err, server.Close())
		}
	}
	stop()
	<-done
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// httpServer has the limits and timeouts that hold before a handler is reached.
func (n *Node) httpServer(ctx context.Context) *http.Server {
	return &http.Server{
		Handler: n.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog:    slog.NewLogLogger(n.Log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
}

// tend publishes the record, renews it every hour, and sends acts again whose
// outcome is unknown.
func (n *Node) tend(ctx context.Context, endpoint string) {
	var published time.Time
	pause := time.Second
	for ctx.Err() == nil {
		err := n.Resume(ctx)
		n.tendTalk(ctx)
		n.tendUploads(ctx)
		n.tendAudit(ctx)
		if n.now().Sub(published) > time.Hour {
			if failed := n.Publish(ctx, endpoint); failed != nil {
				err = errors.Join(err, failed)
			} else {
				published = n.now()
				n.published.Store(published.Unix())
			}
		}
		wait := time.Minute
		if err != nil && ctx.Err() == nil {
			n.Log.Warn("not published or not resumed yet", "kind", deal.KindOf(err), "again_in", pause)
			wait, pause = pause, min(2*pause, time.Minute)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

func (n *Node) serverTLS() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, GetCertificate: n.identity.serve,
		ClientAuth: tls.RequestClientCert, // peers have one; it is checked against their node record
		NextProtos: []string{"http/1.1"},
	}
}

// Handler returns the node's HTTP API. It is to be served with TLS and client
// certificates requested.
func (n *Node) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /openapi.json", n.serveOpenAPI())
	for _, r := range n.routes() {
		if r.peer != nil {
			mux.Handle(r.pattern, n.peerOnly(r.peer))
		} else {
			mux.Handle(r.pattern, n.customer(n.keyed(r)))
		}
	}
	return n.recovered(known(mux))
}

// recovered turns a panic into an answer and a line in the log, without what
// caused it: that may be content.
func (n *Node) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				panic(cause)
			default:
				n.Log.Error("request panicked", "method", r.Method, "stack", string(debug.Stack()))
				writeProblem(w, errors.New("the node failed: its log says where"), true)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// keyed is the handler of an operation that is done once for each key. An act
// has its key inside; a document brought again is the same document.
func (n *Node) keyed(r route) handler {
	once := n.once(r.customer)
	return func(w http.ResponseWriter, req *http.Request) error {
		if req.Method == http.MethodPut && r.in == nil {
			if err := wantMedia(req, "application/octet-stream"); err != nil {
				return err
			}
		}
		if req.Method != http.MethodPost || req.URL.Path == "/v1/acts" || isUpload(req) {
			return r.customer(w, req)
		}
		return once(w, req)
	}
}

// known answers requests for which there is no route with a problem.
func known(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		p := Problem{Type: "about:blank", Status: http.StatusNotFound, Kind: deal.NotFound, Detail: "no such operation: see /openapi.json"}
		var methods []string
		for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if _, pattern := mux.Handler(&http.Request{Method: m, URL: r.URL, Host: r.Host}); pattern != "" {
				methods = append(methods, m)
			}
		}
		if len(methods) > 0 {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			p.Status, p.Kind, p.Detail = http.StatusMethodNotAllowed, deal.Invalid, "want one of the methods in the Allow header"
		}
		writeDocument(w, p)
	})
}

// handler answers a request of the node's own customer.
type handler func(w http.ResponseWriter, r *http.Request) error

// customer lets the bearer of the node's token in.
func (n *Node) customer(h handler) http.Handler {
	want := sha256.Sum256([]byte(n.token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		have := sha256.Sum256([]byte(token))
		if !ok || subtle.ConstantTimeCompare(have[:], want[:]) != 1 {
			if err := n.callers.failed(networkOf(r.RemoteAddr)); err != nil {
				writeProblem(w, err, false)
				return
			}
			w.Header().Set("WWW-Authenticate", "Bearer")
			writeDocument(w, Problem{Type: "about:blank", Status: http.StatusUnauthorized, Kind: deal.Refused, Detail: "want the node's token, from the file token in its directory"})
			return
		}
		w = &stream{w, http.NewResponseController(w)}
		if err := h(w, r); err != nil {
			n.Log.Info("request failed", "pattern", r.Pattern, "kind", deal.KindOf(err), "code", reasonOf(err))
			writeProblem(w, err, true)
		}
	})
}

// peerHandler answers another party's node.
type peerHandler func(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error

// peerOnly lets in the node whose certificate is in its party's node record.
func (n *Node) peerOnly(h peerHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w = &stream{w, http.NewResponseController(w)}
		peer := deal.PartyID(r.Header.Get(partyHeader))
		err := n.authenticate(r, peer)
		switch {
		case err == nil:
			if err = n.mayAsk(r, peer); err == nil {
				err = h(w, r, peer)
				n.limits.charge(peer, err, n.ReadRate, n.now())
			}
		case !errors.As(err, new(*TooManyError)): // of a flood the first are enough
			n.logView(r.Context(), peer, deal.ID(r.PathValue("id")), "connect", 0, err)
			w.Header().Set("Connection", "close") // a rotated key comes with another one
		}
		if err != nil {
			writeProblem(w, err, false)
		}
	})
}

func (n *Node) authenticate(r *http.Request, peer deal.PartyID) error {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 || peer.Check() != nil || peer == n.Party {
		return refuse(UnknownPeer, "want a node's certificate and its party in "+partyHeader)
	}
	pin := deal.Commitment(sha256.Sum256(r.TLS.PeerCertificates[0].RawSubjectPublicKeyInfo))
	if known, ok, err := n.storedRecord(r.Context(), peer); err != nil || !ok || known.SPKI != pin {
		// it may cost a question to the directory
		if err := n.callers.failed(networkOf(r.RemoteAddr)); err != nil {
			return err
		}
	}
	if err := n.introduce(r.Context(), deal.ID(r.PathValue("id")), peer); err != nil {
		return err
	}
	if own := r.Header.Get(recordHeader); own != "" {
		if err := n.hear(r.Context(), peer, own); err != nil {
			return fmt.Errorf("take the peer's record: %w", err)
		}
	}
	record, err := n.Record(r.Context(), peer)
	if err == nil && record.SPKI != pin { // it may have a new key since
		record, err = n.refresh(r.Context(), peer)
	}
	if err != nil {
		return fmt.Errorf("look up the peer's record: %w", err)
	}
	if record.SPKI == pin {
		return nil
	}
	if n.wasKeyOf(r.Context(), peer, pin) {
		return deal.Errorf(deal.Lost, "the node has another key since: connect with that")
	}
	return refuse(UnknownPeer, "the certificate is not that of the party's node record")
}

// stream cuts a connection on which nothing moves any more.
type stream struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (s *stream) Write(b []byte) (int, error) {
	_ = s.control.SetWriteDeadline(time.Now().Add(stallTime))
	return s.ResponseWriter.Write(b)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (s *stream) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// pathDeal returns the deal of a request's path.
func pathDeal(r *http.Request) (deal.ID, error) {
	id := deal.ID(r.PathValue("id"))
	return id, id.Check()
}

// pathIndex returns the document's position of a request's path, from 0.
func pathIndex(r *http.Request) (uint64, error) {
	i, err := strconv.ParseUint(r.PathValue("index"), 10, 31)
	if err != nil {
		return 0, deal.Errorf(deal.Invalid, "document index: want a whole number from 0")
	}
	return i, nil
}
