// Package lanetest says what a lane must do on any Ethereum node. It drives the
// real [lane.State] and the real [chain.Sender] against a node, with a clock of
// its own, a network that fails on request and processes that die on request,
// and judges by what is on the chain in the end.
//
// [Run] is the conformance suite. [Matrix] kills the process at every boundary
// between two things that are persisted.
package lanetest

import (
	"math/big"
	"testing"

	"cession/chain/chaintest"
	"cession/deal"
)

// Node is a node under test, and what it can be made to do. A case that needs
// an ability the node does not have is not part of its suite.
type Node struct {
	URL string
	Key string // of an account rich in ether, in hex; used before the cases begin and by no lane

	// Seals: the node makes a block by itself, in time, when something is in its
	// pool. Otherwise each transaction is mined when it is sent, unless Automine
	// was turned off.
	Seals bool

	Automine func(on bool) error
	Mine     func(blocks int) error
	Rewind   func(blocks int) error // the last blocks are gone, with what was in them
	Reorg    func(blocks int) error // the last blocks are replaced by empty ones
	Forget   func(account deal.Address) error
	BaseFee  func(wei uint64) error // of the next block
	Give     func(account deal.Address, wei *big.Int) error
	Waiting  func() (int, error) // transactions in the pool
	Snapshot func() (id string, err error)
	Revert   func(id string) error
}

// Anvil starts an anvil, which has all abilities, for a test.
func Anvil(t testing.TB) Node {
	t.Helper()
	url := chaintest.Anvil(t)
	c := chaintest.NewControl(t, url)
	return Node{URL: url, Key: chaintest.DevKey, Automine: c.Automine, Mine: c.Mine, Rewind: c.Rewind, Reorg: c.Reorg,
		Forget: c.Forget, BaseFee: c.BaseFee, Give: c.Give, Waiting: c.Waiting, Snapshot: c.Snapshot, Revert: c.Revert}
}
