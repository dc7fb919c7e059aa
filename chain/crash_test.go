package chain_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"cession/chain/lanetest"
)

// nodes is how many anvils run seeds beside each other.
const nodes = 2

// TestCrashMatrix kills the process of a lane at every boundary between two
// things that are persisted, and counts the effects on a real chain. The
// environment variable CESSION_SEEDS raises the number of seeds, CESSION_SEED
// chooses one, to see what happened in it.
func TestCrashMatrix(t *testing.T) {
	m := lanetest.NewMatrix(t, nodes)
	if n, err := strconv.Atoi(os.Getenv("CESSION_SEED")); err == nil {
		for _, err := range m.Run(lanetest.Trial{First: n, Seeds: n + 1}).Failures {
			t.Error(err)
		}
		return
	}
	seeds := 1000
	if n, err := strconv.Atoi(os.Getenv("CESSION_SEEDS")); err == nil {
		seeds = max(seeds, n)
	}
	out := m.Run(lanetest.Trial{Seeds: seeds, Enough: 5})
	t.Logf("%d seeds, %d deaths, %s\n%s", out.Seeds, out.Total, out.Took.Round(time.Second), out.Table())
	for _, err := range out.Failures {
		t.Error(err)
	}
	for _, b := range lanetest.Boundaries() {
		if out.Deaths[b] == 0 {
			t.Errorf("no seed died at %s", b)
		}
	}
}

// TestCrashMatrixCatches: a driver that breaks a rule does not get through.
func TestCrashMatrixCatches(t *testing.T) {
	m := lanetest.NewMatrix(t, nodes)
	for _, wrong := range lanetest.Wrongs() {
		t.Run(wrong.Name, func(t *testing.T) {
			out := m.Run(lanetest.Trial{Seeds: 1000, Wrong: wrong})
			if len(out.Failures) == 0 {
				t.Fatalf("not caught by %d seeds", out.Seeds)
			}
			t.Logf("caught by %d seeds: %.300s", out.Seeds, out.Failures[0])
		})
	}
}
