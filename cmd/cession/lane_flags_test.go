package main

import (
	"errors"
	"slices"
	"testing"

	"cession/chain/lane"
	"cession/deal"
)

func TestLaneFlags(t *testing.T) {
	f := laneFlags{
		finality: "safe", finalityOf: []string{"settlement=finalized"}, urgencyOf: []string{"documents=normal", "mint=high"},
		limits: limitFlags{perGas: 200e9},
	}
	cfg, err := f.config()
	if err != nil {
		t.Fatal(err)
	}
	cfg = cfg.Defaults()
	if cfg.Finality != lane.Safe || cfg.Limits.PerGas != 200e9 || cfg.Limits.PerDay == 0 {
		t.Errorf("finality %q, limits %+v", cfg.Finality, cfg.Limits)
	}
	for step, want := range map[string]lane.Rule{
		"settlement": {Finality: lane.Finalized, Urgency: lane.High}, "escrow": {Urgency: lane.High},
		"documents": {Urgency: lane.Normal}, "archive": {Urgency: lane.Low}, "mint": {Urgency: lane.High},
	} {
		if cfg.Steps[step] != want {
			t.Errorf("%s is %+v, want %+v", step, cfg.Steps[step], want)
		}
	}
}

func TestLaneFlagsRefuse(t *testing.T) {
	for name, f := range map[string]laneFlags{
		"finality":          {finality: "soon"},
		"finality of":       {finalityOf: []string{"escrow=soon"}},
		"no step":           {finalityOf: []string{"nosuch=safe"}},
		"no setting":        {urgencyOf: []string{"escrow"}},
		"urgency":           {urgencyOf: []string{"escrow=very"}},
		"urgency, nothing":  {urgencyOf: []string{"escrow="}},
		"finality, a minus": {finality: "-1"},
	} {
		var usage usageError
		if _, err := f.config(); !errors.As(err, &usage) {
			t.Errorf("%s: %v, want a usage error", name, err)
		}
	}
}

// TestDefaultRulesAreOfSteps: a step that is renamed does not lose its rule.
func TestDefaultRulesAreOfSteps(t *testing.T) {
	for step := range defaultRules() {
		if _, ok := deal.Standard().Step(step); !ok {
			t.Errorf("there is no step %s", step)
		}
	}
}

func TestLanesKnowEachOther(t *testing.T) {
	lanes := lanesOf(lane.Config{}, 1, []deal.Address{{1}, {2}, {3}})
	for i, cfg := range lanes {
		if len(cfg.Siblings) != 2 || slices.Contains(cfg.Siblings, cfg.ID()) {
			t.Errorf("lane %d has siblings %v", i, cfg.Siblings)
		}
	}
	if alone := lanesOf(lane.Config{}, 1, []deal.Address{{1}}); len(alone[0].Siblings) != 0 {
		t.Errorf("a lane alone has siblings %v", alone[0].Siblings)
	}
}
