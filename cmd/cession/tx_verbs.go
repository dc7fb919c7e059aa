package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
)

// operateFlags are what every command of an operator has.
type operateFlags struct {
	dryRun             bool
	version            uint64
	cause, ticket, key string
}

func (f *operateFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what it would do, and do nothing")
	flags.Uint64Var(&f.version, "version", 0, "do it only at this version (default: the one that is read and shown first)")
	flags.StringVar(&f.cause, "reason", "", "why, for the record; required: "+causeWords())
	flags.StringVar(&f.ticket, "ticket", "", "where more about it is written: letters, digits and dashes")
	flags.StringVar(&f.key, "key", "", "idempotency key: the same key again is the same command")
	words := make([]string, 0, len(lane.Causes()))
	for _, cause := range lane.Causes() {
		words = append(words, string(cause))
	}
	complete(c, "reason", words...)
}

func causeWords() string {
	var words []string
	for _, c := range lane.Causes() {
		words = append(words, string(c))
	}
	return strings.Join(words, ", ")
}

// verbCommand is a verb on the command line: what it is about and what it takes.
type verbCommand struct {
	verb             lane.Verb
	use, short, long string
	on               targets
	args             cobra.PositionalArgs
	flags            func(*cobra.Command)                                // optional
	fill             func(r *desk.OperationRequest, args []string) error // further arguments; optional
}

// targets is what a verb can be about.
type targets int

const (
	aTransaction targets = iota
	aLane
	either
	aProposal
)

func (a *app) txVerbs() (list []*cobra.Command) {
	for _, v := range a.verbs() {
		list = append(list, a.verbCommand(v))
	}
	return list
}

// verbs are the commands that change something. What they do to a lane is in
// package lane.
func (a *app) verbs() []verbCommand {
	var tip, most wei
	var limits limitFlags
	one, atMostOne := cobra.ExactArgs(1), cobra.MaximumNArgs(1)
	return []verbCommand{
		{verb: lane.Retry, use: "retry TX", short: "Try it again now: forget waiting, take it out of a hold", args: one},
		{verb: lane.Raise, use: "bump TX", short: "Replace it now for a higher fee, at the same nonce", args: one,
			long: "Replace it now for a higher fee, at the same nonce: for what the market wants, or for\n--tip and --cap, but for an eighth more than before at least. Limits hold.",
			flags: func(c *cobra.Command) {
				c.Flags().Var(&tip, "tip", "paid to whoever makes the block, per gas, such as 3gwei (default: what the market wants)")
				c.Flags().Var(&most, "cap", "at most so much per gas, tip and base fee, such as 80gwei (default: likewise)")
			},
			fill: func(r *desk.OperationRequest, _ []string) error {
				r.Tip, r.Cap = uint64(tip), uint64(most)
				if r.Cap != 0 && r.Tip > r.Cap {
					return usageError{deal.Errorf(deal.Invalid, "--tip %s is above --cap %s: the cap has the tip in it", perGas(r.Tip), perGas(r.Cap))}
				}
				return nil
			}},
		{verb: lane.Cancel, use: "cancel TX", short: "Use its nonce for a transaction of nothing, and hold it", args: one,
			long: "Use its nonce for a transaction of nothing, so that others go on, and hold it. It\nwaits for retry or give-up; its deal waits too. If it gets into a block first, it\nhappened."},
		{verb: lane.GiveUp, use: "give-up TX", short: "It shall not happen: cancel what is out and tell the deal it failed", args: one,
			long: "It shall not happen: cancel what is out and tell the deal that it failed. The deal\ngoes on without it, as its plan says. Wants a --ticket."},
		{verb: lane.Adopt, use: "adopt-hash TX HASH", short: "Take over a transaction that was sent elsewhere and had the effect", args: cobra.ExactArgs(2),
			long: "Take over a transaction that was sent elsewhere, by hand or with the same key, and\nhad the effect of this one. It is looked up and followed; without the effect nothing\nis taken over. Wants a --ticket and a second operator.",
			fill: func(r *desk.OperationRequest, args []string) (err error) {
				if r.Tx, err = deal.ParseCommitment(args[1]); err != nil {
					return usageError{deal.Errorf(deal.Invalid, "HASH %.70q: want 0x and 64 hex digits", args[1])}
				}
				return nil
			}},
		{verb: lane.Pause, use: "pause TX|LANE", short: "Hold a transaction, or sign and send nothing on a lane", args: one, on: either},
		{verb: lane.Resume, use: "resume TX|LANE", short: "End a pause", args: one, on: either},
		{verb: lane.Edit, use: "fees TX|LANE", short: "Change what may be paid", args: one, on: either,
			long:  "Change what may be paid for a transaction or, for a lane, in a day too. What is not\ngiven stays. What waits for a limit goes on by itself.",
			flags: limits.add,
			fill: func(r *desk.OperationRequest, _ []string) error {
				if r.Limits = limits.limits(); r.Limits == (lane.Limits{}) {
					return usageError{deal.Errorf(deal.Invalid, "fees: want a limit to change: --max-fee-per-gas, --max-fee-per-transaction or --max-fee-per-day")}
				}
				return nil
			}},
		{verb: lane.FillGap, use: "fill-gap [LANE]", short: "Use the nonces that nothing stored fills, so that the chain goes on", args: atMostOne, on: aLane,
			long: "Use the nonces that nothing stored fills for transactions of nothing, so that the\nchain runs what is behind them. Wants a --ticket."},
		{verb: lane.Resync, use: "resync [LANE]", short: "Take the next nonce from the chain again", args: atMostOne, on: aLane,
			long: "Take the next nonce from the chain again, after the key was used elsewhere or the\nchain was replaced on purpose. Wants a --ticket."},
		{verb: lane.Approve, use: "approve PROPOSAL", short: "Carry out what another operator proposed", args: one, on: aProposal,
			long: "Carry out what another operator proposed; cession tx lanes shows what waits. Nobody\napproves what is his own: give your own token with --token-file."},
	}
}

