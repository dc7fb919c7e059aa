package main

import (
	"context"
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"cession/deal"
	"cession/node"
)

// handoverPoll is how often the node is asked how far it is.
const handoverPoll = 500 * time.Millisecond

func (a *app) nodeHandover() *cobra.Command {
	var wait, each, revoke bool
	c := &cobra.Command{
		Use: "handover DEAL", Short: "Show how far the handover of the documents is", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		Long: `Show how far the handover of the documents is: at the buyer's node what arrived
and was verified, at the seller's what went out. On a terminal a bar follows it
while it runs. The nodes do it between themselves: to look, or to stop looking,
changes nothing.`,
		Example: `  cession node handover d-1
  cession node handover d-1 --wait && cession deal act d-1 handover receipt
  cession node handover d-1 --revoke`,
		RunE: func(c *cobra.Command, args []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			id := deal.ID(args[0])
			if revoke {
				if err := client.RevokeHandover(c.Context(), id); err != nil {
					return err
				}
			}
			if err := a.followHandover(c.Context(), client, id, wait); err != nil {
				return err
			}
			list, err := handovers(c.Context(), client, id, each)
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, list)
			}
			return a.printHandovers(list, each)
		},
	}
	c.Flags().BoolVar(&wait, "wait", false, "until the documents are verified, or refused")
	c.Flags().BoolVar(&each, "documents", false, "document by document")
	c.Flags().BoolVar(&revoke, "revoke", false, "take back what you released and is not delivered: nothing more goes out")
	c.MarkFlagsMutuallyExclusive("wait", "revoke")
	return c
}

func handovers(ctx context.Context, client *node.Client, id deal.ID, each bool) ([]node.Transfer, error) {
	if each {
		return client.HandoverByDocument(ctx, id)
	}
	return client.Handover(ctx, id)
}

// followHandover follows the newest handover with a bar while it runs; without a
// terminal it comes back at once, unless it is to wait.
func (a *app) followHandover(ctx context.Context, client *node.Client, id deal.ID, wait bool) error {
	draws := !a.json && drawable(a.err)
	var bar *progressbar.ProgressBar
	for {
		list, err := client.Handover(ctx, id)
		if err != nil {
			return err
		}
		var t node.Transfer
		if len(list) > 0 {
			t = list[len(list)-1]
		}
		if draws && t.Total > 0 {
			if bar == nil {
				bar = handoverBar(a, t)
			}
			_ = bar.Set64(int64(t.Bytes)) // a bar that cannot be drawn stops nothing
		}
		over := t.Verified || t.Reason != ""
		if over || !wait && !(draws && t.Running) {
			if bar != nil {
				_ = bar.Clear()
			}
			return nil
		}
		select {
		case <-time.After(handoverPoll):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func handoverBar(a *app, t node.Transfer) *progressbar.ProgressBar {
	return progressbar.NewOptions64(int64(t.Total), progressbar.OptionSetWriter(a.err), progressbar.OptionSetDescription("handover"),
		progressbar.OptionShowBytes(true), progressbar.OptionShowTotalBytes(true), progressbar.OptionUseIECUnits(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetWidth(30))
}

func (a *app) printHandovers(list []node.Transfer, each bool) error {
	rows := [][]string{{"RELEASE", "FROM", "TO", "DOCUMENTS", "BYTES", "STATE"}}
	for _, t := range list {
		rows = append(rows, []string{
			t.Release.Short(), string(t.Seller), string(t.Buyer), fmt.Sprintf("%d of %d", t.Documents, t.Count),
			fmt.Sprintf("%d of %d", t.Bytes, t.Total), handoverState(t),
		})
		if !each {
			continue
		}
		for _, d := range t.Each {
			state := "under way"
			if d.Done {
				state = "whole"
			}
			rows = append(rows, []string{"", "", "", fmt.Sprintf("document %d", d.Index), fmt.Sprint(d.Bytes), state})
		}
	}
	return table(a.out, rows)
}

// handoverState says in one word where a handover stands.
func handoverState(t node.Transfer) string {
	switch {
	case t.Verified:
		return "verified"
	case t.Reason != "":
		return "stopped: " + string(t.Reason)
	case t.Running:
		return "running"
	}
	return "waiting"
}
