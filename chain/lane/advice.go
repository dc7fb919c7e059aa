package lane

// Advice is what a reason means and what to do about it, in an operator's words.
type Advice struct {
	Means string `json:"means"`
	Do    string `json:"do"`
	Verb  Verb   `json:"verb,omitempty"` // the recommended one; "" if the lane goes on by itself
}

// Advise returns the advice for a reason.
func Advise(r Reason) Advice { return advices[r] }

var advices = map[Reason]Advice{
	NonceGap: {"A lower nonce is unused and nothing stored fills it; the chain runs nothing behind it.",
		"Fill the gap with a transaction of nothing.", FillGap},
	FeeBelowBase: {"The fee cap is under the base fee of the block.",
		"The lane bumps by itself up to the ceiling; bump now if it cannot wait.", Raise},
	TipBelowMin: {"The node wants a higher tip than was offered.",
		"The lane bumps by itself up to the ceiling; bump now if it cannot wait.", Raise},
	ReplacementUnderpriced: {"Another transaction holds the nonce and pays nearly as much.",
		"The lane bumps by itself; bump with a higher tip and cap if the other one pays more.", Raise},
	FeeCeiling: {"The next fee would be above a limit: per gas, per transaction or per day.",
		"Raise the limit, or wait for cheaper blocks.", Edit},
	RPCFeeCap: {"The node refuses so high a total fee (its own --rpc.txfeecap).",
		"Raise the cap at the node, or lower the limit per transaction; then try again.", Retry},
	InsufficientFunds: {"The signer's account cannot pay the gas.",
		"Send ether to the signer, then try again.", Retry},
	WouldRevert: {"The contract would refuse it, so it was not sent and the deal was told why.",
		"Nothing here: the party acts again, or the deal goes another way. What waits for another transaction of its deal is tried again after that.", ""},
	GasTooLow: {"The gas limit is under what the call costs at least.",
		"Cancel it, then retry: it is estimated anew.", Cancel},
	GasOverTxCap: {"It needs more gas than one transaction may use (EIP-7825); the deal was told.",
		"Nothing here: the deal has to do it in smaller parts.", ""},
	Dropped: {"The node took it and forgot it. The same bytes are sent again.",
		"Nothing, the first time. If it repeats, bump it, or cancel and retry.", Raise},
	RPCDown: {"No endpoint answers.",
		"Bring an endpoint back; the lane goes on by itself. Retry if it should not wait for its turn.", Retry},
	NodeIndexing: {"The node cannot say yet whether it knows a transaction; that is not a no.",
		"Wait for its index, or give another endpoint.", Retry},
	SignerDown: {"The signer gives no signature, or not that of the lane's account.",
		"Bring the signer back, then try again. Other lanes take over what was not broadcast.", Retry},
	ForeignNonce: {"The key was used outside this lane: another transaction has the nonce.",
		"Find out who has the key. The lane signs anew by itself, unless that transaction had the effect, which adopt-hash takes over. Resync says that you have seen it.", Resync},
	Reorged: {"Its block is no longer part of the chain; the deal was told and waits.",
		"Nothing: it is in the pool, or sent again. Bump it if it stays out.", Raise},
	ChainRewound: {"The chain is shorter than it was: the node lost blocks, or another node answers.",
		"Nothing: stored bytes are sent again. Resync if the chain was replaced on purpose.", Resync},
	Paused: {"An operator holds it.",
		"Resume when the cause is gone.", Resume},
}
