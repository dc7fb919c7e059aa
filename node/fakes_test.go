package node

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"cession/deal"
	"cession/node/blob"
)

// errHook is what fakes fail with: an error without kind, as a network has.
var errHook = errors.New("no answer")

// fakeSigners is a signature scheme: an address is the hash of a secret, a
// signature an HMAC under it that only the registry can check.
type fakeSigners struct {
	mu      sync.Mutex
	secrets map[deal.Address][]byte
}

type fakeWallet struct {
	address deal.Address
	secret  []byte
	signed  atomic.Int64 // messages
}

func (s *fakeSigners) wallet(seed string) *fakeWallet {
	secret := sha256.Sum256([]byte(seed))
	sum := sha256.Sum256(secret[:])
	w := &fakeWallet{address: deal.Address(sum[:20]), secret: secret[:]}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets[w.address] = w.secret
	return w
}

func (w *fakeWallet) Address() deal.Address { return w.address }

func (w *fakeWallet) SignTypedData(t deal.TypedData) (deal.Bytes, error) {
	w.signed.Add(1)
	digest, err := fakeDigest(t)
	return mac(w.secret, digest), err
}

func mac(secret []byte, digest deal.Commitment) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write(digest[:])
	return h.Sum(nil)
}

func fakeDigest(t deal.TypedData) (deal.Commitment, error) {
	b, err := json.Marshal(t)
	return sha256.Sum256(b), err
}

func fakeStruct(t deal.TypedData) (deal.Commitment, error) {
	b, err := json.Marshal(t.Message)
	return sha256.Sum256(b), err
}

func fakeKeccak(parts ...[]byte) (sum [32]byte) {
	h := sha256.New()
	h.Write([]byte("keccak"))
	for _, p := range parts {
		h.Write(p)
	}
	return [32]byte(h.Sum(nil))
}

func (s *fakeSigners) VerifyDigest(_ context.Context, signer deal.Address, digest deal.Commitment, sig deal.Bytes) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if secret, ok := s.secrets[signer]; !ok || !hmac.Equal(mac(secret, digest), sig) {
		return deal.Errorf(deal.Refused, "not the signer's")
	}
	return nil
}

func (s *fakeSigners) VerifyAct(ctx context.Context, act deal.Act, plan deal.Plan, market deal.Market) error {
	t, err := act.TypedData(plan, market)
	if err != nil {
		return err
	}
	if digest, _ := fakeDigest(t); digest != act.ID {
		return deal.Errorf(deal.Invalid, "not its id")
	}
	return s.VerifyDigest(ctx, act.Signer, act.ID, act.Signature)
}

// fakeChain is the chain as everybody sees it.
type fakeChain struct {
	mu      sync.Mutex
	anchors map[deal.Commitment]bool
	titles  map[deal.Commitment]deal.Commitment // token -> documents root
	escrows map[deal.Commitment]string
}

func (c *fakeChain) set(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	do()
}

func (c *fakeChain) Anchored(_ context.Context, root deal.Commitment) (deal.Receipt, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return deal.Receipt{OK: true, Result: root}, c.anchors[root], nil
}

func (c *fakeChain) DocumentsRoot(_ context.Context, token deal.Commitment) (deal.Commitment, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	root, ok := c.titles[token]
	if !ok {
		return root, deal.Errorf(deal.NotFound, "no such title")
	}
	return root, nil
}

func (c *fakeChain) EscrowState(_ context.Context, id deal.Commitment) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, ok := c.escrows[id]; ok {
		return s, nil
	}
	return EscrowNone, nil
}

func (c *fakeChain) TokenPermitNonce(context.Context, deal.Commitment) (uint64, error) { return 1, nil }
func (c *fakeChain) PaymentPermitNonce(context.Context, deal.Address) (uint64, error)  { return 0, nil }
func (c *fakeChain) CurrencyName(context.Context) (string, error)                      { return "Test Dollar", nil }

// fakeDirectory keeps records; with forge it hands out others.
type fakeDirectory struct {
	mu      sync.Mutex
	records map[deal.PartyID]Record
	forge   func(Record) Record
	down    bool
	silent  bool // takes no record in either
}

