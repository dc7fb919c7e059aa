package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
)

func (a *app) policyLists() *cobra.Command {
	c := group("lists", "Look at the lists of a pack, and bring the sanctions list up to date")
	c.AddCommand(a.listsShow(), a.listsUpdate())
	return c
}

func (a *app) listsShow() *cobra.Command {
	return &cobra.Command{
		Use: "show [PACK]", Short: "Show the lists of a pack: how many entries, as of when, how old they may be", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, _, err := a.openPack(c.Context(), orStandard(args))
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, p.Lists())
			}
			rows := [][]string{{"LIST", "FILE", "ENTRIES", "AT LEAST", "AS OF", "AT MOST", "LIVE"}}
			for _, l := range p.Lists() {
				rows = append(rows, []string{l.Name, l.File, fmt.Sprint(l.Entries), fmt.Sprint(l.Minimum), dayOf(l.AsOf), ageWords(l.MaximumAge), yesNo(l.Live)})
			}
			return table(a.out, rows)
		},
	}
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.DateOnly)
}

func ageWords(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func (a *app) listsUpdate() *cobra.Command {
	var asOf, dir, list string
	c := &cobra.Command{
		Use: "update ofac FILE", Short: "Put a newer OFAC list (SDN.CSV) into a pack, or make an edition of it for all packs", Args: cobra.ExactArgs(2),
		Long: `Put a newer list into the folder of a pack (--pack), or make an edition of it
(--edition): a folder that is signed and activated like a pack, and then replaces
the list in every pack in use, so that running deals are screened by it too. What
is new, gone and changed is said in plain words.`,
		Example: "  cession policy lists update ofac SDN.CSV --as-of 2026-11-22 --edition sdn",
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] != "ofac" {
				return usageError{deal.Errorf(deal.Invalid, "list %.40q: want ofac", args[0])}
			}
			if (dir == "") == (list == "") {
				return usageError{deal.Errorf(deal.Invalid, "want --pack with the folder of a pack, or --edition with a new folder")}
			}
			when, err := dayFrom(asOf, time.Now())
			if err != nil {
				return usageError{err}
			}
			fresh, err := os.ReadFile(args[1])
			if err != nil {
				return deal.Errorf(deal.NotFound, "%s is not there: OFAC publishes it as SDN.CSV", args[1])
			}
			if dir != "" {
				return a.updateList(dir, fresh, when)
			}
			return a.newEdition(list, fresh, when)
		},
	}
	c.Flags().StringVar(&asOf, "as-of", "", "day the list holds for, such as 2026-11-22, or today")
	c.Flags().StringVar(&dir, "pack", "", "folder of the pack to update")
	c.Flags().StringVar(&list, "edition", "", "folder to make")
	_ = c.MarkFlagRequired("as-of")
	return c
}

// dayFrom reads a day.
func dayFrom(text string, now time.Time) (time.Time, error) {
	if text == "today" {
		return now.UTC().Truncate(24 * time.Hour), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err == nil && day.After(now) {
		err = fmt.Errorf("it lies ahead")
	}
	if err != nil {
		return day, deal.Errorf(deal.Invalid, "--as-of %.20q: want a day such as 2026-11-22, or today: %w", text, err)
	}
	return day, nil
}

const sanctionsList = "sanctions"

// asOfForm finds the date in the manifest's line of the sanctions list.
var asOfForm = regexp.MustCompile(`(?m)^(.*\bname: ` + sanctionsList + `\b.*\bas_of: )[0-9-]+(.*)$`)

// updateList replaces the sanctions list of a pack that is being edited.
func (a *app) updateList(dir string, fresh []byte, asOf time.Time) error {
	fsys := os.DirFS(dir)
	p, err := policies.Load(fsys)
	if err != nil {
		return err
	}
	if err := checkEdition(p, fresh, asOf); err != nil {
		return err
	}
	old, file, err := sanctionsOf(p, fsys)
	if err != nil {
		return err
	}
	manifest, err := fs.ReadFile(fsys, "manifest.yaml")
	if err != nil {
		return err
	}
	dated := asOfForm.ReplaceAll(manifest, []byte("${1}"+asOf.Format(time.DateOnly)+"${2}"))
	if bytes.Equal(dated, manifest) && !bytes.Contains(manifest, []byte("as_of: "+asOf.Format(time.DateOnly))) {
		return deal.Errorf(deal.Invalid, "%s: want the list %s on one line with its as_of", filepath.Join(dir, "manifest.yaml"), sanctionsList)
	}
	if err := writeFile(filepath.Join(dir, filepath.FromSlash(file)), fresh); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, "manifest.yaml"), dated); err != nil {
		return err
	}
	return a.showListDiff(old, fresh, fmt.Sprintf("%s holds the list as of %s", dir, dayOf(asOf)))
}

// checkEdition makes sure that a list can take the place of a pack's own, and
// that it is not older.
func checkEdition(p *policies.Pack, fresh []byte, asOf time.Time) error {
	for _, l := range p.Lists() {
		if l.Name == sanctionsList && asOf.Before(l.AsOf) {
			return deal.Errorf(deal.Conflict, "the list there is of %s, and this one of %s: a list is never replaced by an older one", dayOf(l.AsOf), dayOf(asOf))
		}
	}
	_, err := p.WithList(sanctionsList, fresh, asOf)
	return err
}

func sanctionsOf(p *policies.Pack, fsys fs.FS) (content []byte, file string, err error) {
	for _, l := range p.Lists() {
		if l.Name == sanctionsList {
			content, err = fs.ReadFile(fsys, l.File)
			return content, l.File, err
		}
	}
	return nil, "", deal.Errorf(deal.NotFound, "the pack has no list %s", sanctionsList)
}

// newEdition makes the folder of a list that is to replace the one in force.
func (a *app) newEdition(dir string, fresh []byte, asOf time.Time) error {
	p, err := policies.Standard()
	if err != nil {
		return err
	}
	if err := checkEdition(p, fresh, asOf); err != nil {
		return err
	}
	old, _, err := sanctionsOf(p, policies.StandardFS())
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err == nil {
		return deal.Errorf(deal.Conflict, "%s is there already: name another folder", dir)
	}
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o755); err != nil {
		return err
	}
	manifest := fmt.Sprintf(`# An edition of the sanctions list: it replaces the one in every pack in use.
name: %s
version: %s
kind: list
lists:
  - { name: %[1]s, file: data/ofac_sdn.csv, minimum: 5000, maximum_age: 30d, as_of: %[2]s, live: true }
`, sanctionsList, asOf.Format(time.DateOnly))
	if err := os.WriteFile(filepath.Join(dir, "manifest.yaml"), []byte(manifest), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "ofac_sdn.csv"), fresh, 0o644); err != nil {
		return err
	}
	return a.showListDiff(old, fresh, fmt.Sprintf("%s is an edition as of %s: sign and activate it like a pack", dir, dayOf(asOf)))
}

// mostEntries bounds how many entries of a list are shown.
const mostEntries = 20

func (a *app) showListDiff(old, fresh []byte, what string) error {
	diff, err := records.DiffSanctions(bytes.NewReader(old), bytes.NewReader(fresh))
	if err != nil {
		return err
	}
	return a.show(diff, diff.Text(mostEntries)+what+"\n")
}
