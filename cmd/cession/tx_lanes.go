package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
)

func (a *app) txLanes() *cobra.Command {
	return &cobra.Command{
		Use: "lanes", Short: "List the lanes: signer, nonces, fees, balance, what is wrong", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := a.desk()
			if err != nil {
				return err
			}
			list, err := client.Lanes(c.Context())
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, list)
			}
			return a.showLanes(list, time.Now())
		},
	}
}

func (a *app) showLanes(list desk.LaneList, now time.Time) error {
	columns := append(append([]column{}, laneColumns...), column{head: "VERSION", right: true}, column{head: "SIGNER"}, column{head: "STATE"})
	var rows [][]string
	for _, l := range list.Lanes {
		rows = append(rows, append(laneCells(l), fmt.Sprint(l.Version), l.Address.String(), cmp.Or(laneState(l), "works")))
	}
	a.silence(list.Silent)
	if len(rows) > 0 {
		fmt.Fprintln(a.out, strings.Join(lines(columns, rows, 1<<16), "\n"))
	}
	for _, l := range list.Lanes {
		for _, why := range l.Reasons {
			m := a.laneRemedy(l, why)
			fmt.Fprintf(a.out, "\n%s %s for %s\n  %s %s\n", laneName(l.Lane), why, since(l.Since, now), m.Means, m.Do)
			if m.Command != "" {
				fmt.Fprintf(a.out, "  %s\n", m.Command)
			}
		}
		for _, p := range l.Pending {
			fmt.Fprintf(a.out, "\n%s\n", a.proposal(l.Lane, p))
		}
	}
	return nil
}

// proposal says that a command waits for a second operator, who types what.
func (a *app) proposal(laneID string, c lane.Command) string {
	return fmt.Sprintf("%s wants %s of %s (%s). Another operator types: %s", c.Actor, c.Verb, targetOf(laneID, c), c.Cause, a.approval(c))
}

// approval is the command that approves another.
func (a *app) approval(c lane.Command) string {
	words := []string{"tx", "approve", c.ID, "--reason", string(c.Cause)}
	if c.Ticket != "" {
		words = append(words, "--ticket", c.Ticket)
	}
	return a.line(words...)
}

// findLane returns the lane of an id, of a signer's address, or of the beginning
// of one; of no name at all, the only lane there is.
func findLane(ctx context.Context, client lister, name string) (lane.Listing, error) {
	list, err := client.Lanes(ctx)
	if err != nil {
		return lane.Listing{}, err
	}
	return pickLane(list.Lanes, name)
}

type lister interface {
	Lanes(ctx context.Context) (desk.LaneList, error)
}

func pickLane(lanes []lane.Listing, name string) (found lane.Listing, err error) {
	n := 0
	var names []string
	for _, l := range lanes {
		names = append(names, laneName(l.Lane))
		if name == "" || l.Lane == name || isPrefix(name, l.Address.String()) {
			found = l
			n++
		}
	}
	switch {
	case n == 1:
		return found, nil
	case n == 0 && len(lanes) == 0:
		return found, deal.Errorf(deal.NotFound, "no lane answers: does a worker run?")
	case n == 0:
		return found, deal.Errorf(deal.NotFound, "no lane %.70s: want one of %s", name, strings.Join(names, ", "))
	case name == "":
		return found, usageError{deal.Errorf(deal.Invalid, "which lane? want one of %s", strings.Join(names, ", "))}
	}
	return found, deal.Errorf(deal.Conflict, "%d lanes begin with %s: give more of it, one of %s", n, name, strings.Join(names, ", "))
}

// isPrefix reports whether a word is the beginning of an address or hash, of 6
// digits at least.
func isPrefix(word, full string) bool {
	word = strings.ToLower(word)
	if !strings.HasPrefix(word, "0x") {
		word = "0x" + word
	}
	return len(word) >= 8 && strings.HasPrefix(full, word)
}
