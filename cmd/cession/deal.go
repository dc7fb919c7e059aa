package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/demo"
	"cession/desk"
)

func newDealCommand(a *app) *cobra.Command {
	c := group("deal", "Look at deals and act in them")
	c.Long = `Look at deals and act in them. --home says for whom: a party's folder, or the
operator's data folder to look at everything without acting.`
	c.AddCommand(a.dealOpen(), a.dealList(), a.dealShow(), a.dealAct(), a.dealWork(), a.dealHistory(), a.dealWatch())
	return c
}

// group makes a command that only holds others.
func group(use, short string) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
}

func (a *app) dealOpen() *cobra.Command {
	return &cobra.Command{
		Use: "open", Short: "Open a deal as its seller", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			o, err := client.Open(c.Context())
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, o)
			}
			_, err = fmt.Fprintln(a.out, o.ID)
			return err
		},
	}
}

func (a *app) dealList() *cobra.Command {
	var f desk.DealFilter
	var state, party, before string
	c := &cobra.Command{
		Use: "ls", Short: "List deals", Args: cobra.NoArgs,
		Example: "  cession deal ls --waiting-on me --due-before +72h",
		RunE: func(c *cobra.Command, _ []string) error {
			f.State, f.Party = deal.State(state), deal.PartyID(party)
			if before != "" {
				due, err := parseTime(before, time.Now())
				if err != nil {
					return usageError{fmt.Errorf("--due-before: %w", err)}
				}
				f.DueBefore = due
			}
			return a.listDeals(c.Context(), f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&state, "state", "", "only deals in this state")
	flags.StringVar(&f.WaitingOn, "waiting-on", "", "only deals that wait for this role (seller, bidder, buyer), or for me")
	flags.StringVar(&before, "due-before", "", "only deals due before this time: RFC 3339, or +72h, +30d from now")
	flags.StringVar(&party, "party", "", "only deals with this party")
	flags.StringVar(&f.Order, "order", "", "updated (latest change first, the default) or due (nearest deadline first)")
	flags.IntVar(&f.Limit, "limit", 0, "at most so many, up to 200 (default 50)")
	flags.StringVar(&f.Cursor, "cursor", "", "go on after an earlier page")
	complete(c, "waiting-on", "me", "seller", "bidder", "buyer")
	complete(c, "order", "updated", "due")
	complete(c, "state", states()...)
	return c
}

// states are the states the standard plan knows, for completion.
func states() (list []string) {
	add := func(s deal.State) {
		if s != "" && !slices.Contains(list, string(s)) {
			list = append(list, string(s))
		}
	}
	add(deal.Open)
	for _, s := range deal.Standard().Steps {
		add(s.Reaches)
		add(s.Expires.State)
		for _, action := range s.Actions {
			add(action.Ends)
		}
	}
	add(deal.NotSelected)
	return list
}

// complete offers words for a flag.
func complete(c *cobra.Command, flag string, words ...string) {
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

func (a *app) listDeals(ctx context.Context, f desk.DealFilter) error {
	client, err := a.desk()
	if err != nil {
		return err
	}
	page, err := client.Deals(ctx, f)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(a.out, page)
	}
	rows := [][]string{{"DEAL", "STATE", "STAGE", "WAITING ON", "DUE", "AMOUNT", "SELLER", "BIDDER"}}
	for _, d := range page.Deals {
		amount := ""
		if d.Amount.Currency != "" {
			amount = demo.Money(d.Amount)
		}
		rows = append(rows, []string{
			string(d.ID), string(d.State), orDash(d.Stage), orDash(roles(d.WaitingOn)), dueWords(d.Due), orDash(amount),
			string(d.Seller), orDash(string(d.Bidder)),
		})
	}
	if err := table(a.out, rows); err != nil || page.Next == "" {
		return err
	}
	_, err = fmt.Fprintf(a.out, "There are more: --cursor %s\n", page.Next)
	return err
}

func roles(list []deal.Role) string {
	words := make([]string, len(list))
	for i, r := range list {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}

func dueWords(due *time.Time) string {
	if due == nil {
		return "-"
	}
	return moment(*due)
}

func (a *app) dealHistory() *cobra.Command {
	return &cobra.Command{
		Use: "history DEAL", Short: "Show what happened in a deal", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			entries, err := a.history(c.Context(), deal.ID(args[0]))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, entries)
			}
			for _, e := range entries {
				a.printEntry(e)
			}
			return nil
		},
	}
}

// history reads all pages.
func (a *app) history(ctx context.Context, id deal.ID) (all []desk.Entry, err error) {
	if err := id.Check(); err != nil {
		return nil, usageError{err}
	}
	client, err := a.desk()
	if err != nil {
		return nil, err
	}
	for after := ""; ; {
		page, err := client.History(ctx, id, after)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Entries...)
		if page.Next == "" || page.Next == after {
			return all, nil
		}
		after = page.Next
	}
}

func (a *app) dealWatch() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "watch [DEAL]", Short: "Follow a deal, or all of them, as it happens", Args: cobra.MaximumNArgs(1), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			client, err := a.desk()
			if err != nil {
				return err
			}
			id, after := deal.ID(strings.Join(args, "")), ""
			if all {
				after = "start"
			}
			err = client.Events(c.Context(), id, after, func(e desk.Entry) error {
				if a.json {
					return printLine(a.out, e)
				}
				a.printEntry(e)
				return nil
			})
			if c.Context().Err() != nil { // interrupted: that is how watching ends
				return nil
			}
			return err
		},
	}
	c.Flags().BoolVar(&all, "all", false, "begin with what happened so far")
	return c
}

// printEntry writes one line of a history, and what belongs to it below.
func (a *app) printEntry(e desk.Entry) {
	where := string(e.Deal)
	if e.Room != "" {
		where += " / " + string(e.Room)
	}
	switch e.Kind {
	case desk.EntryState:
		fmt.Fprintf(a.out, "%s  %s  state %s\n", moment(e.At), where, e.State)
		return
	case desk.EntryWork:
		fmt.Fprintf(a.out, "%s  %s  %s  work: %s\n", moment(e.At), where, e.Party, workEntry(e))
		return
	case desk.EntryRefusal:
		fmt.Fprintf(a.out, "%s  %s  %s  %s.%s refused  act %s\n", moment(e.At), where, e.Party, e.Step, e.Action, e.Act.Short())
	default:
		fmt.Fprintf(a.out, "%s  %s  %s  %s.%s  act %s\n", moment(e.At), where, e.Party, e.Step, e.Action, e.Act.Short())
	}
	if e.Decision != nil {
		for _, r := range e.Decision.Reasons() {
			fmt.Fprintf(a.out, "%21srule %s: found %s, wanted %s\n", "", r.ID, orDash(r.Actual), orDash(r.Threshold))
		}
	}
	for _, r := range e.Receipts {
		if !r.Tx.IsZero() {
			fmt.Fprintf(a.out, "%21s%s in %s, block %d, gas %d\n", "", r.Call, r.Tx, r.Block, r.Gas)
		}
	}
}

// completeDeals offers the deals the caller sees.
func (a *app) completeDeals(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	client, err := a.desk()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	page, err := client.Deals(ctx, desk.DealFilter{})
	var ids []string
	for _, d := range page.Deals {
		ids = append(ids, string(d.ID)+"\t"+string(d.State))
	}
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
