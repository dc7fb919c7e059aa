package main

import (
	"os"
	"runtime/debug"
)

// A node holds no document in memory, whatever its size: what it has there is
// its rules, once compiled, and what is under way. So it can be small, at the
// price of collecting garbage more often.
const (
	nodeGarbage = 50       // percent of what is in use
	nodeMemory  = 48 << 20 // bytes of heap that the collector aims at; more if more is in use
)

// stayWithin keeps a node's memory small, unless GOGC or GOMEMLIMIT say otherwise.
func stayWithin() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(nodeGarbage)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(nodeMemory)
	}
}
