package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/desk"
)

func newTxCommand(a *app) *cobra.Command {
	c := group("tx", "Look at the operator's transactions")
	c.Long = "Look at the transactions of the operator's lanes. --home is the operator's data folder."
	c.AddCommand(a.txList(), a.txShow())
	return c
}

func (a *app) txList() *cobra.Command {
	var id string
	var limit int
	c := &cobra.Command{
		Use: "ls", Short: "List transactions, newest first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := a.transactions(c.Context(), desk.TransactionFilter{Deal: deal.ID(id), Limit: limit})
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, list)
			}
			rows := [][]string{{"TIME", "STATUS", "CALL", "NONCE", "BLOCK", "GAS", "TX", "DEAL", "STEP"}}
			for _, t := range list {
				rows = append(rows, []string{
					moment(t.At), t.Status, t.Call, fmt.Sprint(t.Nonce), fmt.Sprint(t.Block), fmt.Sprint(t.Gas), t.Hash.Short(), string(t.Deal), t.Step,
				})
			}
			return table(a.out, rows)
		},
	}
	c.Flags().StringVar(&id, "deal", "", "only those of this deal")
	c.Flags().IntVar(&limit, "limit", 50, "at most so many")
	return c
}

func (a *app) transactions(ctx context.Context, f desk.TransactionFilter) ([]desk.Transaction, error) {
	if f.Deal != "" && f.Deal.Check() != nil {
		return nil, usageError{f.Deal.Check()}
	}
	client, err := a.desk()
	if err != nil {
		return nil, err
	}
	return client.Transactions(ctx, f)
}

func (a *app) txShow() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show a transaction, by its hash or intent or their beginning", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			list, err := a.transactions(c.Context(), desk.TransactionFilter{})
			if err != nil {
				return err
			}
			t, err := pick(list, strings.ToLower(args[0]))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, t)
			}
			return table(a.out, [][]string{
				{"tx", t.Hash.String()}, {"intent", t.Intent.String()}, {"deal", string(t.Deal)}, {"step", t.Step},
				{"call", t.Call}, {"status", t.Status}, {"signer", t.Signer.String()}, {"nonce", fmt.Sprint(t.Nonce)},
				{"block", fmt.Sprint(t.Block)}, {"gas", fmt.Sprint(t.Gas)}, {"gas price", fmt.Sprintf("%d wei", t.GasPrice)}, {"changed", moment(t.At) + " UTC"},
			})
		},
	}
}

func pick(list []desk.Transaction, id string) (found desk.Transaction, err error) {
	n := 0
	for _, t := range list {
		if strings.HasPrefix(t.Hash.String(), id) || strings.HasPrefix(t.Intent.String(), id) {
			found = t
			n++
		}
	}
	switch {
	case n == 0:
		return found, deal.Errorf(deal.NotFound, "no transaction or intent %s: see cession tx ls", id)
	case n > 1:
		return found, deal.Errorf(deal.Conflict, "%d transactions begin with %s: give more of it", n, id)
	}
	return found, nil
}
