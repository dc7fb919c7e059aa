package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/demo"
	"cession/desk"
)

func (a *app) dealWork() *cobra.Command {
	var f desk.WorkFilter
	c := &cobra.Command{
		Use: "work [DEAL]", Short: "Show what somebody has to do, or wait for, before refused acts can be taken", Args: cobra.MaximumNArgs(1), ValidArgsFunction: a.completeDeals,
		Long: `Show what policy asks for before it lets refused acts through: approvals that
persons have to give, and times that have to pass. A party sees its own queue and
what it was refused itself, with the command that does it; the operator sees all.
Half of its time gone, an item is reminded of; all of it gone, it escalates, and
is still to be done.`,
		Example: "  cession deal work\n  cession deal work --state escalated",
		RunE: func(c *cobra.Command, args []string) error {
			if f.Deal = deal.ID(strings.Join(args, "")); f.Deal != "" {
				if err := f.Deal.Check(); err != nil {
					return usageError{err}
				}
			}
			if f.State != "" && !slices.Contains(workStates, f.State) {
				return usageError{deal.Errorf(deal.Invalid, "--state %.40q: want %s", f.State, strings.Join(workStates, ", "))}
			}
			return a.listWork(c.Context(), f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.State, "state", "", strings.Join(workStates, ", ")+" (default: what is to be done: open and escalated)")
	flags.IntVar(&f.Limit, "limit", 0, "at most so many, up to 200 (default 50)")
	flags.StringVar(&f.Cursor, "cursor", "", "go on after an earlier page")
	complete(c, "state", workStates...)
	return c
}

var workStates = []string{string(deal.WorkOpen), string(deal.WorkEscalated), string(deal.WorkMet), string(deal.WorkLapsed), "all"}

func (a *app) listWork(ctx context.Context, f desk.WorkFilter) error {
	client, err := a.desk()
	if err != nil {
		return err
	}
	page, err := client.Work(ctx, f)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(a.out, page)
	}
	if len(page.Work) == 0 {
		_, err := fmt.Fprintln(a.out, "nothing")
		return err
	}
	var views workViews
	if !a.operates() {
		views = workViews{}
		for _, w := range page.Work {
			if _, known := views[w.Deal]; known || !toBeGiven(w) {
				continue
			}
			if views[w.Deal], err = client.Deal(ctx, w.Deal); err != nil {
				return err
			}
		}
	}
	if err := a.showWork(page.Work, views); err != nil || page.Next == "" {
		return err
	}
	_, err = fmt.Fprintf(a.out, "There are more: --cursor %s\n", page.Next)
	return err
}

// operates reports whether the home is the operator's, who acts for nobody.
func (a *app) operates() bool {
	_, err := os.Stat(in(a.home, operatorToken))
	return a.home != "" && err == nil
}

// toBeGiven reports whether an item is an approval that is still wanted.
func toBeGiven(w desk.WorkItem) bool {
	return w.Kind == deal.NeedApproval && (w.State == deal.WorkOpen || w.State == deal.WorkEscalated)
}

// workViews are the deals of items of work, as who is to do them sees them.
type workViews map[deal.ID]desk.DealView

// showWork writes a table of items, and below each the command with which it is
// done, if the views tell for whom.
func (a *app) showWork(work []desk.WorkItem, views workViews) error {
	rows := [][]string{{"DEAL", "ROOM", "TO TAKE", "IT NEEDS", "OF", "GIVEN", "DUE", "STATE"}}
	for _, w := range work {
		needs, given := "approval by "+w.Meet, fmt.Sprintf("%d of %d", w.Given, w.Wanted)
		if w.Kind != deal.NeedApproval {
			needs, given = "time to pass", "-"
		}
		rows = append(rows, []string{string(w.Deal), orDash(string(w.Room)), w.For, needs, string(w.Party), given, moment(w.Due), workWords(w)})
	}
	var lined bytes.Buffer
	if err := table(&lined, rows); err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimRight(lined.String(), "\n"), "\n") {
		fmt.Fprintln(a.out, strings.TrimRight(line, " "))
		if i == 0 {
			continue
		}
		w := work[i-1]
		fmt.Fprintf(a.out, "  rule %s\n", w.Rule)
		if v, ok := views[w.Deal]; ok && toBeGiven(w) && w.Party == partyOf(v) {
			fmt.Fprintf(a.out, "  %s\n", a.give(w, v))
		}
	}
	return nil
}