func (a *app) verbCommand(v verbCommand) *cobra.Command {
	var f operateFlags
	c := &cobra.Command{Use: v.use, Short: v.short, Long: v.long, Args: v.args, ValidArgsFunction: a.completeTx(v.on)}
	c.RunE = func(c *cobra.Command, args []string) error {
		if f.cause == "" {
			return usageError{deal.Errorf(deal.Invalid, "why? give --reason, one of %s", causeWords())}
		}
		r := desk.OperationRequest{Verb: v.verb, DryRun: f.dryRun, Reason: lane.Cause(f.cause), Ticket: f.ticket, Key: f.key}
		if v.fill != nil {
			if err := v.fill(&r, args); err != nil {
				return err
			}
		}
		client, err := a.desk()
		if err != nil {
			return err
		}
		t, err := aim(c.Context(), client, v.on, strings.Join(args[:min(len(args), 1)], ""))
		if err != nil {
			return err
		}
		t.request(&r)
		if c.Flags().Changed("version") {
			r.Version = f.version
		}
		return a.operate(c.Context(), client, t, r)
	}
	if v.flags != nil {
		v.flags(c)
	}
	f.add(c)
	return c
}

// completeTx offers what is open, or the lanes, or what waits for approval.
func (a *app) completeTx(on targets) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		client, err := a.desk()
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		ctx, cancel := context.WithTimeout(context.Background(), watchWait)
		defer cancel()
		list, err := client.Lanes(ctx)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var words []string
		for _, l := range list.Lanes {
			if on == aLane || on == either {
				words = append(words, laneName(l.Lane)+"\tlane")
			}
			for _, p := range l.Pending {
				if on == aProposal {
					words = append(words, p.ID+"\t"+string(p.Verb)+" by "+p.Actor)
				}
			}
			for _, it := range l.Items {
				if !ended(it.Status) && (on == aTransaction || on == either) {
					words = append(words, it.Intent.Short()+"\t"+it.Call+" "+string(it.Status))
				}
			}
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}
