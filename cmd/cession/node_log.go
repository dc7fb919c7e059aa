package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/node"
	"cession/node/translog"
)

// auditCommands are the verbs of cession node about its audit log, its keys and
// what it is to destroy.
func auditCommands(a *app) []*cobra.Command {
	return []*cobra.Command{a.nodeLog(), a.nodeRotate(), a.nodeRevoke(), a.nodeErase()}
}

func (a *app) nodeLog() *cobra.Command {
	c := &cobra.Command{
		Use: "log", Short: "Show and verify your node's audit log", Args: cobra.NoArgs,
		Long: `Your node's audit log says who asked it for what and what became of it, and what
the node did itself with rights, documents and keys. It is a Merkle log (RFC
6962) whose head your wallet signs: nothing in it can be changed later without
that being seen, and the buyer of a portfolio co-signs the head.`,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.logList(), a.logHead(), a.logVerify(), a.logProof(), a.logAccept())
	return c
}

func (a *app) logList() *cobra.Command {
	var from uint64
	c := &cobra.Command{
		Use: "ls", Short: "List the entries, oldest first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			rows := [][]string{{"ENTRY", "TIME", "PARTY", "WHAT", "INDEX", "PAGE", "RESULT", "TIMES", "NOTE", "DEAL"}}
			err := a.eachEntry(c.Context(), from, func(e node.LogEntry) error {
				if a.json {
					return printLine(a.out, e)
				}
				v, err := e.View()
				rows = append(rows, []string{
					fmt.Sprint(e.Position), moment(v.At), orDash(string(v.Party)), v.What, fmt.Sprint(v.Index), orDash(unlessZero(v.Page)),
					v.Result, orDash(unlessZero(v.Count)), orDash(v.Note), orDash(string(v.Deal)),
				})
				return err
			})
			if err != nil || a.json {
				return err
			}
			return table(a.out, rows)
		},
	}
	c.Flags().Uint64Var(&from, "from", 0, "begin with this entry")
	return c
}

func unlessZero(n uint64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// eachEntry reads the node's whole log from an entry on.
func (a *app) eachEntry(ctx context.Context, from uint64, do func(node.LogEntry) error) error {
	client, _, err := a.node()
	if err != nil {
		return err
	}
	defer client.Close()
	for {
		page, err := client.Log(ctx, from)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			if err := do(e); err != nil {
				return err
			}
		}
		from += uint64(len(page))
	}
}

func (a *app) logHead() *cobra.Command {
	return &cobra.Command{
		Use: "head", Short: "Show the signed head of the log", Args: cobra.NoArgs,
		Long: `Show how many entries the log has, their root, and your wallet's signature. With
--json it is what you keep, or give to somebody, for log verify --since.`,
		RunE: func(c *cobra.Command, _ []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			answer, err := client.LogHead(c.Context(), 0)
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, answer.Head)
			}
			h := answer.Head
			return table(a.out, [][]string{{"PARTY", "ENTRIES", "SIGNED", "ROOT"}, {string(h.Party), fmt.Sprint(h.Size), moment(h.At), h.Root.String()}})
		},
	}
}

// logReport is what became of a verification.
type logReport struct {
	Head     node.LogHead  `json:"head"`
	Since    *node.LogHead `json:"since,omitempty"`
	Forks    []node.Fork   `json:"forks"`
	Cosigned int           `json:"cosigned"` // heads that buyers named in their receipts
}

