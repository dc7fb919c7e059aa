package main

import (
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/policies"
)

func newPolicyCommand(a *app) *cobra.Command {
	c := group("policy", "Check rules, and explain what they said")
	c.AddCommand(a.policyCheck(), a.policyExplain())
	return c
}

// checkReport is the answer of policy check.
type checkReport struct {
	Name     string          `json:"name,omitempty"`
	Version  string          `json:"version,omitempty"`
	Digest   deal.Commitment `json:"digest,omitzero"`
	Rules    int             `json:"rules"`
	Problems []string        `json:"problems"`
}

func (a *app) policyCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check [DIR]", Short: "Check a policy pack: form, rules, gates, lists, and its own tests", Args: cobra.MaximumNArgs(1),
		Long: "Check a policy pack in a folder, or the one that is shipped. Nothing is found that does not keep the pack from being used.",
		RunE: func(_ *cobra.Command, args []string) error {
			pack := policies.StandardFS()
			if len(args) == 1 {
				if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
					return deal.Errorf(deal.NotFound, "%s is no folder", args[0])
				}
				pack = os.DirFS(args[0])
			}
			return a.checkPack(pack)
		},
	}
}

func (a *app) checkPack(fsys fs.FS) error {
	report := checkReport{Problems: []string{}}
	for _, err := range policies.Check(fsys) {
		report.Problems = append(report.Problems, err.Error())
	}
	if p, err := policies.Load(fsys); err == nil {
		report.Name, report.Version, report.Digest, report.Rules = p.Name(), p.Version(), p.Digest(), len(p.Rules())
	}
	if a.json {
		if err := printJSON(a.out, report); err != nil {
			return err
		}
	} else if len(report.Problems) == 0 {
		fmt.Fprintf(a.out, "%s %s: %d rules, their tests pass; digest %s\n", report.Name, report.Version, report.Rules, report.Digest)
	} else {
		fmt.Fprintln(a.out, strings.Join(report.Problems, "\n"))
	}
	if n := len(report.Problems); n > 0 {
		return deal.Errorf(deal.Invalid, "the pack has %d problems", n)
	}
	return nil
}

func (a *app) policyExplain() *cobra.Command {
	return &cobra.Command{
		Use: "explain DEAL ACT", Short: "Explain why an act was allowed or refused", Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		Long: "Explain the decision on record for an act. ACT is its id, or as much of its beginning as tells it apart, as deal history shows it.",
		RunE: func(c *cobra.Command, args []string) error {
			entries, err := a.history(c.Context(), deal.ID(args[0]))
			if err != nil {
				return err
			}
			var found []*deal.Decision
			for _, e := range entries {
				if e.Decision != nil && strings.HasPrefix(e.Act.String(), strings.ToLower(args[1])) {
					found = append(found, e.Decision)
				}
			}
			switch {
			case len(found) == 0:
				return deal.Errorf(deal.NotFound, "no decision on an act %s in that deal: see cession deal history", args[1])
			case len(found) > 1:
				return deal.Errorf(deal.Conflict, "%d acts begin with %s: give more of the id", len(found), args[1])
			case a.json:
				return printJSON(a.out, found[0])
			}
			_, err = fmt.Fprint(a.out, policies.Explain(*found[0]))
			return err
		},
	}
}
