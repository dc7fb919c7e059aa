package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/policies"
	"cession/policies/cases"
	"cession/policies/packs"
)

func newPolicyCommand(a *app) *cobra.Command {
	c := group("policy", "Write, prove, sign and activate rules, and answer for what they decided")
	c.Long = `Write, prove, sign and activate rules, and answer for what they decided.

PACK is the folder of a pack, a signed bundle (a file), standard (the pack that
is shipped), current (what is in force at the desk), or the digest of a pack at
the desk. docs/compliance.md goes from a wish to an activated rule.`
	c.AddCommand(
		a.policyNew(), a.policyKey(), a.policyCheck(), a.policyTest(), a.policyDiff(), a.policyBacktest(),
		a.policySign(), a.policyActivate(), a.policyStatus(), a.policyLists(),
		a.policyExplain(), a.policyWhy(), a.policyCapture(), a.policyExport(),
	)
	return c
}

// packFiles returns the files of a pack that is named on the command line.
func (a *app) packFiles(ctx context.Context, name string) (fs.FS, error) {
	if name == "standard" {
		return policies.StandardFS(), nil
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return os.DirFS(name), nil
	case err == nil:
		bundle, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		return packs.Unpack(bundle)
	case name == "current" || strings.HasPrefix(name, "0x"):
		return a.deskPack(ctx, name)
	}
	return nil, deal.Errorf(deal.NotFound, "%s is no pack: want a folder, a bundle, standard, current, or the digest of a pack at the desk", name)
}

// deskPack fetches a pack from the desk, or takes the one that is shipped.
func (a *app) deskPack(ctx context.Context, name string) (fs.FS, error) {
	client, err := a.desk()
	if err != nil {
		return nil, err
	}
	list, err := client.Packs(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if name == "current" && (p.State != "active" || p.Kind != policies.KindPack) || name != "current" && !strings.HasPrefix(p.Digest.String(), name) {
			continue
		}
		if shipped, err := policies.Standard(); err == nil && shipped.Digest() == p.Digest {
			return policies.StandardFS(), nil
		}
		bundle, err := client.PackBundle(ctx, p.Digest)
		if err != nil {
			return nil, err
		}
		return packs.Unpack(bundle)
	}
	return nil, deal.Errorf(deal.NotFound, "the desk has no pack %s: see cession policy status", name)
}

// openPack loads a pack that is named on the command line.
func (a *app) openPack(ctx context.Context, name string) (*policies.Pack, fs.FS, error) {
	fsys, err := a.packFiles(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	p, err := policies.Load(fsys)
	return p, fsys, err
}

// checkReport is the answer of policy check.
type checkReport struct {
	Name     string          `json:"name,omitempty"`
	Version  string          `json:"version,omitempty"`
	Kind     string          `json:"kind,omitempty"`
	Digest   deal.Commitment `json:"digest,omitzero"`
	Rules    int             `json:"rules"`
	Problems []string        `json:"problems"`
}

func (a *app) policyCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check [PACK]", Short: "Check a pack: form, rules, gates, lists, its own tests and cases, and that it fails closed", Args: cobra.MaximumNArgs(1),
		Long: `Check a pack, or the one that is shipped: form, rules, gates, lists, its own
tests and cases, and that no mutation of what it refuses is let through.
Nothing is found that does not keep the pack from being used.`,
		RunE: func(c *cobra.Command, args []string) error {
			fsys, err := a.packFiles(c.Context(), orStandard(args))
			if err != nil {
				return err
			}
			return a.checkPack(fsys)
		},
	}
}

func orStandard(args []string) string {
	if len(args) == 0 {
		return "standard"
	}
	return args[0]
}

func (a *app) checkPack(fsys fs.FS) error {
	report := checkReport{Problems: []string{}}
	for _, err := range cases.Check(fsys) {
		report.Problems = append(report.Problems, err.Error())
	}
	if p, err := policies.Load(fsys); err == nil {
		report.Name, report.Version, report.Kind, report.Digest, report.Rules = p.Name(), p.Version(), p.Kind(), p.Digest(), len(p.Rules())
	}
	if a.json {
		if err := printJSON(a.out, report); err != nil {
			return err
		}
	} else if len(report.Problems) == 0 {
		fmt.Fprintf(a.out, "%s %s: %d rules, their tests and cases pass; digest %s\n", report.Name, report.Version, report.Rules, report.Digest)
	} else {
		fmt.Fprintln(a.out, strings.Join(report.Problems, "\n"))
	}
	if n := len(report.Problems); n > 0 {
		return deal.Errorf(deal.Invalid, "the pack has %s", counted(n, "problem"))
	}
	return nil
}

// testReport is the answer of policy test.
type testReport struct {
	Cases cases.Report    `json:"cases"`
	Rego  policies.Report `json:"rego"`
}

func (a *app) policyTest() *cobra.Command {
	return &cobra.Command{
		Use: "test [PACK]", Short: "Run the cases and the tests of a pack, and say what they leave uncovered", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, fsys, err := a.openPack(c.Context(), orStandard(args))
			if err != nil {
				return err
			}
			all, err := cases.Read(fsys)
			if err != nil {
				return err
			}
			var report testReport
			if report.Cases, err = cases.Run(c.Context(), p, all); err != nil {
				return err
			}
			if report.Rego, err = policies.Test(c.Context(), fsys); err != nil {
				return err
			}
			return a.showTests(report)
		},
	}
}

func (a *app) showTests(r testReport) error {
	if a.json {
		if err := printJSON(a.out, r); err != nil {
			return err
		}
	} else {
		for _, f := range r.Cases.Failures {
			fmt.Fprintln(a.out, f)
		}
		for _, f := range r.Rego.Failed {
			fmt.Fprintln(a.out, f)
		}
		fmt.Fprintf(a.out, "cases: %d of %d pass\ntests: %d of %d pass, %.0f %% of the rules' lines covered\n",
			r.Cases.Cases-len(r.Cases.Failures), r.Cases.Cases, r.Rego.Tests-len(r.Rego.Failed), r.Rego.Tests, r.Rego.Coverage)
	}
	if n := len(r.Cases.Failures) + len(r.Rego.Failed); n > 0 {
		return deal.Errorf(deal.Invalid, "%d cases and tests fail", n)
	}
	return nil
}
