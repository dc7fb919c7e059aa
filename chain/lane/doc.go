// Package lane decides what happens to the transactions of one signer on one
// chain. It is a pure machine: it does no I/O and reads no clock. [State.Next]
// says what to do, [State.Apply] takes what came of it, [State.Submit] takes a
// new intent. Whoever drives it persists the result of every action before the
// next one starts, which makes that record the write-ahead log.
//
// The rules are:
//
//   - An intent is done once. Its identifier is the key, for as long as its
//     outcome is among the last [Outcomes].
//   - A call is simulated before it gets a nonce. One that would certainly
//     revert never gets one.
//   - Sign, persist, broadcast, in that order. What is sent again is the stored
//     bytes; a signature is made anew only for a nonce that was never broadcast,
//     that a bump replaces, or that another transaction has used up.
//   - Every attempt is followed until one of them is in a canonical block as deep
//     as the chain's finality setting. A reorganization before that demotes the
//     intent; after it the outcome never changes.
//   - A transaction that reverted on chain is an outcome. It is never sent again,
//     unless the revert means that somebody did it before, which is success.
//   - Fees rise for the lowest unresolved nonce only, up to a ceiling.
//
// Running an action twice is harmless: of two signatures for one nonce only the
// persisted one is ever broadcast, and a broadcast repeats the same bytes.
package lane
