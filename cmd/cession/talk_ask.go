package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/node"
)

// askFlags is a question as it stands on a command line.
type askFlags struct {
	document, topic, about, due, key string
	page                             uint64
}

func (a *app) nodeAsk() *cobra.Command {
	var f askFlags
	c := &cobra.Command{
		Use: "ask DEAL TEXT|@FILE|@-", Short: "Ask the seller a question, about a document and page if you like", Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		Example: `  cession node ask d-… --document 2.1.3 --page 12 --topic collateral --due +3d @-`,
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(func(client *node.Client, file nodeFile) error {
				id := deal.ID(args[0])
				fields, err := a.askFields(c, client, id, args[1], f)
				if err != nil {
					return err
				}
				return a.takeTalk(c.Context(), client, node.ActRequest{Deal: id, Room: file.Party, Step: "questions", Action: "ask", Fields: fields, Key: f.key})
			})
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.document, "document", "", "index number (2.1.3) or index (#4) of the document it is about")
	flags.Uint64Var(&f.page, "page", 0, "page of the document, from 1")
	flags.StringVar(&f.topic, "topic", "", "what it is about, in a word or two")
	flags.StringVar(&f.about, "about", "", "act of the earlier question that it follows up")
	flags.StringVar(&f.due, "due", "", "by when an answer is asked for: RFC 3339, or +3d")
	flags.StringVar(&f.key, "key", "", "idempotency key: the same key again is the same request")
	return c
}

func (a *app) askFields(c *cobra.Command, client *node.Client, id deal.ID, text string, f askFlags) (map[string]string, error) {
	words := []string{"question=" + text}
	for name, value := range map[string]string{"about": f.about, "due": f.due} {
		if value != "" {
			words = append(words, name+"="+value)
		}
	}
	_, action, err := deal.Standard().Action("questions", "ask")
	if err != nil {
		return nil, err
	}
	fields, err := parseFields(action, words, c.InOrStdin(), time.Now())
	if err != nil {
		return nil, usageError{err}
	}
	if f.page > 0 && f.document == "" {
		return nil, usageError{errors.New("--page: say with --document of which document")}
	}
	if f.document == "" && f.topic == "" {
		return fields, nil
	}
	place := node.Place{Page: f.page, Topic: f.topic}
	if f.document != "" {
		index, err := findDocument(c.Context(), client, id, f.document)
		if err != nil {
			return nil, err
		}
		place.Document = &index
	}
	fields["place"] = place.String()
	return fields, nil
}

// findDocument finds a document of the data room by its number, or #index.
func findDocument(ctx context.Context, client *node.Client, id deal.ID, name string) (uint64, error) {
	if index, ok := strings.CutPrefix(name, "#"); ok {
		i, err := strconv.ParseUint(index, 10, 31)
		if err != nil {
			return 0, usageError{errors.New("--document: want an index number like 2.1.3, or an index like #4")}
		}
		return i, nil
	}
	list, err := client.RoomDocuments(ctx, id)
	if err != nil {
		return 0, err
	}
	found, any := uint64(0), false
	for _, d := range list {
		if d.Number == name && (!any || d.Latest) {
			found, any = d.Index, true
		}
	}
	if !any {
		return 0, deal.Errorf(deal.NotFound, "the data room has no document %.40q: cession node room-ls lists them", name)
	}
	return found, nil
}

func (a *app) nodeAnswer() *cobra.Command {
	var key string
	c := &cobra.Command{
		Use: "answer DEAL ACT TEXT|@FILE|@-", Short: "Answer a bidder's question", Args: cobra.ExactArgs(3), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			_, action, err := deal.Standard().Action("questions", "answer")
			if err != nil {
				return err
			}
			fields, err := parseFields(action, []string{"asked=" + args[1], "answer=" + args[2]}, c.InOrStdin(), time.Now())
			if err != nil {
				return usageError{err}
			}
			return a.withNode(func(client *node.Client, _ nodeFile) error {
				id := deal.ID(args[0])
				talk, err := client.Questions(c.Context(), id, "")
				if err != nil {
					return err
				}
				i := slices.IndexFunc(talk.Questions, func(q node.Question) bool { return q.Act.String() == fields["asked"] })
				if i < 0 {
					return deal.Errorf(deal.NotFound, "no room of %s has a question %.70q", id, args[1])
				}
				return a.takeTalk(c.Context(), client, node.ActRequest{
					Deal: id, Room: talk.Questions[i].Room, Step: "questions", Action: "answer", Fields: fields, Key: key,
				})
			})
		},
	}
	c.Flags().StringVar(&key, "key", "", "idempotency key: the same key again is the same request")
	return c
}

func (a *app) takeTalk(ctx context.Context, client *node.Client, req node.ActRequest) error {
	outcome, err := client.Act(ctx, req)
	if err != nil {
		return err
	}
	return a.showOutcome(outcome, req.Step+"."+req.Action)
}
