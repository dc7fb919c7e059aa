package policies

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/tester"

	"cession/deal"
)

// Report is what the tests of a pack showed.
type Report struct {
	Tests    int      `json:"tests"`
	Failed   []string `json:"failed,omitempty"` // names of tests that failed, with what they said
	Coverage float64  `json:"coverage"`         // percent of the rules' expressions that tests evaluated
	Missed   []string `json:"missed,omitempty"` // "file:row" of expressions no test evaluated
}

// Test runs the Rego tests of a pack against its own lists and measures what
// they cover. Errors are of kind invalid: the pack does not load, or ctx ended.
func Test(ctx context.Context, fsys fs.FS) (Report, error) {
	p, err := Load(fsys)
	if err != nil {
		return Report{}, err
	}
	modules, err := parse(fsys, func(string) bool { return true })
	if err != nil {
		return Report{}, err
	}
	store := p.source.store
	tx, err := store.NewTransaction(ctx)
	if err != nil {
		return Report{}, deal.Errorf(deal.Invalid, "test rules: %w", err)
	}
	defer store.Abort(ctx, tx)
	covered := cover.New()
	report, err := runTests(ctx, tester.NewRunner().SetCompiler(newCompiler()).SetStore(store).SetModules(modules).
		RaiseBuiltinErrors(true).SetCoverageQueryTracer(covered), tx)
	if err != nil {
		return report, err
	}
	report.cover(covered.Report(modules))
	return report, nil
}

func runTests(ctx context.Context, runner *tester.Runner, tx storage.Transaction) (Report, error) {
	results, err := runner.RunTests(ctx, tx)
	if err != nil {
		return Report{}, deal.Errorf(deal.Invalid, "compile tests: %w", err)
	}
	var report Report
	for result := range results {
		report.Tests++
		if !result.Pass() {
			report.Failed = append(report.Failed, result.String())
		}
	}
	if err := ctx.Err(); err != nil {
		return report, deal.Errorf(deal.Invalid, "test rules: %w", err)
	}
	slices.Sort(report.Failed)
	return report, nil
}

// cover keeps what concerns the rules; whether tests cover themselves is no matter.
func (r *Report) cover(all cover.Report) {
	var seen, missed int
	for name, file := range all.Files {
		if isTest(name) {
			continue
		}
		seen += file.CoveredLines
		missed += file.NotCoveredLines
		for _, gap := range file.NotCovered {
			r.Missed = append(r.Missed, fmt.Sprintf("%s:%d", name, gap.Start.Row))
		}
	}
	slices.SortFunc(r.Missed, strings.Compare)
	if seen+missed > 0 {
		r.Coverage = 100 * float64(seen) / float64(seen+missed)
	}
}
