package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"cession/chain"
	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
)

// operatorFlags is the configuration that desk and worker share.
type operatorFlags struct {
	temporal, rpc, database, market, pack string
	finality                              uint64
	lanes                                 []string
}

func (f *operatorFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.temporal, "temporal-address", "", "host:port of Temporal")
	flags.StringVar(&f.rpc, "rpc-url", "", "JSON-RPC of an Ethereum node")
	flags.StringVar(&f.database, "database-url", "", "sqlite:PATH or postgres://… (default: a file in --home)")
	flags.StringVar(&f.market, "market", "", "file with chain and contracts (default: market.json in --home)")
	flags.StringVar(&f.pack, "policy-pack", "", "folder of the policy pack (default: the one shipped)")
	flags.Uint64Var(&f.finality, "finality", 2, "blocks that must follow a transaction's before it is final")
}

func newDeskCommand(a *app) *cobra.Command {
	var f operatorFlags
	var listen, admin string
	c := &cobra.Command{
		Use:   "desk",
		Short: "Run the operator's API",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := a.openOperator(c.Context(), f)
			if err != nil {
				return err
			}
			defer o.close()
			return o.serveDesk(c.Context(), listen, admin)
		},
	}
	f.add(c)
	c.Flags().StringSliceVar(&f.lanes, "lane", nil, "address of a worker's signer, to list its transactions; repeatable")
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address of the API")
	c.Flags().StringVar(&admin, "admin-listen", "127.0.0.1:8081", "address of /livez and /readyz")
	return c
}

func newWorkerCommand(a *app) *cobra.Command {
	var f operatorFlags
	c := &cobra.Command{
		Use:   "worker",
		Short: "Run the operator's worker: deals, policy, transactions",
		Long:  "Run the operator's worker. --home holds relayer/ and relayer.pass: the wallet that pays the gas.",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return a.runWorker(c.Context(), f) },
	}
	f.add(c)
	return c
}

func (a *app) runWorker(ctx context.Context, f operatorFlags) error {
	signer, err := openWallet(in(a.home, "relayer"), in(a.home, "relayer.pass"))
	if err != nil {
		return err
	}
	f.lanes = []string{signer.Address().String()}
	o, err := a.openOperator(ctx, f)
	if err != nil {
		return err
	}
	defer o.close()
	stop, err := o.startWorker(ctx, signer)
	if err != nil {
		return err
	}
	defer stop()
	<-ctx.Done()
	return nil
}

// openOperator connects to everything the operator runs on.
func (a *app) openOperator(ctx context.Context, f operatorFlags) (*operator, error) {
	if f.temporal == "" || f.rpc == "" || (a.home == "" && (f.market == "" || f.database == "")) {
		return nil, usageError{errors.New("want --temporal-address, --rpc-url, and --home or both of --market and --database-url")}
	}
	o := &operator{log: slog.New(slog.NewJSONHandler(a.err, nil))}
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
	return o, o.connect(ctx, f, cmp.Or(f.database, "sqlite:"+in(a.home, "desk.db")))
}

// connect opens chain, database and pack; market and Temporal are there.
func (o *operator) connect(ctx context.Context, f operatorFlags, database string) (err error) {
	client, err := chain.Dial(ctx, f.rpc)
	if err != nil {
		return err
	}
	o.ledger, o.verifier = chain.NewLedger(client, o.market), chain.NewVerifier(client)
	if o.pack, err = loadPack(f.pack); err != nil {
		return err
	}
	for _, text := range f.lanes {
		address, err := deal.ParseAddress(text)
		if err != nil {
			return usageError{err}
		}
		o.lanes = append(o.lanes, lane.Config{ChainID: o.market.ChainID, Address: address, Finality: f.finality}.Defaults())
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
	o.log.Info("desk serves", "url", "http://"+public.Addr().String())
	return serveHTTP(ctx, map[net.Listener]http.Handler{public: server.Handler(), private: server.Admin()})
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
