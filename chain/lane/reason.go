package lane

// Reason says why an intent or a lane is not further. The list is closed.
type Reason string

// The reasons.
const (
	NonceGap               Reason = "NONCE_GAP"               // a lower nonce is unused and nothing stored fills it
	FeeBelowBase           Reason = "FEE_BELOW_BASE"          // the fee cap is under the block's base fee
	TipBelowMin            Reason = "TIP_BELOW_MIN"           // the node wants a higher tip
	ReplacementUnderpriced Reason = "REPLACEMENT_UNDERPRICED" // another transaction holds the nonce and pays nearly as much
	FeeCeiling             Reason = "FEE_CEILING"             // the next bump would exceed the ceiling
	RPCFeeCap              Reason = "RPC_FEE_CAP"             // the node's own fee limit
	InsufficientFunds      Reason = "INSUFFICIENT_FUNDS"      // the signer cannot pay the gas
	WouldRevert            Reason = "WOULD_REVERT"            // simulation fails; the detail is the contract's error
	GasTooLow              Reason = "GAS_TOO_LOW"             // the gas limit is under the intrinsic cost
	GasOverTxCap           Reason = "GAS_OVER_TX_CAP"         // more gas than one transaction may use (EIP-7825)
	Dropped                Reason = "DROPPED"                 // the node forgot it; the stored bytes are sent again
	RPCDown                Reason = "RPC_DOWN"                // no answer from the node
	NodeIndexing           Reason = "NODE_INDEXING"           // the node cannot say yet whether it knows a transaction
	SignerDown             Reason = "SIGNER_DOWN"             // no signature
	ForeignNonce           Reason = "FOREIGN_NONCE"           // the key was used outside the lane
	Reorged                Reason = "REORGED"                 // its block is no longer part of the chain
	ChainRewound           Reason = "CHAIN_REWOUND"           // the chain is shorter than it was
	Paused                 Reason = "PAUSED"                  // an operator holds the lane
)

// Reasons lists every reason.
func Reasons() []Reason {
	return []Reason{NonceGap, FeeBelowBase, TipBelowMin, ReplacementUnderpriced, FeeCeiling, RPCFeeCap,
		InsufficientFunds, WouldRevert, GasTooLow, GasOverTxCap, Dropped, RPCDown, NodeIndexing, SignerDown,
		ForeignNonce, Reorged, ChainRewound, Paused}
}

// priced reports whether a higher fee is the cure.
func (r Reason) priced() bool {
	return r == FeeBelowBase || r == TipBelowMin || r == ReplacementUnderpriced
}
