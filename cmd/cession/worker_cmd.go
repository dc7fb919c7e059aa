package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"cession/chain"
	"cession/deal"
	"cession/worker"
)

func newWorkerCommand(a *app) *cobra.Command {
	var f operatorFlags
	var lanes laneFlags
	var signers []string
	var admin string
	c := &cobra.Command{
		Use:   "worker",
		Short: "Run the operator's worker: deals, policy, transactions",
		Long: `Run the operator's worker. It sends the transactions of one lane for each signer,
which pays the gas; deals are hashed over the lanes. Give each lane to one worker
deployment only, and to nobody else: its account's nonces are the lane's.

A signer is keystore:FOLDER or keystore:FILE, whose passphrase is in a file of the
same name with .pass; web3signer:URL#0xADDRESS, a Web3Signer that holds the key of
the account; or awskms:KEY@REGION, a key of AWS KMS (secp256k1, sign only), with
credentials from where the AWS tools look. Neither URL nor key holds a secret:
arguments can be seen by other users of the machine. The default is each of the wallets
relayer, relayer-2, … in --home.`,
		Example: `  cession --home DATA worker --temporal-address localhost:7233 --rpc-url https://one --rpc-url https://two \
      --lane-signer web3signer:http://signer:9000#0x… --finality safe --finality-of settlement=finalized \
      --max-fee-per-gas 200gwei --max-fee-per-day 1.5ether`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.runWorker(c.Context(), f, lanes, signers, admin) },
	}
	f.add(c)
	lanes.add(c, "2")
	c.Flags().StringArrayVar(&signers, "lane-signer", nil, "the signer of a lane: keystore:PATH, web3signer:URL#0xADDRESS or awskms:KEY@REGION; repeatable (default: the wallets relayer, relayer-2, … in --home)")
	c.Flags().StringVar(&admin, "admin-listen", "127.0.0.1:8082", "address of /livez, /readyz and /metrics")
	return c
}

// runWorker runs the operator's worker until the context ends. Then it is not
// ready any more, takes no more work and lets what runs finish.
func (a *app) runWorker(ctx context.Context, f operatorFlags, lanes laneFlags, specs []string, admin string) error {
	if _, err := lanes.config(); err != nil {
		return err
	}
	signers, err := a.laneSigners(ctx, specs)
	if err != nil {
		return err
	}
	o, err := a.openOperator(ctx, f)
	if err != nil {
		return err
	}
	defer o.close()
	var addresses []deal.Address
	for _, s := range signers {
		addresses = append(addresses, s.Address())
	}
	if err := o.addLanes(lanes, addresses); err != nil {
		return err
	}
	stop, err := o.startWorker(ctx, chain.NewSenders(o.ledger, signers...))
	if err != nil {
		return err
	}
	defer stop()
	h := o.workerHealth()
	server, err := serveAdmin(admin, h.handler())
	if err != nil {
		return err
	}
	defer server.close()
	o.log.Info("worker works", "admin", server.url)
	<-ctx.Done()
	h.drain()
	o.log.Info("worker drains", "at_most", worker.StopTimeout)
	stop()
	return nil
}

// laneSigners opens the signer of each lane. Two lanes never share one.
func (a *app) laneSigners(ctx context.Context, specs []string) (list []chain.TxSigner, err error) {
	if len(specs) == 0 && a.home != "" {
		for _, dir := range laneFolders(a.home) {
			specs = append(specs, "keystore:"+dir)
		}
	}
	if len(specs) == 0 {
		return nil, usageError{deal.Errorf(deal.Invalid, "who signs? give --lane-signer, or --home with a wallet in relayer/ and its passphrase in relayer.pass")}
	}
	seen := map[deal.Address]bool{}
	for _, spec := range specs {
		s, err := openSigner(ctx, spec)
		if err != nil {
			return nil, err
		}
		if seen[s.Address()] {
			return nil, usageError{deal.Errorf(deal.Invalid, "--lane-signer: %s stands twice; a lane is the only writer of its account", s.Address())}
		}
		seen[s.Address()] = true
		list = append(list, s)
	}
	return list, nil
}

// openSigner opens the signer that a flag names.
func openSigner(ctx context.Context, spec string) (chain.TxSigner, error) {
	path, local := strings.CutPrefix(spec, "keystore:")
	if !local {
		return chain.OpenSigner(ctx, spec, nil)
	}
	path = filepath.Clean(path)
	passFile := path + ".pass"
	if file, err := walletFile(path); err == nil {
		path = file
	} else if deal.KindOf(err) == deal.Conflict {
		return nil, err
	}
	return chain.OpenSigner(ctx, "keystore:"+path, func(string) (string, error) { return readSecret(passFile) })
}
