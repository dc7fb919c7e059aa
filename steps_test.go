package cession

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cession/deal"
	"cession/policies"
)

// missing names the files that a step of the plan lacks: its definition, its
// rules and their tests, its words, its transcript.
func missing(plan deal.Plan, root string) (files []string) {
	files = policies.Missing(plan)
	words, err := os.ReadFile(filepath.Join(root, "docs/steps.md"))
	if err != nil {
		files = append(files, "docs/steps.md")
	}
	for _, s := range plan.Steps {
		for _, file := range []string{"deal/step_" + s.ID + ".go", "workflows/testdata/transcripts/" + s.ID + ".txt"} {
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				files = append(files, file)
			}
		}
		if !strings.Contains(string(words), "## "+s.Title+" (`"+s.ID+"`)") {
			files = append(files, "docs/steps.md (run make generate): no section on "+s.ID)
		}
	}
	return files
}

func TestEveryStepIsWhole(t *testing.T) {
	for _, file := range missing(deal.Standard(), ".") {
		t.Errorf("missing: %s", file)
	}
}

func TestAMissingFileIsNamed(t *testing.T) {
	plan := deal.Standard()
	plan.Steps = append(plan.Steps, deal.Step{
		ID: "site_visit", Title: "Site visit", Doc: "The bidder sees the place.", Scope: deal.PerBidder,
		Actions: []deal.Action{{ID: "agree", Title: "Agree on a date", By: []deal.Role{deal.Seller}}},
	})
	if err := plan.Check(); err != nil {
		t.Fatal(err)
	}
	named := strings.Join(missing(plan, "."), "\n")
	for _, want := range []string{"deal/step_site_visit.go", "policies/standard/site_visit.rego", "policies/standard/site_visit_test.rego", "docs/steps.md", "workflows/testdata/transcripts/site_visit.txt"} {
		if !strings.Contains(named, want) {
			t.Errorf("a step without %s is not told so: %s", want, named)
		}
	}
}
