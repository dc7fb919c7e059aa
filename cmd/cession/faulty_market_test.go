//go:build !slim

package main

import (
	"context"
	"fmt"
	"io"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain"
	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
	"cession/demo"
	"cession/desk"
	"cession/examples"
	"cession/node"
)

// faultyMarket is a market on an anvil. Its operator runs in this process, its
// parties' nodes in theirs. Each lane has a signer that can be taken away, and
// reaches the chain through a network of its own that fails as it is told.
type faultyMarket struct {
	t      *testing.T
	data   string
	url    string
	up     *upProcess // knows desk and nodes by their files; runs nothing
	op     *operator
	node   *chaintest.Control
	blocks blockClock
	lanes  []*faultyLane
	ids    []string

	mu    sync.Mutex              // guards what follows
	sees  map[string]lane.Listing // by lane
	blind error                   // why the desk did not answer last
}

// faultyLane is a lane and what can go wrong with it.
type faultyLane struct {
	lane.Config
	wallet *chain.Wallet
	signer *absentSigner
	proxy  *chaintest.Proxy
}

// openFaultyMarket starts a market with n lanes and a block every interval. The
// lanes are completed by tune, which may be nil and is given their ids.
func openFaultyMarket(t *testing.T, n int, interval time.Duration, tune func(ids []string, c *lane.Config)) *faultyMarket {
	t.Helper()
	url := chaintest.Anvil(t)
	m := &faultyMarket{t: t, data: t.TempDir(), url: url, sees: map[string]lane.Listing{}, node: chaintest.NewControl(t, url)}
	m.up = &upProcess{data: m.data, nodes: map[string]*node.Client{}}
	s := &stack{upFlags: upFlags{data: m.data, lanes: 1}, app: &app{out: io.Discard, err: io.Discard}, rpcURL: url}
	t.Cleanup(s.close)
	ctx, cancel := context.WithCancelCause(context.Background())
	t.Cleanup(func() { cancel(nil) })
	m.op = &s.op
	for _, step := range []func(context.Context) error{
		s.open, s.makeWallets,
		func(context.Context) error { return m.endow(s) },
		s.deploy, s.startTemporal, s.openStore,
		func(ctx context.Context) error { return m.openLanes(ctx, s, url, n, tune) },
		s.register,
		func(ctx context.Context) error { return m.startWorker(ctx, s) },
		func(ctx context.Context) error { return s.startDesk(ctx, cancel) },
		s.startNodes,
		func(context.Context) error { return s.announce() },
	} {
		if err := step(ctx); err != nil {
			t.Fatal(err)
		}
	}
	m.must(m.node.Automine(false))
	m.must(m.node.Call(nil, "evm_setIntervalMining", int(interval/time.Second)))
	watching, stop := context.WithCancel(context.Background())
	var watcher sync.WaitGroup
	watcher.Go(func() { m.blocks.watch(watching, m.head) })
	watcher.Go(func() { m.look(watching) })
	t.Cleanup(func() { stop(); watcher.Wait() })
	return m
}

func (m *faultyMarket) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

var tenEther = new(big.Int).Mul(big.NewInt(10), big.NewInt(1e18))

func (m *faultyMarket) endow(s *stack) error {
	deployer, err := s.deployer()
	if err != nil {
		return err
	}
	return m.node.Give(deployer.Address(), tenEther)
}

func (m *faultyMarket) openLanes(ctx context.Context, s *stack, url string, n int, tune func(ids []string, c *lane.Config)) error {
	for i := range n {
		name := s.dir.Path(fmt.Sprintf("lane-%d", i))
		w, err := ensureWallet(name, name+".pass", chain.Light())
		if err != nil {
			return err
		}
		if err := m.node.Give(w.Address(), tenEther); err != nil {
			return err
		}
		l := &faultyLane{wallet: w, signer: &absentSigner{Wallet: w}, proxy: chaintest.NewProxy(m.t, url)}
		l.Config = lane.Config{ChainID: s.op.market.ChainID, Address: w.Address(), BumpAfter: 20 * time.Second, HandAfter: 10 * time.Second}
		m.lanes = append(m.lanes, l)
		m.ids = append(m.ids, l.ID())
	}
	s.op.lanes = nil
	for _, l := range m.lanes {
		if tune != nil {
			tune(m.ids, &l.Config)
		}
		l.Config = l.Defaults()
		s.op.lanes = append(s.op.lanes, l.Config)
	}
	return nil
}

