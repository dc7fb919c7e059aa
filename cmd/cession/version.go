package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/policies"
)

// versionInfo says what this program is: built from what, with which plan and rules.
type versionInfo struct {
	Version  string          `json:"version"` // of the module, or "devel"
	Revision string          `json:"revision,omitempty"`
	Modified bool            `json:"modified,omitempty"` // the checkout had changes
	Go       string          `json:"go"`
	Platform string          `json:"platform"`
	Plan     string          `json:"plan"`
	PlanHash deal.Commitment `json:"planHash"`
	Pack     string          `json:"pack"`
	PackHash deal.Commitment `json:"packHash"`
}

func newVersionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Say what this program is", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v, err := version()
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, v)
			}
			revision := v.Revision
			if v.Modified {
				revision += ", modified"
			}
			_, err = fmt.Fprintf(a.out, "cession %s (%s)\n%s, %s\nplan %s %s\nrules %s %s\n",
				v.Version, orDash(revision), v.Go, v.Platform, v.Plan, v.PlanHash.Short(), v.Pack, v.PackHash.Short())
			return err
		},
	}
}

func version() (versionInfo, error) {
	plan := deal.Standard()
	pack, err := policies.Standard()
	if err != nil {
		return versionInfo{}, err
	}
	v := versionInfo{
		Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Plan: fmt.Sprintf("%s %d", plan.Name, plan.Version), PlanHash: plan.Hash(),
		Pack: pack.Name() + " " + pack.Version(), PackHash: pack.Digest(),
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.describe(info)
	}
	return v, nil
}

func (v *versionInfo) describe(info *debug.BuildInfo) {
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
}
