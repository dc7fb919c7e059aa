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
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

const (
	maxBody   = 1 << 20 // bytes of a JSON request
	maxPlan   = 8 << 20 // bytes of an intake plan: 10,000 documents
	drainTime = 20 * time.Second
	stallTime = time.Minute // a stream that moves nothing for so long is cut

	partyHeader = "Cession-Party" // who a peer says it is; its certificate proves it
)

// Serve answers on the listener with TLS 1.3 until ctx ends, then lets running
// requests finish. Beside it, it publishes the node's record, keeps it fresh,
// and sends acts again whose outcome is unknown.
func (n *Node) Serve(ctx context.Context, l net.Listener) error {
	endpoint := n.Endpoint
	if endpoint == "" {
		endpoint = "https://" + l.Addr().String()
	}
	server := &http.Server{
		Handler: n.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog:    slog.NewLogLogger(n.Log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	background, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); n.tend(background, endpoint) }()
	served := make(chan error, 1)
	go func() { served <- server.Serve(tls.NewListener(l, n.serverTLS())) }()

	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
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

// tend publishes the record, renews it every hour, and sends acts again whose
// outcome is unknown.
func (n *Node) tend(ctx context.Context, endpoint string) {
	var published time.Time
	pause := time.Second
	for ctx.Err() == nil {
		err := n.Resume(ctx)
		if n.now().Sub(published) > time.Hour {
			if failed := n.Publish(ctx, endpoint); failed != nil {
				err = errors.Join(err, failed)
			} else {
				published = n.now()
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
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{n.cert},
		ClientAuth: tls.RequestClientCert, // peers have one; it is checked against their node record
		NextProtos: []string{"http/1.1"},
	}
}

// Handler returns the node's HTTP API. It is to be served with TLS and client
// certificates requested.
func (n *Node) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"POST /v1/deals":                             n.postDeal,
		"GET /v1/deals/{id}":                         n.getDeal,
		"POST /v1/acts":                              n.postAct,
		"POST /v1/deals/{id}/documents/plan":         n.postPlan,
		"GET /v1/deals/{id}/documents":               n.getDocuments,
		"PUT /v1/deals/{id}/documents/{index}":       n.putDocument,
		"GET /v1/deals/{id}/documents/{index}":       n.getDocument,
		"GET /v1/deals/{id}/room/documents":          n.getRoomDocuments,
		"GET /v1/deals/{id}/room/documents/{index}":  n.getRoomDocument,
		"GET /v1/deals/{id}/rooms/{bidder}/messages": n.getMessages,
		"GET /v1/deals/{id}/handover":                n.getHandover,
		"DELETE /v1/deals/{id}/handover":             n.deleteHandover,
		"POST /v1/deals/{id}/tape":                   n.postTape,
		"GET /v1/decisions":                          n.getDecisions,
		"GET /v1/views":                              n.getViews,
		"GET /v1/record":                             n.getRecord,
	} {
		mux.Handle(pattern, n.customer(h))
	}
	for pattern, h := range map[string]peerHandler{
		"GET /peer/v1/deals/{id}/room/documents":         n.peerRoomList,
		"GET /peer/v1/deals/{id}/room/documents/{index}": n.peerRoomRead,
		"GET /peer/v1/deals/{id}/messages":               n.peerMessages,
		"POST /peer/v1/deals/{id}/messages":              n.peerPostMessage,
		"GET /peer/v1/deals/{id}/handover":               n.peerListing,
		"GET /peer/v1/deals/{id}/handover/{index}":       n.peerRange,
		"POST /peer/v1/deals/{id}/handover/done":         n.peerDone,
	} {
		mux.Handle(pattern, n.peerOnly(h))
	}
	return mux
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
		if err != nil {
			n.logView(r.Context(), peer, deal.ID(r.PathValue("id")), "connect", 0, err)
		} else {
			err = h(w, r, peer)
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
	record, err := n.Record(r.Context(), peer)
	if err == nil && record.SPKI != pin { // it may have a new key since
		record, err = n.refresh(r.Context(), peer)
	}
	if err != nil {
		return fmt.Errorf("look up the peer's record: %w", err)
	}
	if record.SPKI != pin {
		return refuse(UnknownPeer, "the certificate is not that of the party's node record")
	}
	return nil
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
