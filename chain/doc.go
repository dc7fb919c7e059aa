// Package chain speaks to one Ethereum chain: it hashes and signs EIP-712
// messages, verifies acts, packs the calls of a deal into transactions, reads
// what became of them, and checks every answer of the node it can check.
//
// A [Client] spreads over several endpoints and trusts none of them alone; a
// [Sender] carries out what a lane decides, with the signature of a [TxSigner],
// which may keep its key elsewhere.
//
// The package uses go-ethereum as a library and runs no node. At its edges it
// speaks the language of package deal; go-ethereum's types appear only where a
// sender of transactions needs them.
//
// Errors say what the caller can do about them by their [deal.Kind]. An error
// without a kind means that the node did not answer: ask again. No error shows
// a node's URL (it may hold an access key), a passphrase or a key.
package chain
