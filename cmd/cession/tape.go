package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/demo"
	"cession/node"
	"cession/node/vault"
)

// tapeCommands are the verbs of cession node about data tapes and perimeters
// row by row.
func tapeCommands(a *app) []*cobra.Command {
	return []*cobra.Command{a.nodeTape(), a.nodePerimeter(), a.nodeProveRow()}
}

func (a *app) nodeTape() *cobra.Command {
	return &cobra.Command{
		Use: "tape DEAL", Short: "Show what is in the data tapes of a deal at your node, column by column",
		Long: `Show what is in the data tapes of a deal at your node: for each column how many
rows have a value and how many lack it, what kind of values they are, the first
and the last of them, and their sum. Nothing leaves your node.`,
		Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			list, err := client.Tapes(c.Context(), deal.ID(args[0]))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, list)
			}
			if len(list) == 0 {
				return deal.Errorf(deal.NotFound, "your node holds no data tape of %s", args[0])
			}
			for i, t := range list {
				if i > 0 {
					fmt.Fprintln(a.out)
				}
				a.showTape(t)
			}
			return nil
		},
	}
}

func (a *app) showTape(t node.TapeView) {
	fmt.Fprintf(a.out, "%q, document %d: %s here, %s\n", t.About.Path(), t.Document, counted(int(t.Profile.Rows), "row"), counted(len(t.Profile.Columns), "column"))
	if t.TapeRoot.IsZero() {
		fmt.Fprintln(a.out, "its rows have no leaves of their own: it can only be sold whole")
	} else {
		fmt.Fprintf(a.out, "rows %d to %d of the tape under root %s\n", t.First, t.First+t.Rows-1, t.TapeRoot)
	}
	if len(t.Absent) > 0 {
		fmt.Fprintf(a.out, "not here, because not sold or erased: rows %s\n", rowWords(t.Absent))
	}
	if t.Count != nil {
		fmt.Fprintf(a.out, "by the rules in effect: %s\n", tapeWords(t.Count))
	}
	if t.Repeated > 0 {
		fmt.Fprintf(a.out, "a loan twice: %s with the loan identifier of an earlier one, and its face amount counts again\n", counted(int(t.Repeated), "row"))
	}
	if t.Face == "" {
		fmt.Fprintln(a.out, "the rules in effect name no column as the face amount: name one with --face-column")
	} else {
		fmt.Fprintf(a.out, "the face amount is in column %q\n", t.Face)
	}
	a.showColumns(t.Profile.Columns)
}

func (a *app) showColumns(list []vault.ColumnProfile) {
	columns := []column{
		{head: "COLUMN"}, {head: "FIELD", spare: 3}, {head: "FILLED", right: true}, {head: "MISSING", right: true}, {head: "KIND"},
		{head: "FIRST", right: true, spare: 1}, {head: "LAST", right: true, spare: 1}, {head: "SUM", right: true, spare: 2},
	}
	var rows [][]string
	for _, c := range list {
		rows = append(rows, []string{
			shown(c.Name), orDash(c.Field), fmt.Sprint(c.Filled), fmt.Sprint(c.Missing), string(c.Kind),
			orDash(shown(c.Min)), orDash(shown(c.Max)), orDash(sumWords(c)),
		})
	}
	width := terminalWidth(a.out)
	if width == 0 {
		width = 1 << 16
	}
	for _, line := range lines(columns, rows, width) {
		fmt.Fprintln(a.out, line)
	}
}

// shown quotes what a terminal would not show as it is: it is somebody's file.
func shown(text string) string {
	if quoted := fmt.Sprintf("%q", text); quoted != `"`+text+`"` {
		return quoted
	}
	return text
}

func sumWords(c vault.ColumnProfile) string {
	if c.Kind != vault.NumberColumn {
		return ""
	}
	return c.Sum
}

// rowWords writes rows as ranges.
func rowWords(rows []uint64) string {
	var parts []string
	for i := 0; i < len(rows); {
		j := i
		for j+1 < len(rows) && rows[j+1] == rows[j]+1 {
			j++
		}
		if parts = append(parts, fmt.Sprint(rows[i])); j > i {
			parts[len(parts)-1] += fmt.Sprint("-", rows[j])
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

func (a *app) nodePerimeter() *cobra.Command {
	return &cobra.Command{
		Use: "perimeter DEAL BIDDER", Short: "Show the newest proposal of a perimeter in a bidder's room",
		Long: `Show the newest proposal of a perimeter in a bidder's room: what it takes out of
the data tape or back in, the prices of rows, and what remains. The bidder's node
recomputes all of it from the rows that remain before it signs perimeter.agree.`,
		Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			v, err := client.Perimeter(c.Context(), deal.ID(args[0]), deal.PartyID(args[1]))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, v)
			}
			a.showPerimeter(v)
			return nil
		},
	}
}

