package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"

	"cession/activities"
	"cession/chain"
	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
	"cession/metrics"
	"cession/node"
	"cession/policies"
	"cession/worker"
)

// operator is the market's side of the product, wired: what the desk and the
// worker run on.
type operator struct {
	market   deal.Market
	node     *chain.Client
	ledger   *chain.Ledger
	verifier *chain.Verifier
	store    *desk.Store
	rules    *shelf
	temporal client.Client
	lanes    []lane.Config
	log      *slog.Logger
	draining atomic.Bool // the desk is about to end
}

// hashes are the chain's EIP-712 hashes as the activities want them.
type hashes struct{}

func (hashes) Digest(t deal.TypedData) (deal.Commitment, error)     { return chain.Digest(t) }
func (hashes) StructHash(t deal.TypedData) (deal.Commitment, error) { return chain.StructHash(t) }

// directory is the desk's list of parties without their names.
type directory struct{ store *desk.Store }

func (d directory) Party(ctx context.Context, id deal.PartyID) (deal.Party, error) {
	p, _, err := d.store.Party(ctx, id)
	return p, err
}

// gate evaluates what the desk knows of parties and their deals.
func (o *operator) gate() gate {
	return gate{
		shelf: o.rules,
		profile: func(ctx context.Context, id deal.PartyID) (desk.Profile, error) {
			_, p, err := o.store.Party(ctx, id)
			return p, err
		},
		exposure: o.exposure,
	}
}

// exposure adds up the other deals of the parties to an act. Before there is a
// bidder there is nothing to add up.
func (o *operator) exposure(ctx context.Context, q deal.Question) (*policies.Exposure, error) {
	if q.Bidder == "" {
		return nil, nil
	}
	counterparty, day, err := o.store.Exposure(ctx, q.Seller, q.Bidder, q.Act.Party, q.Act.Deal, q.Now)
	if err != nil {
		return nil, err
	}
	return &policies.Exposure{Counterparty: counterparty, Day: day}, nil
}

// audience is what callers' wallets sign in to: this desk's market.
func audience(m deal.Market) string { return "cession:" + m.Escrow.String() }

// newDesk returns the desk's HTTP API.
func (o *operator) newDesk() (*desk.Server, error) {
	return desk.New(desk.Config{
		Store: o.store, Deals: desk.NewTemporal(o.temporal), Market: o.market, Pack: o.rules.current,
		Packs: packShelf{o.rules}, Seal: sealRecord, Private: o.rules.private,
		Signatures: o.verifier,
		Auth: desk.AnyOf(desk.NewBearer(o.store), desk.NewWalletAuth(desk.WalletAuth{
			Store: o.store, Digest: chain.Digest, Signatures: o.verifier, Audience: audience(o.market), ChainID: o.market.ChainID,
		})),
		NodeRecords: o.checkRecord,
		Explain:     o.gate().Decide,
		Lanes:       o.temporalLanes(),
		Operate:     o.decideOperation,
		Ready:       o.ready(),
		Log:         o.log,
	})
}

// temporalLanes are the lanes as the desk and the metrics ask them.
func (o *operator) temporalLanes() *desk.TemporalLanes {
	ids := make([]string, len(o.lanes))
	for i, cfg := range o.lanes {
		ids[i] = cfg.ID()
	}
	return desk.NewTemporalLanes(o.temporal, ids)
}

// admin serves the desk's health and metrics, to the operator only.
func (o *operator) admin(server *desk.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", server.Admin())
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if o.draining.Load() {
			writeReport(w, ending)
			return
		}
		server.Admin().ServeHTTP(w, r)
	})
	mux.Handle("GET /metrics", o.metrics())
	return mux
}

func (o *operator) metrics() http.Handler {
	return metrics.Handler(metrics.Config{Lanes: o.temporalLanes().Listings, Endpoints: o.endpoints, Log: o.log})
}

// workerHealth is that of a worker by itself.
func (o *operator) workerHealth() *health {
	return &health{metrics: o.metrics(), checks: []check{
		{"temporal", true, checkTemporal(o.temporal)},
		{"chain", true, checkChain(o.node, o.market.ChainID, 0)}, // how far its endpoints lag is in the metrics
		{"store", true, func(ctx context.Context) (map[string]any, error) { return nil, o.store.Ping(ctx) }},
		{"policy", true, checkPack(o.rules.Library)},
		{"policy_lists", false, checkLists(o.rules.Library)},
	}}
}

// ready are the desk's checks.
func (o *operator) ready() (list []desk.Check) {
	for name, run := range map[string]func(context.Context) (map[string]any, error){
		"temporal": checkTemporal(o.temporal), "chain": checkChain(o.node, o.market.ChainID, 0), "policy": checkPack(o.rules.Library),
	} {
		list = append(list, desk.Check{Name: name, Run: func(ctx context.Context) error { _, err := run(ctx); return err }})
	}
	return list
}

