package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"

	"cession/activities"
	"cession/chain"
	"cession/deal"
	"cession/desk"
	"cession/node"
	"cession/node/blob"
	"cession/node/clamd"
	"cession/worker"
)

func newNodeCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "node",
		Short: "Run a party's own node, or work with its documents",
		Long: `Run a party's own node: it keeps documents, texts and keys in --home, dials
out to the desk and to Temporal, reads the chain from --rpc-url, and lets a
document out only when its own view of chain, signatures and policy agrees.

The folder holds wallet/ and wallet.pass, optionally second/ and second.pass
(a second signer), market.json (chain and contracts) and temporal.key.
Credentials for S3 come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.

Every setting can stand in a file (--config), in the environment as
CESSION_NODE_ and its name in capitals, or on the command line; the later goes
before the earlier. cession node config shows what comes of it.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			settings, err := a.settings(c)
			if err == nil {
				err = settings.complete()
			}
			if err != nil {
				return err
			}
			a.home = settings.Home
			return a.serveNode(c.Context(), settings.nodeSettings)
		},
	}
	addNodeFlags(c)
	c.AddCommand(newNodeConfigCommand(a))
	return c
}

// serveNode runs a node until the context ends. Then it is not ready any more,
// takes no more work, and lets requests and activities finish, each for
// [node.DrainTime] at most.
func (a *app) serveNode(ctx context.Context, f nodeSettings) error {
	stayWithin()
	log := newLog(a.err, f.LogLevel).With("node", f.Party)
	if f.Renderer != "" {
		if err := os.Setenv("PATH", f.Renderer+string(os.PathListSeparator)+os.Getenv("PATH")); err != nil {
			return err
		}
	}
	parts, err := a.nodeConfig(ctx, f, log)
	if err != nil {
		return err
	}
	n, err := node.Open(ctx, parts.cfg)
	if err != nil {
		return err
	}
	defer n.Close()
	key, err := readSecret(in(a.home, nodeKey))
	if err != nil && deal.KindOf(err) != deal.NotFound {
		return err
	}
	temporal, err := client.NewLazyClient(temporalOptions(f.Temporal, key, log))
	if err != nil {
		return deal.Errorf(deal.Invalid, "connect to Temporal at %s: %w", f.Temporal, err)
	}
	defer temporal.Close()
	stopWork := startWork(ctx, log, workPause, func() starter {
		return worker.NewNode(temporal, parts.cfg.Party, &activities.Documents{Node: n}, &activities.Handover{Seller: n, Buyer: n})
	})
	defer stopWork()
	l, err := listenOn(f.Listen)
	if err != nil {
		return err
	}
	h := &health{checks: nodeChecks(f, parts, n, temporal)}
	admin, err := serveAdmin(f.Admin, h.handler())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer admin.close()
	file := nodeFile{Party: parts.cfg.Party, URL: "https://" + l.Addr().String(), Admin: admin.url, Desk: f.Desk}
	if err := writeJSON(in(a.home, nodeName), file); err != nil {
		return errors.Join(err, l.Close())
	}
	log.Info("node serves", "url", file.URL, "admin", file.Admin)
	drained := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(drained)
		h.drain()
		log.Info("node drains", "at_most", node.DrainTime)
		stopWork()
	})
	err = n.Serve(ctx, l)
	if ctx.Err() != nil {
		<-drained
	}
	log.Info("node ends")
	return err
}

// workPause is the time before a worker that did not start is started again.
const workPause = 5 * time.Second

// nodeParts are what a node is made of, and what its health is asked of.
type nodeParts struct {
	cfg    node.Config
	chain  *chain.Client
	desk   *desk.Client
	policy *shelf
}

// nodeChecks: what a peer's read or a handover needs is needed. Without desk and
// Temporal nothing new can be agreed, but what was agreed is delivered.
func nodeChecks(f nodeSettings, p nodeParts, n *node.Node, temporal client.Client) []check {
	return []check{
		{"chain", true, checkChain(p.chain, p.cfg.Market.ChainID, f.MaximumLag)},
		{"store", true, checkStore(n)},
		{"policy", true, checkPack(p.policy.Library)},
		{"disk", true, checkDisk(p.cfg.Dir, f.MinimumFree)},
		{"record", true, checkPublished(n)},
		{"policy_lists", false, checkLists(p.policy.Library)},
		{"desk", false, checkDesk(p.desk, p.cfg.Market)},
		{"temporal", false, checkTemporal(temporal)},
		{"pdftoppm", false, checkProgram("pdftoppm")},
	}
}

func (a *app) nodeConfig(ctx context.Context, f nodeSettings, log *slog.Logger) (p nodeParts, err error) {
	party := deal.PartyID(f.Party)
	if err := party.Check(); err != nil {
		return p, usageError{err}
	}
	var market deal.Market
	if err := readJSON(cmp.Or(f.Market, in(a.home, marketName)), &market); err != nil {
		return p, err
	}
	wallet, err := openWallet(in(a.home, "wallet"), in(a.home, passphrase))
	if err != nil {
		return p, err
	}
	rules, err := a.nodeRules(ctx, f, market, log)
	if err != nil {
		return p, err
	}
	eth, err := chain.Dial(ctx, f.RPC)
	if err != nil {
		return p, err
	}
	ledger := chain.NewLedger(eth, market, chain.Depth(f.Depth))
	blobs, err := a.openBlobs(ctx, f, log)
	if err != nil {
		return p, err
	}
	access := desk.NewClient(f.Desk, &desk.WalletCredential{
		Party: party, Audience: audience(market), ChainID: market.ChainID, Sign: wallet.SignTypedData,
	})
	rules.profile = (&profiles{desk: access, seen: map[deal.PartyID]cached{}}).profile
	p = nodeParts{chain: eth, desk: access, policy: rules.shelf}
	p.cfg = node.Config{
		Party: party, Dir: a.home, Endpoint: f.Endpoint, Market: market, Wallet: wallet,
		Hashes:   node.Hashes{Keccak: chain.Keccak, Digest: chain.Digest, StructHash: chain.StructHash},
		Verifier: chain.NewVerifier(eth), Chain: chainView{ledger}, Desk: deskOf{access}, Directory: nodeRecords{access},
		Policy: nodePolicy{rules}, Recorder: record, Packs: rules.shelf.named, Tape: rules.shelf.tape, Blobs: blobs, ActLifetime: 10 * time.Minute, Log: log,
		TransferLimit: int64(f.TransferLimit), TransferParallel: f.TransferParallel, ReadRate: f.ReadRate,
	}
	if f.Scanner != "" {
		scanner, err := clamd.New(f.Scanner)
		if err != nil {
			return p, usageError{deal.Errorf(deal.Invalid, "clamd: %w", err)}
		}
		p.cfg.Scanner = scanner
	}
	second, err := openWallet(in(a.home, "second"), in(a.home, "second.pass"))
	if err == nil {
		p.cfg.Second = second
	} else if deal.KindOf(err) != deal.NotFound {
		return p, err
	}
	return p, nil
}

func (a *app) openBlobs(ctx context.Context, f nodeSettings, log *slog.Logger) (blob.Store, error) {
	if f.S3Endpoint == "" {
		return blob.OpenFile(in(a.home, "blobs"))
	}
	s, err := blob.OpenS3(ctx, blob.S3Config{
		Endpoint: f.S3Endpoint, Secure: f.S3TLS, Region: f.S3Region, Bucket: f.S3Bucket, Prefix: f.Party + "/",
		AccessKey: os.Getenv("AWS_ACCESS_KEY_ID"), SecretKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
	})
	if err != nil {
		return nil, err
	}
	if _, err := s.AbortStale(ctx, staleAge); err != nil { // it costs room, not correctness
		log.Warn("parts of documents that were never whole are left in the S3 store: its key wants to list and abort multipart uploads", "kind", deal.KindOf(err))
	}
	return s, nil
}

// staleAge is longer than a document takes to get into the store: what began
// before that was left by a node that was killed.
const staleAge = 24 * time.Hour

// nodeRules are the rules a node judges by: the packs its own trust file lets
// in, wherever they come from, and the party's own.
func (a *app) nodeRules(ctx context.Context, f nodeSettings, market deal.Market, log *slog.Logger) (g gate, err error) {
	library, err := f.policy().open(ctx, a.home, market, log, f.Desk+"/v1/packs")
	if err != nil {
		return g, err
	}
	g.shelf = &shelf{Library: library}
	if f.PolicyOwn == "" {
		if info, err := os.Stat(in(a.home, "policy-own")); err == nil && info.IsDir() {
			f.PolicyOwn = in(a.home, "policy-own")
		}
	}
	g.own, err = openOwn(f.PolicyOwn)
	go library.Run(ctx, refreshEvery)
	return g, err
}

// policy are the settings of the node's policy packs.
func (f nodeSettings) policy() policyFlags {
	return policyFlags{sources: f.PolicySource, trust: f.PolicyTrust, sample: f.PolicySample}
}
