package main

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
)

func newTxCommand(a *app) *cobra.Command {
	c := group("tx", "Look at the operator's transactions, and put right what is stuck")
	c.Long = `Look at the transactions of the operator's lanes, and put right what is stuck.

A lane is one signer on one chain; it sends the transactions of the deals that are
hashed to it, each exactly once. --home is the operator's data folder. Start with
cession tx ls, or cession tx watch: what is stuck stands on top, with the command
to type.

A command is about a transaction, named by its intent, by the hash of any of its
attempts, or by the beginning of either; or about a lane, named by its signer's
address or the beginning of it. It says what it will act on and at which version;
if that has changed by then, nothing happens. --dry-run only says what it would do.
Each is put before policy, and is on record with who did it and why; some wait for
a second operator, who types cession tx approve.`
	flags := c.PersistentFlags()
	flags.StringVar(&a.deskURL, "desk", "", "URL of the desk (default: the one in --home)")
	flags.StringVar(&a.tokenFile, "token-file", "", "file with your own operator's token (default: the one in --home)")
	c.AddCommand(a.txList(), a.txShow(), a.txWatch(), a.txLanes(), a.txLog(), a.txSpending())
	c.AddCommand(a.txVerbs()...)
	return c
}

func (a *app) txList() *cobra.Command {
	var id, status, laneID string
	var f desk.TransactionFilter
	c := &cobra.Command{
		Use: "ls", Short: "List transactions: stuck first, then open, then the newest that ended", Args: cobra.NoArgs,
		Example: "  cession tx ls --stuck\n  cession tx ls --deal d-…",
		RunE: func(c *cobra.Command, _ []string) error {
			f.Deal, f.Status = deal.ID(id), lane.Status(status)
			if f.Deal != "" && f.Deal.Check() != nil {
				return usageError{f.Deal.Check()}
			}
			client, err := a.desk()
			if err != nil {
				return err
			}
			if laneID != "" {
				l, err := findLane(c.Context(), client, laneID)
				if err != nil {
					return err
				}
				f.Lane = l.Lane
			}
			page, err := client.Transactions(c.Context(), f)
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, page)
			}
			return a.showTransactions(page, lanesBehind(c.Context(), client, page.Transactions), time.Now())
		},
	}
	flags := c.Flags()
	flags.BoolVar(&f.Stuck, "stuck", false, "only what does not go on as it should")
	flags.StringVar(&id, "deal", "", "only those of this deal")
	flags.StringVar(&laneID, "lane", "", "only those of this lane: its signer's address, or the beginning")
	flags.StringVar(&status, "status", "", "only those of this status")
	flags.IntVar(&f.Limit, "limit", 50, "at most so many")
	flags.StringVar(&f.Cursor, "cursor", "", "go on after an earlier page")
	complete(c, "status", string(lane.Queued), string(lane.Signed), string(lane.Sent), string(lane.Mined), string(lane.Final), string(lane.Failed), string(lane.Moved))
	return c
}

// listColumns are those of a list that is printed: nothing is left out of it,
// and what to do is the whole command.
func listColumns() []column {
	list := append([]column{}, txColumns...)
	list[len(list)-1].head = "WHAT TO DO"
	return list
}

// lanesBehind returns the lanes of transactions: their fees, limits and proposals
// make what is said of them more exact. Without an answer it is said all the same.
func lanesBehind(ctx context.Context, client lister, list []desk.Transaction) map[string]lane.Listing {
	lanes := map[string]lane.Listing{}
	if !slices.ContainsFunc(list, func(t desk.Transaction) bool { return t.Stuck }) {
		return lanes
	}
	answer, err := client.Lanes(ctx)
	if err != nil {
		return lanes
	}
	for _, l := range answer.Lanes {
		lanes[l.Lane] = l
	}
	return lanes
}

// rowOf is a transaction of a list, with its lane if that is known.
func rowOf(t desk.Transaction, lanes map[string]lane.Listing) txRow {
	l, known := lanes[t.Lane]
	if !known {
		l = lane.Listing{Lane: t.Lane, Address: t.Signer}
	}
	return txRow{lane: l, Item: t.Item}
}

func (a *app) showTransactions(page desk.TransactionPage, lanes map[string]lane.Listing, now time.Time) error {
	a.silence(page.Silent)
	if len(page.Transactions) == 0 {
		_, err := fmt.Fprintln(a.out, "No transactions.")
		return err
	}
	stuck := 0
	list := make([]txRow, len(page.Transactions))
	for i, t := range page.Transactions {
		list[i] = rowOf(t, lanes)
	}
	queue(list)
	var rows [][]string
	for _, r := range list {
		cells, todo := r.cells(now), "-"
		if r.Stuck {
			todo = orDash(a.rowRemedy(r).Command)
			stuck++
		}
		cells[len(cells)-1] = todo
		rows = append(rows, cells)
	}
	for _, l := range a.listed(rows) {
		fmt.Fprintln(a.out, l)
	}
	if stuck > 0 {
		fmt.Fprintf(a.out, "%d stuck. Why, and every attempt: %s\n", stuck, a.line("tx", "show", "INTENT"))
	}
	if page.Next != "" {
		fmt.Fprintf(a.out, "There are more: --cursor %s\n", page.Next)
	}
	return nil
}

// listed writes rows with nothing left out; where the terminal is too narrow,
// what to do stands below its row and the least needed columns are.
func (a *app) listed(rows [][]string) []string {
	columns := listColumns()
	width, last := terminalWidth(a.out), len(columns)-1
	wide := lines(columns, rows, 1<<16)
	if width == 0 || !slices.ContainsFunc(wide, func(l string) bool { return utf8.RuneCountInString(l) > width }) {
		return wide
	}
	short := make([][]string, len(rows))
	for i, row := range rows {
		short[i] = row[:last]
	}
	narrow := lines(columns[:last], short, width)
	list := narrow[:1]
	for i, l := range narrow[1:] {
		list = append(list, l)
		if todo := rows[i][last]; todo != "-" {
			list = append(list, "    "+todo)
		}
	}
	return list
}

// silence warns of lanes that did not answer.
func (a *app) silence(lanes []string) {
	for _, id := range lanes {
		fmt.Fprintf(a.err, "cession: lane %s gives no answer: what it has in flight is missing here. Does a worker run?\n", laneName(id))
	}
}
