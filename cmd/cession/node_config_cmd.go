package main

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// settings reads the settings of a node for a command that has their flags.
func (a *app) settings(c *cobra.Command) (configured, error) {
	file, err := c.Flags().GetString("config")
	if err != nil {
		return configured{}, err
	}
	if file == "" {
		file = os.Getenv("CESSION_CONFIG")
	}
	return loadSettings(c.Flags(), file, os.Environ())
}

// addNodeFlags adds the flags of a node's settings to a command.
func addNodeFlags(c *cobra.Command) {
	c.Flags().String("config", "", "YAML file of settings ($CESSION_CONFIG); cession node config --example writes one")
	addSettings(c.Flags())
}

func newNodeConfigCommand(a *app) *cobra.Command {
	var example bool
	c := &cobra.Command{
		Use:   "config",
		Short: "Show the settings of a node and where each comes from, or an example file",
		Long: `Show the settings that a node would run with, given these flags, this
environment and this file, and where each comes from. What may hold a key, such
as the path of --rpc-url, is not shown.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if example {
				return writeExample(a.out)
			}
			settings, err := a.settings(c)
			if err != nil {
				return err
			}
			if err := a.showSettings(settings); err != nil {
				return err
			}
			return settings.complete()
		},
	}
	addNodeFlags(c)
	c.Flags().BoolVar(&example, "example", false, "write a commented file with every setting and its default")
	return c
}

// shownSetting is one line of what cession node config says.
type shownSetting struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source string `json:"source"` // "" if there is no value
}

func (a *app) showSettings(c configured) error {
	var list []shownSetting
	for _, s := range nodeKeysOf {
		list = append(list, shownSetting{s.key, s.shown(reflect.ValueOf(c.nodeSettings).Field(s.index)), c.from[s.key]})
	}
	if a.json {
		return printLine(a.out, list)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SETTING\tVALUE\tFROM")
	for _, s := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.Key, orDash(s.Value), orDash(s.Source))
	}
	return w.Flush()
}

// writeExample writes a file with every setting, those commented out that need
// not be there.
func writeExample(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Settings of a party's node: cession node --config FILE\n" +
		"# A flag (--key) goes before the environment (" + envPrefix + "KEY), that before this file.\n" +
		"# Secrets are files in home, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.\n")
	for _, s := range nodeKeysOf {
		value := s.fallback
		if value == "" {
			value = s.example
		}
		switch {
		case value == "" && s.kind.Kind() == reflect.Slice:
			value = "[]"
		case value == "" && s.kind.Kind() == reflect.Bool:
			value = "false"
		case value == "" && s.key == "home":
			value = "/var/lib/cession"
		case value == "":
			value = `""`
		}
		off := "# "
		if s.need {
			off = ""
		}
		fmt.Fprintf(&b, "\n# %s\n%s%s: %s\n", s.doc, off, s.key, value)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
