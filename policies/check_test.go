package policies

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cession/deal"
)

func TestStandardPackIsFlawless(t *testing.T) {
	for _, err := range Check(StandardFS()) {
		t.Error(err)
	}
	if files := Missing(deal.Standard()); len(files) > 0 {
		t.Errorf("missing: %v", files)
	}
}

func TestCheckFindsFlaws(t *testing.T) {
	cases := map[string]struct {
		change func(*testing.T, fstest.MapFS)
		names  string // what the finding names
	}{
		"not formatted":       {func(t *testing.T, f fstest.MapFS) { add(t, f, "leave.rego", "\nx   := 1\n") }, "leave.rego"},
		"nothing answers":     {func(t *testing.T, f fstest.MapFS) { edit(t, f, "mint.rego", `answer["documents"]`, `answer["papers"]`) }, "mint.documents"},
		"not in the manifest": {func(t *testing.T, f fstest.MapFS) { edit(t, f, "mint.rego", `answer["documents"]`, `answer["papers"]`) }, "mint.papers"},
		"no gate asks":        {func(t *testing.T, f fstest.MapFS) { edit(t, f, manifestFile, "mint.documents]", "act.due]") }, "mint.documents"},
		"no gate for an act":  {func(t *testing.T, f fstest.MapFS) { edit(t, f, manifestFile, "leave.revoke:", "leave.remove:") }, "gate leave.revoke"},
		"gate for no act":     {func(t *testing.T, f fstest.MapFS) { edit(t, f, manifestFile, "leave.revoke:", "leave.remove:") }, "gate leave.remove"},
		"gate for another": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, manifestFile, "leave.withdraw:\n    by: [bidder]", "leave.withdraw:\n    by: [buyer]")
		}, "gate leave.withdraw"},
		"field of no act": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, manifestFile, "carries: { record:", "carries: { records:")
		}, "gate archive.archive"},
		"after no act": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, manifestFile, "after: [settlement.settle]", "after: [settlement.sell]")
		}, "settlement.sell"},
		"data nobody has": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, "documents.rego", "data.limits.documents", "data.limits.dokuments")
		}, "data.limits.dokuments"},
		"list nobody has": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, "documents.rego", "data.limits.documents", "data.limit.documents")
		}, "data.limit"},
		"field nobody has": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, "documents.rego", "input.act.fields.count.count", "input.act.fields.numbers.count")
		}, "numbers"},
		"test that fails": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, "leave_test.rego", "gate.decision.allow", "not gate.decision.allow")
		}, "leave_test"},
		"verb without a gate": {func(t *testing.T, f fstest.MapFS) { edit(t, f, manifestFile, "  resync: {}\n", "") }, "operation resync"},
		"gate of no verb":     {func(t *testing.T, f fstest.MapFS) { edit(t, f, manifestFile, "  resync: {}", "  sync: {}") }, "operation sync"},
		"verb not in the list": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, "data/operations.yaml", "  resync:", "  sync:")
		}, "operation resync"},
		"list nobody has of operations": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, "operation.rego", "data.operations.maxima.per_day", "data.operations.minima.per_day")
		}, "data.operations.minima"},
		"command that reads an act": {func(t *testing.T, f fstest.MapFS) {
			edit(t, f, "operation.rego", "op := input.operation\n", "op := input.operation\n\nother := input.act\n")
		}, "has no act"},
		"act that reads a command": {func(t *testing.T, f fstest.MapFS) {
			add(t, f, "leave.rego", "\nother := input.operation\n")
		}, "has no operation"},
		"operation.rego missing": {func(_ *testing.T, f fstest.MapFS) { delete(f, "operation_test.rego") }, "operation_test.rego"},
		"rule file missing":      {func(_ *testing.T, f fstest.MapFS) { delete(f, "leave.rego") }, "leave.rego"},
		"test file missing":      {func(_ *testing.T, f fstest.MapFS) { delete(f, "leave_test.rego") }, "leave_test.rego"},
		"does not load":          {func(_ *testing.T, f fstest.MapFS) { delete(f, "data/kyc.yaml") }, "kyc"},
		"no pack at all":         {func(_ *testing.T, f fstest.MapFS) { clear(f) }, "no .rego file"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			files := smallPack(t)
			c.change(t, files)
			errs := Check(files)
			if !slices.ContainsFunc(errs, func(err error) bool {
				return deal.KindOf(err) == deal.Invalid && strings.Contains(err.Error(), c.names)
			}) {
				t.Errorf("findings %v: want one about %s", errs, c.names)
			}
		})
	}
}

func TestMissingNamesTheFiles(t *testing.T) {
	plan := deal.Standard()
	plan.Steps = append(plan.Steps, deal.Step{ID: "site_visit", Actions: []deal.Action{{ID: "request"}, {ID: "agree"}}})
	want := []string{
		"policies/standard/site_visit.rego", "policies/standard/site_visit_test.rego",
		"policies/standard/manifest.yaml: gate site_visit.request", "policies/standard/manifest.yaml: gate site_visit.agree",
	}
	if got := Missing(plan); !slices.Equal(got, want) {
		t.Errorf("missing %v, want %v", got, want)
	}
}