func (a *app) showPerimeter(v node.PerimeterView) {
	state := "the bidder has not agreed to it"
	if v.Agreed {
		state = "the bidder agreed to it"
	}
	fmt.Fprintf(a.out, "proposal %s: %s\n", v.Proposal, state)
	fmt.Fprintf(a.out, "documents    %d under root %s\n", v.Fields["count"].Count(), v.Fields["root"])
	if d := v.Delta; d != nil {
		fmt.Fprintf(a.out, "rows         %d of %d remain, under root %s\n", v.Fields["rows"].Count(), d.Rows, v.Fields["rows_root"])
	}
	fmt.Fprintf(a.out, "face amount  %s\n", demo.Money(v.Fields["face"].Amount()))
	if price := v.Fields["price"]; price.Kind() != "" {
		fmt.Fprintf(a.out, "price        %s, the sum of the prices of the rows\n", demo.Money(price.Amount()))
	}
	if v.Delta != nil {
		a.showDelta(*v.Delta, v.Before, v.Fields["face"].Amount().Currency)
	}
}

func (a *app) showDelta(d node.Delta, before *node.Delta, currency string) {
	from := "the whole tape"
	if before != nil {
		from = "proposal " + d.Base.Short()
	}
	fmt.Fprintf(a.out, "\nchanges %s; the face amount is the sum of column %q\n", from, d.Face)
	if len(d.Remove) > 0 {
		fmt.Fprintf(a.out, "  out          %s\n", rowWords(d.Remove))
	}
	for _, s := range d.Substitute {
		fmt.Fprintf(a.out, "  substituted  %d by %d\n", s.Out, s.In)
	}
	a.showPrices(d, before, currency)
	if len(d.Out) > 0 {
		fmt.Fprintf(a.out, "in all out     %s\n", rowWords(d.Out))
	}
	for _, e := range d.Excerpts {
		fmt.Fprintf(a.out, "document %d is replaced by %q\n", e.Document, e.About.Path())
	}
}

// maxPricesShown is how many changed prices are written for people.
const maxPricesShown = 20

// showPrices writes the prices of rows that were not the same before.
func (a *app) showPrices(d node.Delta, before *node.Delta, currency string) {
	earlier := map[uint64]int64{}
	if before != nil {
		for _, p := range before.Prices {
			earlier[p.Row] = p.Minor
		}
	}
	repriced := 0
	for _, p := range d.Prices {
		was, priced := earlier[p.Row]
		if priced && was == p.Minor {
			continue
		}
		if repriced++; repriced > maxPricesShown {
			continue
		}
		words := demo.Money(deal.Amount{Minor: p.Minor, Currency: currency})
		if priced {
			words += ", before " + demo.Money(deal.Amount{Minor: was, Currency: currency})
		}
		fmt.Fprintf(a.out, "  price        row %d: %s\n", p.Row, words)
	}
	if more := repriced - maxPricesShown; more > 0 {
		fmt.Fprintf(a.out, "  price        of %s more: see --json\n", counted(more, "row"))
	}
}

func (a *app) nodeProveRow() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "prove-row DEAL ROW", Short: "Make a file that proves one row of the data tape to a third party",
		Long: `Make a file that proves one row of the data tape to a third party, who verifies
it with cession verify: the row, its salt, its place under the root that was
notarized, and the act that notarized it. It shows that one row and nothing of
any other.`,
		Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			row, err := rowNumber(args[1])
			if err != nil {
				return usageError{err}
			}
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			proof, err := client.ProveRow(c.Context(), deal.ID(args[0]), row)
			if err != nil {
				return err
			}
			var text strings.Builder
			if err := printJSON(&text, proof); err != nil {
				return err
			}
			return a.save(strings.NewReader(text.String()), file)
		},
	}
	c.Flags().StringVarP(&file, "output", "o", "", "write to this file, which must not exist (default: standard output)")
	return c
}
