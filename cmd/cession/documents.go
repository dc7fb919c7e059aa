package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/node"
)

// documentCommands are the verbs of cession node: what a party does with its
// own node's documents and texts.
func documentCommands(a *app) []*cobra.Command {
	return []*cobra.Command{
		a.nodeAdd(),
		a.documentList("ls", "List the documents of a deal at your node", (*node.Client).Documents),
		a.documentContent("get", "Write a document at your node to standard output or a file", (*node.Client).Content),
		a.nodeMessages(), a.nodeViews(), a.nodeHandover(),
	}
}

func (a *app) documentList(use, short string, list func(*node.Client, context.Context, deal.ID) ([]node.DocumentInfo, error)) *cobra.Command {
	var all bool
	c := &cobra.Command{
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
			if !all {
				docs = slices.DeleteFunc(docs, func(d node.DocumentInfo) bool { return !d.Latest })
			}
			if a.json {
				return printJSON(a.out, docs)
			}
			rows := [][]string{{"INDEX", "NUMBER", "VERSION", "BYTES", "TYPE", "HELD", "LEAF", "TAPE", "NAME"}}
			for _, d := range docs {
				rows = append(rows, []string{
					fmt.Sprint(d.Index), orDash(d.Number), documentVersion(d), fmt.Sprint(d.Size), orDash(string(d.MediaType)), strconv.FormatBool(d.Held),
					d.Leaf.Short(), tapeWords(d.Tape), fmt.Sprintf("%q", d.Path()),
				})
			}
			return table(a.out, rows)
		},
	}
	c.Flags().BoolVar(&all, "all", false, "versions that were superseded too")
	return c
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
