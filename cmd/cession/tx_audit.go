package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/desk"
)

func (a *app) txLog() *cobra.Command {
	var laneName, tx, id, state string
	var f desk.OperationFilter
	c := &cobra.Command{
		Use: "log", Short: "Show what operators did and tried: who, why, with which effect", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			f.Deal, f.State = deal.ID(id), desk.OperationState(state)
			if f.Deal != "" && f.Deal.Check() != nil {
				return usageError{f.Deal.Check()}
			}
			client, err := a.desk()
			if err != nil {
				return err
			}
			if err := narrow(c.Context(), client, laneName, tx, &f); err != nil {
				return err
			}
			page, err := client.Operations(c.Context(), f)
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, page)
			}
			return a.showOperations(page)
		},
	}
	flags := c.Flags()
	flags.StringVar(&laneName, "lane", "", "only what was done to this lane and its transactions")
	flags.StringVar(&tx, "tx", "", "only what was done to this transaction")
	flags.StringVar(&id, "deal", "", "only what was done to this deal's transactions")
	flags.StringVar(&state, "state", "", "only what is done, proposed, refused, failed or unknown")
	flags.IntVar(&f.Limit, "limit", 50, "at most so many")
	flags.StringVar(&f.Cursor, "cursor", "", "go on after an earlier page")
	complete(c, "state", string(desk.OperationDone), string(desk.OperationProposed), string(desk.OperationRefused), string(desk.OperationFailed), string(desk.OperationUnknown))
	return c
}

// narrow completes a filter by what a lane and a transaction are called here.
func narrow(ctx context.Context, client lanesAPI, laneName, tx string, f *desk.OperationFilter) error {
	if laneName != "" {
		l, err := findLane(ctx, client, laneName)
		if err != nil {
			return err
		}
		f.Lane = l.Lane
	}
	if tx != "" {
		t, err := aim(ctx, client, aTransaction, tx)
		if err != nil {
			return err
		}
		f.Intent = t.item.Intent
	}
	return nil
}

func (a *app) showOperations(page desk.OperationPage) error {
	if len(page.Operations) == 0 {
		_, err := fmt.Fprintln(a.out, "Operators did nothing yet.")
		return err
	}
	rows := [][]string{{"TIME", "WHO", "VERB", "ON", "STATE", "REASON", "TICKET", "APPROVED BY", "EFFECT, OR WHY NONE"}}
	for _, o := range page.Operations {
		rows = append(rows, []string{
			moment(o.At), o.Command.Actor, string(o.Command.Verb), targetOf(o.Lane, o.Command), string(o.State), string(o.Command.Cause),
			orDash(o.Command.Ticket), orDash(o.Second), orDash(effectOf(o)),
		})
	}
	if err := table(a.out, rows); err != nil || page.Next == "" {
		return err
	}
	_, err := fmt.Fprintf(a.out, "There are more: --cursor %s\n", page.Next)
	return err
}

// effectOf says what a command did, would do once it is approved, or why it did nothing.
func effectOf(o desk.OperationEntry) string {
	switch {
	case o.Decision != nil && !o.Decision.Allow:
		return strings.Join(ruleIDs(*o.Decision), ", ")
	case o.Answer != nil:
		return readableWei(strings.Join(o.Answer.Effects, "; "))
	}
	return readableWei(o.Failure)
}

func (a *app) txSpending() *cobra.Command {
	var id string
	c := &cobra.Command{
		Use: "spending", Short: "Show what the chain was paid for each deal, cancels and failures included", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if id != "" && deal.ID(id).Check() != nil {
				return usageError{deal.ID(id).Check()}
			}
			client, err := a.desk()
			if err != nil {
				return err
			}
			list, err := client.Spending(c.Context(), deal.ID(id))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, list)
			}
			rows := [][]string{{"DEAL", "TRANSACTIONS", "GAS", "PAID"}}
			for _, s := range list.Spending {
				name := string(s.Deal)
				if name == "" {
					name = "none: filled gaps"
				}
				rows = append(rows, []string{name, strconv.Itoa(s.Transactions), strconv.FormatUint(s.Gas, 10), inEther(s.Wei)})
			}
			a.silence(list.Silent)
			return table(a.out, rows)
		},
	}
	c.Flags().StringVar(&id, "deal", "", "only this deal")
	return c
}
