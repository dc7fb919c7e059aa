package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/demo"
	"cession/node"
	"cession/node/vault"
)

// documentCommands are the verbs of cession node: what a party does with its
// own node's documents and texts.
func documentCommands(a *app) []*cobra.Command {
	return []*cobra.Command{
		a.nodeAdd(),
		a.documentList("ls", "List the documents of a deal at your node", (*node.Client).Documents),
		a.documentContent("get", "Write a document at your node to standard output or a file", (*node.Client).Content),
		a.documentList("room-ls", "List the documents in the seller's data room", (*node.Client).RoomDocuments),
		a.documentContent("room-get", "Read a document in the seller's data room", (*node.Client).RoomContent),
		a.nodeMessages(), a.nodeViews(),
	}
}

func (a *app) nodeAdd() *cobra.Command {
	return &cobra.Command{
		Use: "add DEAL FOLDER", Short: "Hash the documents in a folder, notarize them, store them at your node", Args: cobra.ExactArgs(2),
		Long: `Bring the documents of a portfolio in: each is inspected and hashed here, the
salted hashes are notarized, and then the files go to your own node, which
checks that they are what was hashed. Given again after an interruption, it
goes on.`,
		RunE: func(c *cobra.Command, args []string) error {
			return a.addDocuments(c.Context(), deal.ID(args[0]), args[1])
		},
	}
}

func (a *app) addDocuments(ctx context.Context, id deal.ID, dir string) error {
	if err := id.Check(); err != nil {
		return usageError{err}
	}
	docs, err := demo.ReadPortfolio(dir)
	if err != nil {
		return err
	}
	client, _, err := a.node()
	if err != nil {
		return err
	}
	defer client.Close()
	planned := make([]node.PlannedDocument, len(docs))
	for i, d := range docs {
		planned[i] = node.PlannedDocument{Name: d.Name, Sum: d.Sum}
	}
	if err := a.countTapes(ctx, client, id, docs); err != nil {
		return err
	}
	set, err := client.Plan(ctx, id, planned)
	if err != nil {
		return err
	}
	if err := a.notarize(ctx, client, id, set); err != nil {
		return err
	}
	return a.uploadAll(ctx, client, id, docs)
}

// countTapes has the node count the data tapes among the documents: what is
// notarized says how complete they are.
func (a *app) countTapes(ctx context.Context, client *node.Client, id deal.ID, docs []demo.Document) error {
	for _, d := range docs {
		if !strings.EqualFold(filepath.Ext(d.Name), ".csv") {
			continue
		}
		file, err := d.Open()
		if err != nil {
			return err
		}
		report, err := client.CountTape(ctx, id, file, d.Sum.Size)
		file.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		if t := report.Tape; t != nil && !a.json {
			fmt.Fprintf(a.out, "%s is a data tape: %s\n", d.Name, tapeWords(t))
			for _, c := range t.Columns {
				if c.Missing > 0 {
					fmt.Fprintf(a.out, "  %d of %d lack %s\n", c.Missing, t.Rows, c.Field)
				}
			}
		}
	}
	return nil
}

// tapeWords says how complete a data tape is.
func tapeWords(t *vault.TapeCount) string {
	if t == nil {
		return "-"
	}
	return fmt.Sprintf("%d rows, %d values missing", t.Rows, t.Missing)
}

// notarize takes the act documents.notarize, unless it is on record for this set.
func (a *app) notarize(ctx context.Context, client *node.Client, id deal.ID, set node.IntakeSet) error {
	v, err := client.Deal(ctx, id)
	if err != nil {
		return err
	}
	if v.Deal != nil && v.Deal.Value("documents", "notarize", "root").Commitment() == set.Root {
		return nil
	}
	outcome, err := client.Act(ctx, node.ActRequest{Deal: id, Step: "documents", Action: "notarize", Key: "notarize/" + string(id) + "/" + set.Root.String()})
	if err != nil {
		return err
	}
	if outcome.Verdict != deal.Accepted || !a.json {
		return a.showOutcome(outcome, "documents.notarize")
	}
	return nil
}

