package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/node"
)

func (a *app) nodeErase() *cobra.Command {
	var req node.EraseRequest
	var document, row uint64
	c := &cobra.Command{
		Use: "erase DEAL", Short: "Destroy content of a deal that is over, for good", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		Long: `Destroy a document, a row of a data tape, or all that your node has of a deal:
file keys, salts, names, digests and ciphertext. The leaves stay, so everything
else is as provable as before. What a deal that is not over may need is refused,
and what the terms say is kept. There is no way back.

The log keeps for ever that it was done and why, so the reason is one word.`,
		Example: `  cession node erase d-1 --row 17 --reason request
  cession node erase d-1 --all --reason law`,
		RunE: func(c *cobra.Command, args []string) error {
			given := 0
			for _, name := range []string{"document", "row", "all"} {
				if c.Flags().Changed(name) {
					given++
				}
			}
			if given != 1 {
				return usageError{errors.New("what? give one of --document, --row and --all")}
			}
			if c.Flags().Changed("document") {
				req.Document = &document
			}
			if c.Flags().Changed("row") {
				req.Row = &row
			}
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			e, err := client.Erase(c.Context(), deal.ID(args[0]), req)
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, e)
			}
			what := e.Scope
			if e.Scope != "deal" {
				what += fmt.Sprint(" ", e.Index)
			}
			if e.Done {
				_, err = fmt.Fprintf(a.out, "%s of %s destroyed\n", what, e.Deal)
			} else {
				_, err = fmt.Fprintf(a.out, "%s of %s cannot be read any more; the store did not delete the ciphertext yet, the node tries again\n", what, e.Deal)
			}
			for _, earlier := range e.Earlier {
				_, failed := fmt.Fprintf(a.out, "document %d is an earlier version of the tape and still whole: cession node erase %s --document %d --reason %s\n", earlier, e.Deal, earlier, e.Reason)
				err = errors.Join(err, failed)
			}
			return err
		},
	}
	flags := c.Flags()
	flags.Uint64Var(&document, "document", 0, "index of the document")
	flags.Uint64Var(&row, "row", 0, "number of the row, from 0")
	flags.BoolVar(&req.All, "all", false, "documents, rows and texts")
	flags.StringVar(&req.Reason, "reason", "", "why: "+strings.Join(node.EraseReasons[:3], ", "))
	_ = c.MarkFlagRequired("reason")
	return c
}
