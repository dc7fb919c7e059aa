package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/node"
)

// roomCommands are the verbs of cession node about the data room.
func roomCommands(a *app) []*cobra.Command {
	return []*cobra.Command{
		a.roomList(), a.roomPage(), a.roomViews(), a.roomClose(), a.nodeTeaser(),
		a.documentContent("room-get", "Read a document in the seller's data room", roomContent),
	}
}

func (a *app) roomList() *cobra.Command {
	return &cobra.Command{
		Use: "room-ls DEAL", Short: "List the documents in the seller's data room", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		Long: `List the data room by folders, in the order of the index numbers. INDEX is what
room-get and room-page take. What is view-only has page images, no download.
Every copy bears your name, and every read is in the seller's log.`,
		RunE: func(c *cobra.Command, args []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			list, err := client.RoomDocuments(c.Context(), deal.ID(args[0]))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, list)
			}
			return table(a.out, roomTree(list))
		},
	}
}

// roomTree writes documents under the folders they are in, each folder once.
func roomTree(list []node.DocumentInfo) [][]string {
	rows := [][]string{{"NUMBER", "DOCUMENT", "INDEX", "VERSION", "BYTES", "TYPE", "ACCESS"}}
	var at []string
	for _, d := range list {
		var path []string
		if d.Folder != "" {
			path = strings.Split(d.Folder, "/")
		}
		same := 0
		for same < min(len(at), len(path)) && at[same] == path[same] {
			same++
		}
		for i := same; i < len(path); i++ {
			rows = append(rows, []string{"", strings.Repeat("  ", i) + oneLine(path[i]) + "/", "", "", "", "", ""})
		}
		at = path
		rows = append(rows, []string{
			orDash(oneLine(d.Number)), strings.Repeat("  ", len(path)) + oneLine(documentTitle(d)), fmt.Sprint(d.Index), documentVersion(d),
			fmt.Sprint(d.Size), orDash(oneLine(string(d.MediaType))), documentAccess(d),
		})
	}
	return rows
}

func documentTitle(d node.DocumentInfo) string {
	if d.Title == "" || d.Title == d.Name {
		return d.Name
	}
	return d.Title + " (" + d.Name + ")"
}

func documentVersion(d node.DocumentInfo) string {
	if !d.Latest {
		return fmt.Sprintf("%d, superseded", d.Version)
	}
	return fmt.Sprint(d.Version)
}

func documentAccess(d node.DocumentInfo) string {
	switch {
	case !d.Held:
		return "not there yet"
	case d.ViewOnly:
		return "view only"
	}
	return "copy"
}

// plain shows the other side's text without what could move a cursor.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// oneLine is plain text that cannot begin another line either: of a table, a row.
func oneLine(text string) string {
	return strings.ReplaceAll(plain(text), "\n", string(unicode.ReplacementChar))
}

func roomContent(client *node.Client, ctx context.Context, id deal.ID, index uint64) (io.ReadCloser, error) {
	content, err := client.RoomContent(ctx, id, index)
	if errors.Is(err, node.ViewOnly) {
		err = fmt.Errorf("%w: look at it page by page, with cession node room-page %s %d PAGE", err, id, index)
	}
	return content, err
}

func (a *app) roomPage() *cobra.Command {
	var file string
	var dpi int
	c := &cobra.Command{
		Use: "room-page DEAL INDEX [PAGE]", Short: "Look at a page in the seller's data room, as an image", Args: cobra.RangeArgs(2, 3), ValidArgsFunction: a.completeDeals,
		Long: `Write the image of a page, in PNG, to a file or to standard output. Without PAGE,
say how many pages the document has. The image bears your name.`,
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
			if len(args) == 2 {
				return a.pageCount(c.Context(), client, deal.ID(args[0]), index)
			}
			page, err := strconv.ParseUint(args[2], 10, 31)
			if err != nil || page == 0 {
				return usageError{fmt.Errorf("page %.20q: want a number, from 1", args[2])}
			}
			image, err := client.RoomPage(c.Context(), deal.ID(args[0]), index, page, dpi)
			if err != nil {
				return err
			}
			defer image.Close()
			return a.save(image, file)
		},
	}
	c.Flags().StringVarP(&file, "output", "o", "", "write to this file, which must not exist (default: standard output)")
	c.Flags().IntVar(&dpi, "dpi", 0, "resolution in dots per inch, 40 to 200 (default: 110)")
	return c
}