func (a *app) uploadAll(ctx context.Context, client *node.Client, id deal.ID, docs []demo.Document) error {
	for i, d := range docs {
		if err := uploadOne(ctx, client, id, uint64(i), d); err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		if !a.json {
			fmt.Fprintf(a.out, "%d of %d  %s\n", i+1, len(docs), d.Name)
		}
	}
	list, err := client.Documents(ctx, id)
	if err == nil && a.json {
		err = printJSON(a.out, list)
	}
	return err
}

func uploadOne(ctx context.Context, client *node.Client, id deal.ID, index uint64, d demo.Document) error {
	file, err := d.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	return client.Upload(ctx, id, index, file, d.Sum.Size)
}

func (a *app) documentList(use, short string, list func(*node.Client, context.Context, deal.ID) ([]node.DocumentInfo, error)) *cobra.Command {
	return &cobra.Command{
		Use: use + " DEAL", Short: short, Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			docs, err := list(client, c.Context(), deal.ID(args[0]))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, docs)
			}
			rows := [][]string{{"INDEX", "BYTES", "TYPE", "HELD", "LEAF", "TAPE", "NAME"}}
			for _, d := range docs {
				rows = append(rows, []string{
					fmt.Sprint(d.Index), fmt.Sprint(d.Size), orDash(string(d.MediaType)), strconv.FormatBool(d.Held), d.Leaf.Short(), tapeWords(d.Tape), fmt.Sprintf("%q", d.Name),
				})
			}
			return table(a.out, rows)
		},
	}
}

func (a *app) documentContent(use, short string, open func(*node.Client, context.Context, deal.ID, uint64) (io.ReadCloser, error)) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: use + " DEAL INDEX", Short: short, Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			index, err := strconv.ParseUint(args[1], 10, 32)
			if err != nil {
				return usageError{fmt.Errorf("index %.20q: want a number, from 0", args[1])}
			}
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			content, err := open(client, c.Context(), deal.ID(args[0]), index)
			if err != nil {
				return err
			}
			defer content.Close()
			return a.save(content, file)
		},
	}
	c.Flags().StringVarP(&file, "output", "o", "", "write to this file, which must not exist (default: standard output)")
	return c
}

// save writes a document as a whole or not at all; it overwrites nothing.
func (a *app) save(content io.Reader, file string) error {
	if file == "" {
		_, err := io.Copy(a.out, content)
		return err
	}
	if _, err := os.Lstat(file); err == nil {
		return deal.Errorf(deal.Conflict, "%s is there already", file)
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = io.Copy(tmp, content)
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return os.Link(tmp.Name(), file) // fails if somebody else made it meanwhile
}

func (a *app) nodeMessages() *cobra.Command {
	return &cobra.Command{
		Use: "messages DEAL BIDDER", Short: "Show the questions and answers of a room", Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			list, err := client.Messages(c.Context(), deal.ID(args[0]), deal.PartyID(args[1]))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, list)
			}
			for _, m := range list {
				fmt.Fprintf(a.out, "%s  %s  %s  %q\n", m.Act.Short(), m.Party, m.Field, m.Text) // quoted: it is the other side's text
			}
			return nil
		},
	}
}

func (a *app) nodeViews() *cobra.Command {
	return &cobra.Command{
		Use: "views", Short: "Show who asked your node for what", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			list, err := client.Views(c.Context())
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, list)
			}
			rows := [][]string{{"TIME", "PARTY", "WHAT", "INDEX", "RESULT", "DEAL"}}
			for _, v := range list {
				rows = append(rows, []string{moment(v.At), orDash(string(v.Party)), v.What, fmt.Sprint(v.Index), v.Result, orDash(string(v.Deal))})
			}
			return table(a.out, rows)
		},
	}
}
