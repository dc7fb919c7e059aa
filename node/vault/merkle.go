package vault

import (
	"math/bits"
	"slices"

	"cession/deal"
)

// Tree is a Merkle tree as in RFC 6962, section 2.1, over any hash: a leaf is
// hash(0x00 || data), a node hash(0x01 || left || right), and the left subtree of
// n leaves holds the largest power of two below n. Domain separation keeps a
// node from passing for a leaf.
type Tree struct {
	hash   deal.Hash256
	leaves [][32]byte // leaf hashes
}

// NewTree returns an empty tree: with Keccak-256 over the leaves of a title's
// documents, with [SHA256] over the chunks of a ciphertext.
func NewTree(hash deal.Hash256) *Tree { return &Tree{hash: hash} }

var leafTag, nodeTag = []byte{0}, []byte{1}

// Add appends a leaf.
func (t *Tree) Add(data []byte) { t.leaves = append(t.leaves, t.hash(leafTag, data)) }

// Len returns the number of leaves.
func (t *Tree) Len() int { return len(t.leaves) }

// Leaves returns the leaf hashes.
func (t *Tree) Leaves() [][32]byte { return slices.Clone(t.leaves) }

// Root returns the root; of no leaves it is hash("").
func (t *Tree) Root() [32]byte { return rootOf(t.hash, t.leaves) }

func rootOf(hash deal.Hash256, leaves [][32]byte) [32]byte {
	switch n := len(leaves); n {
	case 0:
		return hash()
	case 1:
		return leaves[0]
	default:
		k := split(n)
		left, right := rootOf(hash, leaves[:k]), rootOf(hash, leaves[k:])
		return hash(nodeTag, left[:], right[:])
	}
}

// split returns the largest power of two below n, n > 1.
func split(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// Proof returns the audit path of leaf i, from the leaf upwards (RFC 6962, 2.1.1).
func (t *Tree) Proof(i int) ([][32]byte, error) {
	if i < 0 || i >= len(t.leaves) {
		return nil, deal.Errorf(deal.Invalid, "proof of leaf %d: the tree has %d leaves", i, len(t.leaves))
	}
	return auditPath(t.hash, i, t.leaves), nil
}

func auditPath(hash deal.Hash256, i int, leaves [][32]byte) [][32]byte {
	if len(leaves) == 1 {
		return nil
	}
	k := split(len(leaves))
	if i < k {
		return append(auditPath(hash, i, leaves[:k]), rootOf(hash, leaves[k:]))
	}
	return append(auditPath(hash, i-k, leaves[k:]), rootOf(hash, leaves[:k]))
}

// Proofs returns the audit paths of all leaves, hashing every node of the tree
// once.
func (t *Tree) Proofs() [][][32]byte {
	paths := make([][][32]byte, len(t.leaves))
	auditPaths(t.hash, t.leaves, paths)
	return paths
}

// auditPaths extends the path of every leaf up to the root, which it returns.
func auditPaths(hash deal.Hash256, leaves [][32]byte, paths [][][32]byte) [32]byte {
	if len(leaves) < 2 {
		return rootOf(hash, leaves)
	}
	k := split(len(leaves))
	left, right := auditPaths(hash, leaves[:k], paths[:k]), auditPaths(hash, leaves[k:], paths[k:])
	for i := range paths {
		sibling := left
		if i < k {
			sibling = right
		}
		paths[i] = append(paths[i], sibling)
	}
	return hash(nodeTag, left[:], right[:])
}

// VerifyProof checks that data is leaf index of the tree with that root and
// size (RFC 9162, section 2.1.3.2). Errors are of kind invalid.
func VerifyProof(hash deal.Hash256, root [32]byte, data []byte, index, size uint64, proof [][32]byte) error {
	if index >= size {
		return deal.Errorf(deal.Invalid, "proof of leaf %d: the tree has %d leaves", index, size)
	}
	fn, sn, r := index, size-1, hash(leafTag, data)
	for _, p := range proof {
		if sn == 0 {
			return errProof()
		}
		if fn&1 == 0 && fn != sn {
			r = hash(nodeTag, r[:], p[:])
			fn, sn = fn>>1, sn>>1
			continue
		}
		r = hash(nodeTag, p[:], r[:])
		for fn&1 == 0 && fn != 0 {
			fn, sn = fn>>1, sn>>1
		}
		fn, sn = fn>>1, sn>>1
	}
	if sn != 0 || r != root {
		return errProof()
	}
	return nil
}

func errProof() error {
	return deal.Errorf(deal.Invalid, "inclusion proof does not lead to the root: the leaf is not in this tree")
}

// Root returns the root over a title's documents, in order.
func Root(hash deal.Hash256, leaves []deal.Commitment) deal.Commitment {
	t := NewTree(hash)
	for _, l := range leaves {
		t.Add(l[:])
	}
	return t.Root()
}
