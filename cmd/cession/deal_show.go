package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/demo"
	"cession/desk"
)

func (a *app) dealShow() *cobra.Command {
	return &cobra.Command{
		Use: "show DEAL", Short: "Show where a deal stands and what can be done", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error { return a.showDeal(c.Context(), deal.ID(args[0])) },
	}
}

func (a *app) showDeal(ctx context.Context, id deal.ID) error {
	if err := id.Check(); err != nil {
		return usageError{err}
	}
	client, err := a.desk()
	if err != nil {
		return err
	}
	v, err := client.Deal(ctx, id)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(a.out, v)
	}
	a.showHead(v)
	scopes := slices.Clone(v.Rooms)
	if v.Deal != nil {
		scopes = append([]deal.Progress{*v.Deal}, scopes...)
	}
	for i := range scopes {
		if err := a.showScope(&scopes[i]); err != nil {
			return err
		}
	}
	if err := a.showWanted(ctx, client, v); err != nil {
		return err
	}
	a.showMoves(v, scopes)
	return nil
}

func (a *app) showHead(v desk.DealView) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(a.out, "%-11s %s\n", name, value)
		}
	}
	line("deal", string(v.ID))
	line("seller", string(v.Seller))
	line("you are", string(v.Role))
	line("state", string(v.State))
	line("stage", v.Stage)
	line("waiting on", roles(v.WaitingOn))
	if v.Due != nil {
		line("due", moment(*v.Due)+" UTC")
	}
	if t := v.Title; t != nil {
		line("title", t.Token.String())
		line("face", demo.Money(t.Face))
		line("documents", fmt.Sprintf("%d, root %s", t.Documents.Count, t.Documents.Root))
	}
	if v.Deal != nil {
		if price := v.Deal.Value("selection", "select", "price").Amount(); price.Currency != "" {
			line("price", demo.Money(price))
		}
		if v.Deal.Bidder != nil {
			line("buyer", string(v.Deal.Bidder.ID))
		}
		line("handover", movingOf(v))
		line("rules", rulesOf(v.Deal))
		for _, t := range v.Deal.Troubles {
			line("trouble", fmt.Sprintf("%s %s since %s UTC", t.Kind, t.Party, moment(t.Since)))
		}
	}
}

// movingOf says how far the documents are on their way to the buyer, while they are.
func movingOf(v desk.DealView) string {
	m := v.Moving
	if m == nil {
		return ""
	}
	text := fmt.Sprintf("%d of %d documents verified by the buyer's node, %d bytes", m.Documents, v.Deal.PerimeterCount(), m.Bytes)
	if m.Attempt > 1 {
		text += fmt.Sprintf(", attempt %d", m.Attempt)
	}
	return text
}

// showScope writes the steps of the deal or of a room, with the acts taken in them.
func (a *app) showScope(p *deal.Progress) error {
	if p.Scope == deal.PerDeal {
		fmt.Fprintln(a.out, "\nDeal")
	} else {
		fmt.Fprintf(a.out, "\nRoom of %s: %s\n", p.Room(), p.State)
		if rules := rulesOf(p); rules != "" {
			fmt.Fprintf(a.out, " rules: %s\n", rules)
		}
	}
	moves := p.Possible()
	var rows [][]string
	for _, s := range p.Steps {
		def, _ := p.Opening.Plan.Step(s.ID)
		var acts []string
		for _, r := range p.Records {
			if r.Act.Step == s.ID {
				acts = append(acts, r.Act.Action+" "+moment(r.At)[11:16])
			}
		}
		mark := " "
		switch {
		case s.Done != nil:
			mark = "x"
		case slices.ContainsFunc(moves, func(m deal.Move) bool { return m.Step == s.ID }):
			mark = ">"
		}
		rows = append(rows, []string{" " + mark + " " + s.ID, def.Title, strings.Join(acts, ", ")})
	}
	return table(a.out, rows)
}

// showMoves writes what the caller can do now, as commands.
func (a *app) showMoves(v desk.DealView, scopes []deal.Progress) {
	if v.Role == "" {
		return // the operator acts for nobody
	}
	var lines []string
	for i := range scopes {
		role := v.Role
		if scopes[i].Scope == deal.PerBidder && role == deal.Buyer {
			role = deal.BidderAs
		}
		for _, m := range scopes[i].Possible() {
			if slices.Contains(m.By, role) {
				lines = append(lines, "  "+a.command(v.ID, scopes[i].Room(), m))
			}
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(a.out, "\nYou can\n%s\n", strings.Join(lines, "\n"))
	}
}

// command writes a move as a command line, with the fields the node does not
// fill in itself.
func (a *app) command(id deal.ID, room deal.PartyID, m deal.Move) string {
	words := []string{"cession", "deal", "act", string(id), m.Step, m.Action}
	if a.home != "" {
		words = slices.Insert(words, 1, "--home", quoted(a.home))
	}
	if room != "" {
		words = append(words, "--room", string(room))
	}
	_, action, err := deal.Standard().Action(m.Step, m.Action)
	if err != nil {
		return strings.Join(words, " ")
	}
	for _, f := range action.Fields {
		if !f.Optional && !filledIn(m.Step+"."+m.Action, f) {
			words = append(words, "--field", quoted(f.ID+"="+exampleOf(f)))
		}
	}
	return strings.Join(words, " ")
}
