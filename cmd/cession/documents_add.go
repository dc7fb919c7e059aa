package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/demo"
	"cession/node"
	"cession/node/vault"
)

// addition is what node add is to bring.
type addition struct {
	deal     deal.ID
	dir      string
	metadata string // a CSV file; "" for none
	dry      bool   // show what would be planned
}

func (a *app) nodeAdd() *cobra.Command {
	var add addition
	c := &cobra.Command{
		Use: "add DEAL FOLDER", Short: "Hash the documents in a folder, notarize them, store them at your node", Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		Long: `Bring the documents of a portfolio in: each is inspected and hashed here, the
salted hashes are notarized, and then the files go to your own node, which
checks that they are what was hashed. Folders are kept; documents get index
numbers by folder. Given again after an interruption, it goes on: of a large
file only the parts are sent that are not at the node yet.

Once the title is minted, documents are added to those there are: what is in the
folder and new, or changed, is notarized, stored, and appended to the title. A
file with the folder and name of an earlier one is its next version. Nothing is
replaced.

With --metadata a CSV file says what each document is: a first line with the
columns file (the path within FOLDER) and any of number, title, kind, date
(2026-01-31), note, view_only (yes or no) and supersedes (the index of the
earlier version), then one line for every file in the folder.`,
		Example: "  cession node add DEAL loans/ --metadata loans.csv --dry-run",
		RunE: func(c *cobra.Command, args []string) error {
			add.deal, add.dir = deal.ID(args[0]), args[1]
			if err := add.deal.Check(); err != nil {
				return usageError{err}
			}
			return a.addDocuments(c.Context(), add)
		},
	}
	c.Flags().StringVar(&add.metadata, "metadata", "", "CSV file that describes every document in the folder")
	c.Flags().BoolVar(&add.dry, "dry-run", false, "show what would be planned, and end")
	return c
}

func (a *app) addDocuments(ctx context.Context, add addition) error {
	docs, err := readAddition(add)
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
		planned[i] = node.PlannedDocument{Description: d.About, Sum: d.Sum}
	}
	if add.dry {
		return a.previewDocuments(ctx, client, add.deal, planned)
	}
	v, err := client.Deal(ctx, add.deal)
	if err != nil {
		return err
	}
	if err := a.countTapes(ctx, client, add.deal, docs); err != nil {
		return err
	}
	if v.Deal != nil && v.Deal.Last("mint", "mint") != nil {
		return a.supplement(ctx, client, v.Deal, planned, docs)
	}
	set, err := client.Plan(ctx, add.deal, planned)
	if err != nil {
		return err
	}
	if v.Deal == nil || v.Deal.Value("documents", "notarize", "root").Commitment() != set.Root {
		if err := a.commit(ctx, client, add.deal, "documents", "notarize", set.Root); err != nil {
			return err
		}
	}
	return a.uploadAll(ctx, client, add.deal, docs, set)
}

// supplement adds documents to those the title stands for.
func (a *app) supplement(ctx context.Context, client *node.Client, p *deal.Progress, planned []node.PlannedDocument, docs []demo.Document) error {
	id := p.Opening.ID
	set, err := client.PlanMore(ctx, id, planned)
	if err != nil {
		return err
	}
	title, _ := p.Documents()
	if set.Root == title {
		if !a.json {
			fmt.Fprintln(a.out, "Nothing in the folder is new: the title stands for all of it.")
		}
		return a.uploadAll(ctx, client, id, docs, set)
	}
	if p.Value("supplements", "notarize", "root").Commitment() != set.Root {
		if err := a.commit(ctx, client, id, "supplements", "notarize", set.Root); err != nil {
			return err
		}
	}
	if err := a.uploadAll(ctx, client, id, docs, set); err != nil {
		return err
	}
	return a.commit(ctx, client, id, "supplements", "append", set.Root)
}

// commit takes an act for a set of documents, once.
func (a *app) commit(ctx context.Context, client *node.Client, id deal.ID, step, action string, root deal.Commitment) error {
	key := action + "/" + string(id) + "/" + root.String()
	if step != "documents" {
		key = step + "/" + key
	}
	outcome, err := client.Act(ctx, node.ActRequest{Deal: id, Step: step, Action: action, Key: key})
	if err != nil {
		return err
	}
	if outcome.Verdict != deal.Accepted || !a.json {
		return a.showOutcome(outcome, step+"."+action)
	}
	return nil
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

// previewDocuments shows the documents as they would be.
func (a *app) previewDocuments(ctx context.Context, client *node.Client, id deal.ID, planned []node.PlannedDocument) error {
	list, err := client.Preview(ctx, id, planned)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(a.out, list)
	}
	rows := [][]string{{"INDEX", "NUMBER", "VERSION", "BYTES", "WHAT", "VIEW ONLY", "DATE", "KIND", "TITLE", "NAME"}}
	for _, d := range list {
		rows = append(rows, []string{
			fmt.Sprint(d.Index), orDash(d.Number), documentVersion(d), fmt.Sprint(d.Size), fate(d), yes(d.ViewOnly), orDash(d.Dated), orDash(d.Kind),
			orDash(d.Title), fmt.Sprintf("%q", d.Path()),
		})
	}
	if err := table(a.out, rows); err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.out, "Nothing was planned, notarized or sent.")
	return err
}

// fate says what becomes of a document: one without a leaf is not planned yet.
func fate(d node.DocumentInfo) string {
	switch {
	case !d.Leaf.IsZero():
		return "is there"
	case d.Supersedes != nil:
		return fmt.Sprintf("new version of %d", *d.Supersedes)
	}
	return "new"
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "-"
}