func workWords(w desk.WorkItem) string {
	switch {
	case w.State == deal.WorkOpen && w.Reminded != nil:
		return "open, reminded " + moment(*w.Reminded)
	case w.State == deal.WorkEscalated && w.Escalated != nil:
		return "escalated " + moment(*w.Escalated)
	case w.Closed != nil:
		return string(w.State) + " " + moment(*w.Closed)
	}
	return string(w.State)
}

// partyOf is who sees a deal like this, or "" for the operator.
func partyOf(v desk.DealView) deal.PartyID {
	switch {
	case v.Role == "":
		return ""
	case v.Role == deal.Seller:
		return v.Seller
	case v.Deal != nil && v.Role == deal.Buyer && v.Deal.Bidder != nil:
		return v.Deal.Bidder.ID
	case len(v.Rooms) == 1:
		return v.Rooms[0].Room()
	}
	return ""
}

// give writes the command with which one more person approves.
func (a *app) give(w desk.WorkItem, v desk.DealView) string {
	step, action, _ := strings.Cut(w.Meet, ".")
	p, signer := v.Deal, "second"
	if w.Room != "" {
		p = v.Room(w.Room)
	}
	command := a.command(w.Deal, w.Room, deal.Move{Step: step, Action: action})
	if p == nil {
		return command + " --signer " + signer
	}
	if who := p.Opening.Seller; who.ID == w.Party && who.Wallet != w.Not {
		signer = "wallet"
	} else if who := p.Bidder; who != nil && who.ID == w.Party && who.Wallet != w.Not {
		signer = "wallet"
	}
	if price := p.Value("selection", "select", "price").Amount(); step == "terms" && price.Currency != "" {
		command = strings.Replace(command, quoted("price=0.00 EUR"), quoted("price="+strings.ReplaceAll(demo.Money(price), ",", "")), 1)
	}
	return command + " --signer " + signer
}

// showWanted writes what is to be done in a deal before refused acts can be taken.
func (a *app) showWanted(ctx context.Context, client *desk.Client, v desk.DealView) error {
	page, err := client.Work(ctx, desk.WorkFilter{Deal: v.ID})
	if err != nil || len(page.Work) == 0 {
		return err
	}
	fmt.Fprintln(a.out, "\nTo be done")
	views := workViews{v.ID: v}
	if v.Role == "" {
		views = nil
	}
	return a.showWork(page.Work, views)
}

// rulesOf says by which pack a deal or room is judged, if not by the one it was
// opened under.
func rulesOf(p *deal.Progress) string {
	if p.Pack() == p.Opening.Pack {
		return ""
	}
	return fmt.Sprintf("pack %s, adopted by all in place of %s", p.Pack(), p.Opening.Pack.Short())
}

// workEntry says what happened to an item of work.
func workEntry(e desk.Entry) string {
	w, name := e.Work, e.Step+"."+e.Action
	needs := fmt.Sprintf("%d approval by %s", max(1, w.Wanted), w.Meet)
	if w.Wanted > 1 {
		needs = fmt.Sprintf("%d approvals by %s", w.Wanted, w.Meet)
	}
	if w.Kind != deal.NeedApproval {
		needs = "time to pass"
	}
	switch w.Change {
	case desk.WorkOpened:
		return fmt.Sprintf("%s of %s needs %s, until %s: rule %s", name, w.By, needs, moment(w.Due), w.Rule)
	case desk.WorkReminded:
		return fmt.Sprintf("%s of %s still needs %s: half of the time is gone", name, w.By, needs)
	case desk.WorkEscalated:
		return fmt.Sprintf("%s of %s still needs %s: the time is over, it escalates", name, w.By, needs)
	case desk.WorkMet:
		return fmt.Sprintf("%s of %s has what it needed: %s", name, w.By, needs)
	}
	return fmt.Sprintf("%s of %s no longer needs %s", name, w.By, needs)
}
