package policies

import (
	"context"
	"testing"
)

func TestRulesOfTheStandardPackPassTheirTests(t *testing.T) {
	report, err := Test(context.Background(), StandardFS())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d tests, coverage %.1f %%", report.Tests, report.Coverage)
	for _, failed := range report.Failed {
		t.Error(failed)
	}
	if report.Tests < 40 || report.Coverage < 98 {
		t.Errorf("%d tests, coverage %.1f %%: want 40 tests and 98 %%; missed %v", report.Tests, report.Coverage, report.Missed)
	}
}
