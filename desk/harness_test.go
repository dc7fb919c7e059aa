package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"cession/deal"
)

// fakeSignatures accepts what sign made, and for sign-ins the signer's address
// and the digest.
type fakeSignatures struct{ fail error }

func (f fakeSignatures) VerifyAct(_ context.Context, act deal.Act, _ deal.Plan, _ deal.Market) error {
	if f.fail != nil {
		return f.fail
	}
	if want := sign(act); want.ID != act.ID {
		return deal.Errorf(deal.Invalid, "the id is not the act's digest")
	}
	return f.VerifyDigest(context.Background(), act.Signer, act.ID, act.Signature)
}

func (f fakeSignatures) VerifyDigest(_ context.Context, signer deal.Address, digest deal.Commitment, sig deal.Bytes) error {
	if f.fail != nil {
		return f.fail
	}
	if !bytes.Equal(sig, append(append([]byte{}, signer[:]...), digest[:]...)) {
		return deal.Errorf(deal.Refused, "not the signer's")
	}
	return nil
}

func fakeDigest(t deal.TypedData) (deal.Commitment, error) {
	b, err := json.Marshal(t)
	return sha256.Sum256(b), err
}

// fakeDeals is an engine in memory. Hooks fail a call before it has its effect,
// or lose its answer afterwards.
type fakeDeals struct {
	mu          sync.Mutex
	scopes      map[string]*deal.Progress
	opened, did int
	refuse      bool // policy refuses
	before      func() error
	after       func() error
}

func scopeKey(id deal.ID, room deal.PartyID) string { return string(id) + "/" + string(room) }

func hook(f func() error) error {
	if f == nil {
		return nil
	}
	return f()
}

func (f *fakeDeals) put(s *story) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.scopes[scopeKey(s.deal.Opening.ID, "")] = s.deal
	for id, room := range s.rooms {
		f.scopes[scopeKey(s.deal.Opening.ID, id)] = room
	}
}

func (f *fakeDeals) Open(_ context.Context, o deal.Opening) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := hook(f.before); err != nil {
		return err
	}
	if f.scopes[scopeKey(o.ID, "")] != nil {
		return deal.Errorf(deal.Conflict, "that id was used before")
	}
	f.opened++
	f.scopes[scopeKey(o.ID, "")] = deal.Begin(o, nil, o.Opened)
	return hook(f.after)
}

func (f *fakeDeals) Act(_ context.Context, act deal.Act) (deal.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := hook(f.before); err != nil {
		return deal.Outcome{}, err
	}
	p := f.scopes[scopeKey(act.Deal, act.Room)]
	if p == nil {
		return deal.Outcome{}, deal.Errorf(deal.NotFound, "no workflow")
	}
	if out, ok := p.Find(act.ID); ok {
		return out, hook(f.after)
	}
	now := act.Deadline.Add(-time.Minute)
	if err := p.Check(act, now); err != nil {
		return deal.Outcome{}, err
	}
	f.did++
	if f.refuse {
		p.Refuse(act, figures(act.ID, false, "12"), now)
	} else {
		p.Apply(act, figures(act.ID, true, "1"), nil, now)
	}
	out, _ := p.Find(act.ID)
	return out, hook(f.after)
}

func (f *fakeDeals) Progress(_ context.Context, id deal.ID, room deal.PartyID) (deal.Progress, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := hook(f.before); err != nil {
		return deal.Progress{}, err
	}
	if p := f.scopes[scopeKey(id, room)]; p != nil {
		return *p, nil
	}
	return deal.Progress{}, deal.Errorf(deal.NotFound, "no workflow")
}

// harness is a desk with its market: seller, two bidders, a stranger.
type harness struct {
	t      *testing.T
	store  *Store
	deals  *fakeDeals
	desk   *Server
	http   *httptest.Server
	logs   *lockedBuffer
	tokens map[deal.PartyID]string // "" is the operator's
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newHarness(t *testing.T, change func(*Config)) *harness {
	t.Helper()
	h := &harness{t: t, store: newStore(t), deals: &fakeDeals{scopes: map[string]*deal.Progress{}}, logs: &lockedBuffer{}, tokens: map[deal.PartyID]string{}}
	for i, id := range []deal.PartyID{seller, winner, loser, "stranger"} {
		m := memberOf(id, byte(i+1))
		if err := h.store.PutParty(t.Context(), m.Party, m.Profile); err != nil {
			t.Fatal(err)
		}
		h.tokens[id] = h.token(Caller{Party: id, Subject: "test"})
	}
	h.tokens[""] = h.token(operator)
	cfg := Config{
		Store: h.store, Deals: h.deals, Market: deal.Market{ChainID: 1337, Symbol: "EUR", Decimals: 6}, Pack: func() deal.Commitment { return counted("pack", 1) },
		Signatures: fakeSignatures{}, Log: slog.New(slog.NewTextHandler(h.logs, nil)),
		NodeRecords: func(_ context.Context, _ deal.Party, record json.RawMessage) (NodeMeta, error) {
			var r struct {
				Sequence uint64
				Expires  time.Time
				Good     bool
			}
			if err := json.Unmarshal(record, &r); err != nil || !r.Good {
				return NodeMeta{}, deal.Errorf(deal.Refused, "node record: not signed by the party")
			}
			return NodeMeta{r.Sequence, r.Expires}, nil
		},
		Explain: func(_ context.Context, q deal.Question) (deal.Decision, error) {
			return figures(q.Act.ID, false, "explained"), nil
		},
		Lanes: newLanes(), Packs: newPacks(), Seal: chained,
	}
	cfg.Auth = AnyOf(NewBearer(h.store), NewWalletAuth(WalletAuth{
		Store: h.store, Digest: fakeDigest, Signatures: fakeSignatures{}, Audience: "https://desk.test", ChainID: 1337,
	}))
	if change != nil {
		change(&cfg)
	}
	var err error
	if h.desk, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	h.http = httptest.NewUnstartedServer(nil)
	h.http.Config = HTTPServer(h.desk.Handler())
	h.http.Start()
	t.Cleanup(h.http.Close)
	return h
}

func (h *harness) token(c Caller) string {
	h.t.Helper()
	token, err := h.store.NewToken(h.t.Context(), c, time.Hour)
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

func (h *harness) client(id deal.PartyID) *Client {
	return NewClient(h.http.URL, Token(h.tokens[id]))
}

// answer is what came back, as the wire had it.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) problem(t *testing.T) (p Problem) {
	t.Helper()
	if ct := a.header.Get("Content-Type"); ct != problemType {
		t.Errorf("content type %q, want %s: %s", ct, problemType, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || p.Status != a.status {
		t.Errorf("problem of status %d in an answer of status %d: %v", p.Status, a.status, err)
	}
	return p
}

// send sends one request as a party; header is "Name: value" lines.
func (h *harness) send(as deal.PartyID, method, path, body string, header ...string) answer {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, h.http.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if token := h.tokens[as]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		h.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(b)}
}

// errLost stands for an engine whose answer does not arrive.
var errLost = deal.Errorf(deal.Lost, "the answer was lost")

// once fails the first call only.
func once(err error) func() error {
	return func() error {
		e := err
		err = nil
		return e
	}
}
