package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"cession/node"
)

func (a *app) nodeRotate() *cobra.Command {
	return a.recordCommand("rotate", "Replace your node's keys", `Replace the key that your node is known by and the one that documents are
wrapped for. Your wallet signs a new record; the directory and every party that
your node knows are told. The old TLS key is destroyed. The old receiving key
stays, so that what was released to it still opens. A node that was revoked is
trusted again after this.`, (*node.Client).Rotate)
}

func (a *app) nodeRevoke() *cobra.Command {
	return a.recordCommand("revoke", "Have other parties refuse your node", `Say, signed by your wallet, that your node is not to be trusted any more. The
directory and every party that your node knows are told, and refuse it from then
on, until its keys are rotated. A directory that hides it can do so only from
parties that your node cannot reach, and only until the record before runs out.`, (*node.Client).RevokeNode)
}

func (a *app) recordCommand(use, short, long string, do func(*node.Client, context.Context) (node.Record, error)) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Long: long, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			r, err := do(client, c.Context())
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, r)
			}
			words := "is known by " + r.SPKI.Short()
			if r.Revoked {
				words = "is revoked"
			}
			_, err = fmt.Fprintf(a.out, "the node of %s %s (record %d, until %s)\n", r.Party, words, r.Sequence, moment(r.Expires))
			return err
		},
	}
}
