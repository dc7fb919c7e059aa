// Command cession runs receivable deals: the operator's desk and worker, a
// customer's node, all of it on one machine, and the tools of the people who
// use them.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"cession/deal"
)

// Exit codes.
const (
	exitOK      = 0
	exitError   = 1
	exitUsage   = 2
	exitRefused = 3
)

// app is what every command shares.
type app struct {
	out, err io.Writer
	json     bool
	home     string // a party's folder or the operator's data folder

	deskURL, tokenFile string // of another desk, or another operator; "" for what is in home
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run executes one command line and returns its exit code.
func run(args []string, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot(&app{out: out, err: errs})
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(errs, "cession:", err)
	return exitCode(err)
}

// usageError is a command line that cannot be understood.
type usageError struct{ error }

func exitCode(err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case deal.KindOf(err) == deal.Refused:
		return exitRefused
	}
	return exitError
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "cession",
		Short:         "Receivable deals: signed, gated by policy, settled on chain, provable afterwards",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print JSON")
	root.PersistentFlags().StringVar(&a.home, "home", os.Getenv("CESSION_HOME"), "a party's folder, or the operator's data folder ($CESSION_HOME)")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	nodes := newNodeCommand(a)
	nodes.AddCommand(documentCommands(a)...)
	nodes.AddCommand(tapeCommands(a)...)
	nodes.AddCommand(roomCommands(a)...)
	nodes.AddCommand(talkCommands(a)...)
	nodes.AddCommand(auditCommands(a)...)
	desks := newDeskCommand(a)
	desks.AddCommand(newTokenCommand(a))
	root.AddCommand(desks, newWorkerCommand(a), newMarketCommand(a), nodes,
		newDealCommand(a), newWalletCommand(a), newPolicyCommand(a), newTxCommand(a), newVerifyCommand(a), newVersionCommand(a))
	root.AddCommand(localCommands(a)...)
	markUsage(root)
	return root
}

// markUsage has wrong arguments and flags that lack exit as usage errors, like
// wrong flags.
func markUsage(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := cmp.Or(check(c, args), c.ValidateRequiredFlags()); err != nil {
				return usageError{err}
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		markUsage(sub)
	}
}
