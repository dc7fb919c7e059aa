package lane

import (
	"strconv"

	"cession/deal"
)

// Finality says when a transaction in a block counts as final: "0", "2", … is
// how many blocks must follow; "safe" and "finalized" are the chain's own
// checkpoints (eth_getBlockByNumber of that tag). "" is "0".
type Finality string

// The checkpoints of proof of stake.
const (
	Safe      Finality = "safe"
	Finalized Finality = "finalized"
)

// Check reports a setting that is none, with kind invalid.
func (f Finality) Check() error {
	if f == Safe || f == Finalized {
		return nil
	}
	if _, err := strconv.ParseUint(string(f), 10, 16); err != nil && f != "" {
		return deal.Errorf(deal.Invalid, "finality %.20q: want a number of blocks, safe or finalized", string(f))
	}
	return nil
}

// reached reports whether a block is final at a head. A node that tells no
// checkpoint reaches none.
func (f Finality) reached(block uint64, h Heads) bool {
	switch f {
	case Safe:
		return block <= h.Safe
	case Finalized:
		return block <= h.Finalized
	}
	depth, _ := strconv.ParseUint(string(f), 10, 16)
	return h.Latest.Number >= block && h.Latest.Number-block >= depth
}

// Heads is how far a node says the chain is.
type Heads struct {
	Latest    Block  `json:"latest"`
	Safe      uint64 `json:"safe,omitempty"`      // 0: not told
	Finalized uint64 `json:"finalized,omitempty"` // 0: not told
}