func (a *app) logVerify() *cobra.Command {
	var since string
	c := &cobra.Command{
		Use: "verify", Short: "Compute the log's root from its entries, and compare", Args: cobra.NoArgs,
		Long: `Read every entry and compute the root anew, without trust in the hashes that the
node stored. With --since, the log must go on from a head that you kept. Exit
code 3: the log was changed.`,
		RunE: func(c *cobra.Command, _ []string) error {
			report, err := a.verifyLog(c.Context(), since)
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, report)
			}
			fmt.Fprintf(a.out, "%d entries, root %s: as the head of %s of %s has it\n", report.Head.Size, report.Head.Root, report.Head.Party, moment(report.Head.At))
			if report.Since != nil {
				fmt.Fprintf(a.out, "goes on from the %d entries of %s\n", report.Since.Size, moment(report.Since.At))
			}
			fmt.Fprintf(a.out, "co-signed by buyers: %d\n", report.Cosigned)
			for _, f := range report.Forks {
				fmt.Fprintf(a.out, "LOG OF %s WAS REWRITTEN: %d entries seen before, %d shown at %s\n", f.Known.Party, f.Known.Size, f.Shown.Size, moment(f.At))
			}
			return nil
		},
	}
	c.Flags().StringVar(&since, "since", "", "file with an earlier head, from log head --json")
	return c
}

func (a *app) verifyLog(ctx context.Context, since string) (r logReport, err error) {
	client, _, err := a.node()
	if err != nil {
		return r, err
	}
	defer client.Close()
	answer, err := client.LogHead(ctx, 0)
	if err != nil {
		return r, err
	}
	r.Head = answer.Head
	if since != "" {
		r.Since = new(node.LogHead)
		if err := readJSON(since, r.Since); err != nil {
			return r, err
		}
		if r.Since.Party != r.Head.Party || r.Since.Size > r.Head.Size {
			return r, deal.Errorf(deal.Refused, "%w: the log had %d entries, now it has %d", node.ForkedLog, r.Since.Size, r.Head.Size)
		}
	}
	if err := a.recompute(ctx, r); err != nil {
		return r, err
	}
	peers, err := client.LogPeers(ctx)
	if err != nil {
		return r, err
	}
	r.Forks = peers.Forks
	for _, c := range peers.Cosigned {
		if c.Known {
			r.Cosigned++
		}
	}
	return r, nil
}

// recompute hashes all entries, up to the head.
func (a *app) recompute(ctx context.Context, r logReport) error {
	var log translog.Builder
	compare := func(want node.LogHead) error {
		have, err := log.Head()
		if err == nil && have != (translog.Head{Size: want.Size, Root: want.Root}) {
			err = deal.Errorf(deal.Refused, "%w: the entries do not have the root of the head of %d", node.ForkedLog, want.Size)
		}
		return err
	}
	seen := uint64(0)
	if r.Since != nil && r.Since.Size == 0 {
		if err := compare(*r.Since); err != nil {
			return err
		}
	}
	err := a.eachEntry(ctx, 0, func(e node.LogEntry) error {
		if seen == r.Head.Size {
			return nil // logged since
		}
		if err := log.Add(e.Bytes()); err != nil {
			return err
		}
		seen++
		if r.Since != nil && seen == r.Since.Size {
			return compare(*r.Since)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return compare(r.Head)
}

func (a *app) logProof() *cobra.Command {
	return &cobra.Command{
		Use: "proof ENTRY", Short: "Print one entry with its proof, for cession verify", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			position, err := strconv.ParseUint(args[0], 10, 62)
			if err != nil {
				return usageError{fmt.Errorf("entry %.20q: want a number, from 0", args[0])}
			}
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			p, err := client.LogProof(c.Context(), position)
			if err != nil {
				return err
			}
			return printLine(a.out, p)
		},
	}
}

func (a *app) logAccept() *cobra.Command {
	return &cobra.Command{
		Use: "accept PARTY", Short: "Take another party's log as it is now, though it was rewritten", Args: cobra.ExactArgs(1),
		Long: `Your node signs no receipt for a seller whose log does not go on from what your
node saw of it. If the seller has told you why, as that its node was restored
from a backup, you can take its log as it is now. The two heads that do not
follow each other stay on record, and that you accepted it is in your own log.`,
		RunE: func(c *cobra.Command, args []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			peers, err := client.AcceptLog(c.Context(), deal.PartyID(args[0]))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, peers)
			}
			_, err = fmt.Fprintf(a.out, "the log of %s is taken as it is now; that it was rewritten stays on record\n", args[0])
			return err
		},
	}
}
