package translog

import (
	"cession/deal"

	"github.com/transparency-dev/merkle/proof"
)

// VerifyInclusion checks that an entry is in the log of a head at an index.
// Errors are of kind invalid.
func VerifyInclusion(head Head, index uint64, entry []byte, path []deal.Commitment) error {
	err := proof.VerifyInclusion(hasher, index, head.Size, hasher.HashLeaf(entry), slices(path), head.Root[:])
	if err != nil {
		return deal.Errorf(deal.Invalid, "entry %d is not in the log of %d entries: %w", index, head.Size, err)
	}
	return nil
}

// VerifyConsistency checks that the log of the first head is the beginning of
// that of the second. The log without entries is the beginning of all. Errors
// are of kind invalid.
func VerifyConsistency(first, second Head, path []deal.Commitment) error {
	switch {
	case first.Size > second.Size:
		return deal.Errorf(deal.Invalid, "the log had %d entries, now it has %d", first.Size, second.Size)
	case first.Size == 0:
		if len(path) > 0 || first.Root != deal.Commitment(hasher.EmptyRoot()) {
			return deal.Errorf(deal.Invalid, "the log without entries has one root and needs no proof")
		}
		return nil
	}
	err := proof.VerifyConsistency(hasher, first.Size, second.Size, slices(path), first.Root[:], second.Root[:])
	if err != nil {
		return deal.Errorf(deal.Invalid, "the log of %d entries is not the beginning of that of %d: %w", first.Size, second.Size, err)
	}
	return nil
}

func slices(path []deal.Commitment) [][]byte {
	list := make([][]byte, len(path))
	for i := range path {
		list[i] = path[i][:]
	}
	return list
}
