package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cession/chain/lane"
	"cession/desk"
)

func (a *app) txShow() *cobra.Command {
	return &cobra.Command{
		Use: "show TX", Short: "Show everything of a transaction: attempts, fees, errors, what to do", Args: cobra.ExactArgs(1),
		ValidArgsFunction: a.completeTx(aTransaction),
		Long: `Show everything of a transaction: what it is for, what holds it up and the command
to type, every attempt with its fees and errors, the decoded call, and what became
of it so far. TX is its intent, the hash of any attempt, or the beginning of either.`,
		RunE: func(c *cobra.Command, args []string) error {
			client, err := a.desk()
			if err != nil {
				return err
			}
			d, err := findTransaction(c.Context(), client, args[0])
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, d)
			}
			lanes := lanesBehind(c.Context(), client, []desk.Transaction{d.Transaction})
			a.writeDetail(a.out, d, rowOf(d.Transaction, lanes), time.Now())
			return nil
		},
	}
}

// writeDetail writes everything that is known of a transaction, the most urgent
// first.
func (a *app) writeDetail(out io.Writer, d desk.TransactionDetail, r txRow, now time.Time) {
	t := d.Transaction
	fmt.Fprintf(out, "%s %s for %s\n\n", orDash(t.Call), r.state(), r.age(now))
	a.writeTrouble(out, r, now)
	for _, c := range r.lane.Pending {
		if c.Intent == r.Intent {
			fmt.Fprintf(out, "%s\n\n", a.proposal(r.lane.Lane, c))
		}
	}
	writePairs(out, a.headOf(t, now))
	if d.Record == nil {
		fmt.Fprint(out, "\nThis is what was kept of it: its lane has forgotten it, or gives no answer.\n")
	} else {
		writeAttempts(out, d.Record)
	}
	if len(d.Blocks) > 0 {
		fmt.Fprintf(out, "\nIt blocks %d\n", len(d.Blocks))
		for _, b := range d.Blocks {
			fmt.Fprintf(out, "  %s  %s  %s in %s\n", b.Intent.Short(), b.Call, orDash(b.Step), orDash(string(b.Deal)))
		}
	}
	if len(d.Arguments) > 0 {
		fmt.Fprintf(out, "\n%s with\n", t.Call)
		rows := [][2]string{}
		for _, arg := range d.Arguments {
			rows = append(rows, [2]string{"  " + arg.Name, arg.Value})
		}
		writePairs(out, rows)
	}
	if d.Record != nil {
		writeTrail(out, d.Record.Trail)
	}
}

// writeTrouble says why it is stuck, what that means and the command to type.
func (a *app) writeTrouble(out io.Writer, r txRow, now time.Time) {
	if r.why() == "" {
		return
	}
	fmt.Fprint(out, r.why())
	if r.Detail != "" {
		fmt.Fprintf(out, " (%s)", r.Detail)
	}
	if !r.Since.IsZero() {
		fmt.Fprintf(out, " for %s", since(r.Since, now))
	}
	fmt.Fprintln(out)
	if ended(r.Status) && !r.Stuck {
		fmt.Fprintln(out)
		return
	}
	m := a.rowRemedy(r)
	for _, l := range wrap(m.Means+" "+m.Do, 78) {
		fmt.Fprintf(out, "  %s\n", l)
	}
	if m.Command != "" {
		fmt.Fprintf(out, "  %s\n", atVersion(m.Command, r))
	}
	fmt.Fprintln(out)
}

// atVersion has a command act only on what was shown. Commands on the lane have
// another version, which is not shown here.
func atVersion(command string, r txRow) string {
	if !strings.Contains(command, r.Intent.Short()) {
		return command
	}
	return command + " --version " + strconv.FormatUint(r.Version, 10)
}

// headOf are the facts about a transaction.
func (a *app) headOf(t desk.Transaction, now time.Time) [][2]string {
	rows := [][2]string{{"intent", t.Intent.String()}}
	if t.Deal != "" {
		rows = append(rows, [2]string{"for", t.Step + " in " + string(t.Deal) + ": " + a.line("deal", "show", string(t.Deal))})
	}
	rows = append(rows, [2]string{"lane", t.Lane}, [2]string{"version", strconv.FormatUint(t.Version, 10)},
		[2]string{"submitted", moment(t.Submitted) + " UTC, " + since(t.Submitted, now) + " ago"})
	if !t.By.IsZero() {
		rows = append(rows, [2]string{"useful until", moment(t.By) + " UTC, " + until(t.By, now)})
	}
	if t.Nonce != nil {
		rows = append(rows, [2]string{"nonce", strconv.FormatUint(*t.Nonce, 10)})
	}
	if !t.Tx.IsZero() {
		rows = append(rows, [2]string{"transaction", t.Tx.String()})
	}
	if receipt := t.Receipt; receipt != nil && receipt.Block != 0 {
		rows = append(rows, [2]string{"in block", fmt.Sprintf("%d, %s gas at %s", receipt.Block, strconv.FormatUint(receipt.Gas, 10), perGas(receipt.GasPrice))})
	}
	if t.Fee != 0 {
		rows = append(rows, [2]string{"paid", inEther(t.Fee)})
	}
	return rows
}

// until says how long there is until a deadline.
func until(t, now time.Time) string {
	if t.Before(now) {
		return "which is over"
	}
	return "in " + age(t.Sub(now))
}

func writePairs(out io.Writer, rows [][2]string) {
	width := 0
	for _, r := range rows {
		width = max(width, len(r[0]))
	}
	for _, r := range rows {
		fmt.Fprintf(out, "%-*s  %s\n", width, r[0], r[1])
	}
}

// writeAttempts writes every attempt, the newest last.
func writeAttempts(out io.Writer, r *lane.Record) {
	if len(r.Attempts) == 0 {
		fmt.Fprint(out, "\nNothing was signed for it yet.\n")
		return
	}
	fmt.Fprintf(out, "\nAttempts\n")
	for i, at := range r.Attempts {
		fmt.Fprintf(out, "%3d  %s\n     %s\n", i+1, at.Hash, attemptState(r, at))
		fmt.Fprintf(out, "     nonce %d, %d gas, tip %s, cap %s, signed %s\n", at.Nonce, at.Gas, perGas(at.Tip), perGas(at.Cap), moment(at.At))
	}
}

func attemptState(r *lane.Record, at lane.Attempt) string {
	state := "signed, not sent"
	switch {
	case r.Mined != nil && r.Mined.Tx == at.Hash:
		state = fmt.Sprintf("in block %d", r.Mined.Block)
	case at.Sent:
		state = "a node has it"
	case at.Tried:
		state = "sent, no node is known to have it"
	}
	if at.Blank {
		state += ", of nothing"
	}
	if at.Error != "" {
		state += ", " + string(at.Error)
	}
	return state
}

// writeTrail writes what became of it, oldest first.
func writeTrail(out io.Writer, trail []lane.Mark) {
	if len(trail) == 0 {
		return
	}
	var rows [][]string
	for _, m := range trail {
		what := string(m.Status)
		if m.Verb != "" {
			what = "operator: " + string(m.Verb)
		}
		tx := ""
		if !m.Tx.IsZero() {
			tx = m.Tx.Short()
		}
		rows = append(rows, []string{"  " + moment(m.At), what, string(m.Reason), tx})
	}
	fmt.Fprintf(out, "\nWhat became of it\n%s\n", strings.Join(lines(make([]column, 4), rows, 1<<16)[1:], "\n"))
}
