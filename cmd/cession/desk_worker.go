package main

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap/zapcore"

	"cession/chain"
	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
)

// operatorFlags is the configuration that desk and worker share.
type operatorFlags struct {
	temporal, database, market string
	rpc                        []string
	quorum                     int
	policy                     policyFlags
}

func (f *operatorFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.temporal, "temporal-address", "", "host:port of Temporal")
	flags.StringSliceVar(&f.rpc, "rpc-url", nil, "JSON-RPC of an Ethereum node; repeatable: reads go to a healthy one, transactions to all")
	flags.IntVar(&f.quorum, "rpc-quorum", 2, "how many nodes must say the same before an outcome is believed, if there are as many; with 2 of 2, none may fail")
	flags.StringVar(&f.database, "database-url", "", "sqlite:PATH or postgres://… (default: a file in --home)")
	flags.StringVar(&f.market, "market", "", "file with chain and contracts (default: market.json in --home)")
	f.policy.add(c)
}

func newDeskCommand(a *app) *cobra.Command {
	var f operatorFlags
	var lanes []string
	var listen, admin string
	c := &cobra.Command{
		Use:   "desk",
		Short: "Run the operator's API",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			signers, err := a.laneAddresses(lanes)
			if err != nil {
				return err
			}
			o, err := a.openOperator(c.Context(), f)
			if err != nil {
				return err
			}
			defer o.close()
			o.lanes = lanesOf(lane.Config{}, o.market.ChainID, signers) // which they are: how they behave, a worker tells them
			return o.serveDesk(c.Context(), listen, admin)
		},
	}
	f.add(c)
	c.Flags().StringSliceVar(&lanes, "lane", nil, "address of a worker's signer, whose lane is shown and operated here; repeatable (default: the wallets relayer, relayer-2, … in --home)")
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address of the API")
	c.Flags().StringVar(&admin, "admin-listen", "127.0.0.1:8081", "address of /livez, /readyz and /metrics")
	return c
}

// laneAddresses are the accounts of the lanes that a desk is for.
func (a *app) laneAddresses(given []string) (list []deal.Address, err error) {
	for _, text := range given {
		address, err := deal.ParseAddress(text)
		if err != nil {
			return nil, usageError{err}
		}
		list = append(list, address)
	}
	if len(given) > 0 || a.home == "" {
		return list, nil
	}
	for _, dir := range laneFolders(a.home) {
		address, err := walletAddress(dir)
		if err != nil {
			return nil, err
		}
		list = append(list, address)
	}
	return list, nil
}

// openOperator connects to everything the operator runs on.
func (a *app) openOperator(ctx context.Context, f operatorFlags) (*operator, error) {
	if f.temporal == "" || len(f.rpc) == 0 || (a.home == "" && (f.market == "" || f.database == "")) {
		return nil, usageError{errors.New("want --temporal-address, --rpc-url, and --home or both of --market and --database-url")}
	}
	o := &operator{log: newLog(a.err, zapcore.InfoLevel)}
	if err := readJSON(cmp.Or(f.market, in(a.home, marketName)), &o.market); err != nil {
		return nil, err
	}
	key, err := readSecret(in(a.home, temporalKey))
	if err != nil && deal.KindOf(err) != deal.NotFound {
		return nil, err
	}
	if o.temporal, err = dialTemporal(ctx, f.temporal, key, o.log); err != nil {
		return nil, deal.Errorf(deal.Lost, "connect to Temporal at %s: %w", f.temporal, err)
	}
	return o, o.connect(ctx, f, a.home, cmp.Or(f.database, "sqlite:"+in(a.home, "desk.db")))
}

// connect opens chain, database and rules; market and Temporal are there.
func (o *operator) connect(ctx context.Context, f operatorFlags, home, database string) (err error) {
	if o.node, err = chain.Dial(ctx, strings.Join(f.rpc, ","), chain.WithQuorum(f.quorum)); err != nil {
		return err
	}
	o.ledger, o.verifier = chain.NewLedger(o.node, o.market), chain.NewVerifier(o.node)
	library, err := f.policy.open(ctx, home, o.market, o.log)
	if err != nil {
		return err
	}
	o.rules = &shelf{Library: library}
	if len(f.policy.sources) > 0 {
		go library.Run(ctx, refreshEvery)
	}
	o.store, err = desk.OpenStore(ctx, database)
	return err
}

func (o *operator) close() {
	o.temporal.Close()
	if o.store != nil {
		_ = o.store.Close()
	}
}

// serveDesk serves the API and its admin listener until the context ends.
func (o *operator) serveDesk(ctx context.Context, listen, admin string) error {
	server, err := o.newDesk()
	if err != nil {
		return err
	}
	public, err := listenOn(listen)
	if err != nil {
		return err
	}
	private, err := listenOn(admin)
	if err != nil {
		return errors.Join(err, public.Close())
	}
	defer context.AfterFunc(ctx, func() { o.draining.Store(true) })()
	o.log.Info("desk serves", "url", "http://"+public.Addr().String())
	return serveHTTP(ctx, map[net.Listener]http.Handler{public: server.Handler(), private: o.admin(server)})
}

// serveHTTP serves until the context ends, then lets requests finish.
func serveHTTP(ctx context.Context, on map[net.Listener]http.Handler) error {
	failed := make(chan error, len(on))
	var servers []*http.Server
	for l, h := range on {
		s := desk.HTTPServer(h)
		servers = append(servers, s)
		go func() { failed <- s.Serve(l) }()
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, s := range servers {
		_ = s.Shutdown(grace)
		_ = s.Close() // streams of events do not end by themselves
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
