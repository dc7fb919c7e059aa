//go:build !slim

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"

	"github.com/spf13/cobra"
	"go.uber.org/zap/zapcore"

	"cession/chain"
	"cession/deal"
	"cession/desk"
	"cession/local"
)

// localCommands are those that need the embedded stack.
func localCommands(a *app) []*cobra.Command {
	return []*cobra.Command{newUpCommand(a), newDemoCommand(a)}
}

// upFlags is the configuration of a whole market on one machine.
type upFlags struct {
	data, parties                            string
	listen, admin, rpcListen, temporalListen string
	policy                                   policyFlags
	lanes                                    int
	lane                                     laneFlags
}

func newUpCommand(a *app) *cobra.Command {
	var f upFlags
	c := &cobra.Command{
		Use:   "up",
		Short: "Run everything on this machine: Temporal, Ethereum, desk, worker and the parties' nodes",
		Long: `Run everything on this machine, for trying and for small shops: an embedded
Temporal server, an embedded Ethereum node, the desk, its worker, and one node
process for each party. All state is in --data and survives a kill.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.up(c.Context(), f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.data, "data", "cession-data", "folder of all state")
	flags.StringVar(&f.parties, "parties", "", "YAML list of parties: id, name, jurisdiction, kind, kycClass, license (default: the three of the demo)")
	flags.StringVar(&f.listen, "listen", "", "address of the desk (default: a free port, the same at each start)")
	flags.StringVar(&f.admin, "admin-listen", "", "address of /livez, /readyz and /metrics (likewise)")
	flags.StringVar(&f.rpcListen, "rpc-listen", "", "loopback address of the Ethereum JSON-RPC (default: a free port)")
	flags.StringVar(&f.temporalListen, "temporal-listen", "", "loopback address of Temporal (default: a free port)")
	f.policy.add(c)
	_ = flags.MarkHidden("policy-sample") // up is for trying: it always does
	flags.IntVar(&f.lanes, "lanes", 2, "how many lanes, each with a wallet of its own, send transactions")
	f.lane.add(c, "0")
	return c
}

// stack is a running market and what has to be closed with it, newest last.
type stack struct {
	upFlags
	app      *app
	dir      *local.Folder
	was      operatorFile // of the last run, for its ports
	log      *slog.Logger
	logFile  *os.File
	relayers []*chain.Wallet // of the lanes
	members  []desk.Member
	op       operator
	rpcURL   string // of the Ethereum node
	server   *local.Temporal
	closers  []func()
}

// up runs the market until the context ends. The order matters: each part
// needs the ones before it, and all are closed the other way round.
func (a *app) up(ctx context.Context, f upFlags) (err error) {
	f.policy.sample = true
	s := &stack{upFlags: f, app: a}
	defer func() { s.close() }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"open data folder", s.open},
		{"make wallets", s.makeWallets},
		{"start Ethereum", s.startChain},
		{"deploy contracts", s.deploy},
		{"give the lanes gas money", s.fundLanes},
		{"start Temporal", s.startTemporal},
		{"open the desk's database", s.openStore},
		{"register the parties", s.register},
		{"start the worker", s.startWorker},
		{"start the desk", func(ctx context.Context) error { return s.startDesk(ctx, cancel) }},
		{"start the nodes", s.startNodes},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	if err := s.announce(); err != nil {
		return err
	}
	<-ctx.Done()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

func (s *stack) onClose(f func()) { s.closers = append(s.closers, f) }

func (s *stack) close() {
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
}

func (s *stack) open(context.Context) error {
	dir, err := local.OpenFolder(s.data)
	if err != nil {
		return err
	}
	s.dir = dir
	s.onClose(func() { _ = dir.Close() })
	_ = readJSON(dir.Path(operatorName), &s.was) // none at the first start
	s.was.Ready = false
	if err := writeJSON(dir.Path(operatorName), s.was); err != nil {
		return err
	}
	s.logFile, err = os.OpenFile(dir.Path("operator.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	s.onClose(func() { _ = s.logFile.Close() })
	s.log = newLog(s.logFile, zapcore.InfoLevel)
	s.op.log = s.log
	return nil
}

func (s *stack) startChain(ctx context.Context) error {
	deployer, err := s.deployer()
	if err != nil {
		return err
	}
	alloc := map[deal.Address]*big.Int{deployer.Address(): gasMoney}
	for _, w := range s.relayers {
		alloc[w.Address()] = gasMoney
	}
	node, err := local.StartEthereum(ctx, local.EthereumConfig{
		Dir: s.dir.Path("ethereum"), Listen: s.rpcListen, Logs: quiet(s.log.Handler()), Alloc: alloc,
	})
	if err != nil {
		return err
	}
	s.rpcURL = node.URL()
	s.onClose(func() { _ = node.Close() })
	return nil
}

// deployer returns the wallet that deploys the contracts and hands out test
// money. It is not the relayer: a lane is the only writer of its account.
func (s *stack) deployer() (*chain.Wallet, error) {
	return ensureWallet(s.dir.Path("deployer"), s.dir.Path("deployer.pass"), chain.Light())
}

func (s *stack) deploy(ctx context.Context) error {
	deployer, err := s.deployer()
	if err != nil {
		return err
	}
	client, err := chain.Dial(ctx, s.rpcURL)
	if err != nil {
		return err
	}
	defer client.Close()
	var known deal.Market
	if err := readJSON(s.dir.Path(marketName), &known); err != nil && deal.KindOf(err) != deal.NotFound {
		return err
	}
	s.op.market, err = chain.Deploy(ctx, client, deployer, chain.DeployConfig{
		Symbol: "EUR", Known: known,
		Save: func(m deal.Market) error { return writeJSON(s.dir.Path(marketName), m) },
	})
	return err
}

func (s *stack) startTemporal(ctx context.Context) error {
	key, err := ensureSecret(s.dir.Path(temporalKey))
	if err != nil {
		return err
	}
	keys, err := s.nodeKeys()
	if err != nil {
		return err
	}
	s.server, err = local.StartTemporal(ctx, local.TemporalConfig{
		Dir: s.dir.Path("temporal"), Listen: s.temporalListen, OperatorKey: key,
		NodeKey: local.NodeKeys(keys), Logs: quiet(s.log.Handler()),
	})
	if err != nil {
		return err
	}
	s.onClose(func() { _ = s.server.Close() })
	s.op.temporal, err = dialTemporal(ctx, s.server.Address(), key, slog.New(quiet(s.log.Handler())))
	if err != nil {
		return err
	}
	s.onClose(s.op.temporal.Close)
	return nil
}

func (s *stack) openStore(ctx context.Context) error {
	var signers []deal.Address
	for _, w := range s.relayers {
		signers = append(signers, w.Address())
	}
	err := s.op.connect(ctx, operatorFlags{rpc: []string{s.rpcURL}, quorum: 1, policy: s.policy}, s.dir.Path(""), "sqlite:"+s.dir.Path("desk.db"))
	if err != nil {
		return err
	}
	s.onClose(func() { _ = s.op.store.Close() })
	return s.op.addLanes(s.lane, signers)
}

func (s *stack) startWorker(ctx context.Context) error {
	signers := make([]chain.TxSigner, len(s.relayers))
	for i, w := range s.relayers {
		signers[i] = w
	}
	stop, err := s.op.startWorker(ctx, chain.NewSenders(s.op.ledger, signers...))
	if err == nil {
		s.onClose(stop)
	}
	return err
}

func (s *stack) startDesk(ctx context.Context, fail context.CancelCauseFunc) error {
	server, err := s.op.newDesk()
	if err != nil {
		return err
	}
	public, err := listenAgain(s.listen, s.was.Desk)
	if err != nil {
		return err
	}
	admin, err := listenAgain(s.admin, s.was.Admin)
	if err != nil {
		return errors.Join(err, public.Close())
	}
	s.was.Desk, s.was.Admin = "http://"+public.Addr().String(), "http://"+admin.Addr().String()
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer context.AfterFunc(ctx, func() { s.op.draining.Store(true) })()
		if err := serveHTTP(ctx, map[net.Listener]http.Handler{public: server.Handler(), admin: s.op.admin(server)}); err != nil {
			fail(err)
		}
	}()
	s.onClose(func() { cancel(); <-done })
	return nil
}

// listenAgain listens on the address that was asked for, or on the port of the
// last run if it is still free, or on a free one.
func listenAgain(want, last string) (net.Listener, error) {
	if want != "" {
		return listenOn(want)
	}
	if u, err := url.Parse(last); err == nil && u.Host != "" {
		if l, err := net.Listen("tcp", u.Host); err == nil {
			return l, nil
		}
	}
	return listenOn("")
}
