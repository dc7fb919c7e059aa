//go:build slim

package main

import (
	"os"
	"runtime/debug"
)

// nodeMemory is the heap that the collector aims at, in bytes; there is more if
// more is in use. A node holds no document in memory, whatever its size: what it
// has there is its rules, once compiled, and what is under way. So it can be
// small, at the price of collecting garbage more often.
const nodeMemory = 48 << 20

// stayWithin keeps a node's memory small, unless GOMEMLIMIT says otherwise.
func stayWithin() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(nodeMemory)
	}
}
