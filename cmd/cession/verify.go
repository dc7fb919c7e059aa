package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"cession/chain"
	"cession/deal"
	"cession/node"
)

// verifyFlags is what a verifier goes by.
type verifyFlags struct {
	rpc, market, signer string
	depth, from, window uint64
}

// newVerifyCommand verifies what a party made at its node for a third one.
func newVerifyCommand(a *app) *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use: "verify FILE", Short: "Verify a file of evidence that a party gave you: without a node, without the desk", Args: cobra.ExactArgs(1),
		Long: `Verify a file of evidence: a revealed question or answer (cession node reveal), a
row of a data tape, or a part of an audit log. Signatures, commitments and
Merkle paths are checked here; with --rpc-url, also that the acts were notarized
and when, on an Ethereum node of your choice. FILE is - for standard input.

What is proven is printed in words, and what could not be checked. The exit code
is 0 if all that the file says and that could be checked is so, 3 if it does not
prove what it says, and 1 if it cannot be read or the chain did not answer.`,
		Example: `  cession verify answer.json --rpc-url https://ethereum.example --market market.json`,
		RunE: func(c *cobra.Command, args []string) error {
			return a.verify(c.Context(), c.InOrStdin(), args[0], f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.rpc, "rpc-url", "", "JSON-RPC of an Ethereum node (default: what is on the chain is not checked)")
	flags.StringVar(&f.market, "market", "", "file with chain and contracts, from a source that you trust (needed with --rpc-url)")
	flags.StringVar(&f.signer, "signer", "", "account that must have signed, if you know it")
	flags.Uint64Var(&f.depth, "confirmations", 1, "blocks that a notarization must be deep; 1 is the latest")
	flags.Uint64Var(&f.from, "from-block", 0, "search notarizations from this block on")
	flags.Uint64Var(&f.window, "block-range", 0, "ask for at most so many blocks at a time, which many providers limit; 0: for all at once")
	return c
}

func (a *app) verify(ctx context.Context, stdin io.Reader, file string, f verifyFlags) error {
	raw, err := readBounded(file, stdin, node.MaxEvidence)
	if err != nil {
		return err
	}
	checks, done, err := f.checks(ctx)
	if err != nil {
		return err
	}
	defer done()
	finding, err := node.VerifyEvidence(ctx, checks, raw)
	if err != nil {
		return fmt.Errorf("not proven: %w", err)
	}
	if a.json {
		return printJSON(a.out, finding)
	}
	for _, words := range finding.Proven {
		fmt.Fprintln(a.out, "PROVEN       "+words)
	}
	for _, words := range finding.Unchecked {
		fmt.Fprintln(a.out, "NOT CHECKED  "+words)
	}
	return nil
}

// checks connects what the flags name.
func (f verifyFlags) checks(ctx context.Context) (c node.Checks, done func(), err error) {
	done = func() {}
	if f.rpc != "" && f.market == "" {
		return c, done, usageError{errors.New("--rpc-url needs --market: which contract's notarizations count is not the file's to say")}
	}
	if f.signer != "" {
		if c.Signer, err = deal.ParseAddress(f.signer); err != nil {
			return c, done, usageError{err}
		}
	}
	if f.market != "" {
		c.Market = new(deal.Market)
		if err := readJSON(f.market, c.Market); err != nil {
			return c, done, err
		}
	}
	c.Hashes = node.Hashes{Keccak: chain.Keccak, Digest: chain.Digest, StructHash: chain.StructHash}
	if f.rpc == "" {
		c.Verifier = chain.NewVerifier(nil)
		return c, done, nil
	}
	client, err := chain.Dial(ctx, f.rpc)
	if err != nil {
		return c, done, err
	}
	c.Verifier = chain.NewVerifier(client)
	c.Anchors = chain.NewLedger(client, *c.Market, chain.Depth(cmp.Or(f.depth, 1)), chain.LogsFrom(f.from, f.window))
	return c, client.Close, nil
}
