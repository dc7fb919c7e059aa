package lanetest

import (
	"slices"
	"sync"
	"testing"
)

// check is a case of the suite.
type check struct {
	name string
	run  func(*testing.T, *world)
	able func(Node) bool // nil: any node is
}

// beside is how many cases run beside each other.
const beside = 16

// Run checks a lane on a node. Cases that leave the node alone run beside each
// other, each with an account of its own; after them, one by one, those that
// turn the chain itself.
func Run(t *testing.T, node Node) {
	w := newWorld(t, node)
	t.Run("network", func(t *testing.T) {
		together(t, w, plainCases, networkCases, feeCases, operatorCases)
	})
	t.Run("chain", func(t *testing.T) {
		for _, c := range chainCases {
			if c.able == nil || c.able(node) {
				t.Run(c.name, func(t *testing.T) { c.run(t, w) })
			}
		}
	})
}

// together runs cases beside each other. They wait for the node's blocks rather
// than compute, so there are more of them than the machine has cores.
func together(t *testing.T, w *world, lists ...[]check) {
	room := make(chan struct{}, beside)
	var all sync.WaitGroup
	for _, c := range slices.Concat(lists...) {
		all.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			t.Run(c.name, func(t *testing.T) { c.run(t, w) })
		})
	}
	all.Wait()
}
