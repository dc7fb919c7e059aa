package main

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"cession/activities"
	"cession/chain"
	"cession/deal"
	"cession/desk"
	"cession/node"
	"cession/node/blob"
	"cession/worker"
)

// nodeFlags is the configuration of a party's node.
type nodeFlags struct {
	party, listen, endpoint string
	desk, temporal, rpc     string
	market, own             string
	policy                  policyFlags
	s3Endpoint, s3Bucket    string
	s3Region                string
	s3Secure                bool
	depth                   uint64
}

func newNodeCommand(a *app) *cobra.Command {
	var f nodeFlags
	c := &cobra.Command{
		Use:   "node",
		Short: "Run a party's own node, or work with its documents",
		Long: `Run a party's own node: it keeps documents, texts and keys in --home, dials
out to the desk and to Temporal, reads the chain from --rpc-url, and lets a
document out only when its own view of chain, signatures and policy agrees.

The folder holds wallet/ and wallet.pass, optionally second/ and second.pass
(a second signer), market.json (chain and contracts) and temporal.key.
Credentials for S3 come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.serveNode(c.Context(), f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.party, "party", "", "the party whose node this is")
	flags.StringVar(&f.listen, "listen", "127.0.0.1:0", "address to serve HTTPS on")
	flags.StringVar(&f.endpoint, "endpoint", "", "https://host:port under which peers reach it (default: the listening address)")
	flags.StringVar(&f.desk, "desk", "", "URL of the desk")
	flags.StringVar(&f.temporal, "temporal-address", "", "host:port of Temporal")
	flags.StringVar(&f.rpc, "rpc-url", "", "JSON-RPC of an Ethereum node of the party's choice")
	flags.StringVar(&f.market, "market", "", "file with chain and contracts (default: market.json in --home)")
	f.policy.add(c)
	flags.StringVar(&f.own, "policy-own", "", "folder of a pack of the party's own, which can only refuse more (default: policy-own in --home, if it is there)")
	flags.StringVar(&f.s3Endpoint, "s3-endpoint", "", "host:port of an S3 store (default: files in --home)")
	flags.StringVar(&f.s3Bucket, "s3-bucket", "cession", "bucket, which must exist")
	flags.StringVar(&f.s3Region, "s3-region", "us-east-1", "region")
	flags.BoolVar(&f.s3Secure, "s3-tls", true, "use TLS to the S3 store")
	flags.Uint64Var(&f.depth, "confirmations", 1, "blocks a fact must be deep before the node believes it; 1 is the latest")
	return c
}

// serveNode runs a node until the context ends.
func (a *app) serveNode(ctx context.Context, f nodeFlags) error {
	log := slog.New(slog.NewJSONHandler(a.err, nil)).With("party", f.party)
	cfg, ledger, err := a.nodeConfig(ctx, f, log)
	if err != nil {
		return err
	}
	n, err := node.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer n.Close()
	key, err := readSecret(in(a.home, nodeKey))
	if err != nil && deal.KindOf(err) != deal.NotFound {
		return err
	}
	temporal, err := dialTemporal(ctx, f.temporal, key, log)
	if err != nil {
		return deal.Errorf(deal.Lost, "connect to Temporal at %s: %w", f.temporal, err)
	}
	defer temporal.Close()
	w := worker.NewNode(temporal, cfg.Party, &activities.Documents{Node: n}, &activities.Handover{Seller: n, Buyer: n})
	if err := w.Start(); err != nil {
		return err
	}
	defer w.Stop()
	if _, err := ledger.CurrencyName(ctx); err != nil {
		log.Warn("the chain does not answer yet", "error", err)
	}
	l, err := listenOn(f.listen)
	if err != nil {
		return err
	}
	file := nodeFile{Party: cfg.Party, URL: "https://" + l.Addr().String(), Desk: f.desk}
	if err := writeJSON(in(a.home, nodeName), file); err != nil {
		return err
	}
	log.Info("node serves", "url", file.URL)
	return n.Serve(ctx, l)
}

func (a *app) nodeConfig(ctx context.Context, f nodeFlags, log *slog.Logger) (cfg node.Config, l *chain.Ledger, err error) {
	if a.home == "" || f.party == "" || f.desk == "" || f.temporal == "" || f.rpc == "" {
		return cfg, nil, usageError{deal.Errorf(deal.Invalid, "want --home, --party, --desk, --temporal-address and --rpc-url")}
	}
	party := deal.PartyID(f.party)
	if err := party.Check(); err != nil {
		return cfg, nil, usageError{err}
	}
	var market deal.Market
	if err := readJSON(cmp.Or(f.market, in(a.home, marketName)), &market); err != nil {
		return cfg, nil, err
	}
	wallet, err := openWallet(in(a.home, "wallet"), in(a.home, passphrase))
	if err != nil {
		return cfg, nil, err
	}
	rules, err := a.nodeRules(ctx, f, market, log)
	if err != nil {
		return cfg, nil, err
	}
	client, err := chain.Dial(ctx, f.rpc)
	if err != nil {
		return cfg, nil, err
	}
	ledger := chain.NewLedger(client, market, chain.Depth(f.depth))
	blobs, err := a.openBlobs(ctx, f)
	if err != nil {
		return cfg, nil, err
	}
	access := desk.NewClient(f.desk, &desk.WalletCredential{
		Party: party, Audience: audience(market), ChainID: market.ChainID, Sign: wallet.SignTypedData,
	})
	rules.profile = (&profiles{desk: access, seen: map[deal.PartyID]cached{}}).profile
	cfg = node.Config{
		Party: party, Dir: a.home, Endpoint: f.endpoint, Market: market, Wallet: wallet,
		Hashes:   node.Hashes{Keccak: chain.Keccak, Digest: chain.Digest, StructHash: chain.StructHash},
		Verifier: chain.NewVerifier(client), Chain: chainView{ledger}, Desk: deskOf{access}, Directory: nodeRecords{access},
		Policy: nodePolicy{rules}, Recorder: record, Packs: rules.shelf.named, Tape: rules.shelf.tape, Blobs: blobs, ActLifetime: 10 * time.Minute, Log: log,
	}
	second, err := openWallet(in(a.home, "second"), in(a.home, "second.pass"))
	if err == nil {
		cfg.Second = second
	} else if deal.KindOf(err) != deal.NotFound {
		return cfg, nil, err
	}
	return cfg, ledger, nil
}

func (a *app) openBlobs(ctx context.Context, f nodeFlags) (blob.Store, error) {
	if f.s3Endpoint == "" {
		return blob.OpenFile(in(a.home, "blobs"))
	}
	return blob.OpenS3(ctx, blob.S3Config{
		Endpoint: f.s3Endpoint, Secure: f.s3Secure, Region: f.s3Region, Bucket: f.s3Bucket, Prefix: f.party + "/",
		AccessKey: os.Getenv("AWS_ACCESS_KEY_ID"), SecretKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
	})
}

// nodeRules are the rules a node judges by: the packs its own trust file lets
// in, wherever they come from, and the party's own.
func (a *app) nodeRules(ctx context.Context, f nodeFlags, market deal.Market, log *slog.Logger) (g gate, err error) {
	library, err := f.policy.open(ctx, a.home, market, log, f.desk+"/v1/packs")
	if err != nil {
		return g, err
	}
	g.shelf = &shelf{Library: library}
	if f.own == "" {
		if info, err := os.Stat(in(a.home, "policy-own")); err == nil && info.IsDir() {
			f.own = in(a.home, "policy-own")
		}
	}
	g.own, err = openOwn(f.own)
	go library.Run(ctx, refreshEvery)
	return g, err
}