func (a *app) pageCount(ctx context.Context, client *node.Client, id deal.ID, index uint64) error {
	pages, err := client.RoomPages(ctx, id, index)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(a.out, node.RoomPages{Pages: pages})
	}
	_, err = fmt.Fprintln(a.out, counted(pages, "page"))
	return err
}

func (a *app) roomViews() *cobra.Command {
	var bidder, read string
	c := &cobra.Command{
		Use: "room-views DEAL", Short: "Show who looked at which page in your data room, and when", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		Long: `Show the reads in your data room, newest first, those refused among them. The
id under READ is on every page of the copy that went out: --read finds whose
a copy is that turned up somewhere.`,
		RunE: func(c *cobra.Command, args []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			list, err := client.RoomViews(c.Context(), deal.ID(args[0]), node.ViewFilter{Bidder: deal.PartyID(bidder), Read: read})
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, list)
			}
			names, err := a.documentNames(c.Context(), client, deal.ID(args[0]))
			if err != nil {
				return err
			}
			return table(a.out, viewRows(list, names))
		},
	}
	c.Flags().StringVar(&bidder, "bidder", "", "of this party only")
	c.Flags().StringVar(&read, "read", "", "with this read id only")
	return c
}

func (a *app) roomClose() *cobra.Command {
	return &cobra.Command{
		Use: "room-close DEAL BIDDER", Short: "Take a bidder's reading rights back at once, also while the desk is down", Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		Long: `Have your node let the bidder read no more: downloads under way stop, and no
later grant of the same act opens the room again. Nobody is asked and nothing is
put on record: the act leave revoke does that, and ends the reading rights too.`,
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(func(client *node.Client, _ nodeFile) error {
				if err := client.RoomClose(c.Context(), deal.ID(args[0]), deal.PartyID(args[1])); err != nil {
					return err
				}
				_, err := fmt.Fprintf(a.out, "%s reads no more in the data room of %s\n", args[1], args[0])
				return err
			})
		},
	}
}

// documentNames returns the names of the documents of a deal at the own node.
func (a *app) documentNames(ctx context.Context, client *node.Client, id deal.ID) (map[uint64]string, error) {
	docs, err := client.Documents(ctx, id)
	names := map[uint64]string{}
	for _, d := range docs {
		names[d.Index] = strings.TrimSpace(d.Number + " " + d.Name)
	}
	return names, err
}

func viewRows(list []node.ViewEntry, names map[uint64]string) [][]string {
	rows := [][]string{{"TIME", "PARTY", "WHAT", "DOCUMENT", "PAGE", "READ", "RESULT"}}
	for _, v := range list {
		document, page := "-", "-"
		if v.What != "room.list" && v.What != "teaser" {
			document = orDash(names[v.Index])
		}
		if v.Page > 0 {
			page = fmt.Sprint(v.Page)
		}
		rows = append(rows, []string{moment(v.At), string(v.Party), strings.TrimPrefix(v.What, "room."), document, page, orDash(v.Note), v.Result})
	}
	return rows
}

func (a *app) nodeTeaser() *cobra.Command {
	return &cobra.Command{
		Use: "teaser DEAL", Short: "Show the seller's description of what is for sale", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			client, _, err := a.node()
			if err != nil {
				return err
			}
			defer client.Close()
			t, err := client.Teaser(c.Context(), deal.ID(args[0]))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, t)
			}
			return showTeaser(a.out, t)
		},
	}
}

func showTeaser(out io.Writer, t node.Teaser) error {
	words := "This is the text that the seller committed to when the portfolio was listed."
	if !t.Verified {
		words = "The desk does not say what the seller committed to: the text is not verified."
	}
	_, err := fmt.Fprintf(out, "%s\n\n%s\n", plain(t.Text), words)
	return err
}
