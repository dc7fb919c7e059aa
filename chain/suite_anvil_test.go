package chain_test

import (
	"testing"

	"cession/chain/lanetest"
)

// TestLaneSuiteOnAnvil checks the lane on a node that can do everything.
func TestLaneSuiteOnAnvil(t *testing.T) { lanetest.Run(t, lanetest.Anvil(t)) }
