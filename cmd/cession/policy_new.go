package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/spf13/cobra"
	yaml "go.yaml.in/yaml/v3"

	"cession/deal"
	"cession/policies"
	"cession/policies/packs"
)

var (
	packName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,40}$`)
	nameLine = regexp.MustCompile(`(?m)^name: .*$`)
)

func (a *app) policyNew() *cobra.Command {
	var name, from string
	var own bool
	c := &cobra.Command{
		Use: "new DIR", Short: "Begin a pack of your own, as a copy to be edited", Args: cobra.ExactArgs(1),
		Long: `Begin a pack of your own: the files of another pack, to be edited. With --own it
is an addition for your own node: rules that can only refuse more.`,
		RunE: func(c *cobra.Command, args []string) error {
			if name == "" {
				name = filepath.Base(filepath.Clean(args[0]))
			}
			if !packName.MatchString(name) {
				return usageError{deal.Errorf(deal.Invalid, "name of a pack %.40q: want lower-case letters, digits and dashes", name)}
			}
			source := policies.OwnFS()
			if !own {
				var err error
				if source, err = a.packFiles(c.Context(), from); err != nil {
					return err
				}
			}
			if err := newPack(args[0], name, source); err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, map[string]string{"name": name, "folder": args[0]})
			}
			_, err := fmt.Fprintf(a.out, "%s is a pack named %s: edit it, then cession policy check %s\n", args[0], name, quoted(args[0]))
			return err
		},
	}
	c.Flags().StringVar(&name, "name", "", "name of the pack (default: that of the folder)")
	c.Flags().StringVar(&from, "from", "standard", "pack to copy")
	c.Flags().BoolVar(&own, "own", false, "begin an addition for your own node instead")
	return c
}

// newPack copies a pack into a folder that is not there yet, under another name.
func newPack(dir, name string, source fs.FS) error {
	if _, err := os.Stat(dir); err == nil {
		return deal.Errorf(deal.Conflict, "%s is there already: name another folder", dir)
	}
	manifest, err := fs.ReadFile(source, "manifest.yaml")
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, source); err != nil {
		return fmt.Errorf("copy pack: %w", err)
	}
	// What is embedded is read-only, and so is its copy.
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chmod(path, 0o644)
	})
	if err != nil {
		return fmt.Errorf("copy pack: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "manifest.yaml"), nameLine.ReplaceAll(manifest, []byte("name: "+name)), 0o644)
}

// keyFlags describe a new officer.
type keyFlags struct {
	officer packs.Officer
	roles   []string
	trust   string
	market  string
	years   int
}

func (a *app) policyKey() *cobra.Command {
	var f keyFlags
	c := &cobra.Command{
		Use: "key FILE", Short: "Make an officer's key, and enter its public part into a trust file", Args: cobra.ExactArgs(1),
		Long: `Make an officer's key (ES256) in a file that only you can read. Its public part is
entered into the trust file, which each desk and each node has its own copy of:
whoever runs one decides whom it believes.`,
		Example: `  cession policy key anna.key --id anna --person "Anna Keller" --organization "House" --role maker --trust trust.yaml --market MARKET`,
		RunE:    func(_ *cobra.Command, args []string) error { return a.newOfficer(args[0], f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.officer.ID, "id", "", "of the officer, one word")
	flags.StringVar(&f.officer.Person, "person", "", "who it is; a person with two ids still counts once")
	flags.StringVar(&f.officer.Organization, "organization", "", "whose officer it is")
	flags.StringSliceVar(&f.roles, "role", nil, "maker (signs packs), checker (activates them), or both")
	flags.StringVar(&f.trust, "trust", "trust.yaml", "trust file to enter it into; made if need be")
	flags.StringVar(&f.market, "market", "", "market the trust file is for, as cession policy status names it; of a new trust file")
	flags.IntVar(&f.years, "years", 2, "how long the key counts")
	complete(c, "role", "maker", "checker")
	return c
}

func (a *app) newOfficer(file string, f keyFlags) error {
	now := time.Now().UTC().Truncate(time.Second)
	f.officer.From, f.officer.Until = now, now.AddDate(f.years, 0, 0)
	for _, r := range f.roles {
		f.officer.Roles = append(f.officer.Roles, packs.Role(r))
	}
	trust, err := draftTrust(f.trust)
	if deal.KindOf(err) == deal.NotFound {
		trust, err = packs.Trust{Market: f.market, Checkers: 1}, nil
	}
	if err == nil && f.market != "" && f.market != trust.Market {
		err = deal.Errorf(deal.Conflict, "%s is for market %s", f.trust, trust.Market)
	}
	if err != nil {
		return err
	}
	if f.officer.Key, err = packs.NewKey(file); err != nil {
		return err
	}
	if err := enter(f.trust, trust, f.officer); err != nil {
		_ = os.Remove(file) // a key nobody knows is of no use
		return err
	}
	if a.json {
		return printJSON(a.out, map[string]any{"officer": f.officer.ID, "key": file, "trust": f.trust, "public": f.officer.Key})
	}
	_, err = fmt.Fprintf(a.out, "%s: key in %s, which stays with you; public part in %s, which goes to every desk and node\n", f.officer.ID, file, f.trust)
	return err
}

// draftTrust reads a trust file that need not be complete yet.
func draftTrust(file string) (t packs.Trust, err error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return t, deal.Errorf(deal.NotFound, "%s is not there", file)
	}
	if err != nil {
		return t, err
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&t); err != nil {
		return t, deal.Errorf(deal.Invalid, "read trust file %s: %w", file, err)
	}
	return t, nil
}

// enter adds an officer to a trust file. Until a checker is in it, the file is
// not complete: it is checked as if the officer were one.
func enter(file string, t packs.Trust, o packs.Officer) error {
	t.Officers = append(slices.Clone(t.Officers), o)
	trial := t
	if !slices.ContainsFunc(t.Officers, func(o packs.Officer) bool { return slices.Contains(o.Roles, packs.Checker) }) {
		o.Roles = append(slices.Clone(o.Roles), packs.Checker)
		trial.Officers = append(slices.Clone(t.Officers[:len(t.Officers)-1]), o)
	}
	text, err := yaml.Marshal(trial)
	if err == nil {
		_, err = packs.ParseTrust(text)
	}
	if err == nil {
		text, err = yaml.Marshal(t)
	}
	if err != nil {
		return err
	}
	return writeFile(file, text)
}