// endpoints are those of the chain. One that lags is up.
func (o *operator) endpoints() (list []metrics.Endpoint) {
	for _, e := range o.node.Endpoints() {
		list = append(list, metrics.Endpoint{
			Host: e.Host, Asked: e.State != chain.EndpointUnknown, Up: e.State != chain.EndpointDown && e.State != chain.EndpointForeign,
			Lag: e.Lag, Disputes: e.Disputes,
		})
	}
	return list
}

// addLanes adds a lane for each signer.
func (o *operator) addLanes(f laneFlags, signers []deal.Address) error {
	cfg, err := f.config()
	if err == nil {
		o.lanes = lanesOf(cfg, o.market.ChainID, signers)
	}
	return err
}

// checkRecord takes only a node record that the party's own wallet signed.
func (o *operator) checkRecord(ctx context.Context, p deal.Party, raw json.RawMessage) (desk.NodeMeta, error) {
	var r node.Record
	if err := json.Unmarshal(raw, &r); err != nil {
		return desk.NodeMeta{}, deal.Errorf(deal.Invalid, "node record: want its JSON form")
	}
	if r.Party != p.ID || r.Wallet != p.Wallet {
		return desk.NodeMeta{}, deal.Errorf(deal.Refused, "node record of %.40q: it is not %s's", string(r.Party), p.ID)
	}
	digest, err := chain.Digest(r.TypedData(o.market.ChainID))
	if err != nil {
		return desk.NodeMeta{}, err
	}
	err = o.verifier.VerifyDigest(ctx, r.Wallet, digest, r.Signature)
	return desk.NodeMeta{Sequence: r.Sequence, Expires: r.Expires}, err
}

// startWorker runs the operator's worker, which sends the lanes' transactions by
// senders. Running lanes are told how they behave from now on.
func (o *operator) startWorker(ctx context.Context, senders activities.LaneChain) (stop func(), err error) {
	submitter := &activities.Submitter{Client: o.temporal, Lanes: o.lanes, TaskQueue: worker.TaskQueue}
	w := worker.NewOperator(o.temporal, worker.Operator{
		Gate:      &activities.Gate{Verifier: o.verifier, Policy: recorder{o.gate(), o.store}, Directory: directory{o.store}, Hasher: hashes{}},
		Board:     &activities.Board{ReadModel: o.store},
		Lane:      &activities.Lane{Chain: senders},
		Submitter: submitter,
	})
	if err := w.Start(); err != nil {
		return nil, err
	}
	if err := errors.Join(activities.TuneLanes(ctx, o.temporal, o.lanes), activities.WakeLanes(ctx, o.temporal, o.lanes)); err != nil {
		w.Stop()
		return nil, err
	}
	return w.Stop, nil
}

// dialTemporal connects with an API key, in clear text: the address is on
// loopback, or behind a tunnel that encrypts.
func dialTemporal(ctx context.Context, address, key string, log *slog.Logger) (client.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return client.DialContext(ctx, temporalOptions(address, key, log))
}

func temporalOptions(address, key string, log *slog.Logger) client.Options {
	options := client.Options{
		HostPort: address, Namespace: worker.Namespace, Logger: log,
		ConnectionOptions: client.ConnectionOptions{TLSDisabled: true},
	}
	if key != "" {
		options.Credentials = client.NewAPIKeyStaticCredentials(key)
	}
	return options
}

// profiles looks parties up at the desk and remembers them for a while, so
// that a node goes on when the desk is away.
type profiles struct {
	desk *desk.Client
	mu   sync.Mutex
	seen map[deal.PartyID]cached // guarded by mu
}

type cached struct {
	profile desk.Profile
	at      time.Time
}

const profileFresh = time.Minute

func (p *profiles) profile(ctx context.Context, id deal.PartyID) (desk.Profile, error) {
	p.mu.Lock()
	known, ok := p.seen[id]
	p.mu.Unlock()
	if ok && time.Since(known.at) < profileFresh {
		return known.profile, nil
	}
	m, err := p.desk.Party(ctx, id)
	if err != nil {
		if ok && deal.KindOf(err) != deal.NotFound {
			return known.profile, nil
		}
		return desk.Profile{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[id] = cached{m.Profile, time.Now()}
	return m.Profile, nil
}

// listenOn listens on an address; "" is a free port of the loopback interface.
func listenOn(address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, deal.Errorf(deal.Conflict, "listen on %s: %w: choose another port, or stop what holds it", address, err)
	}
	return l, nil
}

func in(dir string, names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