func (m *faultyMarket) startWorker(ctx context.Context, s *stack) error {
	chains := laneChains{}
	for _, l := range m.lanes {
		client, err := chain.Dial(ctx, l.proxy.URL, chain.WithTries(2), chain.WithTimeout(3*time.Second))
		if err != nil {
			return err
		}
		m.t.Cleanup(client.Close)
		chains[l.Address] = chain.NewSender(chain.NewLedger(client, s.op.market), l.signer)
	}
	stop, err := s.op.startWorker(ctx, chains)
	if err == nil {
		s.onClose(stop)
	}
	return err
}

// laneChains gives each lane its own way to the chain.
type laneChains map[deal.Address]*chain.Sender

func (l laneChains) Prepare(ctx context.Context, p lane.Prepare) (lane.Prepared, error) {
	return l[p.From].Prepare(ctx, p)
}

func (l laneChains) Replace(ctx context.Context, r lane.Replace) (lane.Replaced, error) {
	return l[r.From].Replace(ctx, r)
}

func (l laneChains) Broadcast(ctx context.Context, b lane.Broadcast) (lane.Broadcasted, error) {
	return l[b.From].Broadcast(ctx, b)
}

func (l laneChains) Observe(ctx context.Context, o lane.Observe) (lane.Observation, error) {
	return l[o.From].Observe(ctx, o)
}

// absentSigner is a wallet that can be taken away.
type absentSigner struct {
	*chain.Wallet
	mu   sync.Mutex
	gone bool // guarded by mu
}

func (s *absentSigner) leave(gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = gone
}

func (s *absentSigner) SignTx(ctx context.Context, tx *types.Transaction, chainID uint64) (*types.Transaction, error) {
	s.mu.Lock()
	gone := s.gone
	s.mu.Unlock()
	if gone {
		return nil, deal.Errorf(deal.Lost, "the signer does not answer")
	}
	return s.Wallet.SignTx(ctx, tx, chainID)
}

// open opens a deal that goes through the lane, or through any for nil.
func (m *faultyMarket) open(ctx context.Context, l *faultyLane) (deal.ID, error) {
	id := deal.NewID()
	for l != nil && lane.For(id, m.ids) != l.ID() {
		id = deal.NewID()
	}
	o, err := readOperator(m.data)
	if err != nil {
		return "", err
	}
	seller, err := deskClient(o.Desk, in(m.data, "parties", "alpine-bank", deskToken))
	if err != nil {
		return "", err
	}
	_, err = seller.OpenDeal(ctx, id)
	return id, err
}

// script is the deal of the demo, of one document.
func (m *faultyMarket) script(id deal.ID) demo.Config {
	docs, forget, err := openPortfolio("")
	m.t.Cleanup(forget)
	m.must(err)
	return demo.Config{
		Deal: id, Nodes: m.up.node, Desk: m.up.desk, Owner: m.up.owner, Portfolio: docs[:1], NDA: examples.NDA(),
		Seller: "alpine-bank", Bidders: [2]deal.PartyID{"borealis-fund", "cirrus-capital"},
	}
}

// head returns the number of the latest block.
func (m *faultyMarket) head() (uint64, error) {
	var n hexutil.Uint64
	err := m.node.Call(&n, "eth_blockNumber")
	return uint64(n), err
}

// wallet returns a party's wallet.
func (m *faultyMarket) wallet(id deal.PartyID) (*chain.Wallet, error) {
	dir := in(m.data, "parties", string(id))
	return openWallet(in(dir, "wallet"), in(dir, passphrase))
}

// desk returns the client of the desk, as the operator.
func (m *faultyMarket) desk() (*desk.Client, error) {
	o, err := readOperator(m.data)
	if err != nil {
		return nil, err
	}
	return deskClient(o.Desk, in(m.data, operatorToken))
}

// listing returns how the operator sees the lane.
func (m *faultyMarket) listing(l *faultyLane) (lane.Listing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.blind != nil {
		return lane.Listing{}, m.blind
	}
	return m.sees[l.ID()], nil
}

// look reads the lanes again and again, as a board on the wall would.
func (m *faultyMarket) look(ctx context.Context) {
	for ctx.Err() == nil {
		list, err := m.lanesNow(ctx)
		m.mu.Lock()
		m.blind = err
		for _, l := range list {
			m.sees[l.Lane] = l
		}
		m.mu.Unlock()
		time.Sleep(200 * time.Millisecond)
	}
}

func (m *faultyMarket) lanesNow(ctx context.Context) ([]lane.Listing, error) {
	c, err := m.desk()
	if err != nil {
		return nil, err
	}
	list, err := c.Lanes(ctx)
	return list.Lanes, err
}