func (d *fakeDirectory) set(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do()
}

func (d *fakeDirectory) Publish(_ context.Context, r Record) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.silent {
		return errHook
	}
	d.records[r.Party] = r
	return nil
}

func (d *fakeDirectory) Record(_ context.Context, party deal.PartyID) (Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.records[party]
	switch {
	case d.down:
		return r, errHook
	case !ok:
		return r, deal.Errorf(deal.NotFound, "no record of %s", party)
	case d.forge != nil:
		return d.forge(r), nil
	}
	return r, nil
}

// fakePolicy allows everything but what it is told not to.
type fakePolicy struct {
	mu       sync.Mutex
	refuse   map[string]bool // by act name
	own      map[string]bool // what the party's own pack refuses, by act name
	liftable map[string]bool // refusals that an approval would lift, by act name
	asked    []deal.Question
	facts    []Facts
	pack     deal.Commitment // judged by, if not by the one asked for
}

func (p *fakePolicy) Evaluate(_ context.Context, q deal.Question, facts Facts) (Evaluation, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.facts = append(p.asked, q), append(p.facts, facts)
	name := q.Act.Name()
	d := deal.Decision{Act: q.Act.ID, Allow: !p.refuse[name], Pack: q.Pack, At: q.Now}
	if !p.pack.IsZero() {
		d.Pack = p.pack
	}
	if !q.Now.Before(q.Act.Deadline) {
		d.Allow = false // as the standard pack does
	}
	if !d.Allow {
		d.Rules = []deal.RuleResult{{ID: "test.common", Title: "the test says no", State: deal.Fail}}
	}
	if p.liftable[name] {
		d.Obligations = []string{"four_eyes"}
	}
	e := Evaluation{Decision: d, Parts: []Judgment{{Decision: d, Document: json.RawMessage(`{}`)}}}
	if refuses, judged := p.own[name]; judged {
		own := deal.Decision{Act: q.Act.ID, Allow: !refuses, At: q.Now}
		if refuses {
			own.Rules = []deal.RuleResult{{ID: "test.house", Title: "the house says no", State: deal.Fail}}
			e.Decision.Rules = append(e.Decision.Rules, deal.RuleResult{ID: "own.test.house", Title: "the house says no", State: deal.Fail})
		}
		e.Decision.Allow = d.Allow && own.Allow
		e.Parts = append(e.Parts, Judgment{Own: true, Decision: own, Document: json.RawMessage(`{}`)})
	}
	return e, nil
}

// set changes what the policy says.
func (p *fakePolicy) set(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
}

func (p *fakePolicy) say(no bool, act string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse[act] = no
}

// failingBlobs is a store that runs full, or loses answers.
type failingBlobs struct {
	blob.Store
	remove func() error // before a blob is deleted
	put    func(key string, stored func() (blob.Sum, error)) (blob.Sum, error)
}

func (b *failingBlobs) Put(ctx context.Context, key string, r io.Reader) (blob.Sum, error) {
	if b.put == nil {
		return b.Store.Put(ctx, key, r)
	}
	return b.put(key, func() (blob.Sum, error) { return b.Store.Put(ctx, key, r) })
}

func (b *failingBlobs) Delete(ctx context.Context, key string) error {
	if b.remove != nil {
		if err := b.remove(); err != nil {
			return err
		}
	}
	return b.Store.Delete(ctx, key)
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fakeRecorder chains decisions; it fails when a test wants it to.
type fakeRecorder struct {
	mu   sync.Mutex
	fail bool
}

func (r *fakeRecorder) record(head Head, d Decided) (hash deal.Commitment, line []byte, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail {
		return hash, nil, errHook
	}
	line, err = json.Marshal(map[string]any{
		"chain": head.Chain, "seq": head.Seq + 1, "previous": head.Hash, "side": d.Side, "act": d.Act.ID, "decision": d.Judgment.Decision,
	})
	return sha256.Sum256(line), line, err
}

func (r *fakeRecorder) set(fail bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fail = fail
}
