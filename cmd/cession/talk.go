package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/node"
)

// talkCommands are the verbs of cession node for questions and answers.
func talkCommands(a *app) []*cobra.Command {
	faq := &cobra.Command{Use: "faq", Short: "What the seller tells all bidders of a deal"}
	faq.AddCommand(a.faqList(), a.faqPublish())
	return []*cobra.Command{a.nodeQuestions(), a.nodeAsk(), a.nodeAnswer(), faq, a.nodeReveal()}
}

// withNode runs a verb with a client of the party's node.
func (a *app) withNode(do func(*node.Client, nodeFile) error) error {
	client, file, err := a.node()
	if err != nil {
		return err
	}
	defer client.Close()
	return do(client, file)
}

func (a *app) nodeQuestions() *cobra.Command {
	var bidder string
	c := &cobra.Command{
		Use: "questions DEAL", Short: "Show questions and answers, what is overdue first", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(func(client *node.Client, _ nodeFile) error {
				talk, err := client.Questions(c.Context(), deal.ID(args[0]), deal.PartyID(bidder))
				if err != nil {
					return err
				}
				if a.json {
					return printJSON(a.out, talk)
				}
				writeTalk(a.out, talk, time.Now())
				return nil
			})
		},
	}
	c.Flags().StringVar(&bidder, "bidder", "", "only this bidder's room (default: every room you are in)")
	return c
}

// writeTalk writes questions for people. Texts are quoted: they are the other side's.
func writeTalk(out io.Writer, talk node.Talk, now time.Time) {
	if len(talk.Questions) == 0 {
		fmt.Fprintln(out, "no questions yet")
	}
	for _, q := range talk.Questions {
		fmt.Fprintf(out, "%s  %d of %s%s\n", strings.ToUpper(string(q.State)), q.Number, q.Room, answerDue(q, now))
		if q.Place != nil {
			fmt.Fprintf(out, "  about    %s\n", placeWords(*q.Place))
		}
		if !q.About.IsZero() {
			fmt.Fprintf(out, "  follows  %s\n", q.About)
		}
		writeSaid(out, "asked", q.Said)
		for _, s := range q.Answers {
			writeSaid(out, "answered", s)
		}
	}
	if talk.Erased {
		fmt.Fprintln(out, "The texts of this deal were destroyed at your node.")
	}
	rooms := make([]string, 0, len(talk.Unheard))
	for room, why := range talk.Unheard {
		rooms = append(rooms, fmt.Sprintf("The other node of the room of %s was not heard now (%s).", room, why))
	}
	slices.Sort(rooms)
	for _, words := range rooms {
		fmt.Fprintln(out, words)
	}
}

func writeSaid(out io.Writer, verb string, s node.Said) {
	fmt.Fprintf(out, "  %-8s %s  %s  act %s\n", verb, moment(s.At), s.By, s.Act)
	if s.Text != "" {
		fmt.Fprintf(out, "           %q\n", s.Text)
	}
	if len(s.Withheld) > 0 {
		fmt.Fprintf(out, "           TEXT WITHHELD: the act is on record, but its %s never came from %s's node; it is asked for again\n",
			strings.Join(s.Withheld, " and "), s.By)
	}
	if s.Trouble == node.WrongThread {
		fmt.Fprintln(out, "           WRONG THREAD: the act was signed over another course of the talk than is on record")
	}
}

func answerDue(q node.Question, now time.Time) string {
	switch {
	case q.Due == nil:
		return ""
	case q.State == node.QuestionOverdue:
		return fmt.Sprintf(", due %s, %s ago", moment(*q.Due), now.Sub(*q.Due).Round(time.Minute))
	}
	return ", due " + moment(*q.Due)
}

func placeWords(p node.Placed) string {
	var words []string
	if p.Document != nil {
		doc := "document " + strconv.FormatUint(*p.Document, 10)
		if p.Number != "" {
			doc = "document " + oneLine(p.Number)
		}
		if p.Name != "" {
			doc += fmt.Sprintf(" %q", p.Name)
		}
		words = append(words, fmt.Sprintf("%s, version %d", doc, p.Version))
	}
	if p.Page > 0 {
		words = append(words, fmt.Sprintf("page %d", p.Page))
	}
	if p.Topic != "" {
		words = append(words, fmt.Sprintf("%q", p.Topic))
	}
	return strings.Join(words, ", ")
}
